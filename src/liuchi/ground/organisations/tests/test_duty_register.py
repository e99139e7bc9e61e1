"""A powers and duties list from a file: twice with one result, taken back, replaced."""

from typing import Any

import pytest

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.testing import as_csv, counts, problems, run
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.actions.duties import end_duty_list
from liuchi.ground.organisations.models import Duty, DutyItem, DutyList
from liuchi.ground.territory.testing import BY, SINCE, small_territory

pytestmark = pytest.mark.django_db
HEADINGS = ("序号", "事项名称", "事项类别", "领域", "牵头部门", "配合部门", "承接部门", "工作方式")
ROWS = [
    ["1", "开展垃圾分类宣传", "基本履职事项", "生态环保", "镇街", "区城管局、区环卫所", "", ""],
    ["1", "河道巡查", "配合履职", "生态环保", "区水利局", "镇街；社区", "", ""],
    ["1", "燃气设施检查", "收回", "安全生产", "", "", "区城管局", "由区城管局按计划检查"],
]
ONCE = {"title": "街道履职事项清单", "issued_on": "2024-09-01", "document_number": "区办发〔2024〕3号"}


@pytest.fixture(autouse=True)
def _bodies() -> None:
    district = small_territory()["990803"]
    bodies = [NewOrganisation("cityadmin", "区城市管理局", "区城管局", "department", district)]
    import_organisations(by=BY, organisations=bodies, valid_from=SINCE)


def bring(rows: list[list[str]], **once: str) -> Import:
    return run(as_csv(rows, HEADINGS), "清单.csv", "duties", by=BY, once={**ONCE, **once})


def sides() -> set[tuple[str, str, str]]:
    """Return the item, the part, and the body of each side, as they are stored."""
    rows = Duty.objects.select_related("item", "organisation").order_by("id")
    return {
        (row.item.kind, row.role, row.organisation.code if row.organisation else row.by_place or row.unit)
        for row in rows
    }


def test_list_when_brought_in_then_items_know_who_leads_assists_and_took_back() -> None:
    one = bring(ROWS)

    held = DutyList.objects.get()
    assert (one.state, counts(one)) == (State.DONE, (3, 0, 0, 0))
    assert (held.title, held.number, held.kind, held.valid_from) == (
        "街道履职事项清单",
        "区办发〔2024〕3号",
        "town",
        held.issued_on,
    )
    assert sides() == {
        ("basic", "lead", "town"),
        ("basic", "assist", "cityadmin"),
        ("basic", "assist", "区环卫所"),
        ("assist", "lead", "区水利局"),
        ("assist", "assist", "town"),
        ("assist", "assist", "community"),
        ("taken_back", "taken_back", "cityadmin"),
    }
    assert DutyItem.objects.get(kind="taken_back").method == "由区城管局按计划检查"


def test_list_when_the_same_file_comes_again_then_nothing_changes_and_a_longer_one_adds() -> None:
    bring(ROWS)
    before: dict[str, Any] = {"items": DutyItem.objects.count(), "sides": sides()}

    again, longer = bring(ROWS), bring([*ROWS, ["2", "扫雪除冰", "", "", "镇街", "", "", ""]])

    assert counts(again) == (0, 0, 3, 0)
    assert before == {"items": 3, "sides": sides()}
    assert counts(longer) == (1, 0, 3, 0)
    assert DutyItem.objects.count() == 4


def test_list_when_rows_cannot_be_then_each_says_why_and_the_others_come_in() -> None:
    rows = [
        *ROWS,
        ["2", "权力事项", "部门权责", "", "", "", "", ""],
        ["3", "方式", "基本履职", "", "", "", "", "上门"],
        ["4", "名单", "基本履职", "", "甲" * 61, "", "", ""],
    ]

    one = bring(rows)

    assert counts(one) == (3, 0, 0, 3)
    assert problems(BY, one) == {5: [("kind", "kind")], 6: [("method", "method")], 7: [("lead", "too_long")]}


def test_item_when_it_reads_differently_then_only_it_is_refused() -> None:
    bring(ROWS)

    one = bring([["1", "开展垃圾分类宣传活动", *ROWS[0][2:]], *ROWS[1:]])

    assert counts(one) == (0, 0, 2, 1)
    assert problems(BY, one) == {2: [("", "duty_list_refused")]}


def test_list_when_it_replaces_another_then_that_one_ends_and_stands_again_when_it_is_taken_back() -> None:
    bring(ROWS)
    one = bring(ROWS, title="新清单", valid_from="2024-10-01", replaces="街道履职事项清单")
    assert DutyList.objects.filter(valid_to=None).get().title == "新清单"
    assert counts(bring(ROWS, title="新清单", valid_from="2024-10-01", replaces="街道履职事项清单")) == (0, 0, 3, 0)

    undo_import(by=BY, import_id=one.id)

    held = DutyList.objects.get()
    assert (held.title, held.valid_to) == ("街道履职事项清单", None)
    assert DutyItem.objects.count() == 3


def test_list_when_it_would_replace_what_is_not_there_then_the_rows_say_so() -> None:
    one = bring(ROWS, replaces="没有的清单")

    assert counts(one) == (0, 0, 0, 3)
    assert {code for each in problems(BY, one).values() for _column, code in each} == {"duty_list_refused"}


def test_list_when_taken_back_then_nothing_of_it_is_left_and_one_changed_since_stays() -> None:
    one = bring(ROWS)
    undo_import(by=BY, import_id=one.id)
    assert (DutyList.objects.count(), DutyItem.objects.count(), Duty.objects.count()) == (0, 0, 0)

    other = bring(ROWS)
    held = DutyList.objects.get()
    end_duty_list(by=BY, duty_list_id=held.id, on=held.valid_from.replace(month=11))
    with pytest.raises(CannotTakeBack):
        undo_import(by=BY, import_id=other.id)
    assert DutyItem.objects.count() == 3
