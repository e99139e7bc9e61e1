"""Several new rows in one statement: what a busy action writes costs one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def insert_together(*rows: models.Model) -> None:
    """Insert unsaved `rows`, of any tables, with one statement; foreign keys may point at rows of the same call.

    Columns left to the database (`db_default`) are read back into a row that is alone of its model.
    """
    groups: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    parts: list[str] = []
    params: list[Any] = []
    returned: list[tuple[models.Model, models.Field[Any, Any], str]] = []
    for number, (model, members) in enumerate(groups.items()):
        sql, values, defaults = _insert(model, members)
        params.extend(values)
        names = [f'r{number}."{field.column}"' for field in defaults]
        returned.extend((members[0], field, name) for field, name in zip(defaults, names, strict=True))
        parts.append(f"r{number} AS ({sql})")
    chosen = ", ".join(name for *_, name in returned) or "1"
    sources = sorted({name.split(".")[0] for *_, name in returned})
    statement = f"WITH {', '.join(parts)} SELECT {chosen}" + (f" FROM {', '.join(sources)}" if sources else "")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        answer = cursor.fetchone()
    for (row, field, _), value in zip(returned, answer or (), strict=False):
        setattr(row, field.attname, value)
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - what Model.save does
        row._state.db = connection.alias  # noqa: SLF001


def _insert(
    model: type[models.Model], members: Sequence[models.Model]
) -> tuple[str, list[Any], list[models.Field[Any, Any]]]:
    """Return the INSERT for rows of one model, its parameters, and the fields the database fills in."""
    table, fields = model._meta.db_table, model._meta.concrete_fields  # noqa: SLF001 - Django's own public name
    defaults = [field for field in fields if isinstance(getattr(members[0], field.attname), DatabaseDefault)]
    if defaults and len(members) > 1:
        raise ValueError(f"{model.__name__}: rows with database defaults go in one at a time")
    given = [field for field in fields if field not in defaults]
    columns = ", ".join(f'"{field.column}"' for field in given)
    places = "(" + ", ".join(["%s"] * len(given)) + ")"
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        for row in members
        for field in given
    ]
    sql = f'INSERT INTO "{table}" ({columns}) VALUES {", ".join([places] * len(members))}'  # noqa: S608
    if defaults:
        sql += " RETURNING " + ", ".join(f'"{field.column}"' for field in defaults)
    return sql, values, defaults
