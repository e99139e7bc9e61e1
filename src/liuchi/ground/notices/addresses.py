"""E-mail addresses: sealed, and used only after whoever reads there has said so."""

from typing import Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from liuchi.ground.records.protected import blind, seal, unseal

EMAIL: Final = "notices.email"
#: Seconds for which a link that confirms an address is good.
GOOD_FOR: Final = 7 * 24 * 3600
LONGEST: Final = 200


def is_address(text: str) -> bool:
    """Tell whether `text` has the form of an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST


def seal_address(address: str, person_id: UUID) -> bytes | None:
    """Return a person's address sealed."""
    return seal(address, EMAIL, person_id)


def open_address(blob: bytes | memoryview | None, person_id: UUID) -> str:
    """Return the address that was sealed; empty where there is none."""
    return unseal(blob, EMAIL, person_id)


def mask_address(address: str) -> str:
    """Return an address as z***@example.cn."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}" if address else ""


def token_for(person_id: UUID, address: str) -> str:
    """Return what the link in the confirming message carries; it tells neither person nor address."""
    return signing.dumps([str(person_id), _mark(address)], salt=EMAIL, compress=True)


def is_token_for(token: str, person_id: UUID, address: str) -> bool:
    """Tell whether `token` was made for this person and address, not too long ago."""
    try:
        return bool(signing.loads(token, salt=EMAIL, max_age=GOOD_FOR) == [str(person_id), _mark(address)])
    except signing.BadSignature:
        return False


def _mark(address: str) -> str:
    return (blind(address, EMAIL) or b"").hex()[:24]
