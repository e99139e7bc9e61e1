"""Writing files: brought whole or piece by piece, removed, cleaned up."""

from liuchi.ground.attachments.actions.files import (
    MOST_UNSENT,
    MOST_WAITING,
    UNSENT_FOR,
    TooManyFiles,
    clean_up,
    drop_unsent,
    keep_attachment,
    record_scan,
    remove_attachment,
)
from liuchi.ground.attachments.actions.uploads import (
    UploadRefused,
    WrongOffset,
    append_part,
    begin_upload,
    clean_uploads,
    drop_upload,
    keep_upload,
)

__all__ = [
    "MOST_UNSENT",
    "MOST_WAITING",
    "UNSENT_FOR",
    "TooManyFiles",
    "UploadRefused",
    "WrongOffset",
    "append_part",
    "begin_upload",
    "clean_up",
    "clean_uploads",
    "drop_unsent",
    "drop_upload",
    "keep_attachment",
    "keep_upload",
    "record_scan",
    "remove_attachment",
]
