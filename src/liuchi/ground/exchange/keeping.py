"""The key and the files of an import: how long they are kept, and how they go."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from liuchi.ground.exchange.intake import folder_of
from liuchi.ground.exchange.models import Import, ImportBatch
from liuchi.ground.kernel import clock
from liuchi.ground.records.protected import unseal

KEY_FIELD: Final = "exchange.key"
#: For how long what was uploaded is kept: rows can be corrected, and the import taken back.
KEPT: Final = timedelta(days=30)


def key_of(one: Import) -> str:
    """Return the key of an import's files; empty when they have been deleted."""
    return unseal(one.key_sealed, KEY_FIELD, one.id)


def forget_rows(ids: Sequence[Any]) -> int:
    """Let keys, results, files and their names go, inside the action that runs; return how many imports there were."""
    ImportBatch.objects.filter(of_id__in=ids).update(results=None)
    known = Import.objects.filter(id__in=ids, forgotten_at=None)
    words: dict[str, Any] = {"filename": "", "findings": {}, "headings": [], "mapping": None}
    count = known.update(key_sealed=None, forgotten_at=clock.now(), **words)
    for each in ids:
        forget_files(each)
    return count


def forget_files(import_id: UUID) -> None:
    """Remove the files of an import; without their key they say nothing even where a copy is left."""
    shutil.rmtree(folder_of(import_id), ignore_errors=True)
