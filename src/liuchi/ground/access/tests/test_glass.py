from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from liuchi.ground.access.actions import (
    GlassRefused,
    ReviewRefused,
    break_glass,
    put_glass_back,
    record_reveal,
    review_glass,
)
from liuchi.ground.access.models import Account, BreakGlass
from liuchi.ground.access.powers import POWERS
from liuchi.ground.access.rules import NotForOneself, ReasonMissing
from liuchi.ground.access.testing import MORNING, SETUP, Ground, give, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id

MINUTE = timedelta(minutes=1)
REASON = "燃气泄漏，需联系三号楼住户"


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("duty", "duty_officer", made.towns[0])
        give("duty", "handler", made.district, made.water)
        give("desk", "desk", made.district)
        give("security", "security_admin", made.district)
        give("auditor", "audit_admin", made.district)
        give("town-auditor", "audit_admin", made.towns[1])
        yield made


def broken(ground: Ground, by: str = "duty", **values: Any) -> BreakGlass:
    given = {
        "reason": REASON,
        "minutes": 30,
        "area_id": ground.communities[0].id,
        "powers": ["people.see", "people.reveal"],
        **values,
    }
    return break_glass(by=ground.viewer(by), **given)


def test_glass_when_broken_then_opens_at_once_there_and_closes_by_itself(ground: Ground) -> None:
    before = ground.viewer("duty")
    broken(ground)
    viewer = ground.viewer("duty")

    assert not before.allows("people.see")
    assert viewer.areas("people.reveal") == {ground.communities[0].id, ground.grids[0].id, ground.grids[1].id}
    assert not viewer.allows("people.see", ground.grids[2].id)
    assert viewer.glass is not None
    assert viewer.glass.valid_to == MORNING + 30 * MINUTE
    with frozen_at(MORNING + 29 * MINUTE):
        assert ground.viewer("duty").allows("people.see")
    with frozen_at(MORNING + 30 * MINUTE):
        after = ground.viewer("duty")
        assert (after.allows("people.see"), after.glass) == (False, None)


def test_glass_when_broken_then_the_alarm_line_tells_everything_but_the_words(ground: Ground) -> None:
    glass = broken(ground)

    line = Line.objects.get(kind="access.glass_broken")
    assert (line.subject_id, line.place_id) == (glass.id, ground.communities[0].id)
    assert line.data == {
        "glass": str(glass.id),
        "account": str(ground.viewer("duty").id),
        "area": str(ground.communities[0].id),
        "powers": ["people.reveal", "people.see"],
        "ends_at": (MORNING + 30 * MINUTE).isoformat(),
    }
    assert BreakGlass.objects.get().reason == REASON


def test_reads_when_glass_is_open_then_each_is_marked_whatever_the_hat(ground: Ground) -> None:
    glass = broken(ground)

    def read(hat: str = "") -> UUID | None:
        record_reveal(
            by=ground.viewer("duty", hat), subject_type="x", subject_id=new_id(), field="phone", purpose="emergency"
        )
        return Line.objects.order_by("-seq")[0].on_behalf_of

    assert (read(), read(f"unit-{ground.water.id}")) == (glass.id, glass.id)
    with frozen_at(MORNING + 30 * MINUTE):
        assert (read(), read(f"unit-{ground.water.id}")) == (None, ground.water.id)


