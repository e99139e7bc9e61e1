"""Several reports of one matter, several matters of one report."""

from datetime import timedelta

import pytest

from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.actions.changing import EditRefused, WithdrawRefused, edit_report, withdraw_report
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case, file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.joining import JoinRefused, join_case
from liuchi.engines.cases.actions.merging import MergeRefused, merge_case, unmerge_case, unmerge_filed_case
from liuchi.engines.cases.actions.reporter import RatingRefused, rate_case
from liuchi.engines.cases.actions.splitting import SplitRefused, split_off
from liuchi.engines.cases.gathered import parts_of, people_among, people_behind, taken_in, versions_of
from liuchi.engines.cases.models import Assignment, Case, CaseClock, Report
from liuchi.engines.cases.queries import cases_reported_by, own_reports, receipt_opens, reports_of
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, dispatched, filed, report
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Person

LATER = MORNING + timedelta(minutes=10)


def _two(world: World) -> tuple[Case, Case]:
    """Return a filed case, and one filed later about the same."""
    with frozen_at(MORNING):
        first = filed(world, by=world.viewer("resident"))
    with frozen_at(LATER):
        return first, filed(world, by=world.viewer("other-resident"), grid=1)


def _close(world: World, case: Case) -> None:
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id)
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
    pass_check(by=world.viewer("checker"), case_id=case.id)
    close_case(by=world.viewer("desk"), case_id=case.id)


def test_merge_when_made_then_reports_go_over_and_the_earlier_promise_stays(world: World) -> None:
    first, second = _two(world)

    with frozen_at(LATER):
        merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id)

    ended, lead = case_of(second.id), case_of(first.id)
    assert (ended.state, ended.merged_into, ended.ended_at, ended.due_at) == ("merged", lead, LATER, None)
    assert lead.due_at == first.due_at
    assert lead.version == first.version
    assert [each.came_with_id for each in reports_of(lead)] == [None, second.id]
    assert (people_behind(lead), people_among(list(reports_of(lead)))) == (2, 2)
    assert list(taken_in(lead)) == [ended]
    assert not CaseClock.objects.filter(case=ended, stopped_at=None).exists()
    assert set(CaseClock.objects.filter(case=ended).values_list("is_overdue", flat=True)) == {False}
    assert [each.case for each in cases_reported_by(world.viewer("other-resident"))] == [lead]


def test_merge_when_the_later_would_lead_then_is_refused(world: World) -> None:
    first, second = _two(world)

    with frozen_at(LATER), pytest.raises(MergeRefused, match="the other way round"):
        merge_case(by=world.viewer("desk"), case_id=first.id, lead_id=second.id)

    assert case_of(first.id).state == "filed"
    assert reports_of(first).count() == 1


def test_merge_when_neither_is_filed_then_the_one_reported_first_leads(world: World) -> None:
    with frozen_at(MORNING):
        first = report(world).case_id
    with frozen_at(LATER):
        second = report(world).case_id
        with pytest.raises(MergeRefused):
            merge_case(by=world.viewer("desk"), case_id=first, lead_id=second)
        merge_case(by=world.viewer("desk"), case_id=second, lead_id=first)

    assert case_of(second).state == "merged"


def test_merge_when_a_unit_works_on_it_then_its_part_ends_unjudged(world: World) -> None:
    with frozen_at(MORNING):
        first = filed(world)
    with frozen_at(LATER):
        second = dispatched(world)
        merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id)

    part = Assignment.objects.get(case=second)
    assert (part.outcome, part.ended_at) == ("merged", LATER)
    assert moves_open_to(world.viewer("water"), case_of(second.id)) == []


@pytest.mark.parametrize("who", ["dispatcher", "water", "resident", "other-desk"])
def test_merge_when_somebody_else_tries_then_is_refused_and_leaves_nothing(world: World, who: str) -> None:
    first, second = _two(world)
    lines = Line.objects.count()

    with frozen_at(LATER), pytest.raises(NotAllowed):
        merge_case(by=world.viewer(who), case_id=second.id, lead_id=first.id)

    assert Line.objects.count() == lines
    assert reports_of(second).count() == 1


def test_merge_when_the_lead_has_ended_or_is_itself_or_nobody_then_is_refused(world: World) -> None:
    with frozen_at(MORNING):
        done = closed(world)
    with frozen_at(LATER):
        case = filed(world)
        for lead in (done.id, case.id, new_id()):
            with pytest.raises(MergeRefused):
                merge_case(by=world.viewer("desk"), case_id=case.id, lead_id=lead)


def test_merge_when_others_are_merged_into_it_then_is_refused(world: World) -> None:
    first, second = _two(world)
    with frozen_at(LATER):
        third = filed(world, grid=2)
        merge_case(by=world.viewer("desk"), case_id=third.id, lead_id=second.id)

        with pytest.raises(MergeRefused, match="Other cases"):
            merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id)


