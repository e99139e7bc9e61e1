"""Where the bytes lie: the storage named "attachments", a folder or a bucket."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages


def store() -> Storage:
    """Return the storage of this installation."""
    return storages["attachments"]


def put(data: bytes) -> str:
    """Store bytes under a fresh key that tells nothing, and return it."""
    token = secrets.token_hex(20)
    return store().save(f"{token[:2]}/{token}", content=ContentFile(data))


def take_away(*keys: str) -> None:
    """Delete what is stored under `keys`; what is not there any more is no trouble."""
    for key in keys:
        if key:
            store().delete(key)


def stored_keys() -> list[str]:
    """Return every key in the storage, in order."""
    try:
        folders, files = store().listdir("")
    except FileNotFoundError:
        return []  # a folder is made with the first file
    inside = [f"{folder}/{name}" for folder in folders for name in store().listdir(folder)[1]]
    return sorted([*files, *inside])
