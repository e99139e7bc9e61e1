"""What every record type with personal data says about itself: why it is kept, on what basis, how long, what is sealed.

Each room says so in `personal.py` beside its models; the file is found by its name, no list names it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Basis(StrEnum):
    """On what legal basis personal data is held (PIPL art. 13)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    STATUTORY_DUTY = "statutory_duty"
    EMERGENCY = "emergency"
    PUBLIC_INTEREST = "public_interest"
    MADE_PUBLIC = "made_public"


class Sensitivity(StrEnum):
    """How much harm a leak could do; `SENSITIVE` as in PIPL art. 28."""

    ORDINARY = "ordinary"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Personal(StrEnum):
    """What kind of personal data a field holds."""

    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"
    ADDRESS = "address"
    PLACE = "place"
    BIRTH = "birth"
    SEX = "sex"
    BANK = "bank"
    HEALTH = "health"
    CARE = "care"
    FAMILY = "family"
    WORK = "work"
    INCOME = "income"
    CONTACT = "contact"
    ACCOUNT = "account"
    PICTURE = "picture"
    WORDS = "words"
    DEEDS = "deeds"
    LINK = "link"


class Then(StrEnum):
    """What happens to a record when its time is over."""

    DELETE = "delete"
    DEIDENTIFY = "deidentify"
    KEEP = "keep"


#: Puts away the rows with these ids, for good (delete) or of what tells who it was (de-identify); returns how many.
#: Runs inside the action of the deletion job: it writes no journal line and calls no action.
Dispose = Callable[[Sequence[Any]], int]
#: Gives for each of some records all records of the same person, whichever of them is named.
FindJoined = Callable[[Collection[UUID]], Mapping[UUID, Collection[UUID]]]


@dataclass(frozen=True)
class PersonalField:
    """One field of a model that holds personal data."""

    name: str
    kind: Personal


@dataclass(frozen=True)
class Sealed:
    """A sealed column: under which field its values are sealed, and the column of its blind index, if it has one.

    `is_unique` says that the index may stand once only, also while index keys change.
    """

    column: str
    field: str
    index: str = ""
    is_unique: bool = False


@dataclass(frozen=True)
class Retention:
    """How long records are kept: `days` after the moment in `since` (an ORM path), then what.

    `days` None: as long as the matter they belong to, or for ever. `after` says the event in words. `is_to_confirm`
    marks a period that the archives have to confirm. `dispose` puts rows away where a plain delete would not do.
    `also` narrows which rows the job may touch at all.
    """

    after: "StrOrPromise"
    days: int | None
    then: Then
    since: str = ""
    rule: "StrOrPromise" = ""
    is_to_confirm: bool = False
    dispose: Dispose | None = None
    also: models.Q = field(default_factory=models.Q)


@dataclass(frozen=True)
class RecordType:
    """What one model with personal data says about itself.

    `person` is the ORM path from a row to the id of the person it is about ("" when it is about none in particular).
    """

    name: str
    model: str
    title: "StrOrPromise"
    purpose: "StrOrPromise"
    basis: Basis
    basis_text: "StrOrPromise"
    sensitivity: Sensitivity
    retention: Retention
    fields: tuple[PersonalField, ...] = ()
    sealed: tuple[Sealed, ...] = ()
    person: str = ""
    #: Whether rows are shown to the person they are about; what others said about them in confidence is not.
    is_shown: bool = True
    #: Whether erasing the person takes these rows' contents too; what proves that a right was served stays its time.
    is_erased_with_person: bool = True

    @property
    def rows_of(self) -> type[models.Model]:
        """Return the model."""
        return apps.get_model(self.model)


class DeclaredTwice(RuntimeError):
    """Two declarations have the same name, or speak of the same model."""


_declared: Final[dict[str, RecordType]] = {}
_nobody: Final[dict[str, str]] = {}
_joined: Final[list[FindJoined]] = []


def declare(record_type: RecordType) -> RecordType:
    """Add a record type to the inventory; return it.

    Raises:
        DeclaredTwice: when name or model are declared already.
    """
    for known in _declared.values():
        if record_type.name == known.name or record_type.model.lower() == known.model.lower():
            raise DeclaredTwice(f"{record_type.name} ({record_type.model}) is declared already")
    _declared[record_type.name] = record_type
    unique_fields.cache_clear()
    return record_type


def holds_nobody(model: str, because: str) -> None:
    """Say that a model keeps nothing about people though names of its fields may sound like it, and why."""
    _nobody[model.lower()] = because


def said_to_hold_nobody() -> Mapping[str, str]:
    """Return the models (lower case) said to keep nothing about people, with the reason."""
    return dict(sorted(_nobody.items()))


def declare_joined(find: FindJoined) -> None:
    """Say how to find all records of the people that some records belong to: they are the same person."""
    _joined.append(find)


def same_person(person_id: UUID) -> list[UUID]:
    """Return every record id of a person, the given one first; whether it is in force or was joined into another."""
    return [person_id, *sorted(same_people([person_id]) - {person_id})]


def same_people(person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return every record id of several people (one question; none for nobody)."""
    if not person_ids:
        return frozenset()
    joined = (records for find in _joined for records in find(person_ids).values())
    return frozenset(person_ids).union(*joined)


def declared() -> Mapping[str, RecordType]:
    """Return every declared record type by its name, sorted by name."""
    return dict(sorted(_declared.items()))


def sealed_columns() -> Iterator[tuple[RecordType, Sealed]]:
    """Yield every sealed column there is."""
    for record_type in declared().values():
        for sealed in record_type.sealed:
            yield record_type, sealed


@cache
def unique_fields() -> frozenset[str]:
    """Return the fields whose values may stand once only."""
    return frozenset(sealed.field for _, sealed in sealed_columns() if sealed.is_unique)
