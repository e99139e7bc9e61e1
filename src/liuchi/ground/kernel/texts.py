"""Text as it is kept, whichever door it came through."""

import re
import unicodedata
from typing import Final

#: Control characters but tab and line end; what turns the direction of writing until it is ended, for unended it would
#: turn what stands beside it on every page; byte order marks; halves of characters, which can be written nowhere.
_DROPPED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
#: What nobody sees by itself: control and format characters, halves, marks without a letter, spaces; and blanks of
#: other scripts that count as letters. Characters of private use and unknown ones may be somebody's name: they count.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def plain_text(text: str) -> str:
    """Return text as typed, line ends unified, without space around it.

    Control characters but tab and line end, those that turn the direction of writing, and halves of characters are
    dropped; nothing that can be read is.
    """
    return _DROPPED.sub("", _LINE_END.sub("\n", text)).strip()


def plain_line(text: str) -> str:
    """Return text as `plain_text` does, in one line with single spaces."""
    return " ".join(plain_text(text).split())


def says_something(text: str) -> bool:
    """Tell whether anything of a text can be seen; zero-width characters alone say nothing."""
    return any(each not in _BLANK and unicodedata.category(each) not in _UNSEEN for each in text)
