from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import authenticate

from liuchi.ground.access import reactions
from liuchi.ground.access.actions import (
    AccountsRefused,
    NewAccount,
    close_accounts,
    open_accounts,
    record_failed_sign_in,
    record_reveal,
    record_sign_in,
    record_sign_out,
    set_roles,
)
from liuchi.ground.access.models import Account, Grant, Role
from liuchi.ground.access.powers import PUBLIC_POWERS, ROLES
from liuchi.ground.access.queries import find_account
from liuchi.ground.access.viewers import PUBLIC, viewer_of
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.actions import NewPerson, erase_person, import_people
from liuchi.ground.people.models import Person
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

BY, SINCE, NOW = System("tests"), date(2024, 1, 1), datetime(2024, 9, 12, 1, tzinfo=UTC)
PASSWORD = "correct-horse-battery"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def person(db: None) -> Person:
    queries.forget()
    import_territory(
        by=BY,
        areas=[
            NewArea("district", "990803", "测试区", None),
            NewArea("town", "990803001", "一街道", "990803"),
            NewArea("town", "990803002", "二街道", "990803"),
            NewArea("community", "990803001001", "一社区", "990803001"),
        ],
        valid_from=SINCE,
    )
    queries.forget()
    set_roles(by=BY)
    (person,) = import_people(by=BY, people=[NewPerson("张三", "19900001234")], valid_from=SINCE)
    return person


def _area(code: str) -> Area:
    return Area.objects.get(code=code)


def _open(person: Person, role: str = "desk", area: str = "990803001", **values: object) -> Account:
    given = {"username": "zhang", "purpose": "tests", "password": PASSWORD, **values}
    with frozen_at(NOW):
        open_accounts(by=BY, accounts=[NewAccount(person, role=role, area=_area(area), **given)])  # type: ignore[arg-type]
    return Account.objects.get(username=given["username"])


def test_account_when_opened_then_signs_in_by_password_and_holds_its_grant(person: Person) -> None:
    account = _open(person)

    assert authenticate(username="zhang", password=PASSWORD) == account
    assert authenticate(username="zhang", password="wrong") is None
    with frozen_at(NOW):
        viewer = viewer_of(account)
    assert (viewer.roles, viewer.person_id) == (frozenset({"desk"}), person.id)
    assert Line.objects.get(kind="access.accounts_opened").data == {"accounts": 1, "grants": 1}


def test_account_when_opened_without_password_then_cannot_sign_in_by_one(person: Person) -> None:
    _open(person, password=None)

    assert authenticate(username="zhang", password="") is None


def test_accounts_when_the_name_is_taken_then_the_first_stands_and_the_same_list_changes_nothing(
    person: Person,
) -> None:
    first = _open(person)
    before = Line.objects.count()

    _open(person, role="checker", password="another-long-password")

    assert Account.objects.get().password == first.password
    assert (Grant.objects.count(), Line.objects.count()) == (1, before)


def test_accounts_when_one_list_names_somebody_twice_then_the_first_entry_counts(person: Person) -> None:
    new = NewAccount(person, "zhang", "desk", _area("990803"), "tests")

    assert open_accounts(by=BY, accounts=[new, new]) == 1


def test_accounts_when_the_role_does_not_exist_then_refused(person: Person) -> None:
    with pytest.raises(AccountsRefused, match="wizard"):
        _open(person, role="wizard")

    assert Account.objects.count() == 0


def test_viewer_when_asked_for_an_area_then_its_grants_reach_down_and_never_up_or_sideways(person: Person) -> None:
    account = _open(person)
    with frozen_at(NOW):
        viewer = viewer_of(account)

    may = {code: viewer.allows("cases.accept", _area(code).id) for code in ("990803001", "990803001001")}
    assert set(may.values()) == {True}
    assert not viewer.allows("cases.accept", _area("990803").id)
    assert not viewer.allows("cases.accept", _area("990803002").id)
    assert not viewer.allows("cases.dispatch", _area("990803001").id)
    assert viewer.allows("cases.accept")
    assert viewer.areas("cases.accept") == {_area("990803001").id, _area("990803001001").id}
    assert viewer.areas("cases.dispatch") == frozenset()


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (timedelta(0), None, True),
        (timedelta(seconds=1), None, False),
        (-timedelta(days=1), timedelta(0), False),
        (-timedelta(days=1), timedelta(seconds=1), True),
    ],
)
def test_grant_when_not_in_force_then_gives_nothing(
    person: Person, valid_from: timedelta, valid_to: timedelta | None, counts: bool
) -> None:
    account = _open(person)
    with guard.scope("maintenance", "test"):
        Grant.objects.update(valid_from=NOW + valid_from, valid_to=None if valid_to is None else NOW + valid_to)

    with frozen_at(NOW):
        assert viewer_of(account).allows("cases.accept") is counts


