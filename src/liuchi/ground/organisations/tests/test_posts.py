from datetime import date
from uuid import uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions.posts import change_post, close_post, open_post
from liuchi.ground.organisations.changing import ChangeRefused
from liuchi.ground.organisations.models import Post
from liuchi.ground.organisations.queries import heads_of, posts_of
from liuchi.ground.organisations.testing import SETUP, SINCE, area, body

MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)

pytestmark = pytest.mark.usefixtures("small")


def _open(**values: object) -> Post:
    given: dict[str, object] = {"organisation_id": body("squad").id, "title": "中队长", "on": MARCH, **values}
    return open_post(by=SETUP, **given)  # type: ignore[arg-type]


def test_post_when_opened_changed_and_closed_then_each_day_knows_it() -> None:
    post = _open(is_head=True)
    change_post(by=SETUP, post_id=post.id, title="中队长", seats=2, is_head=True, duties="负责一街道市容")
    change_post(by=SETUP, post_id=post.id, title="中队长", seats=2, is_head=True, duties="负责一街道市容")

    squad = body("squad").id
    assert [(each.title, each.seats, each.duties) for each in posts_of(squad)] == [("中队长", 2, "负责一街道市容")]
    assert [each.id for each in heads_of([squad])] == [post.id]
    close_post(by=SETUP, post_id=post.id, on=APRIL)
    assert list(posts_of(squad)) == []
    assert [each.id for each in posts_of(squad, MARCH)] == [post.id]
    assert list(posts_of(squad, date(2025, 2, 1))) == []
    kinds = [line.kind for line in Line.objects.filter(subject_id=post.id).order_by("seq")]
    assert kinds == ["organisations.post_opened", "organisations.post_changed", "organisations.post_closed"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 31}, "title"),
        ({"seats": 0}, "seats"),
        ({"duties": "长" * 501}, "duties"),
        ({"on": date(2026, 1, 1)}, "on"),
    ],
)
def test_post_when_it_cannot_be_opened_like_this_then_told_where(values: dict[str, object], field: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        _open(**values)

    assert refused.value.field == field


def test_post_when_there_is_one_of_that_title_for_that_area_then_refused_but_not_elsewhere() -> None:
    first = _open()
    other = _open(area_id=area("990803001001").id)

    with pytest.raises(ChangeRefused, match="more seats"):
        _open()
    third = _open(title="队员")
    with pytest.raises(ChangeRefused, match="more seats"):
        change_post(by=SETUP, post_id=third.id, title="中队长", seats=1, is_head=False)
    assert {first.area_id, other.area_id} == {area("990803001").id, area("990803001001").id}


def test_post_when_closed_before_it_was_or_ahead_then_refused() -> None:
    post = _open()

    for on in (date(2025, 2, 28), date(2026, 1, 1)):
        with pytest.raises(ChangeRefused):
            close_post(by=SETUP, post_id=post.id, on=on)
    old = posts_of(body("urban").id)[0]
    with pytest.raises(ChangeRefused):
        close_post(by=SETUP, post_id=old.id, on=date(2023, 12, 31))
    assert close_post(by=SETUP, post_id=old.id, on=SINCE).valid_to == SINCE


def test_post_when_unknown_or_not_the_actors_then_refused() -> None:
    post = _open()

    with pytest.raises(NotFound):
        close_post(by=SETUP, post_id=uuid4(), on=APRIL)
    with pytest.raises(NotAllowed):
        close_post(by=Visitor(frozenset()), post_id=post.id, on=APRIL)
    with pytest.raises(NotAllowed):
        open_post(by=Visitor(frozenset()), organisation_id=body("squad").id, title="队员", on=APRIL)
