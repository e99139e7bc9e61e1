"""How stored rows stood, and putting them back so, unless somebody has changed them since."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from liuchi.ground.exchange.registers import Problem, Result, Touched, Written

Done: TypeAlias = tuple[int, Result]
Key: TypeAlias = tuple[str, str]
Model: TypeAlias = type[models.Model]


def as_it_stood(row: models.Model, *names: str) -> dict[str, Any]:
    """Return the named fields of a row as JSON, to be put back one day; call it before changing them."""
    return {name: _kept(row._meta.get_field(name), row) for name in names}  # noqa: SLF001 - Django's own public name


def marks_of(touched: Iterable[Touched]) -> dict[Key, str]:
    """Return for each stored row a hash of all its columns, by which a later change shows (a query for each table)."""
    found: dict[Key, str] = {}
    for label, keys in _by_model(touched).items():
        meta: Any = _model(label)._meta  # noqa: SLF001
        key, kind = connection.ops.quote_name(meta.pk.column), meta.pk.rel_db_type(connection)
        table = connection.ops.quote_name(meta.db_table)
        # Names of our own; the keys travel as one parameter of the column's type, so that its index finds them.
        sql = f"SELECT {key}::text, md5(t::text) FROM {table} t WHERE {key} = ANY(%s::{kind}[])"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [sorted(keys)])
            found.update({(label, key): mark for key, mark in cursor.fetchall()})
    return found


def conflicts(written: Written) -> list[tuple[int, Problem]]:
    """Return the rows of the file whose stored rows cannot be put back, with why."""
    done, marks = written.done, written.marks
    numbers = {(each.model, each.pk): number for number, result in done for each in result.touched}
    now = marks_of(each for _, result in done for each in result.touched)
    found = [
        (number, _gone() if key not in now else _changed())
        for key, number in numbers.items()
        if now.get(key) != marks.get(key)
    ]
    return found + [(numbers[key], _needed()) for key in _needed_elsewhere(done)]


def put_back(written: Written) -> int:
    """Put stored rows back as they stood, inside the action that runs; return how many stored rows it were.

    New rows go first, so that what they replaced may be in force again; links are looked at when all is done.
    """
    touched = [each for _, result in written.done for each in result.touched]
    made = [each for each in touched if each.before is None]
    for label in reversed(list(dict.fromkeys(each.model for each in made))):
        _delete(label, [each.pk for each in made if each.model == label])
    gone = {(each.model, each.pk) for each in made}
    for each in reversed(touched):
        if each.before and (each.model, each.pk) not in gone:
            _restore(each)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return len(touched)


def _restore(each: Touched) -> None:
    model = _model(each.model)
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in each.before or {}}  # noqa: SLF001
    values = {field.attname: _given_back(field, (each.before or {})[name]) for name, field in fields.items()}
    model._base_manager.filter(pk=each.pk).update(**values)  # noqa: SLF001


def _delete(label: str, keys: Sequence[str]) -> None:
    rows = _model(label)._base_manager.filter(pk__in=keys)  # noqa: SLF001
    rows._raw_delete(rows.db)  # noqa: SLF001 - the database holds the links, not the collector


def _needed_elsewhere(done: Sequence[Done]) -> set[Key]:
    """Return the new rows at which stored rows point that the import did not write."""
    made = _by_model(each for _, result in done for each in result.touched if each.before is None)
    written = _by_model(each for _, result in done for each in result.touched)
    found: set[Key] = set()
    for label, keys in made.items():
        for link in _model(label)._meta.related_objects:  # noqa: SLF001
            if link.field.many_to_many:
                continue
            other: Any = link.related_model
            pointing = other._base_manager.filter(**{f"{link.field.name}__in": keys}).order_by()  # noqa: SLF001
            pointing = pointing.exclude(pk__in=written.get(other._meta.label, ()))  # noqa: SLF001
            found |= {(label, str(key)) for key in pointing.values_list(link.field.attname, flat=True)}
    return found


def _by_model(touched: Iterable[Touched]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in touched:
        found[each.model].add(each.pk)
    return found


def _model(label: str) -> Model:
    return apps.get_model(label)


def _kept(field: Any, row: models.Model) -> Any:
    return None if getattr(row, field.attname) is None else field.value_to_string(row)


def _given_back(field: Any, value: Any) -> Any:
    return None if value is None else field.to_python(value)


def _changed() -> Problem:
    return Problem("changed_since", _("This has been changed since; put it right by hand."))


def _gone() -> Problem:
    return Problem("gone", _("This is no longer there."))


def _needed() -> Problem:
    return Problem("needed", _("Something else refers to this by now."))
