"""Looking after messages: robots, templates with samples, what was given up, what was sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.messages.forms import RobotForm
from liuchi.doors.office.messages.listings import SENT
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.notices.actions import add_robot, drop_delivery, remove_robot, retry_delivery, send_test
from liuchi.ground.notices.models import Delivery, DeliveryState, Way
from liuchi.ground.notices.outgoing import has_email, has_sms
from liuchi.ground.notices.queries import POWER, dead_deliveries, deliveries, robots_for
from liuchi.ground.notices.templates import LANGUAGES, Said, sample, templates, topics

LANGUAGE_NAMES = {"zh-hans": "简体中文", "en": "English"}


@dataclass(frozen=True)
class Shown:
    """A template with its sample in one language, and the line it says in groups."""

    code: str
    topic: str
    said: Said
    group: str


@needs(POWER)
@require_http_methods(["GET", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """Show the ways out and the robots; add a robot."""
    viewer = viewer_in(request)
    form = RobotForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            robot = add_robot(by=viewer, robot=form.robot())
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(name)s” is set up. Try it with a test message.") % {"name": robot.name})
            return redirect("messages")
    facts = {
        "form": form,
        "robots": [(each, [str(topics()[code].label) for code in each.topics]) for each in robots_for(viewer)],
        "has_email": has_email(),
        "has_sms": has_sms(),
    }
    return render(request, "office/messages/robots.html", facts, status=422 if form.errors else 200)


@needs(POWER)
@require_POST
def test_robot(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    """Have a robot say that it works."""
    send_test(by=viewer_in(request), robot_id=robot_id)
    messages.success(request, _("The test message is on its way; how it went stands under “Sent”."))
    return redirect("messages")


@needs(POWER)
@require_POST
def drop_robot(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    """Remove a robot."""
    robot = remove_robot(by=viewer_in(request), robot_id=robot_id)
    messages.success(request, _("“%(name)s” is removed and its webhook forgotten.") % {"name": robot.name})
    return redirect("messages")


@needs(POWER)
@require_GET
def show_templates(request: HttpRequest) -> HttpResponse:
    """Show every template with sample values, in one language."""
    language = request.GET.get("in", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    shown = [
        Shown(each.code, str(each.topic.label), sample(each, language), each.texts[language].group)
        for _code, each in sorted(templates().items())
    ]
    languages = [(code, LANGUAGE_NAMES[code], code == language) for code in LANGUAGES]
    return render(request, "office/messages/templates.html", {"shown": shown, "languages": languages})


@needs(POWER)
@require_GET
def dead_letters(request: HttpRequest) -> HttpResponse:
    """Show what was given up."""
    log = dead_deliveries(viewer_in(request), _uuid(request.GET.get("after", "")))
    return render(request, "office/messages/dead.html", {"rows": log.deliveries, "next": log.next_key})


@needs(POWER)
@require_POST
def settle(request: HttpRequest, delivery_id: UUID, what: str) -> HttpResponse:
    """Send what was given up once more, or drop it."""
    act = {"retry": retry_delivery, "drop": drop_delivery}.get(what)
    try:
        if act is not None:
            act(by=viewer_in(request), delivery_id=delivery_id)
            messages.success(request, _("It is sent once more.") if what == "retry" else _("Dropped."))
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("messages-dead")


@needs(POWER)
@require_GET
def sent(request: HttpRequest) -> HttpResponseBase:
    """Show what was sent, newest first, or hand it out as a file."""
    viewer, query = viewer_in(request), request.GET.dict()
    way = query.get("way", "") if query.get("way") in Way.values else ""
    state = query.get("state", "") if query.get("state") in DeliveryState.values else ""
    if is_export(request):
        return export_response(request, SENT, lambda by: _whole(by, way, state))
    log = deliveries(viewer, way=way, state=state, after=_uuid(query.get("after", "")))
    kept = {name: value for name, value in (("way", way), ("state", state)) if value}
    facts = {
        "rows": log.deliveries,
        "ways": [(value, label, value == way) for value, label in Way.choices],
        "states": [(value, label, value == state) for value, label in DeliveryState.choices],
        "is_narrowed": bool(kept),
        "next": urlencode({**kept, "after": log.next_key.hex}) if log.next_key else "",
        "exports": export_offers(request, SENT),
    }
    return render(request, "office/messages/sent.html", facts)


def _whole(viewer: Viewer, way: str, state: str) -> Iterator[Delivery]:
    after: UUID | None = None
    while True:
        log = deliveries(viewer, way=way, state=state, after=after)
        yield from log.deliveries
        if log.next_key is None:
            return
        after = log.next_key


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
