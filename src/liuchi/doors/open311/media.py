"""Pictures that come with reports and updates: files by multipart are kept, addresses are written down.

Nothing is ever fetched from an address that somebody names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.actions import keep_attachment
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.attachments.links import holder_mark
from liuchi.ground.attachments.preparing import Prepared, prepare
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id

#: Files or addresses that go with one report or update.
MOST: Final = 9


@dataclass(frozen=True)
class Media:
    """Files that were kept, and a line for each that was not: words are never refused for their pictures."""

    files: Files = NO_FILES
    notes: Sequence[str] = ()


def line_of(viewer: Viewer) -> UUID:
    """Return the line of keys with which somebody comes: what was sent with one is known to the next.

    Raises:
        Refused: 403, with none.
    """
    if viewer.key_line is None:
        raise Refused(403, _("api_key is missing, or no key in force."))
    return viewer.key_line


def files_with(request: HttpRequest, viewer: Viewer) -> Media:
    """Keep the files sent as `media` (several; some clients write `media[]` or number them).

    Raises:
        Refused: 400, more than nine.
    """
    sent = _sent(request)
    if len(sent) > MOST:
        raise Refused(400, _("At most %(most)d files go with one request.") % {"most": MOST})
    # Of this request alone: files of one that fails do not count against the next.
    holder = holder_mark(f"key:{line_of(viewer)}:{new_id()}")
    ids, notes = [], []
    for each in sent:
        try:
            ids.append(keep_attachment(by=viewer, prepared=_prepared(each), holder=holder).id)
        except RuleBroken as error:
            notes.append(_("A file was not taken: %(why)s") % {"why": error})
    return Media(Files(ids, holder), notes)


def pictures_named(given: QueryDict) -> list[str]:
    """Return a line for each address of a picture that was named as `media_url` (repeated, or several in one)."""
    urls = (url for text in given.getlist("media_url") for url in text.replace("\0", "").split())
    named = [url[:500] for url in urls if url.startswith(("http:", "https:"))]
    return [_("Picture: %(url)s") % {"url": url} for url in named[:MOST]]


def _sent(request: HttpRequest) -> list[UploadedFile]:
    names = [name for name in request.FILES if name.partition("[")[0] in {"media", "media_url", "photo"}]
    return [each for name in names for each in request.FILES.getlist(name)]


def _prepared(sent: UploadedFile) -> Prepared:
    return prepare(sent.read(), sent.name or "")
