"""What a register asks of a file: its columns, how each value is written, and what is said when it is not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from liuchi.ground.records.protected import mask_name

#: What a cell holds once the file has been read: text as written, a number where the file says it is one, or nothing.
Written = str | int | float | bool | None

#: In which files may be written, whatever language the reader of the page has chosen.
LANGUAGES: Final = ("zh-hans", "en")
#: Spreadsheets keep fifteen digits; a longer number has lost its last ones for good.
_KEPT_DIGITS: Final = 10**15
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}")
_BLANKS: Final = re.compile(r"[ \t\u00a0\u3000]+")
_FORMULA: Final = re.compile("[=@\uff1d\uff20]|[+\\-\uff0b\uff0d](?=[A-Za-z(@=])")
_DATE: Final = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?"
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: How spreadsheets count days, and the span in which a bare number is taken for a day: 1905 to 2119.
_FIRST_DAY, _SERIALS = date(1899, 12, 30).toordinal(), range(2_000, 80_000)


class PlainWords(str):
    """A text that was marked as text: it may begin like a formula and is none."""

    __slots__ = ()


class CellRefused(ValueError):
    """A value cannot be taken; `code` is for machines, the message says what to do and never repeats the value."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Kind(Protocol):
    """How the values of a column are written."""

    def read(self, written: Written) -> Any:
        """Return the value of a cell that is not empty.

        Raises:
            CellRefused: with the cure.
        """

    @property
    def hint(self) -> str:
        """Return in a few words how a value is written, for the template and the mapping page."""


@dataclass(frozen=True)
class Column:
    """One column of a register.

    `aliases` are headings seen in the wild; label and key are known without being named. `example` is fictitious. A
    column with `is_once` is asked once for the whole file. `mask` hides a personal value where many are shown at once.
    """

    key: str
    label: str | Promise
    kind: Kind
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    is_personal: bool = False
    is_once: bool = False
    help: str | Promise = ""
    example: str = ""
    default: str = ""
    mask: Callable[[str], str] = mask_name


def text_of(written: Written) -> str:
    """Return a cell as the text a person would have typed.

    Raises:
        CellRefused: a number whose last digits a spreadsheet has dropped.
    """
    if isinstance(written, str):
        if _SCIENTIFIC.fullmatch(written):
            raise mangled()
        return written
    if written is None:
        return ""
    if isinstance(written, bool):
        return "TRUE" if written else "FALSE"
    if abs(written) >= _KEPT_DIGITS:
        raise mangled()
    return str(int(written)) if float(written).is_integer() else repr(written)


def mangled() -> CellRefused:
    """Return the refusal of a long number that a spreadsheet has shortened."""
    return CellRefused(
        "digits_lost",
        _(
            "The spreadsheet has turned this long number into 1.23E+17 and dropped its last digits. Format the column"
            " as text, enter the number again from the source, and save."
        ),
    )


def _plain(written: Written) -> str:
    return _BLANKS.sub(" ", text_of(written)).strip()


@dataclass(frozen=True)
class Text:
    """Words of at most `longest` characters; what a spreadsheet would take for a formula is refused."""

    longest: int = 100
    least: int = 0

    def read(self, written: Written) -> str:
        """Return the words with single blanks."""
        if isinstance(written, str) and _FORMULA.match(written.lstrip()) and not isinstance(written, PlainWords):
            raise CellRefused("formula", _("This begins like a formula. Enter the value itself."))
        text = _plain(written)
        if len(text) > self.longest:
            raise CellRefused("too_long", _("At most %(most)d characters fit; shorten it.") % {"most": self.longest})
        if len(text) < self.least:
            raise CellRefused("too_short", _("At least %(least)d characters are needed.") % {"least": self.least})
        return text

    @property
    def hint(self) -> str:
        """Return how long it may be."""
        return _("text, at most %(most)d characters") % {"most": self.longest}


@dataclass(frozen=True)
class Code:
    """A code of a fixed form; `form` is a regular expression for the whole of it, `says` describes it in words."""

    form: str
    says: str | Promise

    def read(self, written: Written) -> str:
        """Return the code in half-width characters without blanks."""
        text = narrow(_plain(written).replace(" ", ""))
        if not re.fullmatch(self.form, text, re.ASCII):
            raise CellRefused("code", _("Expected %(form)s.") % {"form": self.says})
        return text

    @property
    def hint(self) -> str:
        """Return the form in words."""
        return str(self.says)


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = 2**31 - 1

    def read(self, written: Written) -> int:
        """Return the number."""
        found = Number(Decimal(self.least), Decimal(self.most), places=0).read(written)
        return int(found)

    @property
    def hint(self) -> str:
        """Return the span."""
        return _("whole number from %(least)d to %(most)d") % {"least": self.least, "most": self.most}


