"""How a reporter's name is kept, so that who gives it again is found."""

import re
import unicodedata
from typing import Final

from liuchi.ground.kernel.texts import plain_line

LONGEST_NAME: Final = 40
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def normal_name(text: str) -> str:
    """Return a name in one width, without spaces around it or between Chinese characters, single ones elsewhere."""
    plain = " ".join(unicodedata.normalize("NFKC", plain_line(text)).split())
    return _BETWEEN_CHINESE.sub("", plain)[:LONGEST_NAME].strip()
