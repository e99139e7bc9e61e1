"""Changing an organisation: the form, what it would do, and doing it."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.choosing import suggested_bodies
from liuchi.doors.office.organisations.acts import ACTS, ENDING
from liuchi.doors.office.organisations.forms import AddForm
from liuchi.doors.office.organisations.place_forms import (
    ChangePostForm,
    ChangeVenueForm,
    ClosePostForm,
    CloseVenueForm,
)
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.organisations.changing import POWER
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.organisations.queries import organisation, post, venue

CONFIRMED, BACK = "confirmed", "back"


class Acting(Protocol):
    """A form that hands what was filled in to one action."""

    def act(self, by: Actor) -> Organisation | None:
        """Do it."""


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def change_organisation(request: HttpRequest, organisation_id: UUID, name: str) -> HttpResponse:
    """Show the form of one change, then what it would do, then do it."""
    if name not in ACTS:
        raise Http404
    act, body = ACTS[name], _in_force(request, organisation_id)
    page = reverse("organisation", args=[body.id])
    facts = {
        "title": act.label,
        "subject": body.name,
        "behind": page,
        "is_ending": name in ENDING,
        "suggestions": suggested_bodies(),
    }
    kept = take_kept_fields(request) if request.method == "GET" else {}
    form = act.form(request.POST or None, body=body, initial=kept)
    if request.method != "POST" or BACK in request.POST or not form.is_valid():
        return _form(request, form, facts)
    if form.has_preview and CONFIRMED not in request.POST:
        return _preview(request, form, facts)
    return _done(request, form, facts, str(act.done), page)


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    behind = reverse("organisations")
    facts = {
        "title": _("Add an organisation"),
        "subject": "",
        "behind": behind,
        "suggestions": suggested_bodies(),
    }
    kept = take_kept_fields(request) if request.method == "GET" else {}
    form = AddForm(request.POST or None, initial=kept)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, facts)
    return _done(request, form, facts, _("Added"), behind)


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def change_post(request: HttpRequest, post_id: UUID, name: str) -> HttpResponse:
    """Change or close a post."""
    makers: dict[str, tuple[Callable[..., forms.Form], str, str]] = {
        "change": (ChangePostForm, _("Change the post"), _("Noted")),
        "close": (ClosePostForm, _("Close the post"), _("Post closed")),
    }
    if name not in makers:
        raise Http404
    subject = _open_post(request, post_id)
    maker, title, done = makers[name]
    return _simple(
        request, lambda *given: maker(*given, post=subject), title, subject.title, done, subject.organisation
    )


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def change_venue(request: HttpRequest, venue_id: UUID, name: str) -> HttpResponse:
    """Change or close a venue."""
    makers: dict[str, tuple[Callable[..., forms.Form], str, str]] = {
        "change": (ChangeVenueForm, _("Change the venue"), _("Noted")),
        "close": (CloseVenueForm, _("Close the venue"), _("Venue closed")),
    }
    if name not in makers:
        raise Http404
    subject = venue(venue_id)
    if subject.valid_to is not None:
        raise NotFound(_("There is no such venue, or it was closed."))
    _require(request, subject.organisation)
    maker, title, done = makers[name]
    return _simple(
        request, lambda *given: maker(*given, venue=subject), title, subject.name, done, subject.organisation
    )


def _simple(
    request: HttpRequest,
    maker: Callable[..., forms.Form],
    title: str,
    subject: str,
    done: str,
    body: Organisation,
) -> HttpResponse:
    page = reverse("organisation", args=[body.id])
    facts = {"title": title, "subject": f"{body.short_name} · {subject}", "behind": page}
    form = maker(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, facts)
    return _done(request, form, facts, done, page)


def _in_force(request: HttpRequest, organisation_id: UUID) -> Organisation:
    body = organisation(organisation_id)
    if body.valid_to is not None:
        raise NotFound(_("There is no such organisation, or it has ended."))
    _require(request, body)
    return body


def _open_post(request: HttpRequest, post_id: UUID) -> Post:
    found = post(post_id)
    if found.valid_to is not None:
        raise NotFound(_("There is no such post, or it was closed."))
    _require(request, found.organisation)
    return found


def _require(request: HttpRequest, body: Organisation) -> None:
    if not viewer_in(request).allows(POWER, body.area_id):
        raise NotAllowed(_("You may not change organisations here. Ask whoever manages the district's organisations."))


def _form(request: HttpRequest, form: forms.Form, facts: dict[str, Any], status: int = 0) -> HttpResponse:
    shown = {"suggestions": (), "is_ending": False, **facts, "form": form, "made_for": mark_of(request)}
    status = status or (422 if form.errors and BACK not in request.POST else 200)
    return render(request, "office/form.html", shown, status=status)


def _preview(request: HttpRequest, form: Any, facts: dict[str, Any]) -> HttpResponse:
    typed = [(name, value) for name in request.POST if name in form.fields for value in request.POST.getlist(name)]
    shown = {
        **facts,
        "effects": form.effects(),
        "typed": typed,
        "on": form.cleaned_data.get("on"),
        "document": form.cleaned_data.get("document", ""),
        "made_for": mark_of(request),
    }
    return render(request, "office/preview.html", shown)


def _done(request: HttpRequest, form: Any, facts: dict[str, Any], done: str, page: str) -> HttpResponse:
    try:
        body = form.act(viewer_in(request))
    except RuleBroken as error:
        form.refuse(error)
        return _form(request, form, facts, status=403 if isinstance(error, NotAllowed) else 409)
    messages.success(request, done)
    return redirect(reverse("organisation", args=[body.id]) if isinstance(body, Organisation) else page)
