"""What was typed and not sent yet, what was sent just now, receipts opened here: sealed in the session, in no URL."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from liuchi.ground.access.models import Account
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.keyring import KeyringBroken, keyring

_FIELDS, _RECEIPTS, _SENT = SEALED_NAMES = ("kept_fields", "receipts", "sent")
#: What is kept of a form at most: fields, and letters of names and values together; less of those who are nobody here.
MOST_FIELDS, LONGEST, LONGEST_OF_A_VISITOR = 40, 40_000, 8_000
#: The hidden field by which a form says for whom it was made, for when its sign-in has run out.
MADE_FOR = "made_for"
#: For so long the words of somebody without a session are kept: anybody can leave some.
WITHOUT_A_SESSION = timedelta(hours=1)
MOST_RECEIPTS = 20
#: For so long the same words from the same browser are the same report: Back gives the form a new token.
SAME_WITHIN = timedelta(minutes=30)
MOST_SENT = 10
_NEVER = frozenset({"csrfmiddlewaretoken", MADE_FOR, "password", "version"})


def keep_fields(request: HttpRequest) -> bool:
    """Keep the fields of a POST for the page of the same path, without files and passwords; tell whether it did."""
    if request.method != "POST" or len(request.POST) > MOST_FIELDS:
        return False
    fields = {name: request.POST[name] for name in request.POST if name not in _NEVER}
    most = LONGEST if mark_of(request) else LONGEST_OF_A_VISITOR
    if not any(fields.values()) or sum(len(name) + len(value) for name, value in fields.items()) > most:
        return False
    if request.session.is_empty():
        request.session.set_expiry(WITHOUT_A_SESSION)
    owner = mark_of(request) or request.POST.get(MADE_FOR, "")[:64]
    _put(request, _FIELDS, {"path": request.path, "fields": fields, "owner": owner})
    return True


def has_kept_fields(request: HttpRequest) -> bool:
    """Tell whether something typed waits for a page."""
    return _FIELDS in request.session


def take_kept_fields(request: HttpRequest) -> dict[str, str]:
    """Return what was kept for this path, once; empty when nothing was, or when somebody else had typed it."""
    kept = _get(request, _FIELDS)
    if kept.get("path") != request.path:
        return {}
    del request.session[_FIELDS]
    fields = kept.get("fields")
    if kept.get("owner") != mark_of(request) or not isinstance(fields, Mapping):
        return {}
    return {str(name): str(value) for name, value in fields.items()}


def mark_of(request: HttpRequest) -> str:
    """Return a keyed hash of the account signed in, which tells nobody who it is; empty for a visitor."""
    account = getattr(request, "user", None)
    return keyring().digest(str(account.pk), "kept.account").hex() if isinstance(account, Account) else ""


def lay_by(request: HttpRequest) -> None:
    """Make the session that of somebody who has just signed in: what a visitor before them left in it goes.

    What was typed for a page stays; only who typed it gets it back.
    """
    for name in (_RECEIPTS, _SENT):
        request.session.pop(name, None)
    request.session.set_expiry(None)


def keep_receipt(request: HttpRequest, number: str, code: str) -> None:
    """Remember in this browser's session the receipt code of a case."""
    receipts = _receipts(request)
    receipts.pop(number, None)
    receipts[number] = code
    newest = dict(list(receipts.items())[-MOST_RECEIPTS:])
    _put(request, _RECEIPTS, newest)
    request.session.set_expiry(None)


def drop_receipt(request: HttpRequest, number: str) -> None:
    """Forget the receipt of a case in this browser, and what was sent from it."""
    receipts = _receipts(request)
    if receipts.pop(number, None):
        _put(request, _RECEIPTS, receipts)
        request.session.pop(_SENT, None)


def find_receipt(request: HttpRequest, number: str) -> str:
    """Return the receipt code given for a case in this session, or an empty text."""
    return _receipts(request).get(number, "")


def known_receipts(request: HttpRequest) -> list[str]:
    """Return all receipt codes given or opened in this session: one may open what its case was split or merged into."""
    return list(_receipts(request).values())


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
