"""Component codes: what the public asset book 公共设施台账 names a lamp, a cover or a piece of fitness gear by.

16 digits: 6 of the county, 2 of the major class, 2 of the minor class, 6 of a serial (GB/T 30428.2). Some cities write
6 + 2 + 3 + 5 instead; an installation follows one of the two (`settings.LIUCHI_COMPONENT_CODES`). Classes that a city
adds to the standard's are numbered downward from the highest number of their width.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DIGITS: Final = 16
_COUNTY, _MAJOR = 6, 2


@dataclass(frozen=True, slots=True)
class CodeShape:
    """How many digits minor class and serial have; county and major class have six and two."""

    minor: int
    serial: int

    @property
    def class_digits(self) -> int:
        """Return the width of major and minor class together."""
        return _MAJOR + self.minor

    @property
    def last_serial(self) -> int:
        """Return the highest serial there is room for."""
        return int("9" * self.serial)


STANDARD: Final = CodeShape(minor=2, serial=6)
LONG_CLASSES: Final = CodeShape(minor=3, serial=5)
SHAPES: Final = {"6+2+2+6": STANDARD, "6+2+3+5": LONG_CLASSES}


class CodeError(ValueError):
    """The text is no component code, or there is no number left; the message says why."""


@dataclass(frozen=True, slots=True)
class ComponentCode:
    """A component code taken apart; `class_code` is major and minor class together, such as 0101 上水井盖."""

    county: str
    major: str
    minor: str
    serial: int
    shape: CodeShape = STANDARD

    @property
    def class_code(self) -> str:
        """Return major and minor class together."""
        return self.major + self.minor

    def __str__(self) -> str:
        """Return the 16 digits."""
        return f"{self.county}{self.class_code}{self.serial:0{self.shape.serial}}"


def shape_in_use() -> CodeShape:
    """Return the shape this installation follows.

    Raises:
        ImproperlyConfigured: when LIUCHI_COMPONENT_CODES names none.
    """
    if settings.LIUCHI_COMPONENT_CODES not in SHAPES:
        raise ImproperlyConfigured(f"LIUCHI_COMPONENT_CODES is one of {', '.join(SHAPES)}")
    return SHAPES[settings.LIUCHI_COMPONENT_CODES]


def parse_code(text: str, *, county: str = "", shape: CodeShape | None = None) -> ComponentCode:
    """Return what a component code says; spaces around it are forgiven.

    Raises:
        CodeError: when it has not 16 digits, belongs to another county than `county`, or a part of it is zero.
    """
    shape = shape or shape_in_use()
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise CodeError(f"a component code has {DIGITS} digits: county, major class, minor class, serial")
    end = _COUNTY + shape.class_digits
    found = ComponentCode(
        digits[:_COUNTY], digits[_COUNTY : _COUNTY + _MAJOR], digits[_COUNTY + _MAJOR : end], int(digits[end:]), shape
    )
    if county and found.county != county:
        raise CodeError(f"the code begins with {found.county}, this county is {county}")
    check_class(found.class_code, shape)
    if found.serial == 0:
        raise CodeError("serials begin at 1")
    return found


def check_class(class_code: str, shape: CodeShape | None = None) -> str:
    """Return a class code (major and minor class) when it can be one.

    Raises:
        CodeError: when it has not the right number of digits, or major or minor class is zero.
    """
    shape = shape or shape_in_use()
    if not re.fullmatch(rf"[0-9]{{{shape.class_digits}}}", class_code):
        raise CodeError(f"a class has {_MAJOR} digits of the major and {shape.minor} of the minor class")
    if int(class_code[:_MAJOR]) == 0 or int(class_code[_MAJOR:]) == 0:
        raise CodeError("classes are numbered from 01")
    return class_code


def next_codes(
    county: str, class_code: str, taken: Iterable[str], number: int = 1, shape: CodeShape | None = None
) -> list[str]:
    """Return the next `number` codes of a class, after the highest serial taken: numbers of lost assets stay theirs.

    Raises:
        CodeError: when the county has not six digits, the class is none, or the serials have run out.
    """
    shape = shape or shape_in_use()
    if not re.fullmatch(r"[0-9]{6}", county):
        raise CodeError("a county has six digits")
    prefix = county + check_class(class_code, shape)
    highest = max((int(code[len(prefix) :]) for code in taken if code.startswith(prefix)), default=0)
    if highest + number > shape.last_serial:
        raise CodeError(f"class {class_code} has no serials left: {shape.last_serial} is the last one")
    return [f"{prefix}{serial:0{shape.serial}}" for serial in range(highest + 1, highest + number + 1)]


def next_extension(major: str, taken: Collection[str], shape: CodeShape | None = None) -> str:
    """Return the class code for a class the city adds within a major class: 99, then 98, and so on downward.

    `taken` holds the class codes in use, the standard's among them.

    Raises:
        CodeError: when the major class has not two digits, or no number is free.
    """
    shape = shape or shape_in_use()
    if not re.fullmatch(r"[0-9]{2}", major) or major == "00":
        raise CodeError("a major class has two digits, from 01")
    for minor in range(int("9" * shape.minor), 0, -1):
        code = f"{major}{minor:0{shape.minor}}"
        if code not in taken:
            return code
    raise CodeError(f"major class {major} is full")
