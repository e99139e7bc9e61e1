"""The button under a list that hands it out as a file, and the question that comes before personal data does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import actor_of, find_viewer, viewer_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.exchange.access import EXPORT, require_export
from liuchi.ground.exchange.exporting import Export, export_rows
from liuchi.ground.exchange.listings import Listing
from liuchi.ground.exchange.models import ExportFormat
from liuchi.ground.exchange.purposes import PURPOSES
from liuchi.ground.kernel.errors import RuleBroken

#: The words in an address that ask for a file; `asked` shows that our own page asked what for.
FORMAT, PURPOSE, ASKED = "format", "purpose", "asked"
OUR_WORDS = frozenset({FORMAT, PURPOSE, ASKED})
#: Seconds for which the answer to "what for?" is taken.
_FRESH: Final = 3600


@dataclass(frozen=True)
class Offer:
    """One link of a list's export bar: the format's name and where it leads."""

    label: str
    address: str


class PurposeForm(HouseForm):
    """What a list with personal data is needed for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you need it for?"),
        choices=list(PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what you need the list for.")},
    )


def is_export(request: HttpRequest) -> bool:
    """Tell whether the address asks for the list as a file."""
    return request.GET.get(FORMAT) in ExportFormat.values


def export_offers(request: HttpRequest, listing: Listing) -> list[Offer]:
    """Return the links by which this page hands out its list as it is narrowed; none where the viewer may not."""
    viewer = find_viewer(request)
    if viewer is None or (listing.is_personal and not viewer.allows(EXPORT)):
        return []
    return [Offer(str(fmt.label), f"?{_address(request, fmt)}") for fmt in ExportFormat]


def export_response(
    request: HttpRequest,
    listing: Listing,
    rows: Callable[[Viewer], Iterable[object]] | Iterable[object],
    *,
    place_id: UUID | None = None,
) -> HttpResponseBase:
    """Answer `?format=csv|xlsx` with the file; where it is personal, with the question what for, the first time.

    `rows` are those of the page, narrowed and ordered as there, but all of them; given as a function they are not
    fetched before the purpose is known, and with the eyes of a viewer who reaches, of a personal listing, only where
    the power to take it out reaches too. The export is noted before the first byte goes out.

    Raises:
        NotAllowed: a personal listing, and the viewer lacks the power exchange.export (in the area `place_id`).
        TypeError: a personal listing with rows that were fetched before.
    """
    if listing.is_personal and not callable(rows):
        raise TypeError(f"{listing.code} is personal: say how its rows are fetched with a viewer's eyes")
    by, purpose = actor_of(request), request.GET.get(PURPOSE, "")
    if listing.is_personal and not _has_answered(request):
        require_export(by, place_id=place_id, purpose=next(iter(PURPOSES)))
        form = PurposeForm({PURPOSE: purpose} if purpose else None)
        return _question(request, listing, form)
    try:
        made = export_rows(
            by=by,
            listing=listing,
            rows=rows(_taking(request, listing)) if callable(rows) else rows,
            fmt=request.GET.get(FORMAT, ""),
            purpose=purpose,
            place_id=place_id,
            filters=_kept(request),
        )
    except RuleBroken as error:
        form = PurposeForm({PURPOSE: purpose})
        form.refuse(error)
        return _question(request, listing, form, status=422)
    return file_response(made)


def file_response(made: Export) -> StreamingHttpResponse:
    """Answer with a file that has been noted as an export."""
    response = StreamingHttpResponse(made.content, content_type=made.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.filename)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _question(request: HttpRequest, listing: Listing, form: PurposeForm, status: int = 200) -> HttpResponse:
    facts = {
        "listing": listing,
        "form": form,
        "format": request.GET.get(FORMAT, ""),
        "kept": sorted(_kept(request).items()),
        "asked": signing.dumps(_asker(request), salt=ASKED),
        "is_personal": listing.is_personal,
        "columns": [str(column.label) for column in listing.columns if column.is_personal],
        "behind": f"{request.path}?{_address(request, '')}",
    }
    return render(request, "ui/export.html", facts, status=status)


def _taking(request: HttpRequest, listing: Listing) -> Viewer:
    """Return who fetches the rows: seeing people in one place and taking lists out in another is neither in both."""
    viewer = viewer_in(request)
    return viewer.where(EXPORT) if listing.is_personal else viewer


def _has_answered(request: HttpRequest) -> bool:
    """Tell whether our own page asked this account what for, so that no link elsewhere draws a list in its name."""
    try:
        asked = signing.loads(request.GET.get(ASKED, ""), salt=ASKED, max_age=_FRESH)
    except signing.BadSignature:
        return False
    return bool(request.GET.get(PURPOSE)) and asked == _asker(request)


def _asker(request: HttpRequest) -> list[str]:
    viewer = find_viewer(request)
    return [str(viewer.id) if viewer else "", request.path]


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: value for name, value in request.GET.dict().items() if name not in OUR_WORDS}


def _address(request: HttpRequest, fmt: str) -> str:
    """Return the query string of this list as the file `fmt`, from its first page on."""
    query = request.GET.copy()
    for name in (*OUR_WORDS, "after"):
        query.pop(name, None)
    if fmt:
        query[FORMAT] = fmt
    return query.urlencode()
