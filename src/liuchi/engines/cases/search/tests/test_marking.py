"""Marking what was found."""

import pytest

from liuchi.engines.cases.search.asking import Closeness
from liuchi.engines.cases.search.marking import SHOWN, Marker, Part


def hits(words: str, text: str, closeness: str = Closeness.WRITTEN) -> list[str]:
    return [part.text for part in Marker(words, closeness).parts(text) if part.is_hit]


@pytest.mark.parametrize(
    ("words", "text", "closeness", "wanted"),
    [
        ("井盖", "门口井盖坏了，井盖响", Closeness.WRITTEN, ["井盖", "井盖"]),
        ("jinggai", "门口井盖坏了", Closeness.WRITTEN, ["井盖"]),
        ("井概", "门口井盖坏了", Closeness.SOUNDS, ["井盖"]),
        ("井概", "门口井盖坏了", Closeness.WRITTEN, []),
        ("jinhgai", "门口井盖坏了", Closeness.NEAR, ["井盖"]),
        ("wifi 3", "ＷｉＦｉ断了，3栋", Closeness.WRITTEN, ["ＷｉＦｉ", "3"]),
        ("", "门口", Closeness.WRITTEN, []),
        ("井盖", "", Closeness.WRITTEN, []),
    ],
)
def test_marker_when_shown_a_text_then_marks_what_was_looked_for(
    words: str, text: str, closeness: str, wanted: list[str]
) -> None:
    assert hits(words, text, closeness) == wanted


def test_marker_when_the_text_is_long_then_shows_the_piece_around_the_first_hit() -> None:
    parts = Marker("井盖").parts("路" * 200 + "井盖" + "路" * 200)

    assert [parts[0], parts[-1]] == [Part("…", is_hit=False)] * 2
    assert Part("井盖", is_hit=True) in parts
    assert sum(len(part.text) for part in parts[1:-1]) == SHOWN
