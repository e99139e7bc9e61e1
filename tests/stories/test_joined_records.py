"""Somebody was registered twice: joined, everything is one person's; separated, each has their own again."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from liuchi.config.testing import follow, intact
from liuchi.engines.cases.queries import cases_reported_by
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role, report
from liuchi.ground.access.actions import record_reveal
from liuchi.ground.access.models import Account
from liuchi.ground.access.queries import accounts_of
from liuchi.ground.access.queries_own import reads_of
from liuchi.ground.access.rules import NotForOneself, require_other
from liuchi.ground.access.viewers import grants_held, viewer_of
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.notices.actions.inbox import mark_all_seen, mark_seen
from liuchi.ground.notices.actions.sending import prepare_digests
from liuchi.ground.notices.audience import holders_anywhere, with_accounts
from liuchi.ground.notices.models import Delivery, Notice
from liuchi.ground.notices.queries import Filters, inbox, own_address, preferences_of, unseen_count
from liuchi.ground.notices.testing import tell, wish
from liuchi.ground.people.actions import MergeRefused, merge_people, separate_people
from liuchi.ground.people.actions.consents import give_consent, publish_consent_text
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.actions.households import leave_household
from liuchi.ground.people.consenting import has_consent
from liuchi.ground.people.history import facts_at
from liuchi.ground.people.households import household_of
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import HouseholdMember, Person
from liuchi.ground.people.queries import ids_of
from liuchi.ground.territory.testing import Clerk

SINCE = date(2024, 3, 1)


@pytest.fixture
def doubles(world: World) -> tuple[Account, Account]:
    """Give two accounts of one human being, registered once as handler and once as resident."""
    return Account.objects.get(username="water"), Account.objects.get(username="resident")


def joined(doubles: tuple[Account, Account]) -> UUID:
    kept, absorbed = (account.person_id for account in doubles)
    return merge_people(by=SETUP, keep=kept, absorb=absorbed, reason="同一人")


def test_grants_when_records_are_joined_then_rules_about_the_human_being_see_both(
    world: World, doubles: tuple[Account, Account]
) -> None:
    before = {account.username: len(grants_held(account.person_id)) for account in doubles}
    merge_id = joined(doubles)

    own = viewer_of(doubles[1])
    assert len(grants_held(doubles[0].person_id)) == len(own.held) == sum(before.values())
    assert {grant.account_id for grant in own.grants} == {doubles[1].id}
    assert world.water.id in own.organisations_under_any_hat("cases.handle")
    assert [each.username for each in accounts_of(doubles[1].person_id)] == ["resident", "water"]
    with pytest.raises(NotForOneself):
        require_other(own, doubles[0].person_id)
    separate_people(by=SETUP, merge_id=merge_id)
    assert {account.username: len(grants_held(account.person_id)) for account in doubles} == before
    require_other(viewer_of(doubles[1]), doubles[0].person_id)
    follow()
    assert intact() > 0


def test_messages_when_records_are_joined_then_one_inbox_and_told_once_and_apart_again(
    doubles: tuple[Account, Account],
) -> None:
    one, other = (account.person_id for account in doubles)
    tell([one], number="1")
    tell([other], number="2")
    merge_id = joined(doubles)

    for account in doubles:
        viewer = viewer_of(account)
        assert (len(inbox(viewer, Filters()).entries), unseen_count(viewer)) == (2, 2)
    assert with_accounts([one, other]) == with_accounts([other]) == [one]
    assert other not in holders_anywhere("cases.report", "cases.handle")
    mark_seen(by=viewer_of(doubles[0]), notice_id=Notice.objects.get(person_id=other).id)
    tell(with_accounts([other]), number="3")
    assert unseen_count(viewer_of(doubles[1])) == 2
    separate_people(by=SETUP, merge_id=merge_id)
    assert (unseen_count(viewer_of(doubles[0])), unseen_count(viewer_of(doubles[1]))) == (2, 0)
    with pytest.raises(NotFound):
        mark_seen(by=viewer_of(doubles[1]), notice_id=Notice.objects.filter(person_id=one)[0].id)
    assert mark_all_seen(by=viewer_of(doubles[0])) == 2


def test_wishes_when_records_are_joined_then_those_of_the_one_in_force_count_else_the_others(
    doubles: tuple[Account, Account], settings: object
) -> None:
    settings.LIUCHI_MAIL = "smtp://127.0.0.1"  # type: ignore[attr-defined]
    one, other = (account.person_id for account in doubles)
    wish(other, email="b@example.cn")
    merge_id = joined(doubles)
    viewer = viewer_of(doubles[0])
    assert own_address(viewer, preferences_of(viewer)) == "b@example.cn"
    tell([one], number="1")
    tell([other], number="2")
    with frozen_at(MORNING + timedelta(hours=1)):
        assert prepare_digests(by=SETUP) == 1
    assert Delivery.objects.get().carried.count() == 2

    wish(one, email="a@example.cn")
    assert own_address(viewer, preferences_of(viewer)) == "a@example.cn"
    tell([other], number="3")
    with frozen_at(MORNING + timedelta(days=1, hours=1)):
        assert prepare_digests(by=SETUP) == 1
    separate_people(by=SETUP, merge_id=merge_id)
    addresses = [own_address(viewer_of(each), preferences_of(viewer_of(each))) for each in doubles]
    assert addresses == ["a@example.cn", "b@example.cn"]


def test_reports_consents_and_reads_when_records_are_joined_then_are_one_persons(
    world: World, doubles: tuple[Account, Account]
) -> None:
    one, other = (account.person_id for account in doubles)
    report(world, by=viewer_of(doubles[1]))
    text = publish_consent_text(by=SETUP, purpose="photos", title="照片", text="同意使用照片")
    give_consent(by=SETUP, person_id=other, text_id=text.id, way="paper")
    record_reveal(
        by=world.viewer("desk"), subject_type="x", subject_id=other, field="phone", purpose="visit", person_id=other
    )

    def found(account: Account) -> tuple[int, bool, int]:
        reads = reads_of(sorted(ids_of(account.person_id)))
        return len(cases_reported_by(viewer_of(account))), has_consent(account.person_id, "photos"), len(reads)

    assert (found(doubles[0]), found(doubles[1])) == ((0, False, 0), (1, True, 1))
    merge_id = joined(doubles)
    assert (found(doubles[0]), found(doubles[1])) == ((1, True, 1), (1, True, 1))
    separate_people(by=SETUP, merge_id=merge_id)
    assert (found(doubles[0]), found(doubles[1])) == ((0, False, 0), (1, True, 1))
    assert one != other


def test_households_when_records_are_joined_then_whoever_is_asked_for_is_found_and_leaves_both(
    world: World, doubles: tuple[Account, Account]
) -> None:
    one, other = (account.person_id for account in doubles)
    grid = world.grids[0].id
    import_households(
        by=SETUP,
        households=[NewHousehold("1", HomePlace(area_id=grid, address="1号"), ((other, "head"),))],
        valid_from=SINCE,
    )
    viewer = Clerk(frozenset({"people.see"}), world.district.id)
    assert household_of(viewer, one) is None
    merge_id = joined(doubles)
    for person_id in (one, other):
        assert getattr(household_of(viewer, person_id), "person_id", None) == other
    separate_people(by=SETUP, merge_id=merge_id)
    assert household_of(viewer, one) is None
    joined(doubles)
    leave_household(by=SETUP, person_id=one, on=MORNING.date())
    assert not HouseholdMember.objects.filter(valid_to=None).exists()
    assert getattr(household_of(viewer, one, MORNING.date() - timedelta(days=1)), "person_id", None) == other


def test_records_when_joined_and_separated_then_each_moment_shows_what_was_said_then(
    doubles: tuple[Account, Account],
) -> None:
    kept = Person.objects.get(id=doubles[0].person_id)
    other = Person.objects.get(id=doubles[1].person_id)
    with frozen_at(MORNING + timedelta(days=1)):
        merge_id = merge_people(by=SETUP, keep=kept.id, absorb=other.id, choices={"name": "absorbed"})
    with frozen_at(MORNING + timedelta(days=2)):
        separate_people(by=SETUP, merge_id=merge_id)
    kept.refresh_from_db()

    days = [facts_at(kept, MORNING + timedelta(days=each, hours=1))["name"] for each in (0, 1, 2)]
    assert days == [doubles[0].person.name, other.name, doubles[0].person.name]
    follow()
    assert intact() > 0


def test_records_when_they_would_make_two_administrators_one_then_not_joined(world: World) -> None:
    give_role("system", "system_admin", world.district)
    give_role("auditor", "audit_admin", world.district)
    one, other = (Account.objects.get(username=name).person_id for name in ("system", "auditor"))

    with pytest.raises(MergeRefused):
        merge_people(by=SETUP, keep=one, absorb=other)

    assert ids_of(one) == {one}
