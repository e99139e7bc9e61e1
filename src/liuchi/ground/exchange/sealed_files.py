"""Files that lie sealed: written and read in frames, so that neither memory nor disk ever holds them in clear.

A file has a key of its own. Without the key (it stands sealed in the database and goes when the time is up) the file
says nothing, wherever a copy of it lies. Each frame is bound to its file and its place; a missing end is noticed.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME: Final = 256 * 1024
_NONCE: Final = 12
_LENGTH: Final = struct.Struct(">I")
_END: Final = b"end"


class FileBroken(RuntimeError):
    """A sealed file is not the one that was written: cut short, changed, or of another key."""


def new_key() -> str:
    """Return a fresh key, as text."""
    return os.urandom(32).hex()


def seal_bytes(content: bytes, key: str, context: str) -> bytes:
    """Return `content` sealed with a file's key, bound to `context`."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(bytes.fromhex(key)).encrypt(nonce, content, context.encode())


def unseal_bytes(blob: bytes, key: str, context: str) -> bytes:
    """Return what `seal_bytes` took.

    Raises:
        FileBroken: other bytes, another key or another context.
    """
    try:
        return AESGCM(bytes.fromhex(key)).decrypt(blob[:_NONCE], blob[_NONCE:], context.encode())
    except InvalidTag as error:
        raise FileBroken(f"{context} cannot be opened") from error


class SealedWriter:
    """Writes a sealed file, frame by frame; it stands under its name once it is closed without a fault."""

    def __init__(self, path: Path, key: str, context: str) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path, self._fresh = path, path.with_suffix(".new")
        self._key, self._context, self.frames = key, context, 0
        descriptor = os.open(self._fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb")

    def write(self, frame: bytes) -> None:
        """Add a frame."""
        self._put(frame, str(self.frames))
        self.frames += 1

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Write the end and give the file its name; after a fault, remove it."""
        if kind is None:
            self._put(_END, f"{self.frames} {_END.decode()}")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self._fresh.replace(self._path)
        else:
            self._fresh.unlink(missing_ok=True)

    def _put(self, content: bytes, place: str) -> None:
        sealed = seal_bytes(content, self._key, f"{self._context} {place}")
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)


class SealedReader:
    """Reads a sealed file: any frame, or one after the other."""

    def __init__(self, path: Path, key: str, context: str) -> None:
        self._key, self._context = key, context
        try:
            self._file = path.open("rb")
        except FileNotFoundError as error:
            raise FileBroken(f"{context} is not there") from error
        self._places = self._find()

    def __len__(self) -> int:
        """Return how many frames there are."""
        return len(self._places)

    def frame(self, number: int) -> bytes:
        """Return a frame, counted from 0.

        Raises:
            FileBroken: the frame is not as it was written.
        """
        start, length = self._places[number]
        self._file.seek(start)
        return unseal_bytes(self._file.read(length), self._key, f"{self._context} {number}")

    def __iter__(self) -> Iterator[bytes]:
        """Give all frames in order."""
        return (self.frame(number) for number in range(len(self)))

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the file go."""
        self.close()

    def _find(self) -> list[tuple[int, int]]:
        """Return where the frames stand, once the end has been seen."""
        size, places, at = os.fstat(self._file.fileno()).st_size, list[tuple[int, int]](), 0
        while at + _LENGTH.size <= size:
            self._file.seek(at)
            (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
            places.append((at + _LENGTH.size, length))
            at += _LENGTH.size + length
        if at != size or not places:
            self._file.close()
            raise FileBroken(f"{self._context} has been cut short")
        start, length = places.pop()
        self._file.seek(start)
        try:
            unseal_bytes(self._file.read(length), self._key, f"{self._context} {len(places)} {_END.decode()}")
        except FileBroken:
            self._file.close()
            raise
        return places
