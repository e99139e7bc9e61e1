"""A grid is split: everything that stands in it follows by its place or by the plan, or is asked; nothing is lost."""

from datetime import date, timedelta

import pytest

from liuchi.config.testing import follow, intact
from liuchi.engines.cases.queries import case_for
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, closed, dispatched, give_role
from liuchi.ground.access.actions import NewGrant, NewKey, give_grant, make_key
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.models import Account, ApiKey, Grant
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions.posts import close_post, open_post
from liuchi.ground.organisations.actions.standing import Description, add_organisation, serve_areas
from liuchi.ground.organisations.actions.venues import open_venue
from liuchi.ground.organisations.models import Organisation, Venue
from liuchi.ground.organisations.queries import as_of, posts_of, served_by
from liuchi.ground.organisations.venues import VenueFacts
from liuchi.ground.people.actions.heads import Office, elect_head
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.heads import elected_on, heads_before, heads_on
from liuchi.ground.people.models import PostHolding
from liuchi.ground.people.posted import posted_in
from liuchi.ground.people.staffing import Meant
from liuchi.ground.territory import tasks
from liuchi.ground.territory.actions import Part, merge_areas, split_area
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewEstate, import_estates
from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.models import Area, Building, Estate
from liuchi.ground.territory.standing import open_questions, settle
from liuchi.ground.territory.testing import Clerk, box

TODAY, YESTERDAY, SINCE = MORNING.date(), MORNING.date() - timedelta(days=1), date(2024, 3, 1)
WEST, EAST = {"longitude": 117.002, "latitude": 30.505}, {"longitude": 117.008, "latitude": 30.505}


def split(world: World) -> tuple[Area, Area]:
    """Split the first grid into a western and an eastern half, by a document, and let everything follow."""
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    west, east = split_area(by=SETUP, area_id=world.grids[0].id, parts=parts, on=TODAY, document="街办〔2024〕9号")
    follow()
    return west, east


def clerk(world: World, *powers: str) -> Clerk:
    """Give somebody who holds powers in the whole district."""
    return Clerk(frozenset(powers), world.district.id)


def branch(world: World, name: str, **where: float) -> Organisation:
    """Add a party branch in the first grid, with a secretary for the grid."""
    description = Description(**where)  # type: ignore[arg-type]
    return add_organisation(
        by=SETUP, kind="party_branch", name=name, area_id=world.grids[0].id, on=SINCE, description=description
    )


def test_bodies_when_their_grid_is_split_then_go_where_they_sit_and_are_known_as_of_before(world: World) -> None:
    placed, unplaced = branch(world, "东支部", **EAST), branch(world, "某支部")
    secretary = open_post(by=SETUP, organisation_id=placed.id, title="书记", on=SINCE, is_head=True)
    holding = take_post(by=SETUP, post_id=secretary.id, person=Meant(entry=NewPerson("赵一", "19900000021")), on=SINCE)
    west, east = split(world)

    assert (as_of(placed.id, YESTERDAY), as_of(placed.id, TODAY)) != (None, None)
    assert [as_of(placed.id, day).area_id for day in (YESTERDAY, TODAY)] == [world.grids[0].id, east.id]  # type: ignore[union-attr]
    assert placed.past.get().document == "街办〔2024〕9号"
    (post,) = posts_of(placed.id, TODAY)
    assert (post.area, post.is_head, [each.id for each in posts_of(placed.id, YESTERDAY)]) == (
        east,
        True,
        [secretary.id],
    )
    held = PostHolding.objects.filter(person_id=holding.person_id).order_by("valid_from")
    assert [(each.post_id, each.valid_from, each.valid_to) for each in held] == [
        (secretary.id, SINCE, TODAY),
        (post.id, TODAY, None),
    ]
    (asked,) = open_questions(clerk(world, "territory.manage"))
    assert (asked.row.id, asked.area.id, asked.choices) == (unplaced.id, world.grids[0].id, (west, east))
    settle(by=SETUP, code=asked.standing.code, row_id=asked.row.id, area_id=west.id)
    follow()
    assert as_of(unplaced.id, YESTERDAY).area_id == world.grids[0].id  # type: ignore[union-attr]
    assert as_of(unplaced.id, TODAY).area_id == west.id  # type: ignore[union-attr]
    assert open_questions(clerk(world, "territory.manage")) == []
    assert intact() > 0


