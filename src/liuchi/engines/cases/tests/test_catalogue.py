from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.catalogue import COLUMNS, SHIPPED, CatalogueRefused, Row, read_catalogue
from liuchi.engines.cases.models import Catalogue, FilingCondition
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, filed, report
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at

GOOD = {
    "type": "component",
    "big_code": "01",
    "big_name": "公用设施",
    "full_code": "0101",
    "small_name": "上水井盖",
    "file_condition": "破损",
    "close_condition": "修复",
    "limit_text": "4小时",
    "limit_value": "4",
    "limit_unit": "work_hour",
    "disposal_unit": "供水中心",
    "supervising_dept": "",
}


def _file(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def _import(rows: list[Row], content_hash: str, valid_from: date = date(2024, 6, 1)) -> Catalogue:
    return import_catalogue(
        by=SETUP,
        code="test",
        document="测试标准",
        city="测试市",
        rows=rows,
        content_hash=content_hash * 64,
        valid_from=valid_from,
    )


def test_shipped_standard_when_read_then_519_conditions_each_with_a_limit() -> None:
    rows, content_hash = read_catalogue(SHIPPED)

    assert (len(rows), len(content_hash)) == (519, 64)
    assert all(Limit(row.limit_value, Unit(row.limit_unit)) for row in rows)
    counts = Counter((row.kind, row.limit_value, row.limit_unit) for row in rows)
    assert counts["component", Decimal(1), "work_day"] == 113
    assert counts["event", Decimal(2), "urgent_hour"] == 17
    assert not [row for row in rows if not row.condition or not row.closing]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "wish"}, "line 3: type 'wish'"),
        ({"limit_unit": "fortnight"}, "line 3: limit_unit 'fortnight'"),
        ({"limit_value": "soon"}, "line 3: limit_value 'soon'"),
        ({"limit_value": "NaN"}, "line 3"),
        ({"limit_value": "0"}, "line 3"),
        ({"limit_value": "-2"}, "line 3"),
        ({"file_condition": "长" * 301}, "line 3"),
        ({"file_condition": ""}, "line 3"),
        ({"small_name": ""}, "line 3"),
    ],
)
def test_file_when_one_row_is_wrong_then_nothing_is_taken_and_the_line_is_named(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    path = _file(tmp_path / "standard.csv", GOOD, {**GOOD, **change})

    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(path)

    assert told in str(refused.value)


def test_file_when_a_column_a_row_or_everything_is_missing_then_refused(tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text(",".join(COLUMNS) + "\ncomponent,01\n", encoding="utf-8")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    wrong = {
        _file(tmp_path / "columns.csv", GOOD, columns=COLUMNS[:-2]): "disposal_unit, supervising_dept",
        _file(tmp_path / "none.csv"): "no row",
        short: "line 2",
        binary: "UTF-8",
        tmp_path / "absent.csv": "cannot be read",
    }

    for path, told in wrong.items():
        with pytest.raises(CatalogueRefused) as refused:
            read_catalogue(path)
        assert told in str(refused.value), path.name


def test_file_when_a_text_holds_quotes_commas_and_line_breaks_then_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "standard.csv"
    odd = '"破损,\n""严重""\u2028"'
    path.write_text(
        ",".join(COLUMNS) + "\n" + ",".join({**GOOD, "file_condition": odd}.values()) + "\n", encoding="utf-8"
    )

    rows, _ = read_catalogue(path)

    assert rows[0].condition == '破损,\n"严重"\u2028'


def test_catalogue_when_imported_twice_then_nothing_changes(world: World) -> None:
    rows = _rows()
    first = _import(rows, "a")
    before = (Line.objects.count(), FilingCondition.objects.count())

    again = _import(rows, "a")

    assert again.id == first.id
    assert (Line.objects.count(), FilingCondition.objects.count()) == before


def test_catalogue_when_its_content_changed_then_a_new_edition_and_old_cases_keep_their_condition(
    world: World,
) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        new = _import([replace(row, limit_value=Decimal(9)) for row in _rows()], "b")
        waiting = report(world)

        with pytest.raises(Incomplete):
            file_case(by=world.viewer("desk"), case_id=waiting.case_id, condition_id=world.conditions[0].id)
        file_case(
            by=world.viewer("desk"),
            case_id=waiting.case_id,
            condition_id=FilingCondition.objects.get(case_class__catalogue=new, number=1).id,
        )

    old = case_of(case.id)
    assert old.condition == world.conditions[0]
    assert old.due_at == case.due_at
    editions = Catalogue.objects.order_by("number").values_list("number", "valid_to", "content_hash")
    assert list(editions) == [(1, date(2024, 6, 1), "0" * 64), (2, None, "b" * 64)]
    assert case_of(waiting.case_id).due_at != old.due_at


def test_catalogue_when_the_new_edition_is_older_than_the_one_before_then_that_ends_when_it_began(world: World) -> None:
    _import(_rows(), "c", valid_from=date(2023, 1, 1))

    assert Catalogue.objects.get(number=1).valid_to == date(2024, 1, 1)


def test_conditions_of_a_class_when_several_then_numbered_in_the_files_order(world: World) -> None:
    _import([replace(_rows()[0], condition=text) for text in ("甲", "乙", "丙")], "d")

    found = FilingCondition.objects.filter(case_class__catalogue__valid_to=None).order_by("number")
    assert list(found.values_list("number", "condition")) == [(1, "甲"), (2, "乙"), (3, "丙")]


def _rows() -> list[Row]:
    return [
        Row("component", "01", "公用设施", "0101", "上水井盖", "破损", "修复", "4小时", Decimal(4), "work_hour", "", "")
    ]
