"""The organisations and their duties: complete, consistent with the standard, and the same every time."""

import itertools
from datetime import date

import pytest

from liuchi.demo.district.organisations import (
    ORGANISATION_KINDS,
    PLACE_BODIES,
    DisposalUnit,
    DutyRow,
    committees,
    departments,
    disposal_units,
    duty_rows,
    organisations,
    standard_rows,
    town_offices,
)

CODES = {row.code for row in departments()}


def duties_of(matter: str) -> list[tuple[str, str]]:
    return [(row.role, row.organisation_code or row.by_place) for row in duty_rows() if row.matter == matter]


def test_departments_when_counted_then_54_with_codes_and_names_of_their_own() -> None:
    rows = departments()

    assert len(rows) == 54
    for column in ("code", "name", "short_name", "english_name"):
        assert len({getattr(row, column) for row in rows}) == 54, column
    assert {row.kind for row in rows} == {"department", "squad", "centre", "utility", "desk"}
    assert [row.short_name for row in rows if row.kind == "desk"] == ["区城市运行中心"]


def test_organisations_when_all_then_fit_the_columns_they_go_to() -> None:
    rows = organisations()

    assert (len(town_offices()), len(committees()), len(rows)) == (9, 40, 103)
    assert len({row.code for row in rows}) == 103
    assert {row.kind for row in rows} == set(ORGANISATION_KINDS)
    assert max(len(row.code) for row in rows) <= 40
    assert max(len(row.name) for row in rows) <= 60
    assert max(len(row.short_name) for row in rows) <= 20
    assert max(len(row.english_name) for row in rows) <= 100


def test_town_offices_when_named_then_as_their_kind_demands() -> None:
    names = {row.area_code: row.name for row in town_offices()}

    assert names["340803001"] == "德宽路街道办事处"
    assert names["340803100"] == "海口镇人民政府"
    assert names["340803200"] == "十里铺乡人民政府"


def test_standard_when_read_then_519_conditions_in_190_classes() -> None:
    rows = standard_rows()

    assert len(rows) == 519
    assert len({row.matter for row in rows}) == 190
    assert (rows[0].matter, rows[0].number, rows[0].class_name) == ("component-0101", 1, "上水井盖")
    assert (rows[3].matter, rows[3].number) == ("component-0101", 4)


def test_disposal_units_when_compared_with_the_standard_then_all_89_mapped_and_no_other() -> None:
    wordings = {row.disposal_unit for row in standard_rows()}

    assert len(wordings) == 89
    assert set(disposal_units()) == wordings


@pytest.mark.parametrize("unit", disposal_units().values(), ids=lambda unit: unit.unit_text)
def test_disposal_unit_when_mapped_then_to_bodies_that_exist_each_once(unit: DisposalUnit) -> None:
    bodies = [unit.lead, *unit.support]

    assert set(bodies) <= CODES | set(PLACE_BODIES)
    assert len(set(bodies)) == len(bodies)


def test_disposal_unit_when_owners_are_named_then_the_note_says_who_presses_them() -> None:
    with_owners = [unit for text, unit in disposal_units().items() if "各产权单位" in text]

    assert len(with_owners) > 20
    assert all("牵头单位督促" in unit.note for unit in with_owners)


def test_duties_when_derived_then_every_class_has_a_lead() -> None:
    leads = {row.matter for row in duty_rows() if row.role == "lead"}

    assert leads == {row.matter for row in standard_rows()}


def test_duties_when_derived_then_a_body_stands_once_in_a_class_and_leads_come_first() -> None:
    rows = duty_rows()
    keys = [(row.matter, row.organisation_code, row.by_place) for row in rows]

    assert len(set(keys)) == len(keys)
    for _, each in itertools.groupby(rows, key=lambda row: row.matter):
        roles = [row.role for row in each]
        assert roles == sorted(roles, reverse=True)


def test_duties_when_a_lamp_is_out_then_municipal_works_leads() -> None:
    assert duties_of("component-0137") == [("lead", "municipal")]


def test_duties_when_rubbish_lies_about_then_sanitation_leads_and_the_place_assists() -> None:
    assert duties_of("event-0110") == [("lead", "sanitation"), ("assist", "town"), ("assist", "community")]


def test_duties_when_a_wall_cracks_then_the_town_leads() -> None:
    assert duties_of("event-0183")[0] == ("lead", "town")


def test_duties_when_asked_twice_then_the_same_with_document_and_date() -> None:
    first = duty_rows()
    duty_rows.cache_clear()

    assert duty_rows() == first
    assert {(row.document, row.valid_from) for row in first} == {
        ("大观区城市管理部件和事件处置职责分工（示范）", date(2024, 1, 1))
    }
    assert all(isinstance(row, DutyRow) and bool(row.organisation_code) != bool(row.by_place) for row in first)
    assert max(len(row.note) for row in first) <= 120
