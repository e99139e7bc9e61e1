"""Files over weak connections: tus 1.0 (core, creation, creation-with-upload, checksum, expiration, termination).

A file comes in pieces; whoever was cut off asks how far it came and goes on there. When whole it is sniffed, scanned
and made anew as every file is, and reports and moves name it by its id.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from ninja import Header, Router

from liuchi.doors.api.answers import answer
from liuchi.doors.api.problems import Refused
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Problem, UploadOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.actions import (
    UploadRefused,
    WrongOffset,
    append_part,
    begin_upload,
    drop_upload,
    keep_upload,
)
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.attachments.links import holder_mark
from liuchi.ground.attachments.models import Upload
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.queries import upload_of, whole_of
from liuchi.ground.attachments.sniffing import MOST_BYTES, FileRefused

router = Router(tags=["uploads"])
VERSION: Final = "1.0.0"
CHUNK: Final = "application/offset+octet-stream"
#: What a piece may be checked by.
ALGORITHMS: Final = ("sha1", "sha256")
#: The protocol's own status for a piece that did not arrive as it was sent.
MISMATCH: Final = 460
_OPTIONS: Final = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
    "Tus-Max-Size": str(MOST_BYTES),
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}
_PIECE: Final = {
    "requestBody": {"content": {CHUNK: {"schema": {"type": "string", "format": "binary"}}}, "required": False}
}
Protocol = Annotated[str, Header(alias="Tus-Resumable", description="1.0.0")]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, description="Where the piece begins, in bytes.")]
Checksum = Annotated[
    str, Header(alias="Upload-Checksum", description="sha1 or sha256, a space, and the digest of the piece in base64.")
]


@router.api_operation(["OPTIONS"], "", response=ok(None, 204), url_name="api-uploads", operation_id="describeUploads")
def describe(request: HttpRequest) -> HttpResponse:
    """Tell which version and extensions of tus are spoken here, and how large a file may be."""
    return _said(request, 204, _OPTIONS)


@router.post(
    "",
    response={**ok(None, 201), MISMATCH: Problem},
    url_name="api-uploads-begin",
    operation_id="beginUpload",
    openapi_extra=_PIECE,
)
def begin(
    request: HttpRequest,
    length: Annotated[int, Header(alias="Upload-Length", ge=0, description="Of the whole file, in bytes.")],
    protocol: Protocol = "",
    metadata: Annotated[
        str, Header(alias="Upload-Metadata", max_length=2000, description="`filename` and its value in base64.")
    ] = "",
    key: Annotated[
        str,
        Header(alias="Idempotency-Key", max_length=100, description="The same again returns what was begun before."),
    ] = "",
    checksum: Checksum = "",
) -> HttpResponse:
    """Begin a file 断点续传; the first piece may come along. Location is where it goes on."""
    viewer = _ready(request, protocol)
    if length > MOST_BYTES:
        raise Refused(413, "too_large", _("A file has 1 byte to %(most)d MB.") % {"most": MOST_BYTES // 1024**2})
    row = begin_upload(
        by=viewer, holder=_holder(viewer), length=length, name=_filename(metadata), token=key.replace("\0", "")
    )
    if request.content_type == CHUNK and request.body and row.offset == 0:
        row = _grown(request, viewer, row.id, 0, checksum)
    return _said(request, 201, {"Location": f"/api/v1/uploads/{row.id}", **_stands(row)})


@router.api_operation(
    ["HEAD"], "/{uuid:upload_id}", response=ok(None), url_name="api-upload", operation_id="findUploadOffset"
)
def find_offset(request: HttpRequest, upload_id: UUID, protocol: Protocol = "") -> HttpResponse:
    """Tell how far a file has come."""
    viewer = _ready(request, protocol)
    row = upload_of(_holder(viewer), upload_id)
    facts = {"Upload-Length": str(row.length), "Cache-Control": "no-store"}
    if row.name:
        facts["Upload-Metadata"] = "filename " + base64.b64encode(row.name.encode()).decode()
    return _said(request, 200, {**_stands(row), **facts})


@router.patch(
    "/{uuid:upload_id}",
    response={**ok(None, 204), MISMATCH: Problem},
    url_name="api-upload-grow",
    operation_id="continueUpload",
    openapi_extra=_PIECE,
)
def go_on(
    request: HttpRequest, upload_id: UUID, offset: Offset, protocol: Protocol = "", checksum: Checksum = ""
) -> HttpResponse:
    """Send the next piece, at most 2 MB; it is taken whole or not at all. With the last one the file is checked."""
    viewer = _ready(request, protocol)
    if request.content_type != CHUNK:
        raise Refused(415, "unsupported_media_type", _("Send pieces as %(type)s.") % {"type": CHUNK})
    return _said(request, 204, _stands(_grown(request, viewer, upload_id, offset, checksum)))


@router.get("/{uuid:upload_id}", response=ok(UploadOut), url_name="api-upload-read", operation_id="readUpload")
def read(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Tell how far a file has come, and whether it was kept."""
    viewer = viewer_in(request)
    row = upload_of(_holder(viewer), upload_id)
    if row.offset == row.length:
        _keep(viewer, row)  # whoever sent its last piece may have been cut off before it was
        row = upload_of(_holder(viewer), upload_id)
    content = {
        "id": row.id,
        "length": row.length,
        "offset": row.offset,
        "is_kept": row.attachment_id is not None,
        "expires": row.expires_at,
    }
    return answer(content, headers={"Cache-Control": "no-store"})


