"""Keys by which other systems come in."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.access import listings
from liuchi.doors.office.access.forms import ExchangeForm, KeyForm, RevokeForm, start_of
from liuchi.doors.office.access.pages import AUDIT, KEYS, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.actions import NewKey, exchange_key, make_key, revoke_key
from liuchi.ground.access.queries import find_account
from liuchi.ground.access.queries_admin import key_for, keys
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken


@needs(KEYS, AUDIT)
@require_GET
def key_list(request: HttpRequest) -> HttpResponseBase:
    """Show the keys with what they open and when they were used last."""
    viewer = viewer_in(request)
    if is_export(request):
        return export_response(request, listings.KEYS, keys)
    moment = clock.now()
    rows = [(key, key.revoked_at is None and key.expires_at > moment) for key in keys(viewer)]
    facts = {"pages": pages_for(viewer), "rows": rows, "may_make": viewer.allows(KEYS)}
    facts["exchanged"] = {key.follows_id for key, _is_good in rows if key.revoked_at is None}
    facts["exports"] = export_offers(request, listings.KEYS)
    return render(request, "office/access/keys.html", facts)


@needs(KEYS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret is shown once."""
    viewer = viewer_in(request)
    is_sent = request.method == "POST"
    form = KeyForm(request.POST if is_sent else None, viewer=viewer)
    if is_sent and form.is_valid():
        given = form.cleaned_data
        owner = find_account(given["owner"])
        expires_at = start_of(given["expires_on"])
        if owner is None or expires_at is None:
            form.add_error("owner", _("There is no open account of this name."))
        else:
            wanted = NewKey(
                name=given["name"],
                owner_id=owner.id,
                powers=given["powers"],
                areas=[UUID(given["area"])],
                networks=given["networks"].split(),
                expires_at=expires_at,
                reason=given["reason"],
            )
            try:
                key, secret = make_key(by=viewer, key=wanted)
            except RuleBroken as error:
                form.refuse(error)
            else:
                facts = {"pages": pages_for(viewer), "key": key, "username": key.name, "secret": secret}
                return render(request, "office/access/told_once.html", facts)
    facts = {"pages": pages_for(viewer), "form": form}
    return render(request, "office/access/key_new.html", facts, status=422 if form.errors else 200)


@needs(KEYS)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Revoke a key."""
    viewer = viewer_in(request)
    key = key_for(viewer, key_id)
    is_sent = request.method == "POST"
    form = RevokeForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            revoke_key(by=viewer, key_id=key.id, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The key is revoked."))
            return redirect("access-keys")
    facts = {"pages": pages_for(viewer), "key": key, "form": form}
    return render(request, "office/access/key_revoke.html", facts, status=422 if form.errors else 200)


@needs(KEYS)
@never_cache
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Exchange a key for a new one with the same powers; its secret is shown once."""
    viewer = viewer_in(request)
    key = key_for(viewer, key_id)
    is_sent = request.method == "POST"
    form = ExchangeForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            new, secret = exchange_key(by=viewer, key_id=key.id, grace=timedelta(hours=form.cleaned_data["hours"]))
        except RuleBroken as error:
            form.refuse(error)
        else:
            facts = {"pages": pages_for(viewer), "key": new, "username": new.name, "secret": secret}
            return render(request, "office/access/told_once.html", facts)
    facts = {"pages": pages_for(viewer), "key": key, "form": form}
    return render(request, "office/access/key_exchange.html", facts, status=422 if form.errors else 200)
