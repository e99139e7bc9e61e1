"""Links to files: signed, for one holder, for ten minutes. Whoever else gets hold of one gets nothing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.core import signing

from liuchi.ground.attachments.models import Attachment
from liuchi.ground.kernel.keyring import keyring

GOOD_FOR = timedelta(minutes=10)
Variant = Literal["file", "thumbnail"]
_SALT = "attachments.link"


@dataclass(frozen=True)
class Named:
    """What a link names."""

    attachment_id: UUID
    variant: Variant


def holder_mark(who: str) -> bytes:
    """Return the mark of a holder such as "account:…" or "session:…": a keyed hash that tells nobody who it is."""
    return keyring().blind(who, "attachments.holder")


def link_token(attachment: Attachment, variant: Variant, holder: bytes) -> str:
    """Return what stands in the address of a file for `holder`, who has just been shown that it is there."""
    return signing.dumps([attachment.id.hex, variant, holder.hex()], salt=_SALT, compress=False)


def open_token(token: str, holder: bytes) -> Named | None:
    """Return what a token names, or None when it is forged, older than ten minutes, or made for somebody else."""
    try:
        attachment, variant, made_for = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    if made_for != holder.hex():
        return None
    return Named(UUID(attachment), "thumbnail" if variant == "thumbnail" else "file")
