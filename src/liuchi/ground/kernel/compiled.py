"""Questions that are put into SQL once and asked often: what the ORM spends on a statement, it spends once.

Who asks the same again (a key at each request, a work-list that is looked at all day) pays for the question alone. The
ORM still says what is asked: a queryset is made with stand-ins where values differ, and each stand-in is a parameter of
the statement.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

#: Stand-ins that no row holds: ids of version 0 do not exist, nor do moments in such years.
AN_ID: Final = UUID("00000000-5107-0000-0000-000000000001")
ANOTHER_ID: Final = UUID("00000000-5107-0000-0000-000000000002")
A_TEXT: Final = "\x01a text\x01"
ANOTHER_TEXT: Final = "\x01another text\x01"
A_MOMENT: Final = datetime(1, 1, 2, 3, 4, 5, 6, UTC)
ANOTHER_MOMENT: Final = datetime(1, 1, 3, 3, 4, 5, 6, UTC)


class Compiled:
    """A queryset of values, as SQL; `slots` names each stand-in, and `rows` takes a value for each name.

    Where it `is_limited`, `rows` takes the most rows wanted as `limit` beside them.

    Raises:
        ValueError: a stand-in is no parameter of the statement; it was changed on its way, or not used at all.
    """

    def __init__(
        self, rows: QuerySet[Any, tuple[Any, ...]], slots: Mapping[str, object], *, is_limited: bool = False
    ) -> None:
        try:
            self._sql, given = rows.query.sql_with_params()
        except EmptyResultSet:
            # Nothing can fit, such as a row in none of no areas: there is nothing to ask.
            self._sql, given, slots = "", (), {}
        names = {value: name for name, value in slots.items()}
        self._params: tuple[Any, ...] = given
        self._names: Final = {at: names[each] for at, each in enumerate(given) if _is_hashable(each) and each in names}
        if missing := sorted(slots.keys() - self._names.values()):
            raise ValueError(f"{missing[0]} is no parameter of {self._sql}")
        if self._sql and is_limited:
            self._sql, self._params = f"{self._sql} LIMIT %s", (*given, None)
            self._names[len(given)] = "limit"

    def rows(self, **values: object) -> list[tuple[Any, ...]]:
        """Ask, and return the rows as the database gives them; without asking where none can fit."""
        if not self._sql:
            return []
        params: list[Any] = [
            values[self._names[at]] if at in self._names else each for at, each in enumerate(self._params)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _is_hashable(value: object) -> bool:
    return not isinstance(value, list | dict | bytearray)
