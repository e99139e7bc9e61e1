"""Conditions that the ORM spells at length."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, TextField, Value

#: Sets up to so large come again and again, as the areas of a viewer do; larger ones are asked for once.
_FEW = 1000


def is_one_of(field: str, ids: frozenset[UUID]) -> Q:
    """Return the condition that `field` holds one of `ids`, however many: they travel as one parameter.

    With IN each id is a parameter of its own, and preparing a statement of hundreds costs more than running it.
    """
    return is_spelled(field, _array(ids) if len(ids) <= _FEW else spelled(ids))


def is_spelled(field: str, array: str) -> Q:
    """Return the condition that `field` holds one of the ids in an array that is `spelled` already."""
    wanted = Value(array, TextField())
    return Q(
        Func(F(field), wanted, template="%(expressions)s::uuid[])", arg_joiner=" = ANY(", output_field=BooleanField())
    )


def holds_one_of(field: str, values: Iterable[bytes]) -> Q:
    """Return the condition that the bytes in `field` are one of `values`, which travel as one parameter."""
    wanted = Value("{" + ",".join(f'"\\\\x{value.hex()}"' for value in sorted(set(values))) + "}", TextField())
    return Q(
        Func(F(field), wanted, template="%(expressions)s::bytea[])", arg_joiner=" = ANY(", output_field=BooleanField())
    )


@lru_cache(maxsize=256)
def _array(ids: frozenset[UUID]) -> str:
    return spelled(ids)


def spelled(ids: Iterable[UUID]) -> str:
    """Return ids as PostgreSQL spells an array, in one order."""
    return "{" + ",".join(sorted(map(str, ids))) + "}"
