import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.organisations.credit_codes import (
    ALPHABET,
    KINDS,
    CreditCodeError,
    body_check_character,
    check_character,
    fictitious_credit_code,
    parse_credit_code,
)

#: From STANDARDS: a real enterprise's code, published by itself.
PUBLISHED = "91110000600037341L"

seventeen = st.text(ALPHABET, min_size=17, max_size=17)
kinds = st.sampled_from(sorted(KINDS))


@pytest.mark.parametrize("text", [PUBLISHED, PUBLISHED.lower(), " 9111 0000-6000 3734 1L\u200b", "\ufeff" + PUBLISHED])
def test_code_when_published_then_is_read_whatever_stands_between(text: str) -> None:
    found = parse_credit_code(text)

    assert (found.code, found.kind, found.office, found.body) == (PUBLISHED, "91", "110000", "600037341")
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("11", "organ of the state"), ("12", "public institution"), ("51", "social association"),
        ("54", "villagers' committee"), ("55", "residents' committee"), ("91", "enterprise"),
        ("N1", "(group)"), ("N2", "(village)"), ("N3", "(town)"),
    ],
)  # fmt: skip
def test_code_when_of_any_kind_then_says_which_body_it_is(kind: str, name: str) -> None:
    found = parse_credit_code(fictitious_credit_code(kind, 42))

    with translation.override("en"):
        assert name in found.kind_name
    assert found.kind == kind


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "0"),
        (PUBLISHED[:-1], "17"),
        (PUBLISHED + "1", "19"),
        ("91110000600037341M", "check character"),
        ("O1110000600037341L", "is O"),
        ("9111000060003734１L", "neither a digit"),
        ("91110000600037341*", "neither a digit"),
    ],
)
def test_code_when_it_cannot_be_one_then_told_why(text: str, told: str) -> None:
    with translation.override("en"), pytest.raises(CreditCodeError, match=told):
        parse_credit_code(text)


@given(seventeen, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_code_when_any_one_character_changes_then_it_is_detected(first: str, place: int, other: str) -> None:
    code = first + check_character(first)
    changed = code[:place] + other + code[place + 1 :]

    assert parse_credit_code(code).code == code
    if changed != code:
        with pytest.raises(CreditCodeError):
            parse_credit_code(changed)


@given(seventeen, st.integers(0, 16), st.integers(0, 16))
def test_code_when_two_characters_are_exchanged_then_it_is_detected(first: str, place: int, later: int) -> None:
    """Any two of the 17 places have different weights, and 31 is prime."""
    code = first + check_character(first)
    letters = list(code)
    letters[place], letters[later] = letters[later], letters[place]
    changed = "".join(letters)

    if changed != code:
        with pytest.raises(CreditCodeError):
            parse_credit_code(changed)


@given(kinds, st.integers(0, 10**8 - 1))
def test_invented_code_when_made_then_is_sound_and_from_no_existing_office(kind: str, number: int) -> None:
    found = parse_credit_code(fictitious_credit_code(kind, number))

    assert (found.kind, found.office, found.warnings) == (kind, "990803", ())


def test_invented_codes_when_numbers_differ_then_codes_differ() -> None:
    assert len({fictitious_credit_code("91", number) for number in range(1000)}) == 1000


@pytest.mark.parametrize(("office", "number"), [("340803", 1), ("9908", 1), ("990803", -1), ("990803", 10**8)])
def test_invented_code_when_it_could_be_somebodys_then_is_not_made(office: str, number: int) -> None:
    with pytest.raises(CreditCodeError):
        fictitious_credit_code("91", number, office)


def test_code_when_kind_office_or_body_are_unusual_then_only_warns() -> None:
    first = "A1" + "ABCDEF" + "123456789"

    assert len(parse_credit_code(first + check_character(first)).warnings) == 3


@pytest.mark.parametrize(("eight", "check"), [("60003734", "1"), ("D2143569", "X"), ("00000000", "0")])
def test_body_check_when_computed_then_follows_the_standard(eight: str, check: str) -> None:
    assert body_check_character(eight) == check


@pytest.mark.parametrize("short", ["", "1234567", "1234567é"])
def test_body_check_when_not_eight_characters_then_refused(short: str) -> None:
    with pytest.raises(CreditCodeError):
        body_check_character(short)


def test_check_character_when_not_seventeen_then_refused() -> None:
    with pytest.raises(CreditCodeError):
        check_character("123")