def test_post_for_a_split_grid_when_asked_where_it_goes_on_then_holder_and_grants_go_along(world: World) -> None:
    give_role("worker", "checker", world.communities[0])
    account = Account.objects.get(username="worker")
    post = open_post(by=SETUP, organisation_id=world.water.id, title="网格员", area_id=world.grids[0].id, on=SINCE)
    take_post(by=SETUP, post_id=post.id, person=Meant(person_id=account.person_id), on=SINCE)
    give_grant(
        by=SETUP,
        grant=NewGrant(
            account.id,
            "handler",
            world.grids[0].id,
            "tests",
            "任命",
            organisation_id=world.water.id,
            post_id=post.id,
        ),
    )
    west, east = split(world)
    reader = clerk(world, "territory.manage", "staff.see")

    (question,) = open_questions(reader)
    assert (question.standing.code, question.row.id) == ("organisations.posts", post.id)
    assert {each.area_id for each in Grant.objects.filter(post=post, valid_to=None)} == {west.id, east.id}
    with pytest.raises(NotAllowed):
        settle(by=world.viewer("worker"), code="organisations.posts", row_id=post.id, area_id=east.id)
    with pytest.raises(ChangeRefused):
        settle(by=SETUP, code="organisations.posts", row_id=post.id, area_id=world.grids[3].id)
    settle(by=SETUP, code="organisations.posts", row_id=post.id, area_id=east.id)
    follow()

    (begun,) = posts_of(world.water.id, TODAY).filter(title="网格员")
    assert (begun.area, [each.post_id for each in PostHolding.objects.filter(valid_to=None)]) == (east, [begun.id])
    assert [each.area_id for each in posted_in(reader, [world.grids[0].id], YESTERDAY)] == [world.grids[0].id]
    assert [each.area_id for each in posted_in(reader, [east.id], TODAY)] == [east.id]
    assert {each.post_id for each in Grant.objects.filter(account=account, valid_to=None, role__code="handler")} == {
        begun.id
    }
    with pytest.raises(NotFound):
        settle(by=SETUP, code="organisations.posts", row_id=post.id, area_id=west.id)
    close_post(by=SETUP, post_id=begun.id, on=TODAY)
    follow()
    assert not Grant.objects.filter(post__in=[post, begun], valid_to=None).exists()
    assert intact() > 0


def test_venues_and_areas_of_service_when_a_grid_is_split_then_follow_or_are_asked(world: World) -> None:
    grid = world.grids[0]
    for name, where in (("东活动室", EAST), ("无址活动室", {})):
        facts = VenueFacts(name, "activity_room", area_id=grid.id, **where)  # type: ignore[arg-type]
        open_venue(by=SETUP, organisation_id=world.water.id, facts=facts, on=SINCE)
    serve_areas(by=SETUP, organisation_id=world.lights.id, area_ids=[grid.id], on=SINCE)
    west, east = split(world)

    placed, asked = Venue.objects.order_by("name")
    assert (placed.area, asked.area) == (east, grid)
    assert [each.area_id for each in served_by(world.lights.id, YESTERDAY)] == [grid.id]
    assert {each.area_id for each in served_by(world.lights.id, TODAY)} == {west.id, east.id}
    line = Line.objects.get(kind="organisations.areas_followed")
    assert (line.data["venues"], line.data["from_areas"], line.data["into_areas"], line.data["served"]) == (
        [str(placed.id)],
        [str(grid.id)],
        [str(east.id)],
        1,
    )
    (question,) = open_questions(clerk(world, "territory.manage"))
    settle(by=SETUP, code=question.standing.code, row_id=asked.id, area_id=west.id)
    assert Venue.objects.get(id=asked.id).area == west


def test_heads_when_their_grid_is_split_then_stay_elected_where_their_house_stands(world: World) -> None:
    house = NewBuilding("1", longitude=EAST["longitude"], latitude=EAST["latitude"])
    estate = NewEstate("X", "某小区", world.communities[0].id, buildings=(house,))
    import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
    grid = world.grids[0]
    for number, office in enumerate(
        (Office("unit", grid.id, "2单元", Building.objects.get().id), Office("unit", grid.id, "老楼1单元"))
    ):
        elect_head(
            by=SETUP,
            person=Meant(entry=NewPerson(f"长{number}", f"1990000003{number}")),
            office=office,
            elected_how="residents",
            on=SINCE,
            until=date(2027, 3, 1),
        )
    west, east = split(world)
    reader = clerk(world, "territory.manage", "staff.see")

    (head,) = heads_on(reader, east.id, TODAY)
    assert (head.term_from, elected_on(head), head.term_until, head.elected_how) == (
        TODAY,
        SINCE,
        date(2027, 3, 1),
        "residents",
    )
    assert len(heads_on(reader, grid.id, YESTERDAY)) == 2
    assert [each.ended_why for each in heads_before(reader, head)] == ["area_changed"]
    (question,) = open_questions(reader)
    assert question.row.name.endswith("老楼1单元")
    settle(by=SETUP, code=question.standing.code, row_id=question.row.id, area_id=west.id)
    assert [each.place for each in heads_on(reader, west.id, TODAY)] == ["老楼1单元"]
    assert Building.objects.get().area == east
    assert intact() > 0


