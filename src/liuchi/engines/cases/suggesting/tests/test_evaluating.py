from pathlib import Path

import numpy as np
import pytest

from liuchi.engines.cases.suggesting.evaluating import evaluate, folds, macro_f1, margin
from liuchi.engines.cases.suggesting.labelled import LabelledRefused, read_labelled
from liuchi.engines.cases.suggesting.model import NotTrainable
from liuchi.engines.cases.suggesting.tests.test_model import made_up


def test_folds_when_drawn_then_each_text_is_held_out_once_a_repeat_and_classes_are_spread() -> None:
    truth = np.array([0] * 23 + [1] * 11 + [2] * 7)

    drawn = list(folds(truth, repeats=2, seed=1))

    assert len(drawn) == 10
    for repeat in (drawn[:5], drawn[5:]):
        assert sorted(np.concatenate(repeat).tolist()) == list(range(41))
        for kind in range(3):
            sizes = [int((truth[fold] == kind).sum()) for fold in repeat]
            assert max(sizes) - min(sizes) <= 1
    assert not np.array_equal(drawn[0], drawn[5])


def test_macro_f1_when_counted_by_hand_then_the_same() -> None:
    # Class 0: 1 hit, 2 texts, 1 guess: 2/3. Class 1: 1 hit, 1 text, 2 guesses: 2/3. Class 2: 1 of 1: 1.
    assert macro_f1(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), 3) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_margin_when_folds_overlap_then_its_error_is_larger_than_if_they_did_not() -> None:
    differences = np.array([0.01, 0.03, 0.02, 0.04, 0.00])

    found = margin(differences)

    assert found.mean == pytest.approx(0.02)
    assert found.error == pytest.approx(np.sqrt(np.var(differences, ddof=1) * (1 / 5 + 1 / 4)))
    assert found.ratio == pytest.approx(found.mean / found.error)


def test_evaluate_when_classes_are_easy_then_nearly_all_are_found_by_both_ways() -> None:
    texts, labels = made_up()

    found = evaluate(texts, labels, repeats=1)

    assert (found.texts, found.classes, len(found.ours.f1)) == (90, 3, 5)
    assert found.ours.f1.mean() > 0.95
    assert found.plain.top3.mean() == 1
    assert found.f1.mean == pytest.approx(found.ours.f1.mean() - found.plain.f1.mean())


def test_evaluate_when_classes_are_drawn_by_lot_then_no_way_finds_them() -> None:
    texts, labels = made_up()
    drawn = np.random.default_rng(5).permutation(labels).tolist()

    assert evaluate(texts, drawn, repeats=1).ours.f1.mean() < 0.55


def test_evaluate_when_a_class_is_too_rare_then_refused() -> None:
    texts, labels = made_up()

    with pytest.raises(NotTrainable, match="7 texts"):
        evaluate([*texts, "树倒了"], [*labels, "行道树"])


def test_labelled_when_columns_are_known_then_subject_and_text_stand_on_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "made_up.csv"
    path.write_text("编号,主题,详情,一级标签\n1,路灯,不亮,照明\n2,,,照明\n3,井盖,翘起,\n", encoding="utf-8-sig")

    assert read_labelled(path) == (["路灯\n不亮"], ["照明"])
    assert read_labelled(path, class_column="编号", text_columns=["详情"]) == (["不亮", "翘起"], ["1", "3"])


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe", b""])
def test_labelled_when_the_file_is_something_else_then_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)

    with pytest.raises(LabelledRefused):
        read_labelled(path)
