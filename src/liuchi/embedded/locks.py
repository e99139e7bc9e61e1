"""Locks that die with their holder: flock on files inside the data directory."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX


def lock(path: Path, mode: int, deadline: float) -> int | None:
    """Return a descriptor (close-on-exec) that holds `path` locked, or None when `deadline` (monotonic) passes.

    Closing the descriptor gives the lock back, and so does the death of the process.
    """
    while True:
        fd = _opened(path)
        if _try(fd, mode) and _still_named(fd, path):
            return fd
        os.close(fd)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.02)


def lock_when_alone(path: Path) -> int:
    """Return a descriptor that holds `path` exclusively, after waiting for however long others hold it."""
    fd = _opened(path)
    fcntl.flock(fd, EXCLUSIVE)
    return fd


@contextmanager
def locked(path: Path, mode: int, deadline: float) -> Iterator[bool]:
    """Hold `path` locked inside the block; yields False, unlocked, when `deadline` passed first."""
    fd = lock(path, mode, deadline)
    try:
        yield fd is not None
    finally:
        if fd is not None:
            # Unlocking, not only closing: a child forked meanwhile by another thread may hold a copy.
            fcntl.flock(fd, fcntl.LOCK_UN)
            os.close(fd)


@contextmanager
def directory_locked(path: Path) -> Iterator[None]:
    """Hold a directory locked inside the block, against others who do the same; it takes no file in it."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, EXCLUSIVE)
        yield
    finally:
        os.close(fd)


def is_held(path: Path) -> bool:
    """Return whether some process holds `path` exclusively."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        if not _try(fd, SHARED):
            return True
        fcntl.flock(fd, fcntl.LOCK_UN)
        return False
    finally:
        os.close(fd)


def is_current(fd: int, path: Path) -> bool:
    """Return whether the lock held by `fd` is still the one that others find at `path`."""
    return _still_named(fd, path)


def _opened(path: Path) -> int:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    owner, found = path.parent.stat(), os.fstat(fd)
    if os.geteuid() == 0 and found.st_uid == 0 != owner.st_uid and found.st_nlink == 1:
        # Else a lock first made by root would shut out the ordinary owner of the data. (A second name would be a trap.)
        os.fchown(fd, owner.st_uid, owner.st_gid)
    return fd


def _try(fd: int, mode: int) -> bool:
    try:
        fcntl.flock(fd, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_named(fd: int, path: Path) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(fd), named)
