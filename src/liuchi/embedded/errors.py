"""What can go wrong with the embedded server; every message says what happened and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the message is written for the person at the keyboard."""


class DiskFull(EmbeddedError):
    """Too little room is left on the disk."""


class OtherVersion(EmbeddedError):
    """The data directory was written by another major version of PostgreSQL."""


class BadPath(EmbeddedError):
    """The path cannot carry a socket: too long, or holding a character that connection strings cannot."""


class ClosedDirectory(EmbeddedError):
    """A directory on the way is closed to the account that runs PostgreSQL."""


class NotPermitted(EmbeddedError):
    """Files belong to somebody else or may not be written."""


class BrokenData(EmbeddedError):
    """The directory holds something that PostgreSQL cannot use."""


class StartFailed(EmbeddedError):
    """The server did not come up; the message ends with the tail of its log."""


class ProgramsMissing(EmbeddedError):
    """The programs of PostgreSQL are not installed or may not be trusted."""


KINDS: dict[str, type[EmbeddedError]] = {
    kind.__name__: kind
    for kind in (
        DiskFull,
        OtherVersion,
        BadPath,
        ClosedDirectory,
        NotPermitted,
        BrokenData,
        StartFailed,
        ProgramsMissing,
    )
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an operating-system error inside the block into an `EmbeddedError` about `path`."""
    try:
        yield
    except OSError as error:
        place = error.filename or path
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"The disk is full: {place} cannot be written. Free some space and start again.") from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise NotPermitted(
                f"{place} may not be used by this account ({error.strerror}). Run as its owner or give another --data."
            ) from error
        if isinstance(error, (NotADirectoryError, FileExistsError)):
            raise BrokenData(f"{place} is not a directory. Move it away or give another --data.") from error
        raise StartFailed(f"{place}: {error.strerror}.") from error
