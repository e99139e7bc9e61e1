"""What a file is, told by its bytes and never by its name."""

import io
import zipfile
from dataclasses import dataclass

import puremagic
from django.utils.translation import gettext as _

from liuchi.ground.kernel.errors import RuleBroken

#: The largest file taken, in bytes.
MOST_BYTES = 20 * 1024 * 1024
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES = frozenset({JPEG, PNG, WEBP})
ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf", WORD: "docx", SHEET: "xlsx"}
_INSIDE = {WORD: "word/document.xml", SHEET: "xl/workbook.xml"}


class FileRefused(RuleBroken):
    """The file is too large, of a kind that is not taken, or damaged."""

    code = "file_refused"


@dataclass(frozen=True)
class Sniffed:
    """The kind of a file: its content type, and the ending its name gets."""

    content_type: str
    ending: str


def sniff(data: bytes) -> Sniffed:
    """Return what kind of file `data` is.

    Raises:
        FileRefused: empty, larger than 20 MB, or none of JPEG, PNG, WebP, PDF, DOCX, XLSX.
    """
    if not data:
        raise FileRefused(_("This file is empty. Choose it again."), field="photos")
    if len(data) > MOST_BYTES:
        raise FileRefused(
            _("This file has %(size)d MB; at most %(most)d MB are taken. Send a smaller copy.")
            % {"size": -(-len(data) // 1024**2), "most": MOST_BYTES // 1024**2},
            field="photos",
        )
    found = _candidates(data)
    for kind in (JPEG, PNG, WEBP, PDF):
        if kind in found:
            return Sniffed(kind, ENDINGS[kind])
    for kind, part in _INSIDE.items():
        if _holds(data, part):
            return Sniffed(kind, ENDINGS[kind])
    raise FileRefused(
        _("Files of this kind are not taken. Send a photo (JPEG, PNG, WebP), a PDF, or a Word or Excel file."),
        field="photos",
    )


def _candidates(data: bytes) -> set[str]:
    """Return the types whose marks stand at the very beginning; marks elsewhere can be planted in anything."""
    try:
        found = puremagic.magic_string(data[:8192])
    except puremagic.PureError:
        return set()
    return {each.mime_type for each in found if each.byte_match and data.startswith(each.byte_match[:3])} & set(ENDINGS)


def _holds(data: bytes, part: str) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return {"[Content_Types].xml", part} <= names and not any(name.endswith("vbaProject.bin") for name in names)
