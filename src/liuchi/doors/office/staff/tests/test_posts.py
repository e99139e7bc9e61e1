"""One post: handed over after a preview, taken, left; before and after both stay visible."""

from collections.abc import Iterator

import pytest
from django.test import Client

from liuchi.doors.office.staff.tests.conftest import MARCH, employ
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, give_role
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.reactions import follow_post
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Post
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.models import Employment, Person, PostHolding
from liuchi.ground.people.staffing import Meant

TO = {"on": "2024-09-01", "document": "任〔3〕号"}


@pytest.fixture
def held(staff: Employment) -> Iterator[PostHolding]:
    """Give a post with two seats that 欧阳明 holds, and keep the morning."""
    with frozen_at(MORNING):
        post = open_post(by=SETUP, organisation_id=staff.organisation_id, title="网格站长", on=MARCH, seats=2)
        yield take_post(by=SETUP, post_id=post.id, person=Meant(staff.person_id), on=MARCH)


def _post(holding: PostHolding) -> str:
    return f"/office/staff/posts/{holding.post_id}/"


def _hand_over(client: Client, holding: PostHolding, **given: str) -> tuple[int, str]:
    answer = client.post(f"/office/staff/holdings/{holding.id}/hand-over/", {**TO, **given})
    return answer.status_code, answer.content.decode()


def _account(person: Person, username: str) -> Account:
    give_role(username, "resident", person.home or Post.objects.get().area)
    account = Account.objects.get(username=username)
    account.person = person
    with guard.scope("maintenance", "tests"):
        account.save(update_fields=["person"])
    return account


def test_hand_over_when_asked_then_shown_first_and_made_when_confirmed(held: PostHolding) -> None:
    successor, client = employ("慕容小"), browser("personnel", "en")

    status, shown = _hand_over(client, held, person=str(successor.person_id))
    assert (status, PostHolding.objects.count()) == (200, 1)
    assert ("欧阳明" in shown, "慕容小" in shown, "任〔3〕号" in shown) == (True, True, True)
    assert "Grants that come with the post" in shown
    assert _hand_over(client, held, person=str(successor.person_id), confirmed="1")[0] == 302

    page = client.get(_post(held)).content.decode()
    before = client.get(_post(held) + "?on=2024-08-31").content.decode()
    assert page.index("慕容小") < page.index("欧阳明")
    assert "Who held it then" in before
    assert before.index("欧阳明") < before.index("慕容小")
    assert "Hand over the post" not in before


def test_hand_over_when_grants_hang_on_it_then_the_preview_says_who_gets_them_and_they_do(held: PostHolding) -> None:
    successor, client = employ("慕容小"), browser("personnel", "en")
    giver = _account(held.person, "holder")
    with guard.scope("maintenance", "tests"):
        Grant.objects.filter(account=giver).update(post=held.post, organisation=held.post.organisation)
    without = _hand_over(client, held, person=str(successor.person_id))[1]
    taker = _account(successor.person, "taker")
    shown = _hand_over(client, held, person=str(successor.person_id))[1]

    assert "慕容小 has no account yet" in without
    assert "居民" in shown
    assert "no account yet" not in shown
    assert _hand_over(client, held, person=str(successor.person_id), confirmed="1")[0] == 302
    follow_post(Line.objects.filter(kind="people.post_handed_over").latest("seq"))
    assert Grant.objects.filter(account=giver, post=held.post, valid_to=None).count() == 0
    assert Grant.objects.filter(account=taker, post=held.post, valid_to=None).count() == 1


def test_hand_over_when_refused_then_what_was_typed_stays(held: PostHolding) -> None:
    client = browser("personnel", "en")

    nobody = _hand_over(client, held, name="")
    number = _hand_over(client, held, name="司马大", identity="123")
    ahead = _hand_over(client, held, name="司马大", phone="19900070001", on="2024-12-01", confirmed="1")
    back = _hand_over(client, held, name="司马大", phone="19900070001", back="1")

    assert (nobody[0], "Say who it is." in nobody[1]) == (422, True)
    assert (number[0], "司马大" in number[1]) == (409, True)
    assert (ahead[0], "This day lies ahead" in ahead[1], "任〔3〕号" in ahead[1]) == (409, True, True)
    assert (back[0], "司马大" in back[1]) == (200, True)
    assert PostHolding.objects.count() == 1


def test_post_when_a_seat_is_free_then_taken_and_left_again(held: PostHolding) -> None:
    client, page = browser("personnel", "en"), _post(held)
    assert "Let somebody take the post" in client.get(page).content.decode()

    taken = client.post(page + "take/", {"name": "司马大", "phone": "19900070001", **TO})
    full = client.get(page).content.decode()
    left = client.post(f"/office/staff/holdings/{held.id}/leave/", {"on": "2024-09-10"})

    assert (taken.status_code, left.status_code) == (302, 302)
    assert "Let somebody take the post" not in full
    assert PostHolding.objects.get(valid_to=None).person.name == "司马大"
    assert client.get(f"/office/staff/holdings/{held.id}/leave/").status_code == 404


def test_post_when_of_another_place_then_not_found(held: PostHolding) -> None:
    client = browser("far-personnel")

    assert browser("personnel").get(_post(held)).status_code == 200
    assert client.get(_post(held)).status_code == 404
    assert client.get(_post(held) + "take/").status_code == 404
    assert _hand_over(client, held, name="司马大", phone="19900070001", confirmed="1")[0] == 404
    assert client.get(f"/office/staff/holdings/{held.id}/dance/").status_code == 404
