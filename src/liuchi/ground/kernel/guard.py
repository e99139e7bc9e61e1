"""The guard at the database: INSERT, UPDATE and DELETE reach it only from an action, a reaction or maintenance."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from liuchi.ground.kernel.sql import written_tables

ScopeKind = Literal["action", "reaction", "maintenance"]

#: The framework's own book-keeping; it states nothing about the district.
FRAMEWORK_TABLES = frozenset(
    {
        "django_session",
        "django_migrations",
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_workers",
        "procrastinate_periodic_defers",
    }
)


class WriteOutsideAction(RuntimeError):
    """A statement tried to change data outside an action; move it into the room's `actions`."""


@dataclass
class Scope:
    """What is allowed to write at present, and what it has done so far."""

    kind: ScopeKind
    name: str
    writes: int = 0
    lines: int = 0
    #: The keyring that everything in this scope sees, once `keyring.pin_keyring` has said so.
    keys: object | None = None


_scope: ContextVar[Scope | None] = ContextVar("write_scope", default=None)


def current_scope() -> Scope | None:
    """Return the scope in force, or None where nothing may write."""
    return _scope.get()


@contextmanager
def scope(kind: ScopeKind, name: str) -> Iterator[Scope]:
    """Open the database for writing within the block, in the name of `name`."""
    opened = Scope(kind, name)
    token = _scope.set(opened)
    try:
        yield opened
    finally:
        _scope.reset(token)


class Composed(Protocol):
    """A statement put together by psycopg.sql."""

    def as_string(self, context: Any = None) -> str:
        """Return the statement as text."""


def refuse_stray_writes(
    execute: Callable[..., Any],
    sql: str | bytes | Composed,
    params: object,
    many: bool,  # noqa: FBT001 - the shape of a Django execute wrapper
    context: Mapping[str, Any],
) -> Any:
    """Pass reads, and writes inside a scope, on to the database.

    Raises:
        WriteOutsideAction: for a write where no scope is open.
    """
    check_statement(sql)
    return execute(sql, params, many, context)


def check_statement(sql: str | bytes | Composed) -> None:
    """Count a write in the scope in force.

    Raises:
        WriteOutsideAction: for a write where no scope is open.
    """
    text = sql if isinstance(sql, str) else sql.decode() if isinstance(sql, bytes) else sql.as_string()
    if written_tables(text) <= FRAMEWORK_TABLES:
        return
    opened = _scope.get()
    if opened is None:
        raise WriteOutsideAction(text[:120])
    opened.writes += 1