def test_heads_of_one_name_when_grids_are_merged_then_both_stay_and_are_told_apart(world: World) -> None:
    for number in (0, 1):
        elect_head(
            by=SETUP,
            person=Meant(entry=NewPerson(f"长{number}", f"1990000003{number}")),
            office=Office("unit", world.grids[number].id, "1单元"),
            elected_how="residents",
            on=SINCE,
        )
    made = merge_areas(by=SETUP, area_ids=[each.id for each in world.grids[:2]], name="大网格", on=TODAY)
    follow()

    places = [each.place for each in heads_on(clerk(world, "staff.see"), made.id, TODAY)]
    assert len(places) == len(set(places)) == 2
    assert "1单元" in places


def test_keys_of_other_systems_when_a_grid_is_split_then_open_both_parts(world: World) -> None:
    give_role("owner", "checker", world.communities[0])
    owner = Account.objects.get(username="owner")
    wanted = NewKey("市平台", owner.id, ["cases.see"], [world.grids[0].id], MORNING + timedelta(days=30), "协议")
    key, secret = make_key(by=SETUP, key=wanted)
    west, east = split(world)

    assert ApiKey.objects.get(id=key.id).areas == [west.id, east.id]
    viewer = viewer_for_key(secret, "10.0.0.1")
    assert viewer is not None
    assert {west.id, east.id} <= viewer.areas("cases.see")
    line = Line.objects.get(kind="access.key_followed")
    assert (line.data["from_areas"], line.data["into_areas"]) == (
        [str(world.grids[0].id)],
        [str(west.id), str(east.id)],
    )


def test_cases_when_a_grid_is_split_then_open_ones_go_on_and_closed_ones_stay_where_they_were(world: World) -> None:
    done, running = closed(world, **WEST), dispatched(world, **EAST)
    _west, east = split(world)

    assert (case_of(done.id).place, case_of(running.id).place) == (world.grids[0], east)
    for case in (done, running):
        assert case_for(world.viewer("desk"), case.number).id == case.id
    assert Line.objects.filter(subject_id=running.id).order_by("seq").values_list("place_id", flat=True)[0] == (
        world.grids[0].id
    )
    assert intact() > 0


def test_estate_when_its_community_is_split_then_goes_with_its_buildings_or_is_asked(world: World) -> None:
    houses = tuple(NewBuilding(str(number), longitude=117.002 + number / 1000, latitude=30.505) for number in (1, 2))
    far = NewBuilding("9", longitude=117.015, latitude=30.505)
    import_estates(
        by=SETUP,
        estates=[
            NewEstate("A", "一处小区", world.communities[0].id, buildings=houses),
            NewEstate("B", "两处小区", world.communities[0].id, buildings=(houses[0], far)),
        ],
        valid_from=SINCE,
    )
    parts = [
        Part("甲社区", children=frozenset({world.grids[0].id})),
        Part("乙社区", children=frozenset({world.grids[1].id})),
    ]
    one, other = split_area(by=SETUP, area_id=world.communities[0].id, parts=parts, on=TODAY)
    follow()

    together, apart = Estate.objects.order_by("code")
    assert (together.community, apart.community) == (one, world.communities[0])
    (question,) = open_questions(clerk(world, "territory.manage"))
    assert (question.row.name, question.choices) == ("两处小区", (one, other))
    settle(by=SETUP, code=question.standing.code, row_id=apart.id, area_id=other.id)
    assert Estate.objects.get(code="B").community == other


def test_bodies_when_areas_are_merged_then_all_go_on_in_the_one_that_took_over(world: World) -> None:
    bodies = [branch(world, "东支部", **EAST), branch(world, "某支部")]
    made = merge_areas(by=SETUP, area_ids=[each.id for each in world.grids[:2]], name="大网格", on=TODAY)
    follow()

    assert [as_of(each.id, TODAY).area_id for each in bodies] == [made.id] * 2  # type: ignore[union-attr]
    assert [as_of(each.id, YESTERDAY).area_id for each in bodies] == [world.grids[0].id] * 2  # type: ignore[union-attr]
    assert open_questions(clerk(world, "territory.manage")) == []


def test_split_of_tomorrow_when_the_day_comes_then_everything_follows_then(world: World) -> None:
    body = branch(world, "东支部", **EAST)
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    tomorrow = TODAY + timedelta(days=1)
    _west, east = split_area(by=SETUP, area_id=world.grids[0].id, parts=parts, on=tomorrow)
    follow()
    assert Organisation.objects.get(id=body.id).area == world.grids[0]
    with frozen_at(MORNING + timedelta(days=1)):
        tasks.bring_into_force()
        follow()
        assert [as_of(body.id, day).area_id for day in (TODAY, tomorrow)] == [world.grids[0].id, east.id]  # type: ignore[union-attr]
