"""A department is renamed and a post handed over with work in hand: each day shows who it was and its name then."""

from datetime import timedelta

from liuchi.config.testing import follow, intact
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, dispatched, give_role
from liuchi.ground.access.actions import NewGrant, give_grant
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.actions.standing import rename_organisation
from liuchi.ground.organisations.actions.succession import merge_organisations
from liuchi.ground.organisations.handing_down import Successor
from liuchi.ground.organisations.queries import as_of, changes_of, names_on
from liuchi.ground.people.actions.posts import hand_over_post, take_post
from liuchi.ground.people.staff import holders_of
from liuchi.ground.people.staffing import Meant
from liuchi.ground.territory.testing import Clerk

TODAY = MORNING.date()
TOMORROW, SINCE = TODAY + timedelta(days=1), TODAY - timedelta(days=90)


def test_department_when_renamed_with_a_case_in_hand_then_old_steps_keep_the_old_name(world: World) -> None:
    case = dispatched(world)
    with frozen_at(MORNING + timedelta(days=1)):
        rename_organisation(
            by=SETUP,
            organisation_id=world.water.id,
            name="大观区水务局",
            short_name="水务局",
            on=TOMORROW,
            document="区编〔2024〕7号",
        )
        follow()
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        page = browser("desk").get(f"/office/cases/{case.number}/").content.decode()

        assert [as_of(world.water.id, day).short_name for day in (TODAY, TOMORROW)] == ["供水中心", "水务局"]  # type: ignore[union-attr]
        assert names_on([(world.water.id, TODAY)]) == {(world.water.id, TODAY): "供水中心"}
        assert [each.document for each in changes_of(world.water.id)] == ["区编〔2024〕7号"]
        assert "供水中心" in page
        assert "水务局" in page
        assert case_of(case.id).unit_id == world.water.id
        assert Line.objects.filter(kind="organisations.renamed", subject_id=world.water.id).count() == 1
        assert intact() > 0


def test_post_when_handed_over_then_holder_grants_and_work_pass_on_and_each_day_knows_who_held_it(
    world: World,
) -> None:
    for name in ("old-head", "new-head"):
        give_role(name, "resident", world.district)
    old, new = (Account.objects.get(username=name) for name in ("old-head", "new-head"))
    post = open_post(by=SETUP, organisation_id=world.water.id, title="主任", on=SINCE, is_head=True)
    take_post(by=SETUP, post_id=post.id, person=Meant(person_id=old.person_id), on=SINCE)
    granted = NewGrant(
        old.id, "handler", world.district.id, "tests", "任命", organisation_id=world.water.id, post_id=post.id
    )
    give_grant(by=SETUP, grant=granted)
    case = dispatched(world)
    with frozen_at(MORNING + timedelta(days=1)):
        hand_over_post(
            by=SETUP, post_id=post.id, from_person_id=old.person_id, to=Meant(person_id=new.person_id), on=TOMORROW
        )
        follow()

        reader = Clerk(frozenset({"staff.see"}), world.district.id)
        held = [[each.person_id for each in holders_of(reader, [world.water.id], day)] for day in (TODAY, TOMORROW)]
        assert held == [[old.person_id], [new.person_id]]
        assert not world.viewer("old-head").allows_in("cases.handle", world.water.id)
        hand_in_result(by=world.viewer("new-head"), case_id=case.id, text="已更换")
        past = Grant.objects.get(account=old, post=post)
        assert past.valid_to is not None
        assert intact() > 0


def test_departments_when_merged_then_grants_that_came_with_a_post_come_with_its_successor(world: World) -> None:
    give_role("head", "resident", world.district)
    account = Account.objects.get(username="head")
    post = open_post(by=SETUP, organisation_id=world.lights.id, title="所长", on=SINCE, is_head=True)
    take_post(by=SETUP, post_id=post.id, person=Meant(person_id=account.person_id), on=SINCE)
    granted = NewGrant(
        account.id, "handler", world.district.id, "tests", "任命", organisation_id=world.lights.id, post_id=post.id
    )
    give_grant(by=SETUP, grant=granted)
    with frozen_at(MORNING + timedelta(hours=1)):
        merge_organisations(
            by=SETUP,
            organisation_ids=[world.water.id, world.lights.id],
            new=Successor("大观区市政公用中心", "市政中心"),
            on=TODAY,
            document="区编〔2024〕8号",
        )
        follow()

        post.refresh_from_db()
        (grant,) = Grant.objects.filter(account=account, role__code="handler", valid_to=None)
        assert post.succeeded_by is not None
        assert (grant.post_id, grant.organisation_id) == (post.succeeded_by_id, post.succeeded_by.organisation_id)
        assert world.viewer("head").allows_in("cases.handle", grant.organisation_id)
        assert intact() > 0
