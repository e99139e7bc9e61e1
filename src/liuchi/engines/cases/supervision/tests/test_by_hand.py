"""People remind, order, answer, accept, send back and withdraw; each only who may, and never into the void."""

from datetime import timedelta

import pytest

from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.models import Case, Supervision
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.supervision.actions.answering import accept_answer, answer_supervision, send_back_answer
from liuchi.engines.cases.supervision.actions.by_hand import (
    AlreadyUrged,
    NothingToUrge,
    order_case,
    remind_of_case,
    withdraw_supervision,
)
from liuchi.engines.cases.supervision.queries import Filters, orders_waiting, supervisions
from liuchi.engines.cases.supervision.saying import NotOpen
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, give_role, report
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, Stale
from liuchi.ground.notices.models import Notice

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TOMORROW = MORNING + DAY


@pytest.fixture
def case(world: World) -> Case:
    with frozen_at(MORNING):
        return dispatched(world, by=world.viewer("resident"))


def _order(world: World, case: Case, **given: object) -> Supervision:
    with frozen_at(MORNING):
        return order_case(by=world.viewer("supervisor"), case_id=case.id, text="请今天到场", **given)  # type: ignore[arg-type]


def _told(template: str) -> set[str]:
    rows = Notice.objects.filter(template=f"cases.supervision_{template}")
    return set(rows.values_list("person__accounts__username", flat=True))


@pytest.mark.parametrize("who", ["desk", "dispatcher", "supervisor", "resident"])
def test_reminder_when_given_then_the_unit_is_told_and_a_second_that_day_refused(
    world: World, case: Case, who: str
) -> None:
    with frozen_at(MORNING):
        remind_of_case(by=world.viewer(who), case_id=case.id, version=case.version)
        with pytest.raises(AlreadyUrged):
            remind_of_case(by=world.viewer(who), case_id=case.id)
    with frozen_at(TOMORROW):
        remind_of_case(by=world.viewer(who), case_id=case.id)

    assert _told("reminder") == {"water"}
    assert Supervision.objects.count() == 2


def test_reminder_when_by_receipt_then_taken_and_by_others_refused(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        remind_of_case(by=PUBLIC, case_id=receipt.case_id, receipt=receipt.code)
        for wrong in ("", "AAAA-BBBB"):
            with pytest.raises(NotAllowed):
                remind_of_case(by=PUBLIC, case_id=receipt.case_id, receipt=wrong)
        for who in ("water", "resident", "checker"):
            with pytest.raises(NotAllowed):
                remind_of_case(by=world.viewer(who), case_id=receipt.case_id)

    assert _told("reminder") == {"desk"}


def test_reminder_of_an_ended_case_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)
        for urge in (remind_of_case, order_case):
            with pytest.raises(NothingToUrge):
                urge(by=world.viewer("supervisor"), case_id=case.id, text="快")


@pytest.mark.parametrize("who", ["desk", "dispatcher", "water", "resident", "checker"])
def test_order_when_somebody_without_the_power_gives_it_then_refused(world: World, case: Case, who: str) -> None:
    with frozen_at(MORNING), pytest.raises(NotAllowed):
        order_case(by=world.viewer(who), case_id=case.id, text="请今天到场")

    assert not Supervision.objects.exists()


def test_order_when_the_supervisor_works_for_the_unit_then_refused(world: World, case: Case) -> None:
    with frozen_at(MORNING):
        give_role("supervisor", "handler", world.district, world.water)
        with pytest.raises(NotAllowed, match="work for this unit"):
            order_case(by=world.viewer("supervisor"), case_id=case.id, text="请今天到场")


def test_order_when_something_is_missing_or_past_then_refused(world: World, case: Case) -> None:
    with frozen_at(MORNING):
        by = world.viewer("supervisor")
        for given in ({"text": " "}, {"text": "x", "unit_id": world.lights.id}, {"text": "x", "answer_by": MORNING}):
            with pytest.raises(Incomplete):
                order_case(by=by, case_id=case.id, **given)
        with pytest.raises(Stale):
            order_case(by=by, case_id=case.id, text="x", version=case.version - 1)
    _order(world, case)
    with pytest.raises(AlreadyUrged):
        _order(world, case)


