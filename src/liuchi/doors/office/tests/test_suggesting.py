from liuchi.doors.office.suggesting import suggested_names
from liuchi.engines.cases.models import CaseClass

KNOWN = [CaseClass(name=name) for name in ("上水井盖", "污水井盖", "路灯", "行道树", "垃圾满溢")]


def test_suggestions_when_words_share_pairs_then_the_nearest_class_comes_first() -> None:
    assert suggested_names("巷口的污水井盖翘起来了", KNOWN) == ["污水井盖", "上水井盖"]


def test_suggestions_when_nothing_is_shared_then_are_none() -> None:
    assert suggested_names("楼上太吵", KNOWN) == []
    assert suggested_names("", KNOWN) == []