@dataclass(frozen=True)
class Number:
    """A number with at most `places` decimals; thousands may be grouped by commas."""

    least: Decimal = Decimal(-(10**12))
    most: Decimal = Decimal(10**12)
    places: int = 6

    def read(self, written: Written) -> Decimal:
        """Return the number."""
        text = narrow(_plain(written)).replace(" ", "")
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        try:
            found = Decimal(text)
        except InvalidOperation:
            raise CellRefused("number", _("Expected a number such as 12.5.")) from None
        if not found.is_finite() or not self.least <= found <= self.most:
            span = {"least": self.least, "most": self.most}
            raise CellRefused("out_of_range", _("Expected a number from %(least)s to %(most)s.") % span)
        exponent = found.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise CellRefused("places", _("At most %(most)d decimals fit.") % {"most": self.places})
        return found

    @property
    def hint(self) -> str:
        """Return that it is a number."""
        return _("number")


@dataclass(frozen=True)
class Day:
    """A day. `form` (as strptime has it) reads days written in another order; the mapping sets it."""

    form: str = ""

    def read(self, written: Written) -> date:
        """Return the day."""
        try:
            return self._read(written)
        except ValueError:
            raise CellRefused("day", _("Expected a day such as 2024-09-12.")) from None

    def _read(self, written: Written) -> date:
        if isinstance(written, (int, float)) and not isinstance(written, bool) and int(written) in _SERIALS:
            return date.fromordinal(_FIRST_DAY + int(written))
        text = narrow(_plain(written))
        if self.form:
            return datetime.strptime(text, self.form).date()  # noqa: DTZ007 - a day has no zone
        match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return date(int(match[1]), int(match[2]), int(match[3]))

    @property
    def hint(self) -> str:
        """Return an example."""
        return _("day, such as 2024-09-12")


@dataclass(frozen=True)
class Moment:
    """A day with its time, or a day alone (its beginning). `form` (as strptime has it) reads other orders."""

    form: str = ""

    def read(self, written: Written) -> datetime:
        """Return the moment; without a zone unless the file gives one."""
        try:
            return self._read(narrow(_plain(written)))
        except ValueError:
            raise CellRefused("moment", _("Expected a moment such as 2024-09-12 09:30.")) from None

    def _read(self, text: str) -> datetime:
        if self.form:
            return datetime.strptime(text, self.form)  # noqa: DTZ007 - the register knows the zone
        day, _blank, rest = text.replace("T", " ").partition(" ")
        match = _DATE.fullmatch(day)
        if match is None:
            raise ValueError(text)
        start = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
        return datetime.fromisoformat(f"{start} {rest.zfill(8) if rest.count(':') == 2 else rest}".strip())

    @property
    def hint(self) -> str:
        """Return an example."""
        return _("moment, such as 2024-09-12 09:30")


@dataclass(frozen=True)
class Choice:
    """One of several: each code with its word, and further words that mean the same."""

    words: Mapping[str, str | Promise]
    also: Mapping[str, str] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, written: Written) -> str:
        """Return the code."""
        found = (self._codes or self._every_word()).get(narrow(_plain(written)).lower())
        if found is None:
            raise CellRefused("choice", _("Expected one of: %(words)s.") % {"words": self._said})
        return found

    def _every_word(self) -> dict[str, str]:
        """Return what each code may be called, in every language; made once, for it is asked for every row."""
        found = {word.lower(): code for word, code in self.also.items()}
        for language in LANGUAGES:
            with translation.override(language):
                found |= {str(word).lower(): code for code, word in self.words.items()}
        self._codes.update(found | {code.lower(): code for code in self.words})
        return self._codes

    @property
    def _said(self) -> str:
        return "、".join(str(word) for word in self.words.values())

    @property
    def hint(self) -> str:
        """Return the words."""
        return _("one of: %(words)s") % {"words": self._said}


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    def read(self, written: Written) -> bool:
        """Return which."""
        text = narrow(_plain(written)).lower()
        if text in {"是", "有", "√", "✓", "y", "yes", "true", "1", "对"}:
            return True
        if text in {"否", "无", "×", "n", "no", "false", "0", "不"}:
            return False
        raise CellRefused("yes_no", _("Expected yes or no."))

    @property
    def hint(self) -> str:
        """Return the two words."""
        return _("yes or no")


@dataclass(frozen=True)
class ReadBy:
    """Values read by a function of the room: it takes the text and raises ValueError with the cure in its words."""

    reading: Callable[[str], Any]
    says: str | Promise

    def read(self, written: Written) -> Any:
        """Return what the function makes of the text."""
        try:
            return self.reading(narrow(_plain(written)))
        except CellRefused:
            raise
        except ValueError as error:
            raise CellRefused("value", str(error)) from None

    @property
    def hint(self) -> str:
        """Return the form in words."""
        return str(self.says)


_WIDE: Final = {**{0xFF01 + place: 0x21 + place for place in range(94)}, 0x3000: 0x20}


def narrow(text: str) -> str:
    """Return a text with full-width letters, digits and signs as half-width ones."""
    return text if text.isascii() else text.translate(_WIDE)
