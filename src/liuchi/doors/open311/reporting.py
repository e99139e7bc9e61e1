"""Taking a report in: what the specification lets somebody send, and how it becomes a report of ours.

What a service asks for beside words and place is written into the report as lines, question and answer, so that
whoever handles it reads everything in one place.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.doors.open311.inputs import text_in
from liuchi.doors.open311.jurisdictions import Served
from liuchi.doors.open311.media import files_with, pictures_named
from liuchi.doors.open311.services import Service, service
from liuchi.doors.ui.keys import TooMany, viewer_with_key
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.models import Channel
from liuchi.engines.cases.opening import Receipt
from liuchi.engines.cases.queries import said_with
from liuchi.engines.cases.queries_open import UNCLASSIFIED
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.texts import plain_text
from liuchi.ground.territory.queries import territory

#: The longest description the specification allows, in characters.
LONGEST: Final = 4000
#: The longest address, answer to a question of a service, and name of a request.
LONGEST_ADDRESS, LONGEST_ANSWER, LONGEST_NAME = 200, 500, 100


def viewer_in(request: HttpRequest) -> Viewer:
    """Return who comes with the key of a request.

    Raises:
        Refused: 403 without a key in force, 429 with one that is used too often.
    """
    try:
        viewer = viewer_with_key(request, text_in(request.POST, "api_key") or text_in(request.GET, "api_key"))
    except TooMany as error:
        raise Refused(429, _("Too many requests with this key. Wait a while.")) from error
    if viewer is None:
        raise Refused(403, _("api_key is missing, or no key in force."))
    return viewer


def take_in(request: HttpRequest, viewer: Viewer, where: Served) -> tuple[Service, Receipt]:
    """Report what a request says, and return the service it was said to and the receipt.

    Raises:
        Refused: 400 for what is missing or cannot be read, 404 for a service that is none, 409 for an Idempotency-Key
            under which something else was said.
    """
    given: QueryDict = request.POST
    asked = _service(text_in(given, "service_code"), where.code)
    longitude, latitude, address = _place(given)
    named = next((area for area in territory().areas.values() if address and area.code == address), None)
    description = text_in(given, "description")
    if len(description) > LONGEST:
        raise _too_long("description", LONGEST)
    answers = _answers(asked, given)
    media = files_with(request, viewer)
    words = [description or asked.name, *answers, *pictures_named(given), *media.notes]
    text = plain_text("\n".join(words))
    receipt = report_case(
        by=viewer,
        token=_token(request, viewer),
        text=text,
        channel=Channel.API,
        longitude=longitude,
        latitude=latitude,
        area_id=named.id if named is not None else where.area_id,
        address="" if named is not None else address,
        name=" ".join(part for name in ("last_name", "first_name") if (part := text_in(given, name))),
        phone=text_in(given, "phone"),
        matter="" if asked.code == UNCLASSIFIED else asked.code,
        files=media.files,
    )
    if not receipt.is_new and said_with(receipt.code) not in {"", text}:
        raise Refused(409, _("This Idempotency-Key was used for something else. Choose a new one for each request."))
    return asked, receipt


def taken_in(asked: Service, receipt: Receipt, token: str) -> dict[str, Any]:
    """Return the answer: a number at once, or a token where the service works in batches."""
    notice = _("Receipt %(code)s: with it you follow the case and say how it was solved.") % {"code": receipt.code}
    key, value = ("token", token) if asked.type == "batch" else ("service_request_id", receipt.number)
    return {key: value, "service_notice": notice, "account_id": None}


def _too_long(name: str, most: int) -> Refused:
    return Refused(400, _("%(name)s has at most %(most)d characters.") % {"name": name, "most": most})


def _service(code: str, jurisdiction: str) -> Service:
    if not code:
        raise Refused(400, _("service_code is missing."))
    found = service(code, jurisdiction)
    if found is None:
        raise Refused(404, _("There is no service of this code."))
    return found


def _place(given: Mapping[str, str]) -> tuple[float | None, float | None, str]:
    """Return longitude, latitude and address.

    Raises:
        Refused: 400, no place at all, half a point, or no degrees.
    """
    lat, long = text_in(given, "lat"), text_in(given, "long")
    address = text_in(given, "address_string") or text_in(given, "address_id")
    if not (lat and long) and (lat or long or not address):
        raise Refused(400, _("Say where: lat and long, or address_string, or address_id."))
    if len(address) > LONGEST_ADDRESS:
        raise _too_long("address_string", LONGEST_ADDRESS)
    if not lat:
        return None, None, address
    try:
        latitude, longitude = float(lat), float(long)
    except ValueError as error:
        raise Refused(400, _("lat and long are degrees, such as 30.5154 and 117.0411.")) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused(400, _("lat and long are degrees, such as 30.5154 and 117.0411."))
    return longitude, latitude, address


def _answers(asked: Service, given: QueryDict) -> list[str]:
    """Return question and answer of each attribute that was answered.

    Raises:
        Refused: 400, a required one is missing, a value is none of the list.
    """
    lines = []
    for each in asked.attributes:
        name = f"attribute[{each['code']}]"
        values = [plain_text(value) for value in (*given.getlist(name), *given.getlist(f"{name}[]"))]
        values = [value for value in values if value]
        if each.get("required") and each.get("automated") != "server_set" and not values:
            raise Refused(400, _("attribute[%(code)s] is required.") % {"code": each["code"]})
        known = each.get("values")
        if known is not None and set(values) - known.keys():
            raise Refused(400, _("attribute[%(code)s] has a value that is none of its list.") % {"code": each["code"]})
        if values:
            if any(len(value) > LONGEST_ANSWER for value in values):
                raise _too_long(name, LONGEST_ANSWER)
            told = "、".join(known[value] if known else value for value in values)
            lines.append(f"{each['question']} {told}")
    return lines


def _token(request: HttpRequest, viewer: Viewer) -> UUID:
    """Return what makes a report sent twice one: the name the client gave it, else something new.

    Raises:
        Refused: 400, a name too long to be told from others.
    """
    name = request.headers.get("Idempotency-Key", "")
    if len(name) > LONGEST_NAME:
        raise _too_long("Idempotency-Key", LONGEST_NAME)
    return uuid5(NAMESPACE_URL, f"liuchi:{viewer.key_line}:{name}") if name else uuid4()
