"""What was typed and not sent yet, what was sent just now, receipts opened here: sealed in the session, in no URL."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.keyring import KeyringBroken, keyring

_FIELDS, _RECEIPTS, _SENT = "kept_fields", "receipts", "sent"
LONGEST = 40_000
MOST_RECEIPTS = 20
#: For so long the same words from the same browser are the same report: Back gives the form a new token.
SAME_WITHIN = timedelta(minutes=30)
MOST_SENT = 10
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
    receipts = _receipts(request)
    receipts.pop(number, None)
    receipts[number] = code
    newest = dict(list(receipts.items())[-MOST_RECEIPTS:])
    _put(request, _RECEIPTS, newest)


def find_receipt(request: HttpRequest, number: str) -> str:
    """Return the receipt code given for a case in this session, or an empty text."""
    return _receipts(request).get(number, "")


def last_receipt(request: HttpRequest) -> tuple[str, str] | None:
    """Return number and code of the receipt given last in this session, or None."""
    receipts = list(_receipts(request).items())
    return receipts[-1] if receipts else None


def keep_sent(request: HttpRequest, words: Mapping[str, object], token: UUID) -> None:
    """Remember under which token `words` were sent; a digest is kept, and of the words nothing."""
    sent = _get(request, _SENT)
    sent.pop(_digest(words), None)
    sent[_digest(words)] = [str(token), clock.now().timestamp()]
    _put(request, _SENT, dict(list(sent.items())[-MOST_SENT:]))


def find_sent(request: HttpRequest, words: Mapping[str, object]) -> UUID | None:
    """Return the token under which the same `words` were sent from this session a short while ago, or None."""
    match _get(request, _SENT).get(_digest(words)):
        case [str(token), float(sent_at)] if clock.now().timestamp() - sent_at <= SAME_WITHIN.total_seconds():
            return UUID(token)
    return None


def _digest(words: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()


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
