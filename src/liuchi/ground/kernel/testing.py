"""For tests of any room: what the worker would do next, done here and now; and keys that may change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from liuchi.ground.kernel import clock
from liuchi.ground.kernel import keyring as live
from liuchi.ground.kernel.jobs import FAILED_WITH, wired_jobs
from liuchi.ground.kernel.keyfile import create_keyring

_NEXT = """
DELETE FROM procrastinate_jobs WHERE id = (
    SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
    ORDER BY id LIMIT 1
) RETURNING task_name, args
"""


def run_jobs(most: int = 100) -> list[str]:
    """Run the jobs that are due by the house's clock, and those they ask for; return their names in order.

    A job that fails raises here; nothing is tried again.
    """
    done: list[str] = []
    while len(done) < most and (found := _take()) is not None:
        name, arguments = found
        wired_jobs()[name].run(**arguments)
        done.append(name)
    return done


def waiting_jobs() -> list[tuple[str, dict[str, Any]]]:
    """Return name and arguments of the jobs that wait, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [(name, _given(arguments)) for name, arguments in cursor.fetchall()]


def _take() -> tuple[str, dict[str, Any]] | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [clock.now()])
        row = cursor.fetchone()
    return (row[0], _given(row[1])) if row else None


def _given(arguments: str | dict[str, Any]) -> dict[str, Any]:
    read = json.loads(arguments) if isinstance(arguments, str) else arguments
    return {name: value for name, value in read.items() if name not in (FAILED_WITH, "timestamp")}


@pytest.fixture
def own_keys(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a key file of its own, looked at anew at every use; return its folder."""
    folder = tmp_path / "keys"
    create_keyring(folder)
    settings.LIUCHI_KEYS = folder
    monkeypatch.setattr(live, "LOOK", 0.0)
    live.forget_keyring()
    yield folder
    live.forget_keyring()
