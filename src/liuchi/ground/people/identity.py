"""The citizen number (GB 11643-1999): form, birth date and check digit.

The place in the first six digits is not held against a number: places are re-coded, so an unknown one only warns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"
#: First and last of the two digits allotted to provinces, Taiwan, Hong Kong and Macao, and 83 for residence permits.
PROVINCES: Final = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))


@dataclass(frozen=True, slots=True)
class Identity:
    """What a sound number says. `number` has 18 characters, X large; `warnings` holds doubts that do not refuse it."""

    number: str
    born_on: date
    is_male: bool
    warnings: tuple[str, ...] = ()


class IdentityError(ValueError):
    """The text is no citizen number; the message says why, without repeating the number."""


def check_digit(first_seventeen: str) -> str:
    """Return the last character for the first 17 digits. Raises IdentityError unless they are 17 digits."""
    if not re.fullmatch(r"[0-9]{17}", first_seventeen):
        raise IdentityError("a check digit belongs to exactly 17 digits")
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def parse_identity(text: str, *, today: date | None = None) -> Identity:
    """Return what a citizen number says; spaces around it and a small x are forgiven.

    A number of 15 digits (issued until 1999, born in 19xx) is taken and completed to 18 characters. With `today`, a
    birth after that day is refused. Raises IdentityError for a wrong form, an impossible birth date or a wrong check
    digit.
    """
    number = text.strip().upper()
    if re.fullmatch(r"[0-9]{15}", number):
        longer = f"{number[:6]}19{number[6:]}"
        number = longer + check_digit(longer)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise IdentityError("a citizen number has 18 characters: 17 digits and a digit or X")
    born_on = _birth_date(number, today)
    if check_digit(number[:17]) != number[17]:
        raise IdentityError("the check digit does not fit: a digit is wrong or two are exchanged")
    known = any(first <= int(number[:2]) <= last for first, last in PROVINCES)
    warnings = () if known else ("the place in the first six digits is not a known one",)
    return Identity(number, born_on, is_male=int(number[16]) % 2 == 1, warnings=warnings)


def _birth_date(number: str, today: date | None) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentityError("digits 7 to 14 are not a date of birth") from None
    if born_on.year < 1800 or (today is not None and born_on > today):
        raise IdentityError("digits 7 to 14 are not a possible date of birth")
    return born_on
