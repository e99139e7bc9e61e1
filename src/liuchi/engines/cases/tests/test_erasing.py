"""Erasing a person: what they said and who they are is gone everywhere, and the journal still verifies."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection

from liuchi.engines.cases import reactions
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.actions.standards import erase_reporter
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.testing import MORNING, SETUP, World, closed, report, small_world
from liuchi.ground.access.actions import NewAccount, open_accounts
from liuchi.ground.journal.models import DeadLetter, Line
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import NewPerson, erase_person, import_people
from liuchi.ground.people.kinds import PERSON_ERASED
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.territory.queries import forget

NAME, PHONE, IDENTITY = "金丝雀测试", "19912345678", "990803195001010011"
STREET, WORDS = "金丝雀巷六号", "金丝雀说的话"
CANARIES = (NAME, PHONE, IDENTITY, STREET, WORDS, "金丝雀")
ERASURE = Reaction("cases.erasure", frozenset({PERSON_ERASED.name}), reactions.follow_erasure)


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


def everything() -> str:
    """Return every value of every table as text: what a dump of the database would show."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts.extend(row[0] for row in cursor.fetchall())
    return "\n".join(parts)


def hidden_in(text: str) -> list[str]:
    """Return the canaries that can be read in `text`, in clear or as the hexadecimal of their bytes."""
    return [each for each in CANARIES if each in text or each.encode().hex() in text]


def _person_who_reports_and_reopens(world: World) -> Person:
    (person,) = import_people(
        by=SETUP,
        people=[NewPerson(NAME, PHONE, IDENTITY, home=world.communities[0], address=STREET)],
        valid_from=date(2024, 1, 1),
    )
    open_accounts(by=SETUP, accounts=[NewAccount(person, "canary", "resident", world.district, "tests")])
    viewer = world.viewer("canary")
    case = closed(world, by=viewer, text=WORDS, name=NAME, phone=PHONE, address=STREET)
    rate_case(by=viewer, case_id=case.id, rating=2, text=WORDS)
    reopen_case(by=viewer, case_id=case.id, text=WORDS)
    report(world, by=world.viewer("resident"), text="别人的话", address="别处")
    return person


def test_person_when_erased_then_nothing_they_said_or_are_can_be_read_and_the_journal_verifies(
    house: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    person = _person_who_reports_and_reopens(house)
    seal_once()
    before = everything()
    assert hidden_in(before) == [NAME, STREET, WORDS, "金丝雀"]

    with frozen_at(MORNING + timedelta(days=1)):
        erase_person(by=SETUP, person_id=person.id)
    seal_once()
    run_reactions([ERASURE])
    seal_once()

    assert hidden_in(everything()) == []
    assert hidden_in(caplog.text + "".join(capsys.readouterr())) == []
    assert DeadLetter.objects.count() == 0
    assert verify().is_green
    row = Report.objects.get(reporter=person)
    assert (row.text, row.name_sealed, row.phone_sealed, row.phone_index) == ("", None, None, None)
    assert row.erased_at is not None
    kept = Person.objects.get(id=person.id)
    assert (kept.name, kept.phone_sealed, kept.phone_index, kept.identity_sealed, kept.identity_index) == (
        "",
        None,
        None,
        None,
        None,
    )
    assert list(Residence.objects.filter(person=person).values_list("address_sealed", flat=True)) == [None]


def test_person_when_erased_then_other_peoples_words_and_the_history_stay(house: World) -> None:
    person = _person_who_reports_and_reopens(house)
    moves = Case.objects.get(reports__reporter=person).moves.count()

    erase_person(by=SETUP, person_id=person.id)
    count = erase_reporter(by=SETUP, person_id=person.id)

    assert count == 1
    assert list(Report.objects.exclude(reporter=person).values_list("text", flat=True)) == ["别人的话"]
    assert Case.objects.exclude(reports__reporter=person).get().address == "别处"
    history = Case.objects.get(reports__reporter=person).moves
    assert history.count() == moves
    assert history.get(name="hand_in").public_text == "已更换井盖"


@pytest.mark.parametrize("times", [0, 1])
def test_erasing_when_there_is_nothing_left_then_no_line_and_no_error(house: World, times: int) -> None:
    person = _person_who_reports_and_reopens(house) if times else house.viewer("other-resident")
    person_id = person.id if isinstance(person, Person) else person.person_id
    for _ in range(times):
        erase_reporter(by=SETUP, person_id=person_id)
    before = Line.objects.count()

    assert erase_reporter(by=SETUP, person_id=person_id) == 0
    assert Line.objects.count() == before


def test_reaction_when_the_erased_person_never_reported_then_no_dead_letter(house: World) -> None:
    erase_person(by=SETUP, person_id=house.viewer("other-resident").person_id)
    seal_once()

    run_reactions([ERASURE])

    assert DeadLetter.objects.count() == 0
    assert not Line.objects.filter(kind="case.reporter_erased").exists()


def test_report_when_it_left_only_the_erased_persons_telephone_then_is_erased_too(house: World) -> None:
    _person_who_reports_and_reopens(house)
    person = Person.objects.get(name=NAME)
    report(house, text=WORDS, name=NAME, phone=f"+86 {PHONE}", address=STREET)

    erase_person(by=SETUP, person_id=person.id)
    seal_once()
    run_reactions([ERASURE])

    assert DeadLetter.objects.count() == 0
    assert hidden_in(everything()) == []
    assert Report.objects.filter(reporter=None).exclude(erased_at=None).get().text == ""


def test_report_when_somebody_else_on_record_has_the_same_telephone_then_stays(house: World) -> None:
    _person_who_reports_and_reopens(house)
    person = Person.objects.get(name=NAME)
    import_people(by=SETUP, people=[NewPerson("家人测试", PHONE)], valid_from=date(2024, 1, 1))
    report(house, text="家里人说的话", phone=PHONE)

    erase_person(by=SETUP, person_id=person.id)
    seal_once()
    run_reactions([ERASURE])

    assert Report.objects.get(text="家里人说的话").erased_at is None
    assert Line.objects.get(kind="people.person_erased").data["phones"] == []
