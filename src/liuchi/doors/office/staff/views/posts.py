"""One post: who holds and held it, today or as of a day; taking it, leaving it, handing it over."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.choosing import day_in
from liuchi.doors.office.staff.post_forms import HandOverForm, LeaveForm, TakeForm
from liuchi.doors.office.stepping import Step, StepForm, take_step
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.posting import colleagues, everybody_in_post, open_holding, staff_post
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import MANAGE, SEE

_ACTS: dict[str, tuple[Callable[..., StepForm], Promise, Promise]] = {
    "hand-over": (HandOverForm, gettext_lazy("Hand over the post"), gettext_lazy("The post is handed over.")),
    "leave": (LeaveForm, gettext_lazy("Leave the post"), gettext_lazy("The post is free.")),
}


@needs(SEE)
@require_GET
def show(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Show a post, with whoever held it on the day that the address names, else today; and everybody who ever did."""
    viewer = viewer_in(request)
    post, on = staff_post(viewer, post_id), day_in(request.GET.get("on", ""))
    rows = [(each, name_of(each.person)) for each in everybody_in_post(viewer, post.id)]
    then = [(row, name) for row, name in rows if _held(row.valid_from, row.valid_to, on)]
    may_manage = viewer.allows(MANAGE, post.organisation.area_id) and post.valid_to is None and on is None
    facts = {
        "post": post,
        "on": on,
        "then": then,
        "rows": rows,
        "may_manage": may_manage,
        "is_free": may_manage and len(then) < post.seats,
    }
    return render(request, "office/staff/post.html", facts)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Let somebody take a free seat."""
    viewer = viewer_in(request)
    post = staff_post(viewer, post_id)
    _require(viewer, post)
    if post.valid_to is not None:
        raise NotFound(_("There is no such post, or it was closed."))
    step = _step(post, _("Let somebody take the post"), _("They hold the post now."))
    return take_step(request, partial(TakeForm, post=post, colleagues=colleagues(viewer, post)), step)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, holding_id: UUID, name: str) -> HttpResponse:
    """Hand a post over, after showing what passes to the successor; or let its holder leave it."""
    if name not in _ACTS:
        raise Http404
    viewer, (form, title, done) = viewer_in(request), _ACTS[name]
    holding = open_holding(viewer, holding_id)
    _require(viewer, holding.post)
    step = _step(holding.post, title, done, name_of(holding.person), is_ending=name == "leave")
    maker = partial(form, holding=holding)
    if name == "hand-over":
        maker = partial(maker, colleagues=colleagues(viewer, holding.post))
    return take_step(request, maker, step)


def _step(post: Post, title: str | Promise, done: str | Promise, name: str = "", *, is_ending: bool = False) -> Step:
    subject = " · ".join(each for each in (post.organisation.short_name, post.title, name) if each)
    return Step(title, subject, reverse("staff-post", args=[post.id]), done, is_ending=is_ending)


def _require(viewer: Viewer, post: Post) -> None:
    if not viewer.allows(MANAGE, post.organisation.area_id):
        raise NotAllowed(_("You may not change staff here. Ask whoever manages the staff of this place."))


def _held(since: date, until: date | None, on: date | None) -> bool:
    if on is None:
        return until is None
    return since <= on and (until is None or until > on)