def test_merge_when_the_case_was_changed_meanwhile_then_the_second_sees_it(world: World) -> None:
    first, second = _two(world)

    with frozen_at(LATER), pytest.raises(Stale):
        merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id, version=second.version - 1)


def test_unmerge_when_it_had_been_filed_then_the_promise_runs_on_as_if_nothing_had_been(world: World) -> None:
    first, second = _two(world)
    with frozen_at(LATER):
        merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id)
    with frozen_at(LATER + timedelta(days=1)):
        with pytest.raises(MergeRefused):
            unmerge_case(by=world.viewer("desk"), case_id=second.id, text="不是一回事")
        unmerge_filed_case(by=world.viewer("desk"), case_id=second.id, text="不是一回事")

    again = case_of(second.id)
    assert (again.state, again.ended_at, again.merged_into) == ("filed", None, None)
    assert again.due_at == second.due_at
    assert [each.reporter_id for each in reports_of(again)] == [world.viewer("other-resident").person_id]
    assert reports_of(case_of(first.id)).count() == 1


def test_unmerge_when_the_lead_has_ended_then_is_refused(world: World) -> None:
    first, second = _two(world)
    with frozen_at(LATER):
        merge_case(by=world.viewer("desk"), case_id=second.id, lead_id=first.id)
        _close(world, first)

        with pytest.raises(MergeRefused, match="ended"):
            unmerge_filed_case(by=world.viewer("desk"), case_id=second.id, text="不是一回事")


def test_receipt_when_its_case_was_merged_then_opens_both_numbers(world: World) -> None:
    with frozen_at(MORNING):
        first = filed(world)
    with frozen_at(LATER):
        receipt = report(world)
        merge_case(by=world.viewer("desk"), case_id=receipt.case_id, lead_id=first.id)

    assert receipt_opens(receipt.number, receipt.code)
    assert receipt_opens(first.number, receipt.code)


