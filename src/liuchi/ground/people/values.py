"""What a record says, as plain text: out of its sealed columns, and back into them."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people.identity import DocumentKind, Identity, IdentityError, Sex, parse_identity
from liuchi.ground.people.models import Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.records import protected

#: The facts of a record that may change, in the order people read them. As text; "" stands for nothing.
FACTS = ("name", "identity", "sex", "birth_on", "phone", "home", "death_on")
LONGEST_NAME = 40
_PHONE = re.compile(r"\+?[0-9*#]{3,20}")
_EARLIEST_BIRTH = date(1800, 1, 1)
_DOCUMENTS, _SEXES = frozenset(DocumentKind.values), frozenset(Sex.values)


class FactRefused(RuleBroken):
    """A name, number, phone or date cannot be one; `field` names which."""

    code = "fact_refused"


def facts_of(person: Person) -> dict[str, str]:
    """Return what the record says, in clear: for changing, comparing and keeping it, never for showing it unasked.

    An identity reads "citizen:990803195001010011", dates are ISO, `home` is an area's id.
    """
    number = protected.unseal(person.identity_sealed, protected.IDENTITY, person.id)
    return {
        "name": person.name,
        "identity": f"{person.identity_kind}:{number}" if number else "",
        "sex": person.sex,
        "birth_on": person.birth_on.isoformat() if person.birth_on else "",
        "phone": protected.unseal(person.phone_sealed, protected.PHONE, person.id),
        "home": str(person.home_id) if person.home_id else "",
        "death_on": person.death_on.isoformat() if person.death_on else "",
    }


def put_facts(person: Person, facts: Mapping[str, str]) -> list[str]:
    """Write facts (as `facts_of` gives them) into the record's columns; return the columns that were set."""
    columns: list[str] = []
    for fact, text in facts.items():
        columns += _put(person, fact, text)
    return columns


def put_identity(person: Person, identity: Identity | None) -> list[str]:
    """Seal an identity into the record; return the columns."""
    person.identity_kind = identity.kind if identity else ""
    person.identity_sealed = protected.seal(identity.written if identity else "", protected.IDENTITY, person.id)
    person.identity_index = protected.blind(identity.number if identity else "", protected.IDENTITY)
    return ["identity_kind", "identity_sealed", "identity_index"]


def identity_in(text: str, *, today: date | None = None) -> Identity | None:
    """Return the identity that a fact "citizen:9908…" speaks of, or None for "".

    Raises:
        FactRefused: when it can be none.
    """
    kind, _colon, number = text.partition(":")
    return clean_identity(number, kind, today=today) if number else None


def clean_identity(text: str, kind: str = DocumentKind.CITIZEN, *, today: date | None = None) -> Identity | None:
    """Return what a typed identity number says; None for an empty one.

    Raises:
        FactRefused: when it can be none.
    """
    if not text.strip():
        return None
    if kind not in _DOCUMENTS:
        raise FactRefused(_("Choose the kind of document."), field="identity_kind")
    try:
        return parse_identity(text, kind=kind, today=today)
    except IdentityError as error:
        raise FactRefused(str(error), field="identity") from error


def clean_name(text: str) -> str:
    """Return a name without spaces around it and with single ones inside.

    Raises:
        FactRefused: when it is empty or longer than 40 characters.
    """
    name = " ".join(text.split())
    if not name:
        raise FactRefused(_("Give the name."), field="name")
    if len(name) > LONGEST_NAME:
        raise FactRefused(_("The name is longer than 40 characters."), field="name")
    return name


def clean_phone(text: str) -> str:
    """Return a phone as digits; "" for none.

    Raises:
        FactRefused: when it can be none.
    """
    phone = protected.normal_phone(text)
    if phone and not _PHONE.fullmatch(phone):
        raise FactRefused(_("A phone number has 3 to 20 digits."), field="phone")
    return phone


def clean_birth(born_on: date | None, today: date) -> date | None:
    """Return a date of birth.

    Raises:
        FactRefused: when it lies after today or before 1800.
    """
    if born_on is not None and not _EARLIEST_BIRTH <= born_on <= today:
        raise FactRefused(_("This is no possible date of birth."), field="birth_on")
    return born_on


def clean_sex(text: str) -> str:
    """Return a sex code, "" for none.

    Raises:
        FactRefused: when it is none of the codes.
    """
    if text and text not in _SEXES:
        raise FactRefused(_("The sex is 1 (male), 2 (female) or empty."), field="sex")
    return text


def _put(person: Person, fact: str, text: str) -> list[str]:
    match fact:
        case "name":
            person.name, person.name_order = text, name_order(text)
            return ["name", "name_order"]
        case "identity":
            return put_identity(person, identity_in(text))
        case "phone":
            person.phone_sealed = protected.seal(text, protected.PHONE, person.id)
            person.phone_index = protected.blind(text, protected.PHONE)
            return ["phone_sealed", "phone_index"]
        case "sex":
            person.sex = text
        case "home":
            person.home_id = UUID(text) if text else None
        case "birth_on" | "death_on":
            setattr(person, fact, date.fromisoformat(text) if text else None)
        case _:
            raise ValueError(f"{fact} is no fact of a record")
    return [fact]
