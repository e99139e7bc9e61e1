"""Photos and files in forms and pages: brought once, shown again after an error, sent with the words."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse

from liuchi.doors.ui.middleware import actor_of
from liuchi.engines.cases.models import CaseMove, Report, SupervisionEntry
from liuchi.ground.access.models import Account
from liuchi.ground.attachments.actions import drop_unsent, keep_attachment
from liuchi.ground.attachments.links import holder_mark, link_token
from liuchi.ground.attachments.models import Attachment, AttachmentState
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.queries import attachments_of, unsent_of
from liuchi.ground.kernel.errors import RuleBroken

#: Files that one form takes.
MOST = 9
_NAME, _KEPT, _DROP, _PLACE = "photos", "kept_photos", "drop_photo", "photo_place"


@dataclass(frozen=True)
class ShownFile:
    """A file as a page shows it to the reader it was made for; without links while it may not be served."""

    id: UUID
    name: str
    is_picture: bool
    size: int
    state: str
    link: str
    thumbnail: str
    attachment: Attachment


@dataclass(frozen=True)
class Brought:
    """The files of a form: those kept, and what was refused and why."""

    files: Sequence[ShownFile] = ()
    errors: Sequence[str] = field(default_factory=tuple)
    most: int = MOST

    @property
    def ids(self) -> list[UUID]:
        """Return the ids to send with the words."""
        return [each.id for each in self.files]

    @property
    def is_full(self) -> bool:
        """Tell whether no further file is taken."""
        return len(self.files) >= self.most


NO_FILES_YET = Brought()


def holder_of(request: HttpRequest) -> bytes:
    """Return the mark of who holds files in this browser: the account, else the session (begun if there is none)."""
    account = getattr(request, "user", None)
    if isinstance(account, Account):
        return holder_mark(f"account:{account.pk}")
    if request.session.session_key is None:
        request.session.create()
    return holder_mark(f"session:{request.session.session_key}")


def bring_files(request: HttpRequest) -> Brought:
    """Keep the files sent with a form, drop those that were crossed out, and return what the form holds now.

    One refused file refuses no other, and no words.
    """
    if request.method != "POST" or not (request.FILES or request.POST.getlist(_KEPT)):
        return NO_FILES_YET
    holder, errors = holder_of(request), []
    kept = _uuids(request.POST.getlist(_KEPT))
    for gone in _uuids(request.POST.getlist(_DROP)):
        with suppress(RuleBroken):
            drop_unsent(by=actor_of(request), attachment_id=gone, holder=holder)
    for sent in request.FILES.getlist(_NAME)[: max(MOST - len(kept), 0)]:
        try:
            kept.append(_keep(request, sent, holder))
        except RuleBroken as error:
            errors.append(f"{sent.name}: {error}")
    return Brought(shown_files(unsent_of(holder, kept), holder), errors)


def is_only_about_files(request: HttpRequest) -> bool:
    """Tell whether somebody crossed a file out, which sends nothing yet."""
    return bool(request.POST.getlist(_DROP))


def files_of(
    request: HttpRequest, *subjects: Iterable[CaseMove | Report | SupervisionEntry]
) -> dict[UUID, list[ShownFile]]:
    """Return the files of moves, reports and answers that this request's reader was found entitled to (one query)."""
    found = attachments_of([each.id for group in subjects for each in group])
    holder = holder_of(request) if found else b""
    return {subject: shown_files(rows, holder) for subject, rows in found.items()}


def shown_files(rows: Iterable[Attachment], holder: bytes) -> list[ShownFile]:
    """Return files as a page shows them to `holder`, with links good for ten minutes."""
    return [_shown(row, holder) for row in rows]


def _shown(row: Attachment, holder: bytes) -> ShownFile:
    is_ready = row.state == AttachmentState.READY
    link = reverse("file", args=[link_token(row, "file", holder)]) if is_ready else ""
    small = reverse("file", args=[link_token(row, "thumbnail", holder)]) if is_ready and row.thumbnail_key else ""
    return ShownFile(row.id, row.name, row.is_picture, row.size, row.state, link, small, row)


def _keep(request: HttpRequest, sent: UploadedFile, holder: bytes) -> UUID:
    prepared = prepare(sent.read(), sent.name or "", declares_place=_PLACE in request.POST)
    return keep_attachment(by=actor_of(request), prepared=prepared, holder=holder).id


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in list(texts)[: 2 * MOST]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
