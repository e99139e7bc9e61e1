import itertools

import pytest
from django.utils import translation

from liuchi.doors.ui.suggesting import Suggested, suggested_classes
from liuchi.engines.cases.models import CaseClass
from liuchi.engines.cases.suggesting.model import Model, train
from liuchi.engines.cases.suggesting.places import MOST, Around

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


LAMP, COVER = ("component", "0109"), ("component", "0102")
COVERS = [
    CaseClass(kind="component", code=code, name=name)
    for code, name in (("0101", "上水井盖"), ("0102", "污水井盖"), ("0103", "雨水井盖"), ("0109", "路灯"))
]


def test_suggestions_when_words_are_ambiguous_then_the_place_alone_tips_them_and_says_why() -> None:
    text = "路口的井盖翘起来了"
    assert names(suggested_classes(text, COVERS, None))[0] != "雨水井盖"

    with translation.override("en"):
        found = suggested_classes(text, COVERS, None, {("component", "0103"): Around(metres=4.4, cases=2)})

    assert found[0].name == "雨水井盖"
    assert found[0].why.endswith("one stands 4 m away, 2 such cases within 100 m in 90 days")


def test_suggestions_when_the_words_are_clear_then_no_place_comes_before_them() -> None:
    around = {LAMP: Around(metres=0, cases=99), COVER: Around(metres=1, cases=50)}

    found = names(suggested_classes("门口的上水井盖破了", COVERS, None, around))

    assert found[0] == "上水井盖"
    assert "路灯" not in found


def test_suggestions_when_much_is_around_then_the_words_own_best_is_still_shown() -> None:
    known = [
        CaseClass(kind="component", code=f"02{number:02}", name=f"井盖{letter}")
        for number, letter in enumerate("甲乙丙丁戊己")
    ]
    around = {(each.kind, each.code): Around(metres=0, cases=99) for each in known[1:]}

    found = names(suggested_classes("井盖甲", known, None, around))

    assert "井盖甲" in found


def test_suggestions_when_the_words_say_nothing_then_what_stands_there_is_offered() -> None:
    with translation.override("en"):
        found = suggested_classes("坏了", COVERS, None, {LAMP: Around(metres=3), COVER: Around(metres=40)})

    assert found == [Suggested("路灯", "one stands 3 m away"), Suggested("污水井盖", "one stands 40 m away")]


def test_weight_when_much_is_around_then_stays_below_its_bound() -> None:
    assert Around(metres=0, cases=10_000).weight == MOST
    assert Around(metres=10).weight > Around(metres=40).weight > 0
    assert Around().weight == 0
