"""What must always be true of the rows of this room: each rule of the database is broken once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from liuchi.ground.access.models import Account, AnsweredRequest, ApiKey, BreakGlass, Grant, Role, RoleChange
from liuchi.ground.access.testing import MORNING, Ground, give, person_named, small_ground
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import Post

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("zhang", "desk", made.towns[0])
        give("other", "checker", made.towns[0])
        yield made


def _account(username: str = "zhang") -> Account:
    return Account.objects.get(username=username)


def _again(grant: Grant) -> object:
    return Grant.objects.create(
        account=grant.account, role=grant.role, area=grant.area, purpose="x", valid_from=MORNING
    )


def _of_a_post(grant: Grant, ground: Ground) -> object:
    post = Post.objects.create(organisation=ground.water, title="x", area=ground.district)
    return Grant.objects.filter(id=grant.id).update(post=post)


def _glass(ground: Ground, **changes: object) -> BreakGlass:
    given = {
        "account": _account(),
        "powers": ["cases.see"],
        "area": ground.district,
        "reason": "x",
        "broken_at": MORNING,
        "ends_at": MORNING + HOUR,
        **changes,
    }
    return BreakGlass.objects.create(**given)


def _key(ground: Ground, **changes: object) -> ApiKey:
    given = {
        "name": "x",
        "owner": _account(),
        "prefix": "lk-x",
        "digest": b"x",
        "powers": ["cases.see"],
        "areas": [ground.district.id],
        "reason": "x",
        "created_at": MORNING,
        "expires_at": MORNING + HOUR,
        **changes,
    }
    return ApiKey.objects.create(**given)


def _two_keys(ground: Ground) -> object:
    _key(ground)
    return _key(ground)


def _followed_twice(ground: Ground) -> None:
    key = _key(ground)
    for prefix in ("lkone", "lktwo"):
        _key(ground, prefix=prefix, follows=key, first=key)


def _answered_twice(ground: Ground) -> None:
    key = _key(ground)
    for _ in range(2):
        AnsweredRequest.objects.create(key=key, token="one", content=b"x", answer={}, answered_at=MORNING)


BROKEN: dict[str, Callable[[Grant, Ground], object]] = {
    "access_account_username_key": lambda grant, _: Account.objects.create(
        person=grant.account.person, username="zhang", created_at=MORNING
    ),
    "account_closed_says_when_and_why": lambda *_: Account.objects.filter(username="zhang").update(is_active=False),
    "access_role_code_key": lambda *_: Role.objects.create(code="desk", name="x", powers=[]),
    "role_administers_one_thing": lambda *_: Role.objects.create(
        code="all", name="x", powers=["access.accounts", "access.audit"]
    ),
    "grant_in_force_once": lambda grant, _: _again(grant),
    "grant_ends_after_it_begins": lambda grant, _: Grant.objects.filter(id=grant.id).update(valid_to=MORNING),
    "grant_of_a_post_names_its_organisation": _of_a_post,
    "grant_is_of_a_role_or_of_broken_glass": lambda grant, _: Grant.objects.filter(id=grant.id).update(role=None),
    "grant_is_given_by_somebody_else": lambda grant, _: Grant.objects.filter(id=grant.id).update(
        given_by=grant.account
    ),
    "glass_opens_for_an_hour_at_most": lambda _, ground: _glass(ground, ends_at=MORNING + HOUR * 1.01),
    "glass_is_reviewed_by_somebody_else": lambda _, ground: _glass(
        ground, reviewed_by=_account(), reviewed_at=MORNING, finding="justified"
    ),
    "glass_reviewed_has_a_finding": lambda _, ground: _glass(
        ground, reviewed_by=_account("other"), reviewed_at=MORNING
    ),
    "access_apikey_prefix_key": lambda _, ground: _two_keys(ground),
    "key_expires_after_its_making": lambda _, ground: _key(ground, expires_at=MORNING),
    "key_opens_something": lambda _, ground: _key(ground, areas=[]),
    "key_revoked_says_why": lambda _, ground: _key(ground, revoked_at=MORNING),
    "key_that_follows_knows_the_first": lambda _, ground: _key(ground, follows=_key(ground, prefix="lkbefore")),
    "key_is_followed_once": lambda _, ground: _followed_twice(ground),
    "request_answered_once": lambda _, ground: _answered_twice(ground),
    "key_is_made_by_somebody_else": lambda _, ground: _key(ground, created_by=_account()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(ground: Ground, name: str) -> None:
    grant = Grant.objects.select_related("account__person", "role", "area").get(account__username="zhang")

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name](grant, ground)


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    models = (Account, Role, RoleChange, Grant, BreakGlass, ApiKey, AnsweredRequest)
    declared = {rule.name for model in models for rule in model._meta.constraints}

    assert declared <= BROKEN.keys()


def _second(ground: Ground, role: str, account: str = "first", **values: object) -> None:
    Grant.objects.create(
        account=_account(account),
        role=Role.objects.get(code=role),
        area=ground.towns[1],
        purpose="x",
        **{"valid_from": MORNING, **values},
    )


def _widen(ground: Ground) -> None:
    _second(ground, "desk")
    Role.objects.filter(code="desk").update(powers=["access.audit"])


def _move(_: Ground) -> None:
    Grant.objects.filter(account__username="alias").update(role=Role.objects.get(code="security_admin"))


def _become_one(ground: Ground) -> None:
    give("second", "audit_admin", ground.district)
    Account.objects.filter(username="second").update(person=_account("first").person)


APART: dict[str, Callable[[Ground], None]] = {
    "a second grant": lambda ground: _second(ground, "audit_admin"),
    "a second account": lambda ground: _second(ground, "audit_admin", "alias"),
    "a grant that begins later": lambda ground: _second(ground, "audit_admin", valid_from=MORNING + HOUR),
    "a grant moved to another role": _move,
    "a wider role": _widen,
    "two people found to be one": _become_one,
}


@pytest.fixture
def system_administrator(ground: Ground) -> Ground:
    person = person_named("林")
    give("first", "system_admin", ground.district, person=person)
    give("alias", "desk", ground.district, person=person)
    return ground


@pytest.mark.parametrize("way", APART)
def test_administrators_when_one_human_being_would_be_two_then_the_database_refuses(
    system_administrator: Ground, way: str
) -> None:
    with (
        guard.scope("maintenance", "test"),
        pytest.raises(IntegrityError, match="two of the three administrations"),
        transaction.atomic(),
    ):
        APART[way](system_administrator)


def test_administrators_when_the_one_ends_before_the_other_begins_then_nothing_is_wrong(
    system_administrator: Ground,
) -> None:
    with guard.scope("maintenance", "test"), transaction.atomic():
        Grant.objects.filter(account__username="first").update(valid_to=MORNING + HOUR)
        _second(system_administrator, "audit_admin", valid_from=MORNING + HOUR)
        _second(system_administrator, "desk")
        give("else", "audit_admin", system_administrator.district)

    assert Grant.objects.filter(account__username="first").count() == 3


def test_administrators_when_two_transactions_meet_then_they_go_one_after_the_other(
    system_administrator: Ground,
) -> None:
    with guard.scope("maintenance", "test"), transaction.atomic():
        _second(system_administrator, "system_admin")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            (held,) = cursor.fetchone()

    assert held >= 1
