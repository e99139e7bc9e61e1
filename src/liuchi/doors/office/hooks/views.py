"""Looking after what other systems are told: subscriptions, how they go, and sending again."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.hooks.forms import HookForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.hooks.actions import (
    HookRefused,
    open_subscription,
    pause_subscription,
    remove_subscription,
    replay_deliveries,
    resume_subscription,
    rotate_secret,
    test_subscription,
)
from liuchi.ground.hooks.events import label_of
from liuchi.ground.hooks.models import DeliveryState
from liuchi.ground.hooks.queries import (
    MANAGE,
    RECEIVE,
    address_for,
    deliveries_of,
    is_owner,
    own_keys,
    subscription_for,
    subscriptions_for,
)
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.queries import territory

#: What a button does, and what is said when it is done.
ACTS: Mapping[str, tuple[Callable[..., object], Promise]] = {
    "pause": (pause_subscription, gettext_lazy("Paused. What happens meanwhile is not told later.")),
    "resume": (resume_subscription, gettext_lazy("Started. What waits is sent now.")),
    "test": (test_subscription, gettext_lazy("A test is on its way; how it went stands below in a moment.")),
    "replay": (replay_deliveries, gettext_lazy("What was given up is sent once more.")),
    "remove": (remove_subscription, gettext_lazy("Removed; its address and secrets are forgotten.")),
}


@needs(MANAGE, RECEIVE)
@require_GET
def hooks(request: HttpRequest) -> HttpResponse:
    """Show who is told of events, and how that goes."""
    viewer = viewer_in(request)
    facts = {"rows": list(subscriptions_for(viewer)), "may_subscribe": bool(own_keys(viewer))}
    return render(request, "office/hooks/hooks.html", facts)


@needs(RECEIVE)
@never_cache
@require_http_methods(["GET", "POST"])
def new_hook(request: HttpRequest) -> HttpResponse:
    """Subscribe for one of the viewer's own keys; the secret is shown once."""
    viewer = viewer_in(request)
    keys = own_keys(viewer)
    form = HookForm(request.POST if request.method == "POST" else None, viewer=viewer, keys=keys)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = open_subscription(by=viewer, wanted=form.subscription())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return render(request, "office/hooks/secret.html", {"row": row, "secret": secret, "is_new": True})
    facts = {"form": form, "keys": keys}
    return render(request, "office/hooks/new.html", facts, status=422 if form.errors else 200)


@needs(MANAGE, RECEIVE)
@require_GET
def hook_page(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Show one subscription with what was sent lately."""
    viewer = viewer_in(request)
    row = subscription_for(viewer, hook)
    asked = request.GET.get("state", "")
    state = asked if asked in DeliveryState.values else ""
    log = deliveries_of(viewer, row, state=state, after=_uuid(request.GET.get("after", "")))
    known = territory().areas
    facts = {
        "row": row,
        "address": address_for(viewer, row),
        "is_own": is_owner(viewer, row),
        "events": [label_of(each) for each in row.events],
        "areas": [known[each].name for each in row.areas if each in known],
        "deliveries": [(each, label_of(each.event)) for each in log.deliveries],
        "states": [(value, label, value == state) for value, label in DeliveryState.choices],
        "is_narrowed": bool(state),
        "next": urlencode({"state": state, "after": log.next_key.hex}) if log.next_key else "",
    }
    return render(request, "office/hooks/hook.html", facts)


@needs(MANAGE, RECEIVE)
@require_POST
def act(request: HttpRequest, hook: UUID, what: str) -> HttpResponse:
    """Pause, start, test, replay or remove a subscription."""
    run, done = ACTS.get(what, (None, ""))
    try:
        if run is not None:
            run(by=viewer_in(request), subscription_id=hook)
            messages.success(request, str(done))
    except HookRefused as error:
        messages.error(request, str(error))
    return redirect("hooks") if what == "remove" else redirect("hook", hook)


@needs(RECEIVE)
@never_cache
@require_POST
def new_secret(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Make a new secret and show it once."""
    try:
        row, secret = rotate_secret(by=viewer_in(request), subscription_id=hook)
    except HookRefused as error:
        messages.error(request, str(error))
        return redirect("hooks")
    return render(request, "office/hooks/secret.html", {"row": row, "secret": secret, "is_new": False})


@needs(MANAGE, RECEIVE)
@require_POST
def replay(request: HttpRequest, hook: UUID, delivery: UUID) -> HttpResponse:
    """Send one delivery once more."""
    try:
        replay_deliveries(by=viewer_in(request), subscription_id=hook, delivery_id=delivery)
        messages.success(request, _("It is sent once more."))
    except HookRefused as error:
        messages.error(request, str(error))
    return redirect("hook", hook)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
