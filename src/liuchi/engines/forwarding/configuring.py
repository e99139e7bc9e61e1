"""What an endpoint is told to be, as a file says it: which class goes as which service, and what of a case is told.

code = "tongling"                     # ours, stable
name = "铜陵市 12345"
address = "https://open311.tongling.example/v2/"
jurisdiction = ""                     # where the endpoint serves several
unit = "tongling-liaison"             # the code of our unit: what is dispatched to it is given on
sharing = "0192…"                     # the entry of the register of sharing, for purpose and legal basis
updates = true                        # it has servicerequestupdates
repeatable = false                    # it knows Idempotency-Key
poll_minutes = 15

[[routes]]
class = "component-0101"
service = "MANHOLE"
tells = ["point", "address"]          # beside class and number: point, address, words (the report's text)
attributes = { KIND = "manhole", REF = "{number}" }
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.reachable import AddressRefused, target_of

TELLS: Final = frozenset({"point", "address", "words"})
_MATTER = re.compile(r"(component|event)-[0-9]{2,6}", re.ASCII)
_CODE = re.compile(r"[a-z0-9-]{2,40}", re.ASCII)
#: What an attribute's value may hold beside fixed words.
PLACES: Final = frozenset({"{number}", "{class}", "{condition}"})
_PLACE = re.compile(r"\{[^}]*\}")


class EndpointRefused(RuleBroken):
    """The file does not describe an endpoint that cases can be given to."""

    code = "endpoint_refused"


@dataclass(frozen=True)
class NewEndpoint:
    """An endpoint as its file describes it; `key` is what it gave us, "" to keep the one that is known."""

    code: str
    name: str
    address: str
    unit: str
    sharing: UUID
    routes: Sequence[Mapping[str, Any]]
    jurisdiction: str = ""
    updates: bool = False
    repeatable: bool = False
    poll_minutes: int = 15
    active: bool = True
    key: str = ""


def read_endpoint(text: str, key: str = "") -> NewEndpoint:
    """Return the endpoint that a file (TOML) describes.

    Raises:
        EndpointRefused: naming what is wrong.
    """
    try:
        given = tomllib.loads(text)
        given["sharing"] = UUID(str(given.get("sharing", "")))
        made = NewEndpoint(**given, key=key)
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise EndpointRefused(_("The file cannot be read: %(why)s") % {"why": error}) from error
    check(made)
    return made


def check(given: NewEndpoint) -> None:
    """Refuse what cannot be kept.

    Raises:
        EndpointRefused: naming what is wrong.
    """
    if not _CODE.fullmatch(given.code) or not given.name.strip() or len(given.name) > 60:
        raise EndpointRefused(_("An endpoint has a code in small letters, and a name."))
    if not given.address.endswith("/") or len(given.address) > 300 or "?" in given.address:
        raise EndpointRefused(_("The address is that of the endpoint itself and ends in a slash."))
    try:
        target_of(given.address)
    except AddressRefused as error:
        raise EndpointRefused(_("This address is not called: %(code)s.") % {"code": error.code}) from None
    if not 1 <= given.poll_minutes <= 1440 or not given.routes:
        raise EndpointRefused(_("Ask between once a minute and once a day, and give at least one route."))
    seen = set()
    for route in given.routes:
        _check_route(route)
        seen.add(route["class"])
    if len(seen) != len(given.routes):
        raise EndpointRefused(_("A class has one route."))


def _check_route(route: Mapping[str, Any]) -> None:
    unknown = set(route) - {"class", "service", "tells", "attributes"}
    tells = set(route.get("tells", ()))
    if unknown or tells - TELLS or not _MATTER.fullmatch(str(route.get("class", ""))) or not route.get("service"):
        raise EndpointRefused(_("A route names class and service, and tells point, address or words."))
    if not tells & {"point", "address"}:
        raise EndpointRefused(_("Open311 wants to know where: let the route tell point or address."))
    for value in route.get("attributes", {}).values():
        places = set(_PLACE.findall(value)) if isinstance(value, str) else {""}
        if places - PLACES:
            raise EndpointRefused(_("An attribute is fixed words, {number}, {class} or {condition}."))
