from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from liuchi.ground.access.actions import (
    AdministratorsApart,
    GrantRefused,
    NewGrant,
    end_grant,
    give_grant,
)
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.rules import LastAdministrator, NotForOneself, ReasonMissing
from liuchi.ground.access.testing import MORNING, SETUP, Ground, give, person_named, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Post
from liuchi.ground.territory.models import Area

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("security", "security_admin", made.district)
        give("town-security", "security_admin", made.towns[0])
        give("zhang", "resident", made.district)
        yield made


def wanted(ground: Ground, area: Area | None = None, username: str = "zhang", **values: Any) -> NewGrant:
    given = {"role": "desk", "purpose": "casework", "reason": "人社〔2024〕12号", **values}
    return NewGrant(Account.objects.get(username=username).id, area_id=(area or ground.towns[0]).id, **given)


def test_grant_when_given_then_it_counts_at_once_and_says_by_whom_and_why(ground: Ground) -> None:
    grant = give_grant(by=ground.viewer("security"), grant=wanted(ground))

    zhang = ground.viewer("zhang")
    assert zhang.allows("cases.accept", ground.grids[0].id)
    assert not zhang.allows("cases.accept", ground.grids[-1].id)
    row = Grant.objects.get(id=grant.id)
    assert (row.given_by_id, row.reason, row.purpose) == (ground.viewer("security").id, "人社〔2024〕12号", "casework")
    line = Line.objects.get(kind="access.grant_given")
    assert (line.subject_id, line.place_id) == (zhang.id, ground.towns[0].id)
    assert line.data == {
        "grant": str(grant.id),
        "account": str(zhang.id),
        "role": "desk",
        "organisation": None,
        "post": None,
        "purpose_of_grant": "casework",
        "valid_from": MORNING.isoformat(),
        "valid_to": None,
    }


def test_grant_when_of_a_post_then_the_post_brings_its_organisation(ground: Ground) -> None:
    with guard.scope("maintenance", "test"):
        post = Post.objects.create(organisation=ground.water, title="处置员", area=ground.district)

    give_grant(by=ground.viewer("security"), grant=wanted(ground, role="handler", post_id=post.id))

    zhang = ground.viewer("zhang")
    assert zhang.organisations("cases.handle") == {ground.water.id}
    assert zhang.on_behalf_of == post.id


def test_grant_when_for_a_time_then_it_counts_in_it_only(ground: Ground) -> None:
    give_grant(
        by=ground.viewer("security"),
        grant=wanted(ground, valid_from=MORNING + HOUR, valid_to=MORNING + 2 * HOUR),
    )

    counts = []
    for hours in (0, 1, 2):
        with frozen_at(MORNING + hours * HOUR):
            counts.append(ground.viewer("zhang").allows("cases.accept"))
    assert counts == [False, True, False]


REFUSED: dict[str, tuple[str, dict[str, Any], type[RuleBroken], str | None]] = {
    "without the power": ("zhang", {}, NotAllowed, None),
    "in another town": ("town-security", {"area": "other"}, NotAllowed, None),
    "above one's own": ("town-security", {"area": "district"}, NotAllowed, None),
    "to oneself": ("security", {"username": "security"}, NotForOneself, None),
    "to one's other account": ("security", {"username": "security-2"}, NotForOneself, None),
    "without a reason": ("security", {"reason": "  "}, ReasonMissing, "reason"),
    "of no role": ("security", {"role": "wizard"}, NotFound, "role"),
    "in no organisation": ("security", {"organisation_id": new_id()}, NotFound, "organisation"),
    "with no post": ("security", {"post_id": new_id()}, NotFound, "post"),
    "that has ended": ("security", {"valid_to": MORNING}, GrantRefused, "valid_to"),
    "that ends before it begins": (
        "security",
        {"valid_from": MORNING + 2 * HOUR, "valid_to": MORNING + HOUR},
        GrantRefused,
        "valid_to",
    ),
    "of the whole for a part": ("security", {"role": "privacy_officer"}, GrantRefused, "area"),
    "twice": ("security", {"username": "held"}, GrantRefused, "role"),
    "of a second administration": (
        "security",
        {"username": "auditor", "role": "security_admin"},
        AdministratorsApart,
        "role",
    ),
    "of a second administration by another account": (
        "security",
        {"username": "auditor-2", "role": "security_admin"},
        AdministratorsApart,
        "role",
    ),
}


@pytest.fixture
def crowd(ground: Ground) -> Ground:
    for username in ("security", "auditor"):
        person = (
            Account.objects.select_related("person").get(username=username).person
            if username == "security"
            else person_named("审")
        )
        if username == "auditor":
            give("auditor", "audit_admin", ground.district, person=person)
        give(f"{username}-2", "resident", ground.district, person=person)
    give("held", "desk", ground.towns[0])
    return ground


