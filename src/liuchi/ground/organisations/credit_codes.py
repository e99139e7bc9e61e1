"""The unified social credit code (GB 32100-2015): form, kind of body and check character.

18 characters: who registers (1), kind of body (1), registration office (6), the body's own nine characters with a check
of their own (GB 11714-1997), and the check character of the whole. Written anew because the libraries at hand demand
digits for the registration office and so refuse the N-codes of rural collective economic organisations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Digits and capital letters without I, O, S, V and Z.
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
#: Weights of the eight characters before the check of the body's own code (GB 11714-1997).
BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
BODY_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH: Final = 18
#: Dropped before reading: what people type between groups of characters, and what a copy carries along.
_BETWEEN: Final = re.compile(r"[\s\u200b-\u200f\ufeff-]")

#: What the first two characters say. A code that begins otherwise is taken, with a warning: the tables grow.
KINDS: Final[dict[str, str | Promise]] = {
    "11": gettext_lazy("organ of the state or the Party"),
    "12": gettext_lazy("public institution"),
    "13": gettext_lazy("mass organisation under the staffing authority"),
    "19": gettext_lazy("other body under the staffing authority"),
    "31": gettext_lazy("law firm"),
    "51": gettext_lazy("social association"),
    "52": gettext_lazy("private non-enterprise unit"),
    "53": gettext_lazy("foundation"),
    "54": gettext_lazy("villagers' committee"),
    "55": gettext_lazy("residents' committee"),
    "59": gettext_lazy("other body under civil affairs"),
    "81": gettext_lazy("trade union"),
    "91": gettext_lazy("enterprise"),
    "92": gettext_lazy("sole trader"),
    "93": gettext_lazy("farmers' co-operative"),
    "N1": gettext_lazy("rural collective economic organisation (group)"),
    "N2": gettext_lazy("rural collective economic organisation (village)"),
    "N3": gettext_lazy("rural collective economic organisation (town)"),
    "Y1": gettext_lazy("other body"),
}

#: A registration office that does not exist: 99 is no province. Demo bodies register there.
FICTITIOUS_OFFICE: Final = "990803"


@dataclass(frozen=True, slots=True)
class CreditCode:
    """What a sound code says. `kind` is its first two characters; `warnings` holds doubts that do not refuse it."""

    code: str
    kind: str
    office: str
    body: str
    warnings: tuple[str, ...] = ()

    @property
    def kind_name(self) -> str:
        """Return in words what kind of body this is; empty for a kind the tables do not know."""
        return str(KINDS.get(self.kind, ""))


class CreditCodeError(ValueError):
    """The text is no credit code; the message says what is wrong with it."""


def check_character(first_seventeen: str) -> str:
    """Return the last character for the first 17.

    Raises:
        CreditCodeError: unless they are 17 characters of the alphabet.
    """
    if len(first_seventeen) != _LENGTH - 1 or any(each not in ALPHABET for each in first_seventeen):
        raise CreditCodeError(_("A check character belongs to exactly 17 digits and capital letters."))
    total = sum(ALPHABET.index(each) * weight for each, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def body_check_character(first_eight: str) -> str:
    """Return the ninth character of a body's own code (GB 11714-1997) for its first eight.

    Raises:
        CreditCodeError: unless they are 8 digits and capital letters.
    """
    if len(first_eight) != len(BODY_WEIGHTS) or any(each not in BODY_ALPHABET for each in first_eight):
        raise CreditCodeError(_("The body's own code has 8 digits and capital letters before its check."))
    total = sum(BODY_ALPHABET.index(each) * weight for each, weight in zip(first_eight, BODY_WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def parse_credit_code(text: str) -> CreditCode:
    """Return what a credit code says; spaces, hyphens and small letters are forgiven.

    The kind of body, the registration office and the check within the body's own code only warn: codes issued in other
    ways are in use, and the last character proves the whole.

    Raises:
        CreditCodeError: a wrong length, a letter that never occurs, or a check character that does not fit.
    """
    code = _BETWEEN.sub("", text).upper()
    if len(code) != _LENGTH:
        raise CreditCodeError(
            _("A unified social credit code has 18 characters; this has %(count)d.") % {"count": len(code)}
        )
    for place, each in enumerate(code, start=1):
        if each not in ALPHABET:
            raise CreditCodeError(_strange(each, place))
    if check_character(code[:-1]) != code[-1]:
        raise CreditCodeError(
            _("The check character does not fit: a character is wrong or two are exchanged. Compare it with the paper.")
        )
    return CreditCode(code, code[:2], code[2:8], code[8:17], tuple(_warnings(code)))


def fictitious_credit_code(kind: str, number: int, office: str = FICTITIOUS_OFFICE) -> str:
    """Return a sound code for an invented body: its registration office does not exist, so it can be nobody's.

    `number` (0 to 99,999,999) becomes the body's own eight digits.

    Raises:
        CreditCodeError: an office of an existing province, or a number out of bounds.
    """
    if not re.fullmatch(r"99[0-9]{4}", office) or not 0 <= number < 10**8:
        raise CreditCodeError(_("An invented code needs an office beginning with 99 and a number of up to 8 digits."))
    body = f"{number:08d}"
    first_seventeen = f"{kind}{office}{body}{body_check_character(body)}"
    return first_seventeen + check_character(first_seventeen)


def _strange(letter: str, place: int) -> str:
    if letter in "IOSVZ":
        return _(
            "Character %(place)d is %(letter)s, which never occurs in a credit code (nor do I, O, S, V, Z): "
            "it is perhaps 1, 0, 5 or 2."
        ) % {"place": place, "letter": letter}
    return _("Character %(place)d is neither a digit nor a letter of a credit code.") % {"place": place}


def _warnings(code: str) -> list[str]:
    found = []
    if code[:2] not in KINDS:
        found.append(_("The first two characters name no known kind of body."))
    if not code[2:8].isdecimal():
        found.append(_("The registration office is not written in digits."))
    if any(each not in BODY_ALPHABET for each in code[8:16]) or body_check_character(code[8:16]) != code[16]:
        found.append(_("The check within the body's own code does not fit."))
    return found
