"""Which alphabet a text file is written in: told by its mark, or by what all of its bytes fit."""

import codecs
from typing import IO, Final

#: What somebody may choose instead of what was detected.
ENCODINGS: Final = ("utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "big5")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PIECE: Final = 1 << 16


def detect_encoding(file: IO[bytes]) -> tuple[str, bool]:
    """Return the encoding of a file, and whether that is sure: it has a mark, or all of it fits."""
    file.seek(0)
    head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, True
    if (wide := _wide(head)) is not None:
        return wide, False
    if _misfits(file, "utf-8") == 0:
        return "utf-8-sig", True
    misfits = {name: _misfits(file, name) for name in ("gb18030", "utf-8-sig")}
    best = min(misfits, key=lambda name: misfits[name])
    return best, misfits[best] == 0


def _wide(head: bytes) -> str | None:
    """Return UTF-16 without a mark: of mostly plain text every other byte is nought."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > half * 0.3:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > half * 0.3 else None


def _misfits(file: IO[bytes], encoding: str) -> int:
    """Return how many places of the file do not fit an encoding."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    count = 0
    while piece := file.read(_PIECE):
        count += decoder.decode(piece).count("\ufffd")
    return count + decoder.decode(b"", final=True).count("\ufffd")
