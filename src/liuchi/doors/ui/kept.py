"""What somebody typed and could not send yet, and receipts opened here: kept sealed in the session, never in a URL."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping

from django.http import HttpRequest

from liuchi.ground.kernel.keyring import KeyringBroken, keyring

_FIELDS, _RECEIPTS = "kept_fields", "receipts"
LONGEST = 40_000
MOST_RECEIPTS = 20
_NEVER = frozenset({"csrfmiddlewaretoken", "password", "version"})


def keep_fields(request: HttpRequest) -> bool:
    """Keep the fields of a POST for the page of the same path, without files and passwords; tell whether it did."""
    if request.method != "POST":
        return False
    fields = {name: request.POST[name] for name in request.POST if name not in _NEVER}
    if not any(fields.values()) or sum(map(len, fields.values())) > LONGEST:
        return False
    _put(request, _FIELDS, {"path": request.path, "fields": fields})
    return True


def has_kept_fields(request: HttpRequest) -> bool:
    """Tell whether something typed waits for a page."""
    return _FIELDS in request.session


def take_kept_fields(request: HttpRequest) -> dict[str, str]:
    """Return what was kept for this path, once; empty when nothing was."""
    kept = _get(request, _FIELDS)
    if kept.get("path") != request.path:
        return {}
    del request.session[_FIELDS]
    fields = kept.get("fields")
    return {str(name): str(value) for name, value in fields.items()} if isinstance(fields, Mapping) else {}


def keep_receipt(request: HttpRequest, number: str, code: str) -> None:
    """Remember in this browser's session the receipt code of a case."""
    receipts = {**_receipts(request), number: code}
    newest = dict(list(receipts.items())[-MOST_RECEIPTS:])
    _put(request, _RECEIPTS, newest)


def find_receipt(request: HttpRequest, number: str) -> str:
    """Return the receipt code given for a case in this session, or an empty text."""
    return _receipts(request).get(number, "")


def last_receipt(request: HttpRequest) -> tuple[str, str] | None:
    """Return number and code of the receipt given last in this session, or None."""
    receipts = list(_receipts(request).items())
    return receipts[-1] if receipts else None


def _receipts(request: HttpRequest) -> dict[str, str]:
    return {str(number): str(code) for number, code in _get(request, _RECEIPTS).items()}


def _put(request: HttpRequest, name: str, value: Mapping[str, object]) -> None:
    sealed = keyring().seal(json.dumps(value), f"session.{name}")
    request.session[name] = b64encode(sealed).decode()


def _get(request: HttpRequest, name: str) -> dict[str, object]:
    kept = request.session.get(name)
    if not isinstance(kept, str):
        return {}
    try:
        found = json.loads(keyring().unseal(b64decode(kept), f"session.{name}"))
    except KeyringBroken:
        return {}
    return dict(found)