@pytest.mark.parametrize("case", REFUSED)
def test_grant_when_it_breaks_a_rule_then_refused_and_nothing_is_written(crowd: Ground, case: str) -> None:
    username, values, error, field = REFUSED[case]
    values = {**values, "area": {"other": crowd.towns[1], "district": crowd.district}.get(values.get("area", ""))}
    before = (Grant.objects.count(), Line.objects.count())

    with pytest.raises(error) as refused:
        give_grant(by=crowd.viewer(username), grant=wanted(crowd, **values))

    assert refused.value.field == field
    assert (Grant.objects.count(), Line.objects.count()) == before


def test_grant_when_the_role_is_of_the_whole_then_given_for_the_district(ground: Ground) -> None:
    give_grant(by=ground.viewer("security"), grant=wanted(ground, ground.district, role="privacy_officer"))

    assert ground.viewer("zhang").allows("records.requests")


def test_grant_when_the_account_is_unknown_then_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        give_grant(
            by=ground.viewer("security"),
            grant=NewGrant(new_id(), "desk", ground.towns[0].id, "casework", "x"),
        )


def _given(ground: Ground) -> Grant:
    return give_grant(by=ground.viewer("security"), grant=wanted(ground))


def test_grant_when_ended_then_nothing_is_left_and_the_row_says_why(ground: Ground) -> None:
    grant = _given(ground)
    with frozen_at(MORNING + HOUR):
        end_grant(by=ground.viewer("town-security"), grant_id=grant.id, reason="调离")

        assert not ground.viewer("zhang").allows("cases.accept")
    row = Grant.objects.get(id=grant.id)
    assert (row.valid_to, row.end_reason) == (MORNING + HOUR, "调离")
    assert row.ended_by_id == ground.viewer("town-security").id
    assert Line.objects.get(kind="access.grant_ended").data["grant"] == str(grant.id)


def test_grant_when_ended_for_a_later_day_then_counts_until_then(ground: Ground) -> None:
    grant = _given(ground)
    end_grant(by=ground.viewer("security"), grant_id=grant.id, reason="退休", at=MORNING + HOUR)

    assert ground.viewer("zhang").allows("cases.accept")
    with frozen_at(MORNING + HOUR):
        assert not ground.viewer("zhang").allows("cases.accept")


def test_grant_when_ended_before_it_began_then_it_never_counts(ground: Ground) -> None:
    grant = give_grant(by=ground.viewer("security"), grant=wanted(ground, valid_from=MORNING + HOUR))
    end_grant(by=ground.viewer("security"), grant_id=grant.id, reason="误授")

    with frozen_at(MORNING + 2 * HOUR):
        assert not ground.viewer("zhang").allows("cases.accept")


@pytest.mark.parametrize(
    ("username", "values", "error"),
    [
        ("zhang", {}, NotAllowed),
        ("other-security", {}, NotAllowed),
        ("security", {"reason": ""}, ReasonMissing),
        ("security", {"at": MORNING - HOUR}, GrantRefused),
        ("security", {"grant_id": new_id()}, NotFound),
    ],
)
def test_ending_when_it_breaks_a_rule_then_refused(
    ground: Ground, username: str, values: dict[str, Any], error: type[RuleBroken]
) -> None:
    give("other-security", "security_admin", ground.towns[1])
    grant = _given(ground)

    with pytest.raises(error):
        end_grant(by=ground.viewer(username), **{"grant_id": grant.id, "reason": "调离", **values})

    assert Grant.objects.get(id=grant.id).valid_to is None


def test_ending_when_it_is_ones_own_or_has_ended_then_refused(ground: Ground) -> None:
    own = Grant.objects.get(account__username="security")
    grant = _given(ground)
    with frozen_at(MORNING + HOUR):
        end_grant(by=ground.viewer("security"), grant_id=grant.id, reason="调离")

        with pytest.raises(NotForOneself):
            end_grant(by=ground.viewer("security"), grant_id=own.id, reason="x")
        with pytest.raises(NotFound):
            end_grant(by=ground.viewer("security"), grant_id=grant.id, reason="x")


def test_ending_when_nobody_would_administer_then_refused_until_there_is_a_successor(ground: Ground) -> None:
    give("auditor", "audit_admin", ground.district)
    last = Grant.objects.get(account__username="auditor")

    with pytest.raises(LastAdministrator, match="审计管理员"):
        end_grant(by=ground.viewer("security"), grant_id=last.id, reason="轮岗")
    give("successor", "audit_admin", ground.district)
    with frozen_at(MORNING + HOUR):
        end_grant(by=SETUP, grant_id=last.id, reason="轮岗")

        assert not ground.viewer("auditor").allows("access.audit")