def test_join_when_made_then_counts_once_and_changes_no_version(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        mine = join_case(by=world.viewer("resident"), case_id=case.id, token=new_id())
        again = join_case(by=world.viewer("resident"), case_id=case.id, token=new_id())
        phones = [join_case(by=PUBLIC, case_id=case.id, token=new_id(), phone="19900001234") for _ in range(2)]
        codes = [join_case(by=PUBLIC, case_id=case.id, token=new_id()) for _ in range(2)]
        held = join_case(by=PUBLIC, case_id=case.id, token=new_id(), receipt=codes[0].code)

    assert (mine.is_new, again.is_new, held.is_new) == (True, False, False)
    assert [each.is_new for each in phones] == [True, False]
    assert people_behind(case) == 5
    assert people_among(list(reports_of(case))) == 5
    assert case_of(case.id).version == case.version
    assert [each.case for each in cases_reported_by(world.viewer("resident"))] == [case]


def test_join_when_sent_twice_then_is_one_report_with_one_receipt(world: World) -> None:
    token = new_id()
    with frozen_at(MORNING):
        case = filed(world)
        first, second = (join_case(by=PUBLIC, case_id=case.id, token=token) for _ in range(2))

    assert first.code == second.code
    assert people_behind(case) == 2


def test_join_when_the_case_has_ended_then_is_refused(world: World) -> None:
    with frozen_at(MORNING), pytest.raises(JoinRefused):
        join_case(by=PUBLIC, case_id=closed(world).id, token=new_id())


def test_joined_when_somebody_looks_then_only_their_own_words_are_theirs(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world, by=world.viewer("resident"), text="我家三栋二零一")
        join_case(by=world.viewer("other-resident"), case_id=case.id, token=new_id(), text="也影响我")

    assert [each.text for each in own_reports(world.viewer("resident"), case)] == ["我家三栋二零一"]
    assert [each.text for each in own_reports(world.viewer("other-resident"), case)] == ["也影响我"]


def test_rate_when_several_reported_it_then_each_may_once(world: World) -> None:
    first, second = world.viewer("resident"), world.viewer("other-resident")
    with frozen_at(MORNING):
        case = filed(world, by=first)
        join_case(by=second, case_id=case.id, token=new_id())
        _close(world, case)
        rate_case(by=second, case_id=case.id, rating=2)
        rate_case(by=first, case_id=case.id, rating=5)
        with pytest.raises(RatingRefused):
            rate_case(by=second, case_id=case.id, rating=5)

    assert case_of(case.id).rating == 2
    assert Line.objects.filter(kind="case.rated").count() == 2
    assert "rate" not in {move.name for move in moves_open_to(first, case_of(case.id))}


def test_split_when_made_then_each_part_has_its_own_clock_and_the_same_reporter(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world, by=world.viewer("resident"), name="张三", phone="19900001234")
        first = case_of(receipt.case_id)
        token = new_id()
        part = split_off(by=world.viewer("desk"), case_id=first.id, token=token, text="路灯也不亮")
        again = split_off(by=world.viewer("desk"), case_id=first.id, token=token, text="路灯也不亮")
        file_case(by=world.viewer("desk"), case_id=part.id, condition_id=world.conditions[2].id)

    assert part == again
    assert part.number != first.number
    assert (case_of(part.id).state, case_of(first.id).state) == ("filed", "received")
    assert list(parts_of(first)) == [part]
    assert list(parts_of(case_of(part.id))) == [first]
    assert receipt_opens(part.number, receipt.code)
    said = Report.objects.get(case=part)
    assert (said.text, said.phone_index) == ("路灯也不亮", Report.objects.get(case=first).phone_index)
    assert [each.case for each in cases_reported_by(world.viewer("resident"))] == [first]


def test_split_when_filed_or_by_somebody_else_then_is_refused(world: World) -> None:
    with frozen_at(MORNING):
        case, new = filed(world), report(world)
        with pytest.raises(SplitRefused):
            split_off(by=world.viewer("desk"), case_id=case.id, token=new_id(), text="路灯")
        for who in ("dispatcher", "other-desk", "resident"):
            with pytest.raises(NotAllowed):
                split_off(by=world.viewer(who), case_id=new.case_id, token=new_id(), text="路灯")
        with pytest.raises(RuleBroken):
            split_off(by=world.viewer("desk"), case_id=new.case_id, token=new_id(), text="  ")

    assert Case.objects.count() == 2


def test_edit_when_not_filed_yet_then_changes_and_keeps_what_stood_there(world: World) -> None:
    me = world.viewer("resident")
    with frozen_at(MORNING):
        case = case_of(report(world, by=me, address="一号").case_id)
        edit_report(by=me, case_id=case.id, text="井盖没了", address="二号", area_id=world.communities[1].id)

    changed = case_of(case.id)
    assert (changed.address, changed.place_id, changed.version) == ("二号", world.communities[1].id, 2)
    (said,) = reports_of(changed)
    (before,) = versions_of([said])[said.id]
    assert (said.text, before.text, before.address) == ("井盖没了", "井盖坏了，晚上很危险", "一号")
    assert changed.moves.last().name == "edit"  # type: ignore[union-attr]


def test_edit_when_nothing_changes_then_leaves_nothing(world: World) -> None:
    me = world.viewer("resident")
    with frozen_at(MORNING):
        case = case_of(report(world, by=me).case_id)
        edit_report(by=me, case_id=case.id, text="井盖坏了，晚上很危险")

    assert case_of(case.id).version == 1


def test_edit_when_filed_or_somebody_elses_then_is_refused(world: World) -> None:
    me = world.viewer("resident")
    with frozen_at(MORNING):
        case, new = filed(world, by=me), report(world, by=me)
        with pytest.raises(EditRefused):
            edit_report(by=me, case_id=case.id, text="别的")
        with pytest.raises(NotAllowed):
            edit_report(by=world.viewer("other-resident"), case_id=new.case_id, text="别的")


def test_edit_when_somebody_joined_then_the_place_stays_the_first_reporters(world: World) -> None:
    other = world.viewer("other-resident")
    with frozen_at(MORNING):
        case = case_of(report(world, address="一号").case_id)
        join_case(by=other, case_id=case.id, token=new_id())
        edit_report(by=other, case_id=case.id, text="我这边也是", address="三号", area_id=world.communities[1].id)

    assert (case_of(case.id).address, case_of(case.id).place_id) == ("一号", case.place_id)


def test_withdraw_when_no_unit_has_it_then_the_case_ends(world: World) -> None:
    me = world.viewer("resident")
    with frozen_at(MORNING):
        case = filed(world, by=me)
        assert withdraw_report(by=me, case_id=case.id)
        with pytest.raises((NotAllowed, WithdrawRefused)):
            withdraw_report(by=me, case_id=case.id)

    ended = case_of(case.id)
    assert (ended.state, ended.ended_at, people_behind(ended)) == ("withdrawn", MORNING, 0)


def test_withdraw_when_a_unit_works_or_others_joined_then_the_matter_goes_on(world: World) -> None:
    me, other = world.viewer("resident"), world.viewer("other-resident")
    with frozen_at(MORNING):
        handled, joined = dispatched(world, by=me), filed(world, by=me)
        join_case(by=other, case_id=joined.id, token=new_id())
        assert not withdraw_report(by=me, case_id=handled.id)
        assert not withdraw_report(by=me, case_id=joined.id)

    assert (case_of(handled.id).state, case_of(joined.id).state) == ("handling", "filed")
    assert (people_behind(handled), people_behind(joined)) == (0, 1)
    assert [each.case for each in cases_reported_by(me)] == []
    assert Person.objects.filter(id=me.person_id).exists()
