import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from liuchi.ground.territory.component_codes import (
    LONG_CLASSES,
    SHAPES,
    STANDARD,
    CodeError,
    CodeShape,
    ComponentCode,
    next_codes,
    next_extension,
    parse_code,
    shape_in_use,
)

shapes = st.sampled_from([STANDARD, LONG_CLASSES])


@st.composite
def codes(draw: st.DrawFn) -> ComponentCode:
    shape = draw(shapes)
    return ComponentCode(
        f"{draw(st.integers(110000, 999999)):06}",
        f"{draw(st.integers(1, 99)):02}",
        f"{draw(st.integers(1, 10**shape.minor - 1)):0{shape.minor}}",
        draw(st.integers(1, shape.last_serial)),
        shape,
    )


def test_code_when_seen_in_the_wild_then_it_is_taken_apart() -> None:
    found = parse_code(" 3205080101000001 ", shape=STANDARD)

    assert (found.county, found.class_code, found.serial) == ("320508", "0101", 1)
    assert str(found) == "3205080101000001"


@given(codes())
def test_code_when_written_and_read_again_then_it_is_the_same(code: ComponentCode) -> None:
    assert len(str(code)) == 16
    assert parse_code(str(code), county=code.county, shape=code.shape) == code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "16 digits"),
        ("320508010100001", "16 digits"),
        ("32050801010000001", "16 digits"),
        ("32050801０1000001", "16 digits"),
        ("320508010100000X", "16 digits"),
        ("3205080001000001", "from 01"),
        ("3205080100000001", "from 01"),
        ("3205080101000000", "begin at 1"),
        ("3408030101000001", "this county is 320508"),
    ],
)
def test_code_when_it_is_none_then_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(CodeError, match=why):
        parse_code(text, county="320508", shape=STANDARD)


def test_shape_when_the_installation_chooses_the_other_then_the_same_digits_say_something_else(
    settings: Settings,
) -> None:
    assert (shape_in_use(), parse_code("3205080101200001").class_code) == (STANDARD, "0101")

    settings.LIUCHI_COMPONENT_CODES = "6+2+3+5"

    found = parse_code("3205080101200001")
    assert (found.class_code, found.serial, found.shape) == ("01012", 1, LONG_CLASSES)
    settings.LIUCHI_COMPONENT_CODES = "6+6+4"
    with pytest.raises(ImproperlyConfigured, match="is one of"):
        shape_in_use()
    assert all(6 + 2 + shape.minor + shape.serial == 16 for shape in SHAPES.values())


@given(codes(), st.integers(1, 5))
def test_next_codes_when_some_are_taken_then_they_follow_the_highest_and_none_is_taken_twice(
    code: ComponentCode, number: int
) -> None:
    if code.serial + number > code.shape.last_serial:
        with pytest.raises(CodeError, match="no serials left"):
            next_codes(code.county, code.class_code, [str(code)], number, code.shape)
        return

    fresh = next_codes(code.county, code.class_code, [str(code)], number, code.shape)

    assert [parse_code(each, shape=code.shape).serial for each in fresh] == [
        code.serial + step for step in range(1, number + 1)
    ]


def test_next_codes_when_none_is_taken_or_others_are_then_they_begin_at_one() -> None:
    assert next_codes("340803", "0109", []) == ["3408030109000001"]
    assert next_codes("340803", "0109", ["3408030101000077"], 2) == ["3408030109000001", "3408030109000002"]


@pytest.mark.parametrize(("county", "class_code"), [("34080", "0101"), ("34080a", "0101"), ("340803", "101")])
def test_next_codes_when_county_or_class_is_none_then_refused(county: str, class_code: str) -> None:
    with pytest.raises(CodeError):
        next_codes(county, class_code, [])


@pytest.mark.parametrize(("shape", "first", "second"), [(STANDARD, "0599", "0598"), (LONG_CLASSES, "05999", "05998")])
def test_extension_when_classes_are_added_then_they_are_numbered_downward(
    shape: CodeShape, first: str, second: str
) -> None:
    assert next_extension("05", {"0501"}, shape) == first
    assert next_extension("05", {"0501", first}, shape) == second


def test_extension_when_the_major_class_is_none_or_full_then_refused() -> None:
    with pytest.raises(CodeError, match="two digits"):
        next_extension("5", set())
    with pytest.raises(CodeError, match="full"):
        next_extension("05", {f"05{minor:02}" for minor in range(1, 100)})
