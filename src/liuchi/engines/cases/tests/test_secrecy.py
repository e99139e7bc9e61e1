"""Secret reports stay unknown to whom they are about; each way is first shown to show a case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import file_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.joining import join_case
from liuchi.engines.cases.actions.merging import MergeRefused, merge_case
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.actions.secret import SecrecyRefused, lift_secrecy, name_accused
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.actions.support import bring_in_unit
from liuchi.engines.cases.duplicates.queries import likely_duplicates, open_like
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Accused, Case
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.notices import TOLD, tell_of_move
from liuchi.engines.cases.opening import ReportRefused
from liuchi.engines.cases.parting import PartRefused
from liuchi.engines.cases.queries import (
    case_at_work,
    case_for,
    cases_reported_by,
    counts_by_state,
    open_by_place,
    open_by_shape,
    public_case,
    recent_public_cases,
    standing,
    whole_work_list,
    work_list,
)
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.search.queries import Search, all_found, find_cases
from liuchi.engines.cases.secrecy import AccusedUnknown, accused_units
from liuchi.engines.cases.suggesting.labelled import closed_cases
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, closed, filed, give_role, report
from liuchi.engines.cases.tests.machine import traces
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.testing import told
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.models import EmployerType, Employment, PostHolding
from liuchi.ground.territory.geometry import GridIndex

REACTION = Reaction("cases.notices", TOLD, tell_of_move)
WORDS = "路灯所职工收受好处"
OTHER_WORDS = "上水井盖破损"


def secret(world: World, **values: object) -> Case:
    """Return a filed case that is about the lights squad."""
    about: dict[str, Any] = {"is_secret": True, "about_unit_id": world.lights.id, "text": WORDS, **values}
    case = filed(world, **about)
    with guard.scope("maintenance", "tests"), transaction.atomic():
        index_cases([case.id])
    return case


def plain(world: World) -> Case:
    """Return a filed case like others."""
    case = filed(world, text=WORDS)
    with guard.scope("maintenance", "tests"), transaction.atomic():
        index_cases([case.id])
    return case


@pytest.fixture
def insider(world: World) -> Viewer:
    """Return one who sees, accepts, dispatches, decides and checks everywhere, and has a post in the lights squad."""
    with frozen_at(MORNING):
        for role in ("desk", "dispatcher", "checker"):
            give_role("insider", role, world.district)
        give_role("insider", "handler", world.district, world.lights)
        return world.viewer("insider", "own")


def _ids(viewer: Viewer, scope: str) -> set[UUID]:
    return {row.id for row in work_list(viewer, Filters(scope=scope)).cases}


#: Each way in which a case could be seen in office: whether this viewer is shown it there.
WAYS: dict[str, Callable[[Viewer, Case], bool]] = {
    "mine": lambda viewer, case: case.id in _ids(viewer, "mine"),
    "everything open": lambda viewer, case: case.id in _ids(viewer, "all"),
    "export": lambda viewer, case: case.id in {row.id for row in whole_work_list(viewer, Filters(scope="all"))},
    "counts of mine": lambda viewer, _case: counts_by_state(viewer, "mine") != {},
    "counts of all": lambda viewer, _case: counts_by_state(viewer, "all") != {},
    "search by words": lambda viewer, _case: bool(find_cases(viewer, Search(words="收受好处")).cases),
    "search by number": lambda viewer, case: bool(find_cases(viewer, Search(words=case.number)).cases),
    "export of a search": lambda viewer, _case: bool(list(all_found(viewer, Search(words="收受好处")))),
    "page": lambda viewer, case: _opens(case_at_work, viewer, case),
    "own page": lambda viewer, case: _opens(case_for, viewer, case),
}


def _opens(find: Callable[[Viewer, str], Case], viewer: Viewer, case: Case) -> bool:
    try:
        return find(viewer, case.number).id == case.id
    except NotFound:
        return False


@pytest.mark.parametrize("way", WAYS)
def test_case_when_secret_then_shown_to_others_and_kept_from_whom_it_is_about(
    world: World, insider: Viewer, way: str
) -> None:
    with frozen_at(MORNING):
        case = plain(world)
        assert WAYS[way](insider, case), "it could be shown"
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

        assert not WAYS[way](insider, case_of(case.id))
        assert not WAYS[way](world.viewer("insider", f"unit-{world.lights.id}"), case)
        assert WAYS[way](world.viewer("dispatcher"), case_of(case.id))


def test_likely_duplicates_when_one_is_about_ones_unit_then_not_among_them(world: World, insider: Viewer) -> None:
    with frozen_at(MORNING):
        case, other = plain(world), case_of(report(world, text=WORDS).case_id)

        def suggested(viewer: Viewer) -> list[UUID]:
            return [each.case.id for each in likely_duplicates(viewer, other)]

        assert suggested(insider) == [case.id], "it could be suggested"
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])
        assert suggested(insider) == []
        assert suggested(world.viewer("desk")) == [case.id]


@pytest.mark.parametrize("how", ["grant elsewhere", "post", "roll", "unit below", "unit above"])
def test_person_when_they_belong_to_the_accused_by_any_way_then_see_nothing(world: World, how: str) -> None:
    with frozen_at(MORNING):
        give_role("suspect", "desk", world.district)
        person = Account.objects.get(username="suspect").person
        case = plain(world)
        assert WAYS["page"](world.viewer("suspect"), case)
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])
        assert WAYS["page"](world.viewer("suspect"), case), "not of the unit yet"
        _belong(world, person, how)

        assert WAYS["page"](world.viewer("suspect"), case) is (how == "unit above")
        assert WAYS["page"](world.viewer("desk"), case)


def _belong(world: World, person: Any, how: str) -> None:
    since = MORNING.date()
    if how == "grant elsewhere":
        give_role("suspect", "handler", world.district, world.lights)
        return
    below = Organisation.objects.get(code="town-2")
    with guard.scope("maintenance", "tests"):
        if how == "unit below":
            Organisation.objects.filter(id=below.id).update(management_parent=world.lights)
            give_role("suspect", "handler", world.district, below)
        elif how == "unit above":
            Organisation.objects.filter(id=world.lights.id).update(management_parent=below)
            give_role("suspect", "handler", world.district, below)
        elif how == "post":
            post = Post.objects.create(organisation=world.lights, title="所长", area=world.district, valid_from=since)
            PostHolding.objects.create(person=person, post=post, valid_from=since)
        else:
            Employment.objects.create(
                person=person, organisation=world.lights, valid_from=since, employer=EmployerType.values[0]
            )


def test_move_when_made_by_somebody_of_the_accused_then_there_is_no_such_case(world: World, insider: Viewer) -> None:
    with frozen_at(MORNING):
        other = plain(world)
        dispatch_case(by=insider, case_id=other.id, unit_id=world.water.id, reason="清单")  # they could
        case = secret(world)
        before = traces()
        attempts: tuple[Callable[[], object], ...] = (
            lambda: dispatch_case(by=insider, case_id=case.id, unit_id=world.water.id, reason="清单"),
            lambda: pass_check(by=insider, case_id=case.id),
            lambda: bring_in_unit(by=insider, case_id=case.id, unit_id=world.town.id, text="请配合"),
            lambda: lift_secrecy(by=insider, case_id=case.id, text="没有的事"),
            lambda: name_accused(by=insider, case_id=case.id, unit_ids=[world.water.id]),
        )
        for attempt in attempts:
            with pytest.raises(NotFound, match="no such case"):
                attempt()
    assert traces() == before


def test_dispatch_when_to_the_accused_or_what_is_under_it_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = secret(world)
        below = Organisation.objects.get(code="town-2")
        with guard.scope("maintenance", "tests"):
            Organisation.objects.filter(id=below.id).update(statistical_parent=world.lights)
        assert accused_units(case) == {world.lights.id, below.id}
        for unit in (world.lights, below):
            before = traces()
            with pytest.raises(Incomplete) as refused:
                dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=unit.id, reason="清单")
            assert (refused.value.field, traces()) == ("unit", before)
        given: dict[str, Any] = {"by": world.viewer("dispatcher"), "case_id": case.id}
        with pytest.raises(PartRefused):
            dispatch_case(unit_id=world.water.id, support=[world.lights.id], reason="清单", **given)
        dispatch_case(unit_id=world.water.id, reason="清单", **given)
        with pytest.raises(PartRefused):
            bring_in_unit(unit_id=below.id, text="请配合", **given)
        assert WAYS["mine"](world.viewer("water"), case)


def test_public_when_a_case_is_secret_then_not_shown_but_to_its_reporter(world: World) -> None:
    with frozen_at(MORNING):
        resident = world.viewer("resident")
        receipt = report(world, by=resident, text=WORDS)
        file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[0].id)
        case = case_of(receipt.case_id)
        place = world.grids[0].id
        ways: tuple[Callable[[], bool], ...] = (
            lambda: bool(recent_public_cases()),
            lambda: standing().open == 1,
            lambda: place in open_by_place(),
            lambda: bool(sum(open_by_shape([place], GridIndex([])).values())),
            lambda: bool(open_like(OTHER_WORDS, place, MORNING)),
            lambda: public_case(case.number).case.id == case.id,
        )
        assert all(way() for way in ways), "they could show it"
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

        assert not any(way() for way in ways[:-1])
        with pytest.raises(NotFound):
            public_case(case.number)
        with pytest.raises(NotFound):
            public_case(case.number, world.viewer("other-resident"), "AAAAA-AAAAA")
        assert public_case(case.number, resident).case.id == case.id
        assert public_case(case.number, SETUP, receipt.code).case.id == case.id
        assert [shown.case.id for shown in cases_reported_by(resident)] == [case.id]


def test_reporter_when_of_the_accused_unit_themselves_then_follow_their_own_report(world: World) -> None:
    with frozen_at(MORNING):
        lights = world.viewer("lights")
        case = closed(world, by=lights, text=WORDS)
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

        assert public_case(case.number, lights).case.id == case.id
        assert not WAYS["page"](lights, case)
        assert {move.name for move in moves_open_to(lights, case_of(case.id))} >= {"rate", "reopen"}
        assert reopen_case(by=lights, case_id=case.id, text="没有解决").to_state == "filed"


def test_secret_when_nobody_said_whom_it_is_about_then_only_the_desk_sees_it_and_it_does_not_leave(
    world: World,
) -> None:
    with frozen_at(MORNING):
        receipt = report(world, is_secret=True, text=WORDS)
        desk = world.viewer("desk")
        case = case_of(receipt.case_id)
        assert WAYS["page"](desk, case)
        assert not WAYS["page"](world.viewer("dispatcher"), case)
        assert not WAYS["page"](world.viewer("checker"), case)
        with pytest.raises(AccusedUnknown):
            file_case(by=desk, case_id=case.id, condition_id=world.conditions[0].id)
        with pytest.raises(AccusedUnknown):
            send_to_verify(by=desk, case_id=case.id)

        lift_secrecy(by=desk, case_id=case.id, text="反映的是设施，不涉及单位人员")
        assert WAYS["page"](world.viewer("dispatcher"), case_of(case.id))
        assert send_to_verify(by=desk, case_id=case.id).to_state == "verifying"


def test_secret_when_everybody_who_could_read_it_is_accused_then_refused_and_said_where_to_go(world: World) -> None:
    with frozen_at(MORNING):
        for name in ("desk", "dispatcher"):
            give_role(name, "handler", world.district, world.town)
        with pytest.raises(ReportRefused, match="discipline") as refused:
            report(world, is_secret=True, about_unit_id=world.town.id)
        assert refused.value.field == "about_unit"
        case = plain(world)
        with pytest.raises(SecrecyRefused):
            name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.town.id])


def test_naming_when_the_unit_has_the_case_or_is_none_or_the_reader_is_not_the_desk_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, reason="清单")
        before = traces()
        with pytest.raises(SecrecyRefused):
            name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])
        with pytest.raises(Incomplete):
            name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[])
        with pytest.raises(NotAllowed):
            name_accused(by=world.viewer("dispatcher"), case_id=case.id, unit_ids=[world.water.id])
        with pytest.raises(SecrecyRefused):
            lift_secrecy(by=world.viewer("desk"), case_id=case.id, text="不涉及")
        assert traces() == before


def test_notices_when_somebody_of_the_unit_in_charge_is_of_the_accused_too_then_not_told(world: World) -> None:
    with frozen_at(MORNING):
        give_role("both", "handler", world.district, world.water)
        for case in (plain(world), None):
            if case is None:
                give_role("both", "handler", world.district, world.lights)
                case = secret(world)  # noqa: PLW2901 - the second time round it is a secret one
            dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="清单")
        for line in Line.objects.filter(kind__in=TOLD).order_by("seq"):
            apply_once(REACTION, line)

    assert told(world.viewer("both").person_id) == ["cases.assigned"]
    assert told(world.viewer("water").person_id) == ["cases.assigned", "cases.assigned"]


def test_learning_when_a_case_is_secret_then_its_words_are_left_out(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world, text=WORDS)
        assert list(closed_cases().texts) == [WORDS]
        name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])
        assert list(closed_cases().texts) == []


def test_accused_when_named_twice_in_the_database_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = secret(world)
        with (
            guard.scope("maintenance", "tests"),
            pytest.raises(IntegrityError, match="accused_once"),
            transaction.atomic(),
        ):
            Accused.objects.create(case=case, unit=world.lights, named_at=MORNING)


def test_merging_when_one_case_is_secret_or_about_another_unit_then_they_stay_apart(world: World) -> None:
    with frozen_at(MORNING):
        desk = world.viewer("desk")
        open_one, secret_one, same = plain(world), secret(world), secret(world)
        other = secret(world, about_unit_id=world.town.id)
        for case, lead in ((secret_one, open_one), (other, secret_one)):
            before = traces()
            with pytest.raises(MergeRefused):
                merge_case(by=desk, case_id=case.id, lead_id=lead.id)
            assert traces() == before
        assert merge_case(by=desk, case_id=same.id, lead_id=secret_one.id).to_state == "merged"


def test_split_when_the_message_is_secret_then_so_is_its_part(world: World, insider: Viewer) -> None:
    with frozen_at(MORNING):
        first = case_of(report(world, is_secret=True, about_unit_id=world.lights.id, text=WORDS).case_id)
        with pytest.raises(NotFound):
            split_off(by=insider, case_id=first.id, token=new_id(), text="路灯不亮")
        part = split_off(by=world.viewer("desk"), case_id=first.id, token=new_id(), text="路灯不亮")

        assert case_of(part.id).is_secret
        assert not WAYS["page"](insider, case_of(part.id))
        assert WAYS["page"](world.viewer("desk"), case_of(part.id))


def test_joining_when_the_case_is_secret_then_there_is_none(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        join_case(by=world.viewer("other-resident"), case_id=case.id, token=new_id())
        kept = secret(world)
        with pytest.raises(NotFound):
            join_case(by=world.viewer("other-resident"), case_id=kept.id, token=new_id())
