"""Which rows' time is over: by the declared period or the one the place has set, less what is held back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from liuchi.ground.records.declared import RecordType, Then, declared
from liuchi.ground.records.models import LegalHold, RetentionPeriod


def periods() -> Mapping[str, int]:
    """Return the periods in days that the place has set, by record type."""
    newest: dict[str, int] = {}
    for period in RetentionPeriod.objects.order_by("type_name", "-decided_at", "-id"):
        newest.setdefault(period.type_name, period.days)
    return newest


def days_kept(record_type: RecordType, set_periods: Mapping[str, int]) -> int | None:
    """Return after how many days rows of a type are put away; None when they are not, by the passing of time."""
    if record_type.retention.then == Then.KEEP or not record_type.retention.since:
        return None
    return set_periods.get(record_type.name, record_type.retention.days)


def ending_types() -> list[RecordType]:
    """Return the record types whose time can be over."""
    return [each for each in declared().values() if days_kept(each, {each.name: 0}) is not None]


def due_rows(record_type: RecordType, days: int, as_of: datetime) -> QuerySet[Any]:
    """Return the rows of a type whose time was over at `as_of`, and which have not been put away yet."""
    rule = record_type.retention
    limit = as_of - timedelta(days=days)
    is_moment = isinstance(_field_at(record_type.rows_of, rule.since), models.DateTimeField)
    manager = record_type.rows_of._default_manager  # noqa: SLF001 - Django's own public name
    return manager.filter(rule.also, **{f"{rule.since}__lt": limit if is_moment else limit.date()}).order_by("pk")


def held_back(record_type: RecordType) -> QuerySet[Any, Any]:
    """Return the ids of the rows of a type that are held back."""
    holds = list(LegalHold.objects.filter(lifted_at=None).order_by("id"))
    held = Q(pk__in=[hold.row_id for hold in holds if hold.type_name == record_type.name])
    people = [hold.person_id for hold in holds if hold.person_id is not None]
    if record_type.person and people:
        held |= Q(**{f"{record_type.person}__in": people})
    return record_type.rows_of._default_manager.filter(held).order_by("pk").values("pk")  # noqa: SLF001


def is_held(person_ids: Sequence[UUID]) -> bool:
    """Tell whether everything about a person is held back."""
    return LegalHold.objects.filter(lifted_at=None, person_id__in=list(person_ids)).exists()


def _field_at(model: type[models.Model], path: str) -> object:
    """Return the field at the end of an ORM path."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # noqa: SLF001
    return model._meta.get_field(last)  # noqa: SLF001
