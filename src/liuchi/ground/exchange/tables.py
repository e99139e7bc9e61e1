"""Keeping rows of a plain table by a natural key: new ones are made, others take over what the file says."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from liuchi.ground.exchange.registers import Result, changed, created, unchanged
from liuchi.ground.exchange.restoring import as_it_stood


def keep_rows(model: type[models.Model], wanted: Sequence[Mapping[str, Any]], *, key: Sequence[str]) -> list[Result]:
    """Write the wanted rows inside the action that runs; return what became of each, in order.

    `key` names the columns that tell rows apart; `wanted` give them with all other columns that the file speaks of. Two
    with the same key must not stand in one call.
    """
    first, *_others = key
    known = {
        tuple(getattr(row, name) for name in key): row
        for row in model._base_manager.select_for_update()  # noqa: SLF001 - Django's own public name
        .filter(**{f"{first}__in": {values[first] for values in wanted}})
        .order_by("pk")
    }
    fresh, touched, results = list[models.Model](), list[models.Model](), list[Result]()
    names: set[str] = set()
    for values in wanted:
        row = known.get(tuple(values[name] for name in key))
        differing = [name for name, value in values.items() if row is not None and getattr(row, name) != value]
        if row is None:
            row = model(**values)
            fresh.append(row)
            results.append(created(row))
        elif differing:
            before = as_it_stood(row, *differing)
            for name in differing:
                setattr(row, name, values[name])
            touched.append(row)
            names |= set(differing)
            results.append(changed(row, before))
        else:
            results.append(unchanged())
    model._base_manager.bulk_create(fresh, batch_size=500)  # noqa: SLF001
    if touched:
        model._base_manager.bulk_update(touched, sorted(names), batch_size=500)  # noqa: SLF001
    return results
