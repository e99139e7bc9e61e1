"""What people are asked to agree to, by version, with who agreed; and the care categories of the district."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.people.fields import uuid_in
from liuchi.doors.office.people.listings import CARE_CATEGORIES, CONSENT_TEXTS, CONSENTS
from liuchi.doors.office.people.pages import pages_for
from liuchi.doors.office.people.word_forms import CategoryForm, RetireForm, TextForm
from liuchi.doors.office.stepping import Step, take_step
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.actions.consents import PUBLISH
from liuchi.ground.people.care_register import categories
from liuchi.ground.people.consent_texts import care_resting_on, consent_text, consents_to, versions
from liuchi.ground.people.models import CareCategory
from liuchi.ground.people.staff import name_of
from liuchi.ground.records.protected import mask_name

PAGE = 50


@needs(access.SEE, PUBLISH)
@require_GET
def texts(request: HttpRequest) -> HttpResponseBase:
    """Show every text that people are asked to agree to, with its versions."""
    viewer = viewer_in(request)
    if is_export(request):
        return export_response(request, CONSENT_TEXTS, versions())
    facts = {
        "people_pages": pages_for(viewer),
        "rows": versions(),
        "may_publish": viewer.allows(PUBLISH),
        "exports": export_offers(request, CONSENT_TEXTS),
    }
    return render(request, "office/people/consent_texts.html", facts)


@needs(access.SEE, PUBLISH)
@require_GET
def text(request: HttpRequest, text_id: UUID) -> HttpResponseBase:
    """Show one version, the others, what rests on it, and who agreed to it within reach."""
    viewer, row = viewer_in(request), consent_text(text_id)
    if is_export(request):
        return export_response(request, CONSENTS, lambda by: consents_to(by, row.id))
    after = uuid_in(request.GET.get("after", ""))
    found = list(consents_to(viewer, row.id, after)[: PAGE + 1])
    facts = {
        "text": row,
        "others": versions(row.purpose),
        "care": care_resting_on(row.purpose),
        "rows": [(each, mask_name(name_of(each.person))) for each in found[:PAGE]],
        "next_key": str(found[PAGE - 1].id) if len(found) > PAGE else "",
        "is_later_page": after is not None,
        "may_publish": viewer.allows(PUBLISH),
        "exports": export_offers(request, CONSENTS) if found else [],
    }
    return render(request, "office/people/consent_text.html", facts)


@needs(PUBLISH)
@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a wording: the next version of the text that the address names, or one for a new purpose."""
    chosen = uuid_in(request.GET.get("after", ""))
    before = consent_text(chosen) if chosen is not None else None
    behind = reverse("consent-text", args=[before.id]) if before is not None else reverse("people-consent-texts")
    title = _("Write the next version") if before is not None else _("Write a text")
    step = Step(title, before.title if before is not None else "", behind, _("Published."))
    return take_step(request, partial(TextForm, before=before), step)


@needs(access.CARE, access.CATEGORIES)
@require_GET
def care_categories(request: HttpRequest) -> HttpResponseBase:
    """Show the care categories in use, each with its rule, its purpose and how long an entry lasts."""
    if is_export(request):
        return export_response(request, CARE_CATEGORIES, categories())
    facts = {
        "rows": categories(),
        "may_define": viewer_in(request).allows(access.CATEGORIES),
        "exports": export_offers(request, CARE_CATEGORIES),
    }
    return render(request, "office/people/categories.html", facts)


@needs(access.CATEGORIES)
@never_cache
@require_http_methods(["GET", "POST"])
def define(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add a care category of the district's own, or change one."""
    kept = _category(code) if code else None
    title = _("Change the category") if kept is not None else _("Add a category")
    step = Step(title, kept.name if kept is not None else "", reverse("care-categories"), _("Noted"))
    return take_step(request, partial(CategoryForm, kept=kept), step)


@needs(access.CATEGORIES)
@never_cache
@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Let a category be used no longer."""
    kept = _category(code)
    step = Step(_("Use it no longer"), kept.name, reverse("care-categories"), _("Noted"), is_ending=True)
    return take_step(request, partial(RetireForm, kept=kept), step)


def _category(code: str) -> CareCategory:
    found = next((each for each in categories() if each.code == code), None)
    if found is None:
        raise NotFound(_("There is no such category."))
    return found
