from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.decide import (
    grant_extension,
    refuse_extension,
    refuse_pause,
    reject_decline,
    uphold_decline,
)
from liuchi.engines.cases.actions.desk import file_case, refuse_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.models import Case, CaseClock
from liuchi.engines.cases.notices import STALE, TEMPLATES, TOLD, clocks_near_their_end, tell_of_move
from liuchi.engines.cases.testing import (
    MORNING,
    World,
    case_of,
    closed,
    dispatched,
    disputed,
    extending,
    filed,
    give_role,
    handed_in,
    paused,
    pausing,
    report,
    reworked,
)
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices.models import Delivery, Notice
from liuchi.ground.notices.queries import Filters, inbox
from liuchi.ground.notices.templates import LANGUAGES, Template, placeholders, sample
from liuchi.ground.notices.testing import told, wish

pytestmark = pytest.mark.django_db
REACTION = Reaction("cases.notices", TOLD, tell_of_move)


def _follow(at: datetime = MORNING) -> None:
    """Let the reaction follow every line there is, twice, as after a kill."""
    with frozen_at(at):
        for _ in range(2):
            for line in Line.objects.filter(kind__in=TOLD).order_by("seq"):
                apply_once(REACTION, line)


def _person(world: World, username: str) -> UUID:
    return world.viewer(username).person_id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.code)
def test_template_when_filled_with_its_samples_then_nothing_is_left_open(template: Template, language: str) -> None:
    said = sample(template, language)

    for part in (said.title, said.short, said.long):
        assert part
        assert placeholders(part) == set()


def test_reporter_when_the_case_goes_its_way_then_told_of_each_step_once(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))

    _follow()

    assert told(_person(world, "resident")) == [
        "cases.report_accepted",
        "cases.report_handled",
        "cases.report_closed",
    ]
    with frozen_at(MORNING):
        first = inbox(world.viewer("resident"), Filters()).entries[-1]
    assert first.title == "Accepted: 上水井盖"
    assert case.number in first.text
    assert Notice.objects.filter(link=f"/cases/{case.number}/").count() == 3


def test_reporter_when_the_case_is_not_filed_then_told_where_to_look(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world, by=world.viewer("resident"))
        refuse_case(by=world.viewer("desk"), case_id=receipt.case_id, reason="outside_duty", text="请找供电公司")

    _follow()

    assert told(_person(world, "resident")) == ["cases.report_not_filed"]
    assert "供电公司" not in str(list(Notice.objects.values_list("parameters", flat=True)))


def test_reporter_when_nobody_signed_in_then_nobody_is_told(world: World) -> None:
    with frozen_at(MORNING):
        closed(world)

    _follow()

    assert not Notice.objects.filter(template__startswith="cases.report").exists()


def test_unit_when_work_comes_or_comes_back_then_its_staff_are_told_and_nobody_elses(world: World) -> None:
    with frozen_at(MORNING):
        give_role("water-2", "handler", world.district, world.water)
        reworked(world)

    _follow()

    for username in ("water", "water-2"):
        assert told(_person(world, username)) == ["cases.assigned", "cases.to_redo"]
    assert told(_person(world, "lights")) == []
    assert set(Notice.objects.filter(template="cases.assigned").values_list("organisation_id", flat=True)) == {
        world.water.id
    }


@pytest.mark.parametrize(("condition", "urgency"), [(0, "ordinary"), (1, "urgent")])
def test_unit_when_the_limit_runs_through_nights_then_told_at_once(
    world: World, settings: Settings, condition: int, urgency: str
) -> None:
    settings.LIUCHI_MAIL = "smtp://127.0.0.1:1"
    with frozen_at(MORNING):
        wish(_person(world, "water"), email="w@example.cn")
        receipt = report(world)
        file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[condition].id)
        dispatch_case(by=world.viewer("dispatcher"), case_id=receipt.case_id, unit_id=world.water.id, reason="权责清单")

    _follow()

    assert set(Notice.objects.values_list("urgency", flat=True)) == {urgency}
    assert Delivery.objects.count() == (urgency == "urgent")


def test_history_when_a_new_reaction_reads_it_then_nobody_is_told_of_it(world: World) -> None:
    with frozen_at(MORNING):
        closed(world, by=world.viewer("resident"))

    _follow(MORNING + STALE + timedelta(seconds=1))

    assert Notice.objects.count() == 0


def test_unit_when_it_says_not_ours_then_whoever_decides_is_told_and_then_the_unit_and_the_dispatcher(
    world: World,
) -> None:
    with frozen_at(MORNING):
        give_role("officer", "duty_officer", world.district)
        upheld, kept = disputed(world), disputed(world)
        uphold_decline(by=world.viewer("desk"), case_id=upheld.id)
        reject_decline(by=world.viewer("desk"), case_id=kept.id, reason="on_the_list", text="按清单")

    _follow()

    assert told(_person(world, "desk")) == told(_person(world, "officer")) == ["cases.disputed"] * 2
    assert told(_person(world, "dispatcher")) == ["cases.sent_wrong"]
    assert told(_person(world, "other-desk")) == []
    assert sorted(told(_person(world, "water"))) == [
        *["cases.assigned"] * 2,
        "cases.not_yours",
        "cases.to_keep",
    ]


