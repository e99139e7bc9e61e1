import numpy as np
import pytest

from liuchi.engines.cases.suggesting.grams import read
from liuchi.engines.cases.suggesting.hints import headings, hints_for, no_hints, spoken, words_of
from liuchi.engines.cases.suggesting.model import HINT, load, save, train
from liuchi.engines.cases.suggesting.tests.test_model import made_up

LABELS = ("教育文体", "环境保护", "路灯")


def test_headings_when_read_then_each_level_has_what_stands_under_it() -> None:
    assert "安全生产" in headings()["城乡建设"]
    assert "园林绿化环卫" in headings()["城市建设和市政管理"]
    assert "园林绿化环卫" not in headings()


def test_words_when_a_class_is_no_heading_then_it_has_none() -> None:
    assert set(words_of(LABELS)) == {"教育文体", "环境保护"}


def test_hint_when_a_text_names_a_heading_then_speaks_for_its_class_and_not_for_others() -> None:
    heading = next(word for word in headings()["环境保护"] if len(word) > 3)
    hints = hints_for(LABELS, [read("今天下雨")])

    told = spoken(read(f"请管管{heading}").whole, hints)

    assert LABELS[int(np.argmax(told))] == "环境保护"
    assert told.sum() == pytest.approx(0)


def test_hint_when_nothing_is_named_then_says_nothing() -> None:
    hints = hints_for(LABELS, [])

    assert not spoken(read("ZZZ").whole, hints).any()
    assert not spoken(read("环境保护").whole, no_hints(3)).any()


def test_hint_when_there_are_a_hundred_classes_then_no_stronger_than_among_seven() -> None:
    labels = ("环境保护", *(str(number) for number in range(99)))
    heading = headings()["环境保护"][0]

    told = spoken(read(heading).whole, hints_for(labels, []))

    assert told.max() == pytest.approx(6**0.5)
    assert HINT * told.max() < 0.5


def test_model_when_a_class_is_a_heading_then_its_words_are_found_untrained_and_kept(tmp_path: object) -> None:
    texts, labels = made_up()
    model = train(texts, [label.replace("噪声", "环境保护") for label in labels])
    heading = next(word for word in headings()["环境保护"] if len(word) > 3)

    first = model.suggest(f"ZZ{heading}ZZ")[0]
    path = tmp_path / "classes.npz"  # type: ignore[operator]
    save(model, path)

    assert first.label == "环境保护"
    assert first.because
    assert load(path).suggest(f"ZZ{heading}ZZ")[0].because == first.because
