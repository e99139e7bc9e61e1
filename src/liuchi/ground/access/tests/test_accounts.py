from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate

from liuchi.ground.access.actions import (
    NewAccount,
    NewKey,
    UsernameRefused,
    change_password,
    close_account,
    end_sessions,
    make_key,
    open_account,
    open_accounts,
    reset_password,
)
from liuchi.ground.access.actions.passwords import PasswordRefused
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.models import Account, ApiKey, Grant
from liuchi.ground.access.rules import LastAdministrator, NotForOneself
from liuchi.ground.access.testing import MORNING, PASSWORD, SETUP, Ground, give, person_named, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.actions import erase_person

LATER = MORNING + timedelta(hours=1)
NEW = "another-long-password"


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("system", "system_admin", made.district)
        give("security", "security_admin", made.district)
        give("auditor", "audit_admin", made.district)
        give("zhang", "desk", made.towns[0])
    with frozen_at(LATER):
        yield made


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def test_account_when_opened_then_holds_nothing_and_its_password_is_told_once(ground: Ground) -> None:
    person = person_named("李四")

    opened, password = open_account(by=ground.viewer("system"), person_id=person.id, username=" Li.Si ")

    assert authenticate(username="li.si", password=password) == opened
    assert (opened.is_password_temporary, opened.opened_by_id) == (True, account("system").id)
    assert ground.viewer("li.si").grants == ()
    line = Line.objects.get(kind="access.account_opened")
    assert line.data == {"account": str(opened.id), "person": str(person.id)}
    assert password not in str(Line.objects.values_list("data"))


@pytest.mark.parametrize("username", ["zhang", "ab", "李四", "a b c", "-abc", "x" * 41, "closed-account"])
def test_account_when_the_name_is_taken_or_cannot_be_one_then_refused(ground: Ground, username: str) -> None:
    person = person_named("李四")

    with pytest.raises(UsernameRefused) as refused:
        open_account(by=ground.viewer("system"), person_id=person.id, username=username)

    assert refused.value.field == "username"


def test_account_when_opened_by_the_wrong_or_for_the_wrong_then_refused(ground: Ground) -> None:
    person, erased = person_named("李四"), person_named("王五")
    erase_person(by=SETUP, person_id=erased.id)

    with pytest.raises(NotAllowed):
        open_account(by=ground.viewer("security"), person_id=person.id, username="lisi")
    with pytest.raises(NotForOneself):
        open_account(by=ground.viewer("system"), person_id=account("system").person_id, username="second")
    for nobody in (erased.id, new_id()):
        with pytest.raises(NotFound):
            open_account(by=ground.viewer("system"), person_id=nobody, username="lisi")

    assert not Account.objects.filter(username__in=["lisi", "second"]).exists()


def test_accounts_when_a_person_opens_them_with_grants_then_refused(ground: Ground) -> None:
    new = NewAccount(person_named("李四"), "lisi", "desk", ground.district, "tests")

    for username in ("system", "security"):
        with pytest.raises(NotAllowed):
            open_accounts(by=ground.viewer(username), accounts=[new])


def test_account_when_closed_then_sign_in_grants_and_keys_end(ground: Ground) -> None:
    _, secret = make_key(
        by=ground.viewer("security"),
        key=NewKey("x", account("zhang").id, ["cases.see"], [ground.district.id], LATER + timedelta(days=1), "协议"),
    )
    assert viewer_for_key(secret, "127.0.0.1") is not None

    close_account(by=ground.viewer("system"), account_id=account("zhang").id, reason="left")

    closed = account("zhang")
    assert (closed.is_active, closed.closed_at, closed.close_reason) == (False, LATER, "left")
    assert authenticate(username="zhang", password=PASSWORD) is None
    assert (ground.viewer("zhang").grants, viewer_for_key(secret, "127.0.0.1")) == ((), None)
    assert Grant.objects.get(account=closed).valid_to == LATER
    assert ApiKey.objects.get(owner=closed).revoke_reason == "ended"
    assert Line.objects.get(kind="access.account_closed").data == {
        "account": str(closed.id),
        "reason": "left",
        "grants": 1,
        "keys": 1,
    }


CLOSING: dict[str, tuple[str, str, type[RuleBroken]]] = {
    "without the power": ("security", "zhang", NotAllowed),
    "one's own": ("system", "system", NotForOneself),
    "beyond one's area": ("town-system", "zhang", NotAllowed),
    "the last of the administrators": ("system", "auditor", LastAdministrator),
    "a second time": ("system", "closed", NotFound),
}


