"""The citizen number against vectors of the standard, and against every single slip of the pen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.people.identity import IdentityError, check_digit, parse_identity

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

    assert (found.number, found.born_on, found.is_male) == ("11010519491231002X", date(1949, 12, 31), False)
    assert found.warnings == ()


def test_identity_when_fifteen_digits_then_completed() -> None:
    found = parse_identity("110105491231002")

    assert (found.number, found.born_on) == ("11010519491231002X", date(1949, 12, 31))


def test_identity_when_place_unknown_then_only_a_warning() -> None:
    found = parse_identity("990803195001010011")

    assert found.is_male
    assert len(found.warnings) == 1


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
