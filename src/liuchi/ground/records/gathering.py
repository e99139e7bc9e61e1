"""Everything kept about one person, from every declared record type: to show, to hand over, and to weigh an erasure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.records import protected
from liuchi.ground.records.declared import Personal, PersonalField, RecordType, Then, declared, same_person
from liuchi.ground.records.due import held_back, periods
from liuchi.ground.records.inventory import retention_text
from liuchi.ground.records.recipients import recipients
from liuchi.ground.records.words import BASES, FIELD_KINDS, THENS

#: Rows shown of one type; a package says how many there are in all.
MOST: Final = 500
_MASKS: Final[dict[Personal, Callable[[str], str]]] = {
    Personal.NAME: protected.mask_name,
    Personal.PHONE: protected.mask_phone,
    Personal.IDENTITY: protected.mask_identity,
    Personal.ADDRESS: protected.mask_address,
}
_HIDDEN: Final = "****"
#: Dates that say when something held, wherever a record has them.
_DATES: Final[dict[str, Promise]] = {
    "valid_from": gettext_lazy("from"),
    "valid_to": gettext_lazy("until"),
    "given_at": gettext_lazy("given"),
    "withdrawn_at": gettext_lazy("withdrawn"),
    "begun_at": gettext_lazy("from"),
    "lifted_at": gettext_lazy("until"),
    "received_at": gettext_lazy("Received"),
    "reported_at": gettext_lazy("Received"),
}


@dataclass(frozen=True)
class Fact:
    """One value: what it is, and the value in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Holding:
    """What is kept about a person in one record type, why, and who else gets it."""

    name: str
    title: str
    purpose: str
    basis: str
    retention: str
    rows: list[list[Fact]]
    total: int
    recipients: list[str]


@dataclass(frozen=True)
class Fate:
    """What an erasure does with the rows of one record type: `is_kept` with the reason, or what happens to them."""

    title: str
    rows: int
    is_kept: bool
    why: str


def gather(person_id: UUID, *, masked: bool) -> list[Holding]:
    """Return everything kept about a person that is theirs to see, `masked` or in full, type by type.

    Whoever shows it in full leaves a read line first (`actions.requests.open_package`).
    """
    ids, set_periods, given = same_person(person_id), periods(), recipients()
    found = []
    for record_type in declared().values():
        if not (record_type.person and record_type.is_shown):
            continue
        rows = rows_about(record_type, ids)
        total = rows.count()
        if total:
            shown = [_facts(record_type, row, masked=masked) for row in rows[:MOST]]
            found.append(
                Holding(
                    name=record_type.name,
                    title=str(record_type.title),
                    purpose=str(record_type.purpose),
                    basis=f"{BASES[record_type.basis]}: {record_type.basis_text}",
                    retention=retention_text(record_type, set_periods.get(record_type.name)),
                    rows=shown,
                    total=total,
                    recipients=given.get(record_type.name, []),
                )
            )
    return found


def fates(person_id: UUID) -> list[Fate]:
    """Return what erasing a person would do to each kind of record, and what is kept because of what."""
    ids, set_periods = same_person(person_id), periods()
    found: list[Fate] = []
    for record_type in declared().values():
        if not record_type.person:
            continue
        rows = rows_about(record_type, ids)
        total = rows.count()
        held = rows.filter(pk__in=held_back(record_type)).count()
        if held:
            found.append(Fate(str(record_type.title), held, is_kept=True, why=_("held back, see the holds")))
        if total - held:
            is_kept = record_type.retention.then == Then.KEEP or not record_type.is_erased_with_person
            days = set_periods.get(record_type.name)
            why = retention_text(record_type, days) if is_kept else str(THENS[Then.DEIDENTIFY])
            found.append(Fate(str(record_type.title), total - held, is_kept=is_kept, why=why))
    return found


def rows_about(record_type: RecordType, person_ids: Sequence[UUID]) -> QuerySet[Any]:
    """Return the rows of a type that are about a person, newest ids last."""
    manager = record_type.rows_of._default_manager  # noqa: SLF001 - Django's own public name
    about = manager.filter(Q(**{f"{record_type.person}__in": list(person_ids)})).order_by().values("pk")
    return manager.filter(pk__in=about).order_by("pk")


def _facts(record_type: RecordType, row: models.Model, *, masked: bool) -> list[Fact]:
    sealed = {each.column: each.field for each in record_type.sealed}
    facts = [
        Fact(str(FIELD_KINDS[each.kind]), text)
        for each in record_type.fields
        if (text := _text(row, each, sealed.get(each.name, ""), masked=masked))
    ]
    return facts + [
        Fact(str(label), _plain(getattr(row, name))) for name, label in _DATES.items() if getattr(row, name, None)
    ]


def _text(row: models.Model, said: PersonalField, sealed_as: str, *, masked: bool) -> str:
    value = getattr(row, said.name)
    if said.kind == Personal.LINK or isinstance(value, UUID):
        return ""
    chosen = getattr(row, f"get_{said.name}_display", None)
    if chosen is not None and value not in (None, ""):
        return str(chosen())
    if sealed_as:
        text = protected.unseal(value, sealed_as, row.pk)
    elif said.kind == Personal.ACCOUNT and said.name in {"password", "session_data"}:
        return ""
    else:
        text = _plain(value)
    if not masked or not text:
        return text
    mask = _MASKS.get(said.kind)
    return mask(text) if mask else (_HIDDEN if sealed_as else text)


def _plain(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, models.Model):
        return str(getattr(value, "name", "") or getattr(value, "title", "") or value)
    if isinstance(value, (bytes, memoryview)):
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
