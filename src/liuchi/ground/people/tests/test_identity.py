"""The citizen number against vectors of the standard, and against every single slip of the pen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.people.identity import (
    DocumentKind,
    Doubt,
    IdentityError,
    Sex,
    age_on,
    check_digit,
    doubts_about,
    find_identity,
    is_child,
    is_minor,
    parse_identity,
)

SEVENTEEN = st.builds(
    lambda area, born, serial: f"{area}{born:%Y%m%d}{serial:03}",
    st.sampled_from(["340803", "990803", "110105"]),
    st.dates(date(1900, 1, 1), date(2024, 12, 31)),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("seventeen", "check"),
    [("11010519491231002", "X"), ("36042619910101007", "1"), ("99080319500101001", "1")],
)
def test_check_digit_when_known_number_then_its_last_character(seventeen: str, check: str) -> None:
    assert check_digit(seventeen) == check


@pytest.mark.parametrize(
    "text", ["", "1101051949123100", "110105194912310022", "1101051949123100a", "１１０１０５19491231002"]
)
def test_check_digit_when_not_17_digits_then_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        check_digit(text)


def test_identity_when_sound_then_birth_sex_and_no_doubts() -> None:
    found = parse_identity(" 11010519491231002x ")

    assert (found.number, found.born_on, found.sex) == ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE)
    assert (found.written, found.doubts) == (found.number, ())


def test_identity_when_fifteen_digits_then_kept_as_written_and_compared_by_eighteen() -> None:
    found = parse_identity("110105491231002")

    assert (found.written, found.number) == ("110105491231002", "11010519491231002X")
    assert found.born_on == date(1949, 12, 31)


@pytest.mark.parametrize(("serial", "year"), [("995", 1949), ("996", 1849), ("999", 1849), ("001", 1949)])
def test_identity_when_fifteen_digits_of_a_centenarian_then_the_century_before(serial: str, year: int) -> None:
    assert parse_identity(f"110105491231{serial}").born_on == date(year, 12, 31)


@pytest.mark.parametrize("area", ["990803", "160101", "340003", "340800"])
def test_identity_when_place_unknown_then_only_a_doubt(area: str) -> None:
    first = f"{area}19500101001"

    found = parse_identity(first + check_digit(first))

    assert (found.sex, found.doubts) == (Sex.MALE, (Doubt.UNKNOWN_PLACE,))


@pytest.mark.parametrize("area", ["340803", "810000", "830000", "659001"])
def test_identity_when_place_is_possible_then_no_doubt(area: str) -> None:
    first = f"{area}19500101001"

    assert parse_identity(first + check_digit(first)).doubts == ()


def test_identity_when_stated_otherwise_then_doubts_that_name_what() -> None:
    found = parse_identity("11010519491231002X")

    assert doubts_about(found, born_on=date(1949, 12, 31), sex=Sex.FEMALE) == ()
    assert doubts_about(found, born_on=date(1950, 1, 1), sex=Sex.MALE) == (Doubt.BIRTH_DIFFERS, Doubt.SEX_DIFFERS)
    passport = parse_identity("E12345678", kind=DocumentKind.PASSPORT)
    assert doubts_about(passport, born_on=date(1950, 1, 1), sex=Sex.MALE) == ()


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (DocumentKind.PASSPORT, "e 1234-5678", "passport:E12345678"),
        (DocumentKind.HK_MACAO, "H12345678", "hk_macao:H12345678"),
        (DocumentKind.HK_MACAO, "m1234567801", "hk_macao:M1234567801"),
        (DocumentKind.TAIWAN, "12345678", "taiwan:12345678"),
        (DocumentKind.FOREIGN, "CHN110080010101", "foreign:CHN110080010101"),
    ],
)
def test_document_when_sound_then_compared_by_kind_and_number(kind: str, text: str, number: str) -> None:
    assert parse_identity(text, kind=kind).number == number


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DocumentKind.PASSPORT, "E12"),
        (DocumentKind.PASSPORT, "护照12345"),
        (DocumentKind.HK_MACAO, "X12345678"),
        (DocumentKind.TAIWAN, "1234567"),
        (DocumentKind.FOREIGN, "12345678"),
    ],
)
def test_document_when_of_another_form_then_refused_without_the_number(kind: str, text: str) -> None:
    with pytest.raises(IdentityError) as refusal:
        parse_identity(text, kind=kind)

    assert text not in str(refusal.value)
    assert find_identity(text, kind=kind) is None


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 6, 1), date(2014, 5, 31), 13),
        (date(2000, 6, 1), date(2014, 6, 1), 14),
        (date(2004, 2, 29), date(2018, 2, 28), 13),
        (date(2004, 2, 29), date(2018, 3, 1), 14),
    ],
)
def test_age_when_counted_then_full_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_minors_when_the_birth_date_is_known_then_told() -> None:
    born, day = date(2008, 6, 1), date(2024, 6, 1)

    assert (is_child(born, day), is_minor(born, day)) == (False, True)
    assert (is_child(date(2012, 1, 1), day), is_minor(date(2006, 6, 1), day)) == (True, False)
    assert (is_child(None, day), is_minor(None, day)) == (False, False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("110105194912310021", "check digit"),
        ("11010519491331002X", "date of birth"),
        ("110105194902300027", "date of birth"),
        ("110105094912310020", "date of birth"),
        ("11010519491231002Y", "18 characters"),
        ("11010519491231002", "18 characters"),
        ("1101051949123100２X", "18 characters"),
        ("110105491331002", "date of birth"),
        ("", "18 characters"),
    ],
)
def test_identity_when_unsound_then_the_reason_without_the_number(text: str, complaint: str) -> None:
    with pytest.raises(IdentityError, match=complaint) as refusal:
        parse_identity(text)

    assert not text or text not in str(refusal.value)


def test_identity_when_born_after_today_then_refused() -> None:
    number = "99080320300101001" + check_digit("99080320300101001")

    assert parse_identity(number).born_on == date(2030, 1, 1)
    with pytest.raises(IdentityError, match="possible"):
        parse_identity(number, today=date(2024, 6, 1))


@given(SEVENTEEN)
def test_identity_when_completed_by_its_check_digit_then_taken(seventeen: str) -> None:
    number = seventeen + check_digit(seventeen)

    assert parse_identity(number).number == number


@given(SEVENTEEN, st.integers(0, 16), st.integers(1, 9))
def test_identity_when_any_one_digit_is_wrong_then_refused(seventeen: str, place: int, shift: int) -> None:
    wrong = seventeen[:place] + str((int(seventeen[place]) + shift) % 10) + seventeen[place + 1 :]

    with pytest.raises(IdentityError):
        parse_identity(wrong + check_digit(seventeen))


@given(SEVENTEEN, st.integers(0, 15))
def test_identity_when_two_neighbours_are_exchanged_then_refused(seventeen: str, place: int) -> None:
    a, b = seventeen[place], seventeen[place + 1]
    exchanged = seventeen[:place] + b + a + seventeen[place + 2 :]

    if a == b:
        return
    with pytest.raises(IdentityError):
        parse_identity(exchanged + check_digit(seventeen))
