"""The model in use: one file in the instance's data directory, read again when it changes."""

import threading
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from liuchi.engines.cases.suggesting.model import Model, ModelUnreadable, load

FILE: Final = "classes.npz"
_log = structlog.get_logger(__name__)
_lock = threading.Lock()
#: What was read last: where, its time and size, and the model; None where the file could not be read.
_held: tuple[Path, tuple[int, int], Model | None] | None = None


def model_path() -> Path:
    """Return where the instance keeps its class model."""
    return Path(settings.LIUCHI_DATA) / "models" / FILE


def model_in_use() -> Model | None:
    """Return the class model; None where none is trained or the file is damaged, which the log says once."""
    global _held  # noqa: PLW0603 - one model per process
    path = model_path()
    try:
        found = path.stat()
    except OSError:
        return None
    mark = (found.st_mtime_ns, found.st_size)
    held = _held
    if held is None or held[:2] != (path, mark):
        with _lock:
            _held = held = (path, mark, _read(path))
    return held[2]


def _read(path: Path) -> Model | None:
    try:
        return load(path)
    except (ModelUnreadable, OSError) as error:
        _log.error("suggest.model_unreadable", trouble=str(error))
        return None
