"""Receipt codes: with one, a person without an account follows, rates and reopens what they reported."""

import hmac
from uuid import UUID

from liuchi.ground.kernel.keyring import keyring

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 10
_CONTEXT = "cases.receipt"


def receipt_code(token: UUID) -> str:
    """Return the receipt code of a submission: ten characters (50 bits) without 0, O, 1 and I, in two groups.

    It follows from the submission's token, so that sending the same report again gives the same receipt.
    """
    digest = keyring().digest(str(token), f"{_CONTEXT}.code")
    code = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_LENGTH])
    return f"{code[:5]}-{code[5:]}"


def receipt_index(code: str) -> bytes:
    """Return the blind index of a code as somebody typed it; spaces, dashes and small letters do not matter."""
    plain = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return keyring().digest(plain, _CONTEXT)


def same_receipt(code: str, index: bytes | memoryview) -> bool:
    """Tell, in constant time, whether `code` is the receipt with this index."""
    return hmac.compare_digest(receipt_index(code), bytes(index))
