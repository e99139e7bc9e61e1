import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel.texts import plain_line, plain_text, says_something


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("井盖\0坏了", "井盖坏了"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("\u202e了坏盖井\u2066", "了坏盖井"),
        ("半个\ud83d字", "半个字"),
        ("家庭 👨\u200d👩\u200d👧 𠮷", "家庭 👨\u200d👩\u200d👧 𠮷"),
        ("\ufeff  制表\t符  ", "制表\t符"),
        ("\x1b[31m红\x9d", "[31m红"),
    ],
)
def test_text_when_made_plain_then_what_can_be_read_is_left(typed: str, kept: str) -> None:
    assert plain_text(typed) == kept


def test_line_when_made_plain_then_is_one_line() -> None:
    assert plain_line(" 菱湖\n南路\t88号 ") == "菱湖 南路 88号"


@pytest.mark.parametrize("text", ["", " \u3000\n", "\u200b\u200d\ufeff", "\u202e", "\u3164\u2800", "\u0301"])
def test_text_when_nothing_of_it_can_be_seen_then_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["井", ".", "😀", "\U000f0000", "\u200b坏"])
def test_text_when_something_of_it_can_be_seen_then_says_it(text: str) -> None:
    assert says_something(text)


@given(st.text())
def test_text_when_made_plain_twice_then_is_the_same_and_can_be_written(text: str) -> None:
    once = plain_text(text)

    assert plain_text(once) == once
    assert "\0" not in once.encode().decode()