def test_viewer_when_asked_for_an_organisation_then_only_the_grants_within_it_count(person: Person) -> None:
    with guard.scope("maintenance", "test"):
        body = Organisation.objects.create(
            code="x", name="某局", short_name="局", kind="department", area=_area("990803"), valid_from=SINCE
        )
    account = _open(person, role="handler", organisation=body)
    with frozen_at(NOW):
        viewer = viewer_of(account)

    assert viewer.allows_in("cases.handle", body.id)
    assert not viewer.allows_in("cases.handle", None)
    assert not viewer.allows_in("cases.handle", new_id())
    assert not viewer.allows_in("cases.accept", body.id)
    assert viewer.organisations("cases.handle") == {body.id}


def test_handler_when_the_grant_names_no_organisation_then_handles_for_nobody(person: Person) -> None:
    account = _open(person, role="handler")
    with frozen_at(NOW):
        viewer = viewer_of(account)

    assert not viewer.allows_in("cases.handle", None)
    assert viewer.organisations("cases.handle") == frozenset()


def test_public_when_asked_then_may_report_and_nothing_of_an_office() -> None:
    office = frozenset().union(*(powers for _, powers in ROLES.values())) - PUBLIC_POWERS

    assert all(PUBLIC.allows(power) for power in PUBLIC_POWERS)
    assert office
    assert not any(PUBLIC.allows(power) for power in office)


def test_roles_when_set_again_then_only_changes_are_written_and_the_line_names_the_role() -> None:
    before = Line.objects.count()
    unchanged = set_roles(by=BY)
    changed = set_roles(by=BY, roles={**ROLES, "desk": ("受理", frozenset({"cases.accept"}))})

    assert (unchanged, changed, Line.objects.count()) == (0, 1, before + 1)
    role = Role.objects.get(code="desk")
    assert (role.name, role.powers) == ("受理", ["cases.accept"])
    line = Line.objects.last()
    assert line is not None
    assert line.subject_id == role.id


def test_sign_in_sign_out_and_reveal_when_recorded_then_one_line_each_without_any_value(person: Person) -> None:
    account = _open(person)
    before = Line.objects.count()

    record_sign_in(by=BY, account=account, way="password")
    record_sign_out(by=BY, account=account)
    record_reveal(by=BY, subject_type="cases.report", subject_id=person.id, field="phone", purpose="call-back")

    lines = list(Line.objects.order_by("seq"))[before:]
    assert [(line.kind, line.data) for line in lines] == [
        ("access.signed_in", {"account": str(account.id), "way": "password"}),
        ("access.signed_out", {"account": str(account.id)}),
        ("access.revealed", {"field": "phone", "purpose": "call-back", "person": None}),
    ]


def test_failed_sign_in_when_recorded_then_names_alike_are_known_and_none_can_be_read(person: Person) -> None:
    for typed in ("zhang", "zhang", "Zhang", "x\0"):
        record_failed_sign_in(by=PUBLIC, username=typed)

    lines = list(Line.objects.filter(kind="access.sign_in_failed").order_by("seq"))
    first, second, third, _ = [line.data["name"] for line in lines]
    assert first == second == keyring().digest("zhang", "access.username").hex()
    assert first != third
    assert {line.subject_id for line in lines} == {UUID(int=0)}
    assert "zhang" not in str([line.data for line in lines])


def test_accounts_when_the_person_is_erased_then_nobody_signs_in_with_them_any_more(person: Person) -> None:
    account = _open(person)
    erase_person(by=BY, person_id=person.id)
    line = Line.objects.get(kind="people.person_erased")

    with frozen_at(NOW + timedelta(hours=1)):
        reactions.follow_erasure(line)
        viewer = viewer_of(account)
        reactions.follow_erasure(line)

    closed = Account.objects.get()
    assert (closed.username, closed.is_active) == (f"closed-{account.id}", False)
    assert authenticate(username=closed.username, password=PASSWORD) is None
    assert find_account("zhang") is find_account(closed.username) is None
    assert viewer.grants == ()
    assert Line.objects.get(kind="access.accounts_closed").data == {"accounts": 1, "grants": 1}


def test_accounts_when_closed_at_the_moment_they_opened_then_the_grant_still_ends(person: Person) -> None:
    account = _open(person)
    with frozen_at(NOW):
        assert close_accounts(by=BY, person_id=person.id) == 1

    with frozen_at(NOW + timedelta(seconds=1)):
        assert viewer_of(account).grants == ()


def test_rows_when_printed_then_name_themselves(person: Person) -> None:
    account = _open(person)

    assert (str(account), str(Role.objects.get(code="desk"))) == ("zhang", "受理员")
    assert str(Grant.objects.get()).startswith(str(account.id))
