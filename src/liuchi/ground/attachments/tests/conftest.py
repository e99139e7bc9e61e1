"""A folder of its own for what tests store."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "attachments": folder}
