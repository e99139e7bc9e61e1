"""The guard at the database: INSERT, UPDATE and DELETE reach it only from inside an action, a reaction or maintenance."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

ScopeKind = Literal["action", "reaction", "maintenance"]

_WRITE = re.compile(
    r"\s*(?:(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|COPY)\s+"
    r'"?(?P<table>\w+)|WITH\b.*?\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|UPDATE\s+"?\w+"?\s+SET)\b)',
    re.IGNORECASE | re.DOTALL,
)
#: The framework's own book-keeping; it states nothing about the district.
FRAMEWORK_TABLES = frozenset({"django_session", "django_migrations"})


class WriteOutsideAction(RuntimeError):
    """A statement tried to change data outside an action; move it into the room's `actions`."""


@dataclass
class Scope:
    """What is allowed to write at present, and what it has done so far."""

    kind: ScopeKind
    name: str
    writes: int = 0
    lines: int = 0


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


def refuse_stray_writes(
    execute: Callable[..., Any],
    sql: str,
    params: object,
    many: bool,
    context: Mapping[str, Any],  # noqa: FBT001
) -> Any:
    """Pass reads and writes inside a scope on to the database.

    Raises:
        WriteOutsideAction: for a write where no scope is open.
    """
    found = _WRITE.match(sql)
    if found and (found["table"] or "").lower() not in FRAMEWORK_TABLES:
        opened = _scope.get()
        if opened is None:
            raise WriteOutsideAction(sql[:120])
        opened.writes += 1
    return execute(sql, params, many, context)