def test_answer_when_given_sent_back_and_given_again_then_accepted(world: World, case: Case) -> None:
    row = _order(world, case, answer_by=TOMORROW)
    supervisor, water = world.viewer("supervisor"), world.viewer("water")
    with frozen_at(MORNING + MINUTE):
        for who in ("desk", "supervisor", "lights", "resident"):
            with pytest.raises(NotAllowed):
                answer_supervision(by=world.viewer(who), supervision_id=row.id, text="我答")
        answer_supervision(by=water, supervision_id=row.id, text="明天做", version=1)
        with pytest.raises(Stale):
            answer_supervision(by=water, supervision_id=row.id, text="再答", version=1)
        with pytest.raises(NotOpen):
            answer_supervision(by=water, supervision_id=row.id, text="再答")
        for who in ("water", "desk"):
            with pytest.raises(NotAllowed):
                accept_answer(by=world.viewer(who), supervision_id=row.id)
        send_back_answer(by=supervisor, supervision_id=row.id, text="几点？", answer_by=TOMORROW + DAY)
        answer_supervision(by=water, supervision_id=row.id, text="上午十点")
        accept_answer(by=supervisor, supervision_id=row.id, version=4)

    row.refresh_from_db()
    assert (row.standing, row.ended_at, row.answer_due_at) == ("accepted", MORNING + MINUTE, TOMORROW + DAY)
    assert list(row.entries.values_list("said", flat=True)) == ["answer", "send_back", "answer", "accept"]
    assert (_told("order"), _told("answered"), _told("sent_back")) == ({"water"}, {"supervisor"}, {"water"})
    assert Line.objects.filter(subject_id=row.id).count() == 5


def test_order_when_not_answered_in_time_then_yellow_and_then_red_once_each(world: World, case: Case) -> None:
    _order(world, case, answer_by=MORNING + 10 * MINUTE)

    for minutes in (10, 11, 12, 600, 1440, 2880, 2881, 9000, 20000):
        with frozen_at(MORNING + minutes * MINUTE):
            supervise()

    by_hand = Supervision.objects.filter(clock=None).order_by("id")
    assert [(row.level, row.standing) for row in by_hand] == [
        ("order", "raised"),
        ("yellow", "raised"),
        ("red", "open"),
    ]
    assert [row.follows_id for row in by_hand] == [None, by_hand[0].id, by_hand[1].id]


def test_order_when_answered_in_time_then_nothing_follows_it(world: World, case: Case) -> None:
    row = _order(world, case)
    with frozen_at(MORNING + MINUTE):
        answer_supervision(by=world.viewer("water"), supervision_id=row.id, text="明天做")

    with frozen_at(MORNING + 20 * DAY):
        supervise()

    assert not Supervision.objects.filter(follows=row).exists()


def test_order_when_withdrawn_then_ended_with_the_reason(world: World, case: Case) -> None:
    row = _order(world, case)
    with frozen_at(MORNING + MINUTE):
        with pytest.raises(Incomplete):
            withdraw_supervision(by=world.viewer("supervisor"), supervision_id=row.id, text="")
        with pytest.raises(NotAllowed):
            withdraw_supervision(by=world.viewer("desk"), supervision_id=row.id, text="重复")
        withdraw_supervision(by=world.viewer("supervisor"), supervision_id=row.id, text="重复")
        with pytest.raises(NotOpen, match="withdrawn"):
            answer_supervision(by=world.viewer("water"), supervision_id=row.id, text="答")

    assert list(row.entries.values_list("said", "text")) == [("withdraw", "重复")]


def test_office_when_it_has_the_case_then_it_is_ordered_and_answers(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        row = order_case(by=world.viewer("supervisor"), case_id=receipt.case_id, text="请马上受理")
        with pytest.raises(NotAllowed):
            answer_supervision(by=world.viewer("dispatcher"), supervision_id=row.id, text="答")
        answer_supervision(by=world.viewer("desk"), supervision_id=row.id, text="马上")

    assert (row.unit, row.step, _told("order")) == (None, "received", {"desk"})


def test_reopened_case_when_urged_then_the_old_order_stays_ended(world: World, case: Case) -> None:
    row = _order(world, case)
    with frozen_at(MORNING + MINUTE):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)
        supervise()
        reopen_case(by=world.viewer("resident"), case_id=case.id, text="又坏了")
        supervise()

    row.refresh_from_db()
    assert row.standing == "settled"


def test_list_when_read_then_units_see_their_own_and_areas_theirs(world: World, case: Case) -> None:
    row = _order(world, case)
    seen = {
        who: [each.id for each in supervisions(world.viewer(who), Filters()).rows]
        for who in ("supervisor", "desk", "water", "lights", "resident", "other-desk")
    }

    assert seen == {
        "supervisor": [row.id],
        "desk": [row.id],
        "water": [row.id],
        "lights": [],
        "resident": [],
        "other-desk": [],
    }
    assert orders_waiting(world.viewer("water")) == {"order": 1}
    assert orders_waiting(world.viewer("desk")) == {}
    for shown, count in (("open", 1), ("late", 0), ("answered", 0), ("ended", 0)):
        with frozen_at(MORNING):
            assert len(supervisions(world.viewer("desk"), Filters(shown=shown)).rows) == count
