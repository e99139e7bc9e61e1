"""Django's PostgreSQL backend with the guard built in, so that no connection can be opened without it."""

from typing import Any

from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from liuchi.ground.kernel.guard import WriteOutsideAction, check_statement, refuse_stray_writes

#: What a psycopg cursor runs besides `execute`; Django's wrappers do not see it.
_RUNS = frozenset({"copy", "stream"})


class _Guarded(CursorWrapper):
    """A cursor whose side doors are guarded too."""

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        return self._guarded(found) if name in _RUNS else found

    def callproc(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - Django's shape
        """Refuse a call: what a procedure does inside cannot be seen.

        Raises:
            WriteOutsideAction: always.
        """
        raise WriteOutsideAction("stored procedures are not called from here; write an action")

    @staticmethod
    def _guarded(run: Any) -> Any:
        def checked(statement: Any, *args: Any, **kwargs: Any) -> Any:
            check_statement(statement)
            return run(statement, *args, **kwargs)

        return checked


class _GuardedDebug(CursorDebugWrapper, _Guarded):
    """The same with Django's log of queries."""


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A PostgreSQL connection that refuses writes outside actions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(refuse_stray_writes)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Return the guarded cursor around psycopg's."""
        return _Guarded(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        """Return the guarded cursor that logs queries."""
        return _GuardedDebug(cursor, self)
