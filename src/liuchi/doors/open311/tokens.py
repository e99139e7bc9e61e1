"""Tokens of services that work in batches: signed numbers, so that nothing has to be kept and nobody can guess one."""

from django.core import signing

from liuchi.engines.cases.opening import Receipt

_SALT = "open311.token"


def token_of(receipt: Receipt) -> str:
    """Return the token of a report that was just taken in."""
    return signing.Signer(salt=_SALT).sign(receipt.number).replace(":", "~")


def number_of(token: str) -> str | None:
    """Return the number that a token stands for, or None where it is none of ours."""
    try:
        return signing.Signer(salt=_SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature:
        return None