@pytest.mark.parametrize("case", CLOSING)
def test_closing_when_it_breaks_a_rule_then_refused(ground: Ground, case: str) -> None:
    give("town-system", "system_admin", ground.towns[1])
    give("closed", "desk", ground.towns[0])
    close_account(by=SETUP, account_id=account("closed").id, reason="double")
    by, whose, error = CLOSING[case]

    with pytest.raises(error):
        close_account(by=ground.viewer(by), account_id=account(whose).id, reason="left")


def test_password_when_set_anew_then_the_old_one_is_over_and_so_are_the_sessions(ground: Ground) -> None:
    before = account("zhang").get_session_auth_hash()

    password = reset_password(by=ground.viewer("system"), account_id=account("zhang").id, reason="forgotten")

    assert authenticate(username="zhang", password=PASSWORD) is None
    assert authenticate(username="zhang", password=password) == account("zhang")
    assert account("zhang").is_password_temporary
    assert account("zhang").get_session_auth_hash() != before
    assert Line.objects.get(kind="access.password_reset").data["reason"] == "forgotten"


@pytest.mark.parametrize(
    ("by", "whose", "reason", "error"),
    [
        ("security", "zhang", "forgotten", NotAllowed),
        ("system", "system", "forgotten", NotForOneself),
        ("system", "zhang", "because", PasswordRefused),
        ("system", "security", "forgotten", NotAllowed),
        ("system", "auditor", "forgotten", NotAllowed),
        ("system", "auditor-2", "forgotten", NotAllowed),
    ],
)
def test_resetting_when_it_breaks_a_rule_then_refused(
    ground: Ground, by: str, whose: str, reason: str, error: type[RuleBroken]
) -> None:
    give("auditor-2", "resident", ground.district, person=account("auditor").person)

    with pytest.raises(error):
        reset_password(by=ground.viewer(by), account_id=account(whose).id, reason=reason)

    assert authenticate(username=whose, password=PASSWORD) is not None


def test_resetting_when_done_on_the_machine_itself_then_an_administrator_gets_a_password(ground: Ground) -> None:
    password = reset_password(by=SETUP, account_id=account("auditor").id, reason="handover")

    assert authenticate(username="auditor", password=password) is not None


def test_password_when_its_owner_changes_it_then_it_is_no_longer_temporary(ground: Ground) -> None:
    password = reset_password(by=SETUP, account_id=account("zhang").id, reason="forgotten")

    change_password(by=ground.viewer("zhang"), account_id=account("zhang").id, old=password, new=NEW)

    assert authenticate(username="zhang", password=NEW) == account("zhang")
    assert not account("zhang").is_password_temporary
    assert Line.objects.get(kind="access.password_changed").actor_id == account("zhang").id


@pytest.mark.parametrize(
    ("by", "old", "new", "error", "field"),
    [
        ("system", PASSWORD, NEW, NotAllowed, None),
        ("zhang", "wrong", NEW, PasswordRefused, "old"),
        ("zhang", PASSWORD, PASSWORD, PasswordRefused, "new"),
        ("zhang", PASSWORD, "short", PasswordRefused, "new"),
        ("zhang", PASSWORD, "1234567890", PasswordRefused, "new"),
        ("zhang", PASSWORD, "password1234", PasswordRefused, "new"),
    ],
)
def test_changing_when_it_breaks_a_rule_then_refused(
    ground: Ground, by: str, old: str, new: str, error: type[RuleBroken], field: str | None
) -> None:
    with pytest.raises(error) as refused:
        change_password(by=ground.viewer(by), account_id=account("zhang").id, old=old, new=new)

    assert refused.value.field == field
    assert authenticate(username="zhang", password=PASSWORD) is not None


def test_sessions_when_ended_then_none_is_good_any_more(ground: Ground) -> None:
    hashes: list[Any] = [account("zhang").get_session_auth_hash()]

    for by in ("zhang", "system"):
        end_sessions(by=ground.viewer(by), account_id=account("zhang").id)
        hashes.append(account("zhang").get_session_auth_hash())
    with pytest.raises(NotAllowed):
        end_sessions(by=ground.viewer("security"), account_id=account("zhang").id)

    assert len(set(hashes)) == 3
    assert Line.objects.filter(kind="access.sessions_ended").count() == 2
