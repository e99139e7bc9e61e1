import itertools

import pytest
from django.utils import translation

from liuchi.doors.office.suggesting import Suggested, suggested_classes
from liuchi.engines.cases.models import CaseClass
from liuchi.engines.cases.suggesting.model import Model, train

KNOWN = [CaseClass(name=name) for name in ("上水井盖", "污水井盖", "路灯", "行道树", "垃圾满溢")]
SAID = {
    "路灯": ("晚上很黑", "不亮", "一直闪"),
    "行道树": ("树枝挡路", "树要倒", "枝叶断了"),
    "旧类": ("占道", "摆摊", "叫卖"),
}


@pytest.fixture(scope="module")
def model() -> Model:
    places = ("东门", "西巷", "桥头", "河边", "老街", "新村", "北站", "南路")
    pairs = [
        (place + said, name) for name, all_said in SAID.items() for place, said in itertools.product(places, all_said)
    ]
    return train([text for text, _name in pairs], [name for _text, name in pairs])


def names(found: list[Suggested]) -> list[str]:
    return [each.name for each in found]


def test_suggestions_when_words_share_pairs_then_the_nearest_class_comes_first_and_says_which() -> None:
    with translation.override("en"):
        found = suggested_classes("巷口的污水井盖翘起来了", KNOWN, None)

    assert names(found) == ["污水井盖", "上水井盖"]
    assert [each.why for each in found] == ["the report says: 污水井盖", "the report says: 水井盖"]


def test_suggestions_when_nothing_is_shared_then_are_none() -> None:
    assert suggested_classes("楼上太吵", KNOWN, None) == []
    assert suggested_classes("", KNOWN, None) == []


def test_suggestions_when_a_model_is_trained_then_it_finds_what_no_name_holds_and_says_why(model: Model) -> None:
    text = "我家门口晚上很黑,一直闪"
    assert suggested_classes(text, KNOWN, None) == []

    with translation.override("en"):
        first = suggested_classes(text, KNOWN, model)[0]

    assert first.name == "路灯"
    assert first.why.startswith("often so in such reports: ")
    assert all(said in text for said in first.why.removeprefix("often so in such reports: ").split("、"))


def test_suggestions_when_both_know_something_then_the_names_follow_and_none_stands_twice(model: Model) -> None:
    found = names(suggested_classes("路灯一直闪,晚上很黑,垃圾满溢", KNOWN, model))

    assert found[0] == "路灯"
    assert "垃圾满溢" in found
    assert len(found) == len(set(found)) <= 4


def test_suggestions_when_the_model_knows_a_class_no_longer_in_force_then_it_is_not_offered(model: Model) -> None:
    text = "有人占道摆摊叫卖"

    assert model.suggest(text)[0].label == "旧类"
    assert "旧类" not in names(suggested_classes(text, KNOWN, model))
