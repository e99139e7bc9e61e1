"""Identity documents: the citizen number (GB 11643-1999) with its birth date and check digit, and other documents.

The place in the first six digits is not held against a number: places are re-coded, so an unknown one only raises a
doubt. So do a birth date and a sex that were stated otherwise: people know them better than a number typed wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import TYPE_CHECKING, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"
#: First and last of the two digits allotted to provinces, Taiwan, Hong Kong and Macao, and 83 for residence permits.
PROVINCES: Final = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
_PROVINCES: Final = frozenset(str(each) for first, last in PROVINCES for each in range(first, last + 1))
#: The serials that numbers of 15 digits kept for people who were a hundred years old: born in 18xx, not 19xx.
CENTENARIANS: Final = frozenset({"996", "997", "998", "999"})
#: Under this age consent is a guardian's, and all data is sensitive (PIPL art. 28, 31).
CHILD_UNDER: Final = 14
#: Under this age a person is a minor (Civil Code art. 17).
MINOR_UNDER: Final = 18


class DocumentKind(TextChoices):
    """Which document an identity number is of."""

    CITIZEN = "citizen", gettext_lazy("identity card or residence permit (18 or 15 digits)")
    PASSPORT = "passport", gettext_lazy("passport")
    HK_MACAO = "hk_macao", gettext_lazy("mainland travel permit of Hong Kong and Macao residents")
    TAIWAN = "taiwan", gettext_lazy("mainland travel permit of Taiwan residents")
    FOREIGN = "foreign", gettext_lazy("foreigner's permanent residence card")


class Sex(TextChoices):
    """The sex that a document states, by the codes of GB/T 2261.1-2003."""

    MALE = "1", gettext_lazy("male")
    FEMALE = "2", gettext_lazy("female")


class Doubt(TextChoices):
    """What does not fit and refuses nothing: somebody should look at it."""

    UNKNOWN_PLACE = "unknown_place", gettext_lazy("the first six digits of the number are no place known to us")
    BIRTH_DIFFERS = "birth_differs", gettext_lazy("the date of birth stated is not the one in the number")
    SEX_DIFFERS = "sex_differs", gettext_lazy("the sex stated is not the one in the number")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a sound number says.

    `written` is the number as it stands on the document (a citizen number may have 15 digits), X large. `number` is by
    what it is found and compared: 18 characters for citizens, "passport:E12345678" for others. What a number does not
    say is None or "".
    """

    kind: DocumentKind
    number: str
    written: str
    born_on: date | None = None
    sex: str = ""
    doubts: tuple[Doubt, ...] = ()


class IdentityError(ValueError):
    """The text is no number of this document; the message says why, without repeating the number."""


#: How the numbers of other documents look. Passports differ by country; letters and digits is all they share.
_FORMS: Final[Mapping[DocumentKind, re.Pattern[str]]] = {
    DocumentKind.PASSPORT: re.compile(r"[A-Z0-9]{5,17}"),
    DocumentKind.HK_MACAO: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    DocumentKind.TAIWAN: re.compile(r"[0-9]{8}|[0-9]{10}"),
    DocumentKind.FOREIGN: re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
}


def check_digit(first_seventeen: str) -> str:
    """Return the last character for the first 17 digits. Raises IdentityError unless they are 17 digits."""
    if not re.fullmatch(r"[0-9]{17}", first_seventeen):
        raise IdentityError(_("A check digit belongs to exactly 17 digits."))
    return CHECKS[sum(map(mul, map(int, first_seventeen), WEIGHTS)) % 11]


def parse_identity(text: str, *, kind: str = DocumentKind.CITIZEN, today: date | None = None) -> Identity:
    """Return what a number says; spaces and hyphens in it and small letters are forgiven.

    A citizen number of 15 digits (issued until 1999) is compared by its 18 characters: the century is 19, or 18 for
    the serials kept for centenarians. With `today`, a birth after that day is refused.

    Raises:
        IdentityError: for a wrong form, an impossible birth date or a wrong check digit.
    """
    written = re.sub(r"[\s-]", "", text).upper()
    if kind != DocumentKind.CITIZEN:
        return _other(DocumentKind(kind), written)
    number = _lengthened(written) if re.fullmatch(r"[0-9]{15}", written) else written
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise IdentityError(_("A citizen number has 18 characters: 17 digits and a digit or X."))
    born_on = _birth_date(number, today)
    if check_digit(number[:17]) != number[17]:
        raise IdentityError(_("The check digit does not fit: a digit is wrong or two are exchanged."))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    doubts = () if _is_known_place(number[:6]) else (Doubt.UNKNOWN_PLACE,)
    return Identity(DocumentKind.CITIZEN, number, written, born_on, sex, doubts)


def find_identity(text: str, *, kind: str = DocumentKind.CITIZEN) -> Identity | None:
    """Return what a number says, or None for a text that is no number of this document."""
    try:
        return parse_identity(text, kind=kind)
    except IdentityError:
        return None


def doubts_about(identity: Identity, *, born_on: date | None = None, sex: str = "") -> tuple[Doubt, ...]:
    """Return the doubts of a number, and those about a birth date and a sex that were stated beside it."""
    found = list(identity.doubts)
    if born_on is not None and identity.born_on is not None and born_on != identity.born_on:
        found.append(Doubt.BIRTH_DIFFERS)
    if sex and identity.sex and sex != identity.sex:
        found.append(Doubt.SEX_DIFFERS)
    return tuple(found)


def age_on(born_on: date, day: date) -> int:
    """Return the full years of life on a day; who was born on 29 February grows older on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_child(born_on: date | None, day: date) -> bool:
    """Tell whether somebody is known to be under 14 (PIPL art. 31)."""
    return born_on is not None and age_on(born_on, day) < CHILD_UNDER


def is_minor(born_on: date | None, day: date) -> bool:
    """Tell whether somebody is known to be under 18 (Civil Code art. 17)."""
    return born_on is not None and age_on(born_on, day) < MINOR_UNDER


def _lengthened(fifteen: str) -> str:
    century = "18" if fifteen[12:] in CENTENARIANS else "19"
    longer = f"{fifteen[:6]}{century}{fifteen[6:]}"
    return longer + check_digit(longer)


def _other(kind: DocumentKind, written: str) -> Identity:
    if not _FORMS[kind].fullmatch(written):
        raise IdentityError(_("This is no number of such a document: %(document)s.") % {"document": kind.label})
    return Identity(kind, f"{kind}:{written}", written)


def _is_known_place(code: str) -> bool:
    """Tell whether a province, city and county may have such a code: provinces are listed, the rest counts from 01."""
    is_province = code[:2] in _PROVINCES
    is_abroad = code in {"710000", "810000", "820000", "830000"}
    return is_province and (is_abroad or (code[2:4] != "00" and code[4:6] != "00"))


def _birth_date(number: str, today: date | None) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentityError(_("Digits 7 to 14 are not a date of birth.")) from None
    if born_on.year < 1800 or (today is not None and born_on > today):
        raise IdentityError(_("Digits 7 to 14 are not a possible date of birth."))
    return born_on
