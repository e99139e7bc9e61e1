import itertools
import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.engines.cases.suggesting.grams import read, spell
from liuchi.engines.cases.suggesting.model import Model, ModelUnreadable, NotTrainable, load, save, train

PLACES = ("东门", "西巷", "桥头", "菜场旁", "学校门口", "三号楼下", "河边", "车站对面", "老街", "新村")
SAID = {
    "路灯": ("路灯不亮了", "路灯一直闪", "晚上路灯全黑"),
    "井盖": ("井盖翘起来了", "污水井盖破了", "井盖不见了"),
    "噪声": ("半夜施工太吵", "广场舞音响太吵", "楼上噪声大"),
}


def made_up() -> tuple[list[str], list[str]]:
    pairs = [
        (f"{place}{said}\n请尽快处理", kind)
        for kind, sayings in SAID.items()
        for place, said in itertools.product(PLACES, sayings)
    ]
    return [text for text, _kind in pairs], [kind for _text, kind in pairs]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*made_up())


@pytest.mark.parametrize(
    ("text", "kind"),
    [("南门的路灯坏了不亮", "路灯"), ("停车场井盖松动翘起", "井盖"), ("夜里施工吵得睡不着", "噪声")],
)
def test_suggest_when_the_text_is_new_then_its_class_comes_first_and_says_why(
    model: Model, text: str, kind: str
) -> None:
    first, *others = model.suggest(text)

    assert first.label == kind
    assert first.because
    assert all(said in text for said in first.because)
    assert [each.score for each in (first, *others)] == sorted((each.score for each in (first, *others)), reverse=True)


def test_suggest_when_nothing_is_known_then_nothing_is_suggested(model: Model) -> None:
    assert model.suggest("ZZZ") == []
    assert model.suggest("") == []


def test_train_when_repeated_then_the_same_model_comes_out(model: Model) -> None:
    again = train(*made_up())

    assert np.array_equal(again.machine.weights, model.machine.weights)
    assert np.array_equal(again.keys, model.keys)


def test_train_when_a_word_stands_in_fewer_than_three_texts_then_the_model_does_not_hold_it() -> None:
    texts, labels = made_up()
    texts[0], texts[1] = texts[0] + "赵钱", texts[1] + "赵钱"
    held_by_two = {spell(int(key)) for key in train(texts, labels).keys}
    texts[2] += "赵钱"
    held_by_three = {spell(int(key)) for key in train(texts, labels).keys}

    assert "赵钱" in held_by_three
    assert not {"赵", "钱", "赵钱"} & held_by_two


def test_train_when_texts_hold_numbers_then_digits_are_not_told_apart() -> None:
    texts, labels = made_up()
    held = {spell(int(key)) for key in train([f"{text} 19900001234" for text in texts], labels).keys}

    assert "00" in held
    assert not any(each in sequence for sequence in held for each in "123456789")


def test_train_when_too_little_is_known_then_refused_and_a_rare_class_is_left_out() -> None:
    texts, labels = made_up()

    with pytest.raises(NotTrainable, match="50 texts"):
        train(texts[:20], labels[:20])
    assert train([*texts, "树倒了"], [*labels, "行道树"]).labels == ("井盖", "噪声", "路灯")


def test_save_when_loaded_again_then_the_model_suggests_the_same(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "classes.npz"
    save(model, path)

    kept = load(path)

    assert [each.name for each in path.parent.iterdir()] == ["classes.npz"]
    for text in ("路灯不亮", "井盖破了"):
        assert [each.label for each in kept.suggest(text)] == [each.label for each in model.suggest(text)]
        assert kept.suggest(text)[0].because == model.suggest(text)[0].because


def test_load_when_the_file_is_damaged_or_would_run_something_then_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "classes.npz"
    save(model, path)
    whole = path.read_bytes()
    for damaged in (b"", b"PK", whole[: len(whole) // 2], b"\x80\x04."):
        path.write_bytes(damaged)
        with pytest.raises(ModelUnreadable):
            load(path)
    with path.open("wb") as file:
        np.savez(file, about=np.array([{}], dtype=object))
    with pytest.raises(ModelUnreadable):
        load(path)
    with path.open("wb") as file:
        np.savez(file, about=np.array(json.dumps({"make": 0})))
    with pytest.raises(ModelUnreadable, match="another make"):
        load(path)


def test_suggest_when_asked_many_times_then_each_takes_less_than_five_milliseconds(model: Model) -> None:
    text = "东门路灯不亮了，晚上全黑，老人出门不方便。" * 20
    model.suggest(text)
    taken = []
    for _time in range(20):
        since = time.perf_counter()
        model.suggest(text)
        taken.append(time.perf_counter() - since)

    assert min(taken) < 0.005


@given(st.text())
def test_read_when_given_any_text_then_the_opening_is_part_of_the_whole(text: str) -> None:
    whole, opening = read(text)

    assert set(opening.keys.tolist()) <= set(whole.keys.tolist())
    assert np.all(np.diff(whole.keys.astype(object)) > 0)


def test_read_when_width_case_and_blanks_differ_then_the_same_sequences_are_found() -> None:
    assert read("ＡＢ路灯  坏").whole.keys.tolist() == read("ab路灯\n坏").whole.keys.tolist()
    assert {spell(key) for key in read("路灯坏").whole.keys.tolist()} == {"路", "灯", "坏", "路灯", "灯坏", "路灯坏"}
