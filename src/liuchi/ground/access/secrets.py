"""Secrets that the house makes: told once, kept as hashes."""

import hashlib
import secrets
from typing import Final

#: Letters and digits that nobody mistakes for one another on paper or the telephone.
_CLEAR: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def temporary_password() -> str:
    """Return a password of four groups of four, about 79 bits, to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def new_key() -> tuple[str, str, bytes]:
    """Return a key for another system: its public prefix, the whole secret (prefix and 256 random bits), its hash."""
    prefix = "lk" + "".join(secrets.choice(_CLEAR) for _ in range(10))
    secret = f"{prefix}.{secrets.token_urlsafe(32)}"
    return prefix, secret, key_digest(secret)


def key_digest(secret: str) -> bytes:
    """Return what is kept of a key (32 bytes). It is random enough for a plain hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