@router.delete("/{uuid:upload_id}", response=ok(None, 204), url_name="api-upload-drop", operation_id="dropUpload")
def drop(request: HttpRequest, upload_id: UUID, protocol: Protocol = "") -> HttpResponse:
    """Let go of a file that is on its way."""
    viewer = _ready(request, protocol)
    drop_upload(by=viewer, upload_id=upload_id, holder=_holder(viewer))
    return _said(request, 204, {})


def files_named(viewer: Viewer, uploads: Sequence[UUID]) -> Files:
    """Return the files of uploads that came whole, for the report or the move that names them.

    Raises:
        NotFound: one of them is none of this key's, nor of one that it was exchanged for.
        UploadRefused: one of them has not come whole.
    """
    if not uploads:
        return NO_FILES
    holder = _holder(viewer)
    return Files([_keep(viewer, upload_of(holder, each)) for each in dict.fromkeys(uploads)], holder)


def _grown(request: HttpRequest, viewer: Viewer, upload_id: UUID, offset: int, checksum: str) -> Upload:
    piece = request.body
    _require_unharmed(piece, checksum)
    try:
        row = append_part(by=viewer, upload_id=upload_id, holder=_holder(viewer), offset=offset, data=piece)
    except WrongOffset as error:
        raise Refused(409, error.code, str(error)) from error
    if row.offset == row.length:
        _keep(viewer, row)
    return row


def _keep(viewer: Viewer, row: Upload) -> UUID:
    """Keep a file that came whole and return the attachment's id; what is not taken is dropped, with the reason."""
    if row.attachment_id is not None:
        return row.attachment_id
    holder = _holder(viewer)
    if row.offset != row.length:
        raise UploadRefused(_("Of this file %(left)d bytes are still to come.") % {"left": row.length - row.offset})
    content = whole_of(row)
    if len(content) != row.length:  # its last piece was sent twice, and the other one kept it meanwhile
        return _keep(viewer, upload_of(holder, row.id))
    try:
        prepared = prepare(content, row.name)
    except FileRefused:
        drop_upload(by=viewer, upload_id=row.id, holder=holder)
        raise
    return keep_upload(by=viewer, upload_id=row.id, holder=holder, prepared=prepared).id


def _ready(request: HttpRequest, protocol: str) -> Viewer:
    """Return who sends, once the protocol's version is known; answers of any kind name it."""
    viewer = viewer_in(request)
    request.further_headers = {**getattr(request, "further_headers", {}), "Tus-Resumable": VERSION}  # type: ignore[attr-defined]
    if protocol != VERSION:
        raise Refused(412, "tus_version", _("Send Tus-Resumable: 1.0.0."), headers={"Tus-Version": VERSION})
    return viewer


def _holder(viewer: Viewer) -> bytes:
    """Return who holds what a key sends: its line, so that a file goes on with the key it was exchanged for."""
    return holder_mark(f"key:{viewer.key_line}")


def _stands(row: Upload) -> dict[str, str]:
    expires = http_date(timezone.localtime(row.expires_at).timestamp())
    return {"Upload-Offset": str(row.offset), "Upload-Expires": expires}


def _said(request: HttpRequest, status: int, headers: dict[str, str]) -> HttpResponse:
    del request
    return HttpResponse(b"", status=status, headers={"Tus-Resumable": VERSION, **headers})


def _require_unharmed(piece: bytes, checksum: str) -> None:
    """Refuse a piece that is not what was sent.

    Raises:
        Refused: 400 for a checksum that cannot be read, 460 for one that does not fit.
    """
    if not checksum:
        return
    algorithm, _space, digest = checksum.partition(" ")
    try:
        wanted = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        wanted = b""
    if algorithm not in ALGORITHMS or not wanted:
        raise Refused(400, "checksum_unreadable", _("Upload-Checksum is sha1 or sha256, a space, and base64."))
    if hashlib.new(algorithm, piece).digest() != wanted:
        raise Refused(MISMATCH, "checksum_mismatch", _("The piece was harmed on its way. Send it again."))


def _filename(metadata: str) -> str:
    """Return the name of the file among the pairs of Upload-Metadata; "" where there is none that can be read."""
    for pair in metadata.split(","):
        name, _space, value = pair.strip().partition(" ")
        if name in {"filename", "name"}:
            try:
                return base64.b64decode(value, validate=True).decode().replace("\0", "")[:200]
            except (binascii.Error, ValueError):
                return ""
    return ""
