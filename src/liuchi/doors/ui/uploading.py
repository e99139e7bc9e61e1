"""Uploaded files on their way into the house: too large for a form's memory, they still lie under no name on a disk."""

from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from liuchi.ground.exchange.intake import memory_file


class NamelessUploadHandler(FileUploadHandler):
    """Holds a file where nobody finds it after a crash; the framework's own handler leaves it in a folder for all."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        held = cast("Any", memory_file())
        self.file = UploadedFile(held, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece."""
        del start
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the file, to be read from its beginning."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Let go of what had come."""
        if hasattr(self, "file"):
            self.file.close()
