from liuchi.demo.district.planted import again, planted
from liuchi.demo.district.stories import stories
from liuchi.engines.cases.duplicates.comparing import THRESHOLD
from liuchi.engines.cases.duplicates.evaluating import evaluate


def test_again_when_read_then_each_tells_one_story_in_other_words() -> None:
    texts = [story.text for story in stories()]

    for begins, words in again().items():
        assert sum(text.startswith(begins) for text in texts) == 1
        assert words not in texts


def test_planted_when_the_seed_is_the_same_then_so_is_everything() -> None:
    assert planted(3) == planted(3)
    assert planted(3) != planted(4)


def test_duplicates_when_planted_among_twins_then_most_are_found_and_most_shown_are_right() -> None:
    known, new = planted(2026)

    found = evaluate(known, new)

    in_use = next(each for each in found.at if each.threshold == THRESHOLD)
    assert in_use.precision is not None
    assert in_use.precision > 0.85
    assert in_use.recall is not None
    assert in_use.recall > 0.9
    assert [each.shown for each in found.at] == sorted((each.shown for each in found.at), reverse=True)
