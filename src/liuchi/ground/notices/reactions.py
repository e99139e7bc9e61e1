"""What this room does when something happened elsewhere."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from liuchi.ground.access.models import Account
from liuchi.ground.exchange.models import Import
from liuchi.ground.exchange.registers import registers
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.notices.actions import forget_person, stop_telling
from liuchi.ground.notices.audience import holders_anywhere, with_accounts
from liuchi.ground.notices.models import Notice, Urgency
from liuchi.ground.notices.parameters import AREA, CODE, MOMENT, NUMBER, Shown, kept_code
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import declare, topic
from liuchi.ground.people.models import Person
from liuchi.ground.people.queries import erased_in, ids_of
from liuchi.ground.records.models import Breach, BreachTelling, DataRequest, Told

FOLLOWER = System("notices")
#: What happened longer ago is told to nobody: a new reaction reads the whole history.
STALE: Final = timedelta(days=2)
#: The purpose of consent on which messages outside the house rest.
MESSAGES: Final = "messages"
_TEXTS = Path(__file__).parent / "texts"


def _titles(codes: Collection[str]) -> Mapping[str, str]:
    known = registers()
    return {code: str(known[code].title) if code in known else code for code in codes}


REGISTER = Shown("register", kept_code, _titles, "people")
DATA = topic("data", gettext_lazy("Imports and exports"), "exchange.import", "exchange.export")
IMPORT_FINISHED = declare(
    "notices.import_finished", DATA, _TEXTS, number=CODE, register=REGISTER, taken=NUMBER, refused=NUMBER
)
ALARMS = topic(
    "alarms", gettext_lazy("Alarms"), "access.audit", "access.grants", "records.requests", "records.registers"
)
GLASS_BROKEN = declare("notices.glass_broken", ALARMS, _TEXTS, place=AREA, until=MOMENT)
REQUESTS = topic("requests", gettext_lazy("Requests about one's own data"), "records.requests")
REQUEST_DUE = declare("notices.request_due", REQUESTS, _TEXTS, number=CODE, due=MOMENT)
BREACH_NOTED = declare("notices.breach_noted", ALARMS, _TEXTS, due=MOMENT)
BREACH_DUE = declare("notices.breach_due", ALARMS, _TEXTS, due=MOMENT)
TEMPLATES: Final = (IMPORT_FINISHED, GLASS_BROKEN, REQUEST_DUE, BREACH_NOTED, BREACH_DUE)
#: Who is told of alarms: who reads the read log, who gives grants, who answers for personal data.
WATCHING: Final = ("access.audit", "access.grants", "records.requests")
#: So long before its due moment a request is told of.
NEAR: Final = timedelta(days=3)
#: So long before the authority has to be told of a breach, who keeps the register is reminded.
BREACH_NEAR: Final = timedelta(hours=1)


def follow_erasure(line: Line) -> None:
    """Forget a person who was erased, and the records absorbed (`people.person_erased`)."""
    for person_id in erased_in(line):
        forget_person(by=FOLLOWER, person_id=person_id)


def follow_withdrawal(line: Line) -> None:
    """Send nothing outside the house to whoever took their consent to messages back (`people.consent_withdrawn`)."""
    if line.data["purpose"] == MESSAGES:
        for person_id in sorted(ids_of(UUID(line.data["person"]))):
            stop_telling(by=FOLLOWER, person_id=person_id)


def follow_death(line: Line) -> None:
    """Send nothing to somebody who died, unless that was taken back since (`people.death_registered`)."""
    person = Person.objects.filter(id=line.data["person"], death_on__isnull=False).first()
    for person_id in sorted(ids_of(person.id)) if person else ():
        stop_telling(by=FOLLOWER, person_id=person_id)


def follow_import(line: Line) -> None:
    """Tell who started an import that it has ended (`exchange.import_ended`)."""
    if clock.now() - line.happened_at > STALE:
        return
    one = Import.objects.filter(id=line.subject_id, actor_kind="person").first()
    if one is None or one.actor_id is None:
        return
    starter = Account.objects.get(id=one.actor_id)
    taken = sum(line.data[name] for name in ("created", "changed", "unchanged"))
    facts = {"number": one.number, "register": one.register, "taken": taken, "refused": line.data["refused"]}
    link = reverse("import", args=[one.id])
    post(Message(IMPORT_FINISHED, line.id, facts, link=link), with_accounts([starter.person_id]))


def follow_broken_glass(line: Line) -> None:
    """Alarm those who watch over access that somebody broke the glass (`access.glass_broken`), without saying who."""
    if clock.now() - line.happened_at > STALE:
        return
    facts = {"place": UUID(line.data["area"]), "until": datetime.fromisoformat(line.data["ends_at"])}
    link = reverse("access-glass-reviews")
    post(Message(GLASS_BROKEN, line.id, facts, Urgency.URGENT, link), holders_anywhere(*WATCHING))


def follow_breach(line: Line) -> None:
    """Alarm those who watch over personal data of a breach (`records.breach_noted`), without saying which."""
    if clock.now() - line.happened_at > STALE:
        return
    facts = {"due": datetime.fromisoformat(line.data["due_at"])}
    people = holders_anywhere(*WATCHING, "records.registers")
    post(Message(BREACH_NOTED, line.id, facts, Urgency.URGENT, reverse("privacy-breaches")), people)


def breaches_near_their_end() -> QuerySet[Breach]:
    """Return the open breaches of which the authority has to be told soon, was not, and nobody was reminded."""
    told = Notice.objects.filter(source=OuterRef("id"), template=BREACH_DUE.code)
    known = BreachTelling.objects.filter(breach=OuterRef("id"), whom=Told.AUTHORITY)
    near = Breach.objects.filter(ended_at=None, due_at__lte=clock.now() + BREACH_NEAR)
    return near.exclude(Exists(told)).exclude(Exists(known)).order_by("due_at", "id")


def remind_of_breach(breach: Breach) -> int:
    """Tell who keeps the register that the authority has to be told now; return how many. Runs inside an action."""
    link = reverse("privacy-breaches-entry", args=[breach.id])
    message = Message(BREACH_DUE, breach.id, {"due": breach.due_at}, Urgency.URGENT, link)
    return post(message, holders_anywhere("records.registers"))


def requests_near_their_end() -> QuerySet[DataRequest]:
    """Return the open requests about one's own data that are due soon and that nobody was told of."""
    told = Notice.objects.filter(source=OuterRef("id"), template=REQUEST_DUE.code)
    near = DataRequest.objects.filter(ended_at=None, due_at__lte=clock.now() + NEAR)
    return near.exclude(Exists(told)).order_by("due_at", "id")


def remind_of(request: DataRequest) -> int:
    """Tell who answers requests that one is due soon; return how many were told. Runs inside an action."""
    link = reverse("privacy-request", args=[request.id])
    message = Message(REQUEST_DUE, request.id, {"number": request.number, "due": request.due_at}, link=link)
    return post(message, holders_anywhere("records.requests"))
