"""How characters sound and how typed letters fall into syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel.pinyin import LONGEST_WORD, fold, readings, splits


def test_readings_when_asked_then_folded_and_all_of_them() -> None:
    assert readings("井") == ("jin",)
    assert set(readings("重")) >= {"zon", "con"} or set(readings("重")) >= {"zong", "cong"}
    assert readings("绿")[0] in {"lv", "lu"}
    assert readings("a") == readings("") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhang", "zang"), ("chi", "ci"), ("shui", "sui"), ("niu", "liu"), ("jing", "jin"), ("leng", "nen")],
)
def test_fold_when_speakers_do_not_tell_apart_then_one_spelling(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_splits_when_letters_fall_in_several_ways_then_all() -> None:
    assert set(splits("xian")) >= {("xian",), ("xi", "an")}
    assert splits("jinggai")[0] == ("jin", "gai")
    assert splits("井") == splits("") == splits("a1") == splits("a" * (LONGEST_WORD + 1)) == []


@pytest.mark.parametrize("typed", ["jnggai", "jinggia", "jingggai", "jinhgai", "inggai", "jingga"])
def test_splits_when_one_letter_is_off_then_the_meant_syllables_are_among_them(typed: str) -> None:
    assert ("jin", "gai") in splits(typed, slips=1, most=1000)


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=60))
def test_splits_when_anything_is_typed_then_bounded(word: str) -> None:
    assert len(splits(word, slips=1, most=50)) <= 50
