from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuchi.engines.cases.duplicates.comparing import Matter, SameClass, common_words, likeness
from liuchi.engines.cases.testing import MORNING
from liuchi.ground.kernel.ids import new_id

HERE, THERE, WELL, LAMP = new_id(), new_id(), new_id(), new_id()
FIRST = Matter("小区门口马路上的自来水井盖不见了，晚上骑车太危险", MORNING, HERE, 117.03, 30.52, WELL, "上水井盖")
AGAIN = Matter("路上有个井盖丢了，求换井盖", MORNING + timedelta(hours=2), HERE, 117.0301, 30.5201)


def test_likeness_when_the_same_matter_is_told_again_then_it_says_why() -> None:
    found = likeness(AGAIN, FIRST)

    assert found.is_likely
    assert found.metres is not None
    assert 10 < found.metres < 20
    assert found.earlier == timedelta(hours=2)
    assert found.words == ("井盖",)
    assert found.same_class == SameClass.UNKNOWN


@pytest.mark.parametrize(
    "other",
    [
        Matter(AGAIN.said, AGAIN.at, HERE, 117.04, 30.52),
        Matter(AGAIN.said, AGAIN.at, THERE),
        Matter("早上五点菜贩子的喇叭就开始循环播放", AGAIN.at, HERE, 117.0301, 30.5201),
        Matter(AGAIN.said, AGAIN.at + timedelta(days=300), HERE, 117.0301, 30.5201),
    ],
    ids=["a kilometre away", "another place without a point", "another thing", "a year later"],
)
def test_likeness_when_place_words_or_time_differ_then_it_is_not_likely(other: Matter) -> None:
    assert not likeness(other, FIRST).is_likely


def test_likeness_when_the_desk_filed_them_differently_then_it_is_less_likely() -> None:
    same, other = (Matter(AGAIN.said, AGAIN.at, HERE, 117.0301, 30.5201, each) for each in (WELL, LAMP))

    assert likeness(same, FIRST).same_class == SameClass.SAME
    assert likeness(other, FIRST).same_class == SameClass.OTHER
    assert likeness(other, FIRST).score < likeness(AGAIN, FIRST).score < likeness(same, FIRST).score


def test_common_words_when_only_empty_characters_are_shared_then_there_are_none() -> None:
    assert common_words("他们都在这里的", "他们都在那里的") == ()
    assert common_words("电话19900000001", "电话19900000001") == ("电话",)


_TEXT = st.text("井盖路灯坏了的漏水abc 1，", max_size=30)
_DEGREES = st.floats(0, 0.01)


@settings(max_examples=200, deadline=None)
@given(_TEXT, _TEXT, _DEGREES, _DEGREES, st.integers(-90, 90))
def test_likeness_of_any_two_matters_is_between_0_and_1_and_the_same_both_ways(
    one: str, other: str, east: float, north: float, days: int
) -> None:
    left = Matter(one, MORNING, HERE, 117.0, 30.5, WELL, "上水井盖")
    right = Matter(other, MORNING + timedelta(days=days), HERE, 117.0 + east, 30.5 + north)

    there, back = likeness(left, right), likeness(right, left)

    assert 0 <= there.score <= 1
    assert there.score == pytest.approx(back.score)
    assert there.earlier == -back.earlier
    assert {*there.words} <= {word for word in there.words if word in one and word in other}
    assert isinstance(HERE, UUID)
