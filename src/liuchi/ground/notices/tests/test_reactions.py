from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from liuchi.ground.access.kinds import GLASS_BROKEN
from liuchi.ground.access.models import Account
from liuchi.ground.access.testing import MORNING, SETUP, Ground, give
from liuchi.ground.exchange.kinds import IMPORT_ENDED
from liuchi.ground.exchange.models import Import
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import reactions
from liuchi.ground.notices.actions.reminding import remind_of_breaches, remind_of_requests
from liuchi.ground.notices.models import Notice, Preferences
from liuchi.ground.notices.queries import Filters, inbox
from liuchi.ground.notices.templates import LANGUAGES, placeholders, sample
from liuchi.ground.notices.testing import reader, wish
from liuchi.ground.people.actions import give_consent, publish_consent_text, register_death, withdraw_consent
from liuchi.ground.people.kinds import CONSENT_WITHDRAWN, DEATH_REGISTERED
from liuchi.ground.records.actions.breaches import NewBreach, note_breach, note_told
from liuchi.ground.records.actions.requests import file_request
from liuchi.ground.records.kinds import BREACH_NOTED

pytestmark = pytest.mark.django_db
REACTION = Reaction("notices.imports", frozenset({IMPORT_ENDED.name}), reactions.follow_import)


@action
def end_import(*, by: Actor, account: Account | None) -> Line:
    """Leave an ended import and its line, as the exchange room does."""
    one = Import.objects.create(
        number="20240912-0001",
        register="tests.toys",
        filename="张三.csv",
        size=1,
        digest="0" * 64,
        language="zh-hans",
        actor_kind="person" if account else "system",
        actor_id=account.id if account else None,
        received_at=MORNING,
    )
    counts = {"created": 90, "changed": 5, "unchanged": 3, "refused": 2}
    data = {"register": "tests.toys", **counts}
    return record(kind=IMPORT_ENDED, by=by, subject_type="exchange.import", subject_id=one.id, data=data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_when_filled_with_its_samples_then_nothing_is_left_open(language: str) -> None:
    for template in reactions.TEMPLATES:
        said = sample(template, language)
        assert placeholders(said.title + said.short + said.long) == set()


def test_import_when_it_ends_then_who_started_it_is_told_how_many_and_not_the_files_name(ground: Ground) -> None:
    with frozen_at(MORNING):
        line = end_import(by=System("exchange"), account=give("registrar", "registrar", ground.district))

        for _ in range(2):
            apply_once(REACTION, line)

        (entry,) = inbox(reader("registrar"), Filters()).entries
    assert entry.title == "Import finished: tests.toys"
    assert "98 rows taken, 2 refused" in entry.text
    assert "张三" not in str(Notice.objects.get().parameters)
    assert Notice.objects.get().link == reverse("import", args=[line.subject_id])


def test_import_when_a_command_ran_it_or_long_ago_then_nobody_is_told(ground: Ground) -> None:
    with frozen_at(MORNING):
        by_command = end_import(by=System("exchange"), account=None)
        apply_once(REACTION, by_command)
    with frozen_at(MORNING + reactions.STALE + timedelta(seconds=1)):
        apply_once(REACTION, by_command)

    assert Notice.objects.count() == 0


@action
def break_glass_line(*, by: Actor, ground: Ground) -> Line:
    """Leave the line of a broken glass, as the access room does."""
    data = {
        "glass": ground.water.id,
        "account": ground.lights.id,
        "area": ground.towns[0].id,
        "powers": ["people.reveal"],
        "ends_at": MORNING + timedelta(hours=2),
    }
    return record(kind=GLASS_BROKEN, by=by, subject_type="access.glass", subject_id=ground.water.id, data=data)


def test_glass_when_broken_then_those_who_watch_are_alarmed_at_once_and_not_told_who(ground: Ground) -> None:
    reaction = Reaction("notices.broken_glass", frozenset({GLASS_BROKEN.name}), reactions.follow_broken_glass)
    with frozen_at(MORNING):
        for name, role in (("s", "security_admin"), ("a", "audit_admin"), ("p", "privacy_officer"), ("d", "desk")):
            give(name, role, ground.district)

        apply_once(reaction, break_glass_line(by=System("tests"), ground=ground))

        assert {each.urgency for each in Notice.objects.all()} == {"urgent"}
        assert [len(inbox(reader(name), Filters()).entries) for name in ("s", "a", "p", "d")] == [1, 1, 1, 0]
    assert str(ground.lights.id) not in str(Notice.objects.first().parameters)  # type: ignore[union-attr]


def test_request_when_it_is_due_soon_then_the_officers_are_told_once(ground: Ground) -> None:
    with frozen_at(MORNING):
        give("p", "privacy_officer", ground.district)
        person_id = give("r", "resident", ground.district).person_id
        request = file_request(by=System("tests"), person_id=person_id, kind="view", way="counter", words="")
        assert remind_of_requests(by=System("tests")) == 0
    with frozen_at(request.due_at - timedelta(days=1)):
        assert remind_of_requests(by=System("tests")) == 1
        assert remind_of_requests(by=System("tests")) == 0


def test_breach_when_noted_then_those_who_watch_are_alarmed_and_reminded_once_unless_the_authority_was_told(
    ground: Ground,
) -> None:
    reaction = Reaction("notices.breaches", frozenset({BREACH_NOTED.name}), reactions.follow_breach)
    with frozen_at(MORNING):
        for name, role in (("a", "audit_admin"), ("p", "privacy_officer"), ("d", "desk")):
            give(name, role, ground.district)
        made = [
            note_breach(by=System("tests"), entry=NewBreach(title, "leak", ["people.person"], "经过", MORNING))
            for title in ("电脑失窃", "邮件误发")
        ]
        note_told(by=System("tests"), row_id=made[1].id, whom="authority", name="网信办", told_at=MORNING)

        apply_once(reaction, Line.objects.filter(kind=BREACH_NOTED.name).order_by("seq")[0])

        assert {each.urgency for each in Notice.objects.all()} == {"urgent"}
        assert [len(inbox(reader(name), Filters()).entries) for name in ("a", "p", "d")] == [1, 1, 0]
        assert "失窃" not in str(list(Notice.objects.values_list("parameters", flat=True)))
        assert remind_of_breaches(by=System("tests")) == 0
    with frozen_at(made[0].due_at - timedelta(minutes=50)):
        assert remind_of_breaches(by=System("tests")) == 1
        assert remind_of_breaches(by=System("tests")) == 0


def test_consent_to_messages_when_taken_back_then_the_address_goes_and_nothing_is_sent(
    people: tuple[UUID, UUID], morning: None
) -> None:
    mine, other = people
    for each in people:
        wish(each, email="name@example.cn")
    text = publish_consent_text(by=SETUP, purpose=reactions.MESSAGES, title="消息", text="同意发邮件。")
    give_consent(by=SETUP, person_id=mine, text_id=text.id, way="paper")
    withdraw_consent(by=SETUP, person_id=mine, purpose=reactions.MESSAGES, way="phone")

    _follow("notices.consents", reactions.follow_withdrawal, CONSENT_WITHDRAWN.name)

    gone, kept = (Preferences.objects.get(person_id=each) for each in (mine, other))
    assert (gone.by_email, gone.email_sealed, kept.by_email) == (False, None, True)


def test_person_when_they_died_then_nothing_is_sent_any_more(people: tuple[UUID, UUID], morning: None) -> None:
    wish(people[0], email="name@example.cn")
    register_death(by=SETUP, person_id=people[0], died_on=MORNING.date())

    _follow("notices.deaths", reactions.follow_death, DEATH_REGISTERED.name)

    assert Preferences.objects.get().by_email is False


def _follow(name: str, run: Callable[[Line], None], kind: str) -> None:
    apply_once(Reaction(name, frozenset({kind}), run), Line.objects.filter(kind=kind).latest("seq"))
