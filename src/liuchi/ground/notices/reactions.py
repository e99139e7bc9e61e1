"""What this room does when something happened elsewhere."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy

from liuchi.ground.access.models import Account
from liuchi.ground.exchange.models import Import
from liuchi.ground.exchange.registers import registers
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.notices.actions import forget_person
from liuchi.ground.notices.audience import with_accounts
from liuchi.ground.notices.parameters import CODE, NUMBER, Shown, kept_code
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import declare, topic
from liuchi.ground.people.queries import erased_in

FOLLOWER = System("notices")
#: What happened longer ago is told to nobody: a new reaction reads the whole history.
STALE: Final = timedelta(days=2)
_TEXTS = Path(__file__).parent / "texts"


def _titles(codes: Collection[str]) -> Mapping[str, str]:
    known = registers()
    return {code: str(known[code].title) if code in known else code for code in codes}


REGISTER = Shown("register", kept_code, _titles, "people")
DATA = topic("data", gettext_lazy("Imports and exports"), "exchange.import", "exchange.export")
IMPORT_FINISHED = declare(
    "notices.import_finished", DATA, _TEXTS, number=CODE, register=REGISTER, taken=NUMBER, refused=NUMBER
)
TEMPLATES: Final = (IMPORT_FINISHED,)


def follow_erasure(line: Line) -> None:
    """Forget a person who was erased, and the records absorbed (`people.person_erased`)."""
    for person_id in erased_in(line):
        forget_person(by=FOLLOWER, person_id=person_id)


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
    post(Message(IMPORT_FINISHED, line.id, facts), with_accounts([starter.person_id]))
