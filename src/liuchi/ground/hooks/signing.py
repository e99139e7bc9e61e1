"""Signatures as the Standard Webhooks specification 1.0 wants them: HMAC-SHA256 over id, moment and body."""

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

#: How secrets begin, so that people and tools see what they are.
PREFIX: Final = "whsec_"
#: Bytes of a secret; the specification wants 24 to 64.
_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret as receivers keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message_id: str, moment: int, body: bytes) -> str:
    """Return the signature of one secret: "v1," and the base64 of the HMAC over "id.moment.body"."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{message_id}.{moment}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def signed_headers(in_force: Iterable[str], message_id: str, moment: int, body: bytes) -> Mapping[str, str]:
    """Return the headers of an attempt at `moment` (Unix seconds), signed with every secret in force."""
    signatures = " ".join(signature(each, message_id, moment, body) for each in in_force)
    return {"webhook-id": message_id, "webhook-timestamp": str(moment), "webhook-signature": signatures}
