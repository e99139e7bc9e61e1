"""One's own inbox, and how one wishes to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.ui.inbox_forms import PreferencesForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import signed_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.notices.actions import confirm_email, mark_all_seen, mark_seen, set_preferences
from liuchi.ground.notices.outgoing import has_email, has_sms
from liuchi.ground.notices.queries import Filters, Key, inbox, own_address, preferences_of, topics_for


@dataclass(frozen=True)
class Choice:
    """A link that narrows the inbox."""

    label: str
    address: str
    is_chosen: bool


@signed_in
@require_GET
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Show a page of the reader's own inbox."""
    viewer, query = viewer_in(request), request.GET.dict()
    filters = Filters(
        is_new=query.get("new") == "1",
        topic=next((each.code for each in topics_for(viewer) if each.code == query.get("topic")), ""),
        after=_key(query.get("after", "")),
    )
    page = inbox(viewer, filters)
    facts = {
        "entries": page.entries,
        "choices": _choices(viewer, filters),
        "is_narrowed": filters.is_new or bool(filters.topic),
        "is_later_page": filters.after is not None,
        "next": _address(filters, after=_key_text(page.next_key)) if page.next_key else "",
        "first": _address(filters),
    }
    return render(request, "ui/inbox.html", facts)


@signed_in
@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Bookmark a notice as seen and go where it leads, else back to the inbox."""
    notice = mark_seen(by=viewer_in(request), notice_id=notice_id)
    return redirect(notice.link or "inbox")


@signed_in
@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    """Bookmark everything as seen."""
    mark_all_seen(by=viewer_in(request))
    return redirect("inbox")


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep how the reader wishes to be told."""
    viewer = viewer_in(request)
    mine = preferences_of(viewer)
    address = own_address(viewer, mine)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        mine=mine,
        address=address,
        topics=topics_for(viewer),
        ways=(has_email(), has_sms()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = set_preferences(by=viewer, wishes=form.wishes())
        except RuleBroken as error:
            form.refuse(error)
        else:
            waits = kept.email_sealed is not None and not kept.is_email_confirmed
            said = _("Kept. We have sent you an e-mail; open its link to confirm the address.") if waits else _("Kept.")
            messages.success(request, said)
            return redirect("inbox-settings")
    facts = {
        "form": form,
        "is_confirmed": mine.is_email_confirmed,
        "has_address": bool(address),
        "on_duty_until": form.until,
    }
    return render(request, "ui/inbox_settings.html", facts, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm an address by the link that was sent there; the link itself changes nothing, the button does."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")[:500]
    if request.method == "POST":
        try:
            confirm_email(by=viewer_in(request), token=token)
        except RuleBroken as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Confirmed. E-mail goes to this address from now on."))
        return redirect("inbox-settings")
    return render(request, "ui/inbox_confirm.html", {"token": token})


def _choices(viewer: Viewer, filters: Filters) -> list[Choice]:
    everything = not filters.is_new and not filters.topic
    found = [
        Choice(_("All messages"), "", everything),
        Choice(_("New messages"), urlencode({"new": "1"}), filters.is_new),
    ]
    topics = topics_for(viewer)
    if len(topics) > 1:
        found += [
            Choice(str(each.label), urlencode({"topic": each.code}), each.code == filters.topic) for each in topics
        ]
    return found


def _address(filters: Filters, **more: str) -> str:
    given: Mapping[str, str] = {"new": "1" if filters.is_new else "", "topic": filters.topic, **more}
    return urlencode({name: value for name, value in given.items() if value})


def _key_text(key: Key) -> str:
    return f"{int(key[0])}-{key[1].hex}"


def _key(text: str) -> Key | None:
    seen, _sign, last = text.partition("-")
    try:
        return (seen == "1", UUID(last)) if seen in {"0", "1"} else None
    except ValueError:
        return None