REFUSED: dict[str, tuple[str, dict[str, Any], type[RuleBroken], str | None]] = {
    "without the power": ("desk", {}, NotAllowed, None),
    "beyond the area": ("duty", {"area": "other"}, NotAllowed, None),
    "above the area": ("duty", {"area": "district"}, NotAllowed, None),
    "nowhere": ("duty", {"area_id": new_id()}, NotFound, None),
    "without a reason": ("duty", {"reason": " "}, ReasonMissing, "reason"),
    "with a reason that says nothing": ("duty", {"reason": "急"}, GlassRefused, "reason"),
    "too long": ("duty", {"minutes": 61}, GlassRefused, "minutes"),
    "too short": ("duty", {"minutes": 4}, GlassRefused, "minutes"),
    "for nothing": ("duty", {"powers": []}, GlassRefused, "powers"),
    **{
        f"for {power}": ("duty", {"powers": ["people.see", power]}, GlassRefused, "powers")
        for power in sorted(POWERS)
        if not power.endswith((".see", ".lookup", ".reveal"))
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_glass_when_it_breaks_a_rule_then_refused(ground: Ground, case: str) -> None:
    username, given, error, field = REFUSED[case]
    values = dict(given)
    if "area" in values:
        values["area_id"] = {"other": ground.towns[1], "district": ground.district}[values.pop("area")].id

    with pytest.raises(error) as refused:
        broken(ground, username, **values)

    assert refused.value.field == field
    assert not BreakGlass.objects.exists()


def test_glass_when_it_is_open_already_then_not_twice(ground: Ground) -> None:
    glass = broken(ground)
    with pytest.raises(GlassRefused):
        broken(ground)

    with frozen_at(glass.ends_at):
        assert broken(ground).id != glass.id


def test_glass_when_no_person_breaks_it_then_refused(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        break_glass(by=SETUP, reason=REASON, minutes=30, area_id=ground.district.id, powers=["people.see"])


@pytest.mark.parametrize("username", ["duty", "security"])
def test_glass_when_put_back_before_its_time_then_closes_at_once(ground: Ground, username: str) -> None:
    glass = broken(ground)
    with frozen_at(MORNING + MINUTE):
        put_glass_back(by=ground.viewer(username), glass_id=glass.id)

        assert not ground.viewer("duty").allows("people.see")
        with pytest.raises(NotFound):
            put_glass_back(by=ground.viewer(username), glass_id=glass.id)
    assert BreakGlass.objects.get().ends_at == MORNING + MINUTE


def test_glass_when_somebody_else_puts_it_back_then_refused(ground: Ground) -> None:
    glass = broken(ground)

    with pytest.raises(NotAllowed):
        put_glass_back(by=ground.viewer("desk"), glass_id=glass.id)


def test_review_when_done_then_says_what_was_found_and_by_whom(ground: Ground) -> None:
    glass = broken(ground)
    with frozen_at(MORNING + 31 * MINUTE):
        review_glass(by=ground.viewer("auditor"), glass_id=glass.id, finding="justified", text="与警情记录一致")

    row = BreakGlass.objects.get()
    assert (row.finding, row.finding_text, row.reviewed_by_id) == (
        "justified",
        "与警情记录一致",
        ground.viewer("auditor").id,
    )
    assert Line.objects.get(kind="access.glass_reviewed").data["finding"] == "justified"
    with frozen_at(MORNING + 32 * MINUTE), pytest.raises(ReviewRefused, match="already"):
        review_glass(by=ground.viewer("auditor"), glass_id=glass.id, finding="unjustified", text="x")


@pytest.mark.parametrize(
    ("by", "after", "values", "error"),
    [
        ("auditor", 1, {}, ReviewRefused),
        ("auditor", 31, {"finding": "fine"}, ReviewRefused),
        ("auditor", 31, {"text": ""}, ReasonMissing),
        ("auditor", 31, {"glass_id": new_id()}, NotFound),
        ("security", 31, {}, NotAllowed),
        ("duty", 31, {}, NotAllowed),
        ("town-auditor", 31, {}, NotAllowed),
    ],
)
def test_review_when_it_breaks_a_rule_then_refused(
    ground: Ground, by: str, after: int, values: dict[str, Any], error: type[RuleBroken]
) -> None:
    glass = broken(ground)
    given = {"glass_id": glass.id, "finding": "justified", "text": "属实", **values}

    with frozen_at(MORNING + after * MINUTE), pytest.raises(error):
        review_glass(by=ground.viewer(by), **given)

    assert BreakGlass.objects.get().finding == ""


def test_review_when_it_is_ones_own_then_refused(ground: Ground) -> None:
    person = Account.objects.select_related("person").get(username="auditor").person
    give("auditor-on-duty", "duty_officer", ground.towns[0], person=person)
    glass = broken(ground, "auditor-on-duty")

    with frozen_at(MORNING + 31 * MINUTE), pytest.raises(NotForOneself):
        review_glass(by=ground.viewer("auditor"), glass_id=glass.id, finding="justified", text="属实")
