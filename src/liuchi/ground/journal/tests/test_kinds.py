from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.journal.kinds import CODE, JournalRefused, declare, kinds, read_kinds, require_declared

UNIT = UUID(int=7)
MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
EVERY = declare(
    "test.every",
    unit=UUID,
    units=list[UUID],
    count=int,
    is_late=bool,
    code=str,
    on=date,
    at=datetime,
    amount=Decimal,
    digest=bytes,
    extra=UUID | None,
)
CODED = declare("test.coded", code=str)


class Grade(StrEnum):
    GOOD = "good"


def every(**changes: Any) -> dict[str, Any]:
    return {
        "unit": UNIT,
        "units": [UNIT],
        "count": -3,
        "is_late": True,
        "code": Grade.GOOD,
        "on": MOMENT.date(),
        "at": MOMENT,
        "amount": Decimal("12.50"),
        "digest": b"\x01\xff",
        **changes,
    }


def test_check_when_every_type_is_right_then_json_of_codes() -> None:
    checked = EVERY.check(every())

    assert checked == {
        "unit": str(UNIT),
        "units": [str(UNIT)],
        "count": -3,
        "is_late": True,
        "code": "good",
        "on": "2026-11-20",
        "at": "2026-11-20T08:30:00+00:00",
        "amount": "12.50",
        "digest": "01ff",
        "extra": None,
    }
    assert type(checked["code"]) is str


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": str(UNIT)},
        {"units": UNIT},
        {"units": ["x"]},
        {"count": True},
        {"count": 1.0},
        {"is_late": 1},
        {"code": "two words"},
        {"code": ""},
        {"code": "x" * 81},
        {"on": MOMENT},
        {"at": MOMENT.date()},
        {"at": MOMENT.replace(tzinfo=None)},
        {"amount": 12.5},
        {"amount": Decimal("NaN")},
        {"digest": "ff"},
        {"extra": "x"},
        {"unit": None},
    ],
)
def test_check_when_a_value_is_wrong_then_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(JournalRefused, match=f"test.every: field '{next(iter(wrong))}'"):
        EVERY.check(every(**wrong))


@given(st.text(min_size=1))
def test_check_when_text_is_no_code_then_refused_without_repeating_it(text: str) -> None:
    if CODE.fullmatch(text):
        assert CODED.check({"code": text}) == {"code": text}
        return

    with pytest.raises(JournalRefused) as refused:
        CODED.check({"code": text})

    assert "keep the text in its room" in str(refused.value)


def test_check_when_text_is_a_persons_then_the_message_does_not_tell_it() -> None:
    with pytest.raises(JournalRefused) as refused:
        CODED.check({"code": "张三住在海口镇"})

    assert "张三" not in str(refused.value)


@pytest.mark.parametrize("name", ["noted", "Test.noted", "test.", "test noted", "测试.报告"])
def test_declare_when_the_name_is_wrong_then_refused(name: str) -> None:
    with pytest.raises(JournalRefused):
        declare(name)


def test_declare_when_the_name_is_taken_then_refused() -> None:
    with pytest.raises(JournalRefused, match="already"):
        declare("test.every")


@pytest.mark.parametrize("kept", [float, dict, "UUID", int | str, int | str | None, list[float]])
def test_declare_when_a_type_cannot_be_kept_then_refused(kept: object) -> None:
    with pytest.raises(JournalRefused):
        declare("test.never", field=kept)

    assert "test.never" not in kinds()


def test_require_declared_when_a_kind_is_not_from_declare_then_refused() -> None:
    assert require_declared(EVERY) is EVERY
    with pytest.raises(JournalRefused):
        require_declared("test.every")


def test_declare_when_a_read_line_has_no_purpose_then_refused() -> None:
    for fields in ({}, {"purpose": int}):
        with pytest.raises(JournalRefused, match="what for"):
            declare("test.looked", is_read=True, **fields)

    looked = [
        declare(f"test.looked_{number}", is_read=True, purpose=kept) for number, kept in enumerate([str, str | None])
    ]

    assert {kind.name for kind in looked} <= read_kinds()
    assert EVERY.name not in read_kinds()
