"""Questions that are put into SQL once and asked often: what the ORM spends on a statement, it spends once.

Who asks the same again (a key at each request, a work-list that is looked at all day) pays for the question alone. The
ORM still says what is asked: a queryset is made with stand-ins where values differ, and each stand-in is a parameter of
the statement.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

#: Stand-ins that no row holds: ids of version 0 do not exist, nor do moments in such years.
AN_ID: Final = UUID("00000000-5107-0000-0000-000000000001")
ANOTHER_ID: Final = UUID("00000000-5107-0000-0000-000000000002")
A_TEXT: Final = "\x01a text\x01"
ANOTHER_TEXT: Final = "\x01another text\x01"
A_MOMENT: Final = datetime(1, 1, 2, 3, 4, 5, 6, UTC)
_LIMIT: Final = "\x01limit\x01"
ANOTHER_MOMENT: Final = datetime(1, 1, 3, 3, 4, 5, 6, UTC)


M = TypeVar("M", bound=Model)


class _Statement:
    """A statement, its parameters, and which of them stand in for which value."""

    def __init__(self, sql: str, params: tuple[Any, ...], slots: Mapping[str, object]) -> None:
        names = {value: name for name, value in slots.items()}
        self.sql, self.params = sql, params
        self.names = {at: names[each] for at, each in enumerate(params) if _is_hashable(each) and each in names}
        if missing := sorted(slots.keys() - self.names.values()):
            raise ValueError(f"{missing[0]} is no parameter of {sql}")

    def rows(self, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        params: list[Any] = [
            values[self.names[at]] if at in self.names else each for at, each in enumerate(self.params)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


class Compiled:
    """A queryset of values, as SQL; `slots` names each stand-in, and `rows` takes a value for each name.

    Where it `is_limited`, `rows` takes the most rows wanted as `limit` beside them.

    Raises:
        ValueError: a stand-in is no parameter of the statement; it was changed on its way, or not used at all.
    """

    def __init__(
        self, rows: QuerySet[Any, tuple[Any, ...]], slots: Mapping[str, object], *, is_limited: bool = False
    ) -> None:
        self._statement: _Statement | None = None
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            # Nothing can fit, such as a row in none of no areas: there is nothing to ask.
            return
        if is_limited:
            sql, params, slots = f"{sql} LIMIT %s", (*params, _LIMIT), {**slots, "limit": _LIMIT}
        self._statement = _Statement(sql, params, slots)

    def rows(self, **values: object) -> list[tuple[Any, ...]]:
        """Ask, and return the rows as the database gives them; without asking where none can fit."""
        return self._statement.rows(values) if self._statement is not None else []


class CompiledObjects(Generic[M]):
    """A queryset of objects, with what it selects beside them and locks, as SQL; else as `Compiled`.

    Raises:
        ValueError: a stand-in is no parameter of the statement.
    """

    def __init__(self, rows: QuerySet[M], slots: Mapping[str, object]) -> None:
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = self._compiler.as_sql()
        self._statement = _Statement(sql, tuple(params), slots)
        made_of = self._compiler.klass_info
        self._model: type[M] = made_of["model"]
        own = made_of["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [each[0].target.attname for each in self._compiler.select[self._own]]
        self._beside = get_related_populators(made_of, self._compiler.select, DEFAULT_DB_ALIAS)

    def objects(self, **values: object) -> list[M]:
        """Ask, and return the objects."""
        found = []
        for row in self._compiler.results_iter([self._statement.rows(values)]):
            each = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
            for related in self._beside:
                related.populate(row, each)
            found.append(each)
        return found


def _is_hashable(value: object) -> bool:
    return not isinstance(value, list | dict | bytearray)