def test_reporter_and_unit_when_more_time_is_granted_then_both_are_told_the_new_date(world: World) -> None:
    with frozen_at(MORNING):
        granted, refused = extending(world, by=world.viewer("resident")), extending(world)
        grant_extension(by=world.viewer("desk"), case_id=granted.id)
        refuse_extension(by=world.viewer("desk"), case_id=refused.id, text="已有备用井盖")

    _follow()

    assert told(_person(world, "desk")) == ["cases.extension_asked"] * 2
    assert sorted(told(_person(world, "water")))[2:] == ["cases.extended", "cases.not_extended"]
    assert told(_person(world, "resident")) == ["cases.report_accepted", "cases.report_extended"]
    new = Notice.objects.get(template="cases.report_extended").parameters["due"]
    assert datetime.fromisoformat(new) == case_of(granted.id).due_at == MORNING + timedelta(hours=24)


def test_reporter_and_unit_when_a_case_rests_and_goes_on_then_both_are_told_each_date_however_late_the_worker(
    world: World,
) -> None:
    with frozen_at(MORNING):
        case = paused(world, days=5, by=world.viewer("resident"))
        refuse_pause(by=world.viewer("desk"), case_id=pausing(world).id, text="天气已好转")
    rests_until = case_of(case.id).rests_until
    late = MORNING + timedelta(days=9)
    _follow()
    with frozen_at(late):
        tasks.wake()
    _follow(late)

    assert told(_person(world, "desk")) == ["cases.pause_asked"] * 2
    assert sorted(told(_person(world, "water")))[2:] == ["cases.goes_on", "cases.no_rest", "cases.rests"]
    assert told(_person(world, "resident")) == [
        "cases.report_accepted",
        "cases.report_rests",
        "cases.report_goes_on",
    ]
    assert rests_until is not None
    for template in ("cases.report_rests", "cases.rests", "cases.pause_asked"):
        assert rests_until.isoformat() in {
            datetime.fromisoformat(each["until"]).astimezone(rests_until.tzinfo).isoformat()
            for each in Notice.objects.filter(template=template).values_list("parameters", flat=True)
        }


def _warn(at: datetime) -> list[str]:
    with frozen_at(at):
        tasks.warn()
    return list(Notice.objects.order_by("id").values_list("template", flat=True))


def test_deadline_when_it_comes_near_then_the_units_staff_are_warned_once_for_each_clock(world: World) -> None:
    """Four working hours from nine o'clock: the mark lies at noon."""
    with frozen_at(MORNING):
        case = dispatched(world)
    mark = CaseClock.objects.get(case=case, kind="step", stopped_at=None).warn_at

    assert _warn(mark - timedelta(minutes=1)) == []
    assert _warn(mark) == ["cases.due_soon"]
    assert _warn(mark + timedelta(minutes=10)) == ["cases.due_soon"]
    notice = Notice.objects.get()
    assert (notice.person_id, notice.urgency) == (_person(world, "water"), "urgent")
    assert Line.objects.get(kind="case.deadlines_warned").data == {"clocks": 1, "people": 1}


def test_deadline_when_somebody_decides_on_a_wish_of_the_unit_then_it_is_warned_all_the_same(world: World) -> None:
    with frozen_at(MORNING):
        case = disputed(world)
    mark = CaseClock.objects.get(case=case, step="handling").warn_at

    assert _warn(mark - timedelta(minutes=1)) == []
    assert _warn(mark) == ["cases.due_soon"]


def test_deadline_when_the_work_was_handed_in_then_nobody_is_warned(world: World) -> None:
    with frozen_at(MORNING):
        handed_in(world)
        filed(world)

    assert _warn(MORNING + timedelta(days=1)) == []


def test_deadline_when_the_morning_is_soon_enough_then_the_warning_is_ordinary(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, reason="路灯")
    case = case_of(case.id)
    running = CaseClock.objects.filter(case=case, kind="step", stopped_at=None)
    assert running.count() == 1

    from liuchi.ground.kernel import guard

    late = MORNING + timedelta(days=5)
    with guard.scope("maintenance", "tests"):
        running.update(due_at=late, warn_at=MORNING)
        Case.objects.filter(id=case.id).update(step_due_at=late, step_warn_at=MORNING)

    _warn(MORNING + timedelta(hours=1))

    assert Notice.objects.get().urgency == "ordinary"


def test_clocks_when_looked_for_then_one_query_whatever_their_number(
    world: World, django_assert_num_queries: object
) -> None:
    with frozen_at(MORNING):
        for _ in range(3):
            dispatched(world)
    with frozen_at(MORNING + timedelta(hours=4)), django_assert_num_queries(1):  # type: ignore[operator]
        assert len(list(clocks_near_their_end())) == 3
