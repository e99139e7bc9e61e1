"""The files outside the database: `roots.jsonl`, one seal per line, and `leaves.bin`, one entry per position."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from liuchi.ground.journal.seals import JournalBroken, Seal, parse

#: One entry of `leaves.bin`: the line's id (16 bytes), so that even a deleted line can be named, then its leaf hash.
ENTRY = 48
_TAIL = 65536


class Busy(RuntimeError):
    """Another sealer holds the journal at this moment."""


class Folder:
    """The journal's files in one folder. Only the holder of `locked` writes them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.roots = path / "roots.jsonl"
        self.leaves = path / "leaves.bin"

    @contextmanager
    def locked(self, *, wait: bool) -> Iterator[None]:
        """Hold the folder's lock within the block; the operating system lets go of it when the process dies.

        Raises:
            Busy: with `wait` False, when somebody else holds it.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        except BlockingIOError:
            raise Busy(f"another process seals in {self.path}") from None
        finally:
            os.close(descriptor)

    def size(self) -> int:
        """Return the size of `roots.jsonl` in bytes."""
        return self.roots.stat().st_size if self.roots.exists() else 0

    def leaves_size(self) -> int:
        """Return the size of `leaves.bin` in bytes."""
        return self.leaves.stat().st_size if self.leaves.exists() else 0

    def last(self) -> Seal | None:
        """Return the seal of the last complete line, or None in an empty folder.

        Raises:
            JournalBroken: when that line is damaged.
        """
        size = self.size()
        if not size:
            return None
        with self.roots.open("rb") as file:
            file.seek(max(0, size - _TAIL))
            complete = file.read().rpartition(b"\n")[0]
        if not complete:
            return None
        try:
            return parse(complete.rpartition(b"\n")[2])
        except ValueError as error:
            raise JournalBroken(
                f"the last line of {self.roots} is damaged ({error}); put back a good copy of it"
            ) from error

    def repair(self) -> Seal | None:
        """Cut off what a killed sealer left half written, and return the last seal.

        Raises:
            JournalBroken: when `leaves.bin` holds less than the last seal says.
        """
        self._cut_torn_line()
        last = self.last()
        whole = (last.next_position - 1) * ENTRY if last else 0
        held = self.leaves_size()
        if held < whole:
            raise JournalBroken(
                f"{self.leaves} ends before the last seal; put back a good copy of it beside {self.roots}"
            )
        if held > whole:
            os.truncate(self.leaves, whole)
        return last

    def append(self, seal: Seal, entries: bytes) -> None:
        """Write the entries of a seal, then the seal, each safely on disk before the next step."""
        fresh = not self.roots.exists()
        with self.leaves.open("ab") as file:
            file.truncate((seal.first - 1) * ENTRY)  # what an earlier restore has undone may be missing: zeros then
            file.write(entries)
            _settle(file)
        with self.roots.open("ab") as file:
            file.write(seal.text() + b"\n")
            _settle(file)
        if fresh:
            _settle_folder(self.path)

    def lines(self, size: int) -> Iterator[bytes]:
        """Yield the lines of the first `size` bytes of `roots.jsonl`; a torn last one is left out."""
        if not size:
            return
        with self.roots.open("rb") as file:
            for line in file:
                size -= len(line)
                if size < 0 or not line.endswith(b"\n"):
                    return
                yield line[:-1]

    def entries(self, first: int, count: int) -> list[tuple[UUID, bytes]]:
        """Return id and leaf of `count` positions from `first`; fewer where the file is cut."""
        if not self.leaves.exists():
            return []
        with self.leaves.open("rb") as file:
            file.seek((first - 1) * ENTRY)
            held = file.read(count * ENTRY)
        whole = len(held) - len(held) % ENTRY
        return [(UUID(bytes=held[at : at + 16]), held[at + 16 : at + ENTRY]) for at in range(0, whole, ENTRY)]

    def _cut_torn_line(self) -> None:
        size = self.size()
        if not size:
            return
        with self.roots.open("r+b") as file:
            start = max(0, size - _TAIL)
            file.seek(start)
            tail = file.read()
            if not tail.endswith(b"\n"):
                file.truncate(start + tail.rfind(b"\n") + 1)
                _settle(file)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
