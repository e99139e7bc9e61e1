"""Reading what comes in: JSON in UTF-8, nothing said twice. What could be meant in two ways is refused, not guessed."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from liuchi.doors.api.problems import Refused


class StrictParser(Parser):
    """Reads bodies and queries; the framework's own takes the last of what is said twice, and any encoding."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what a body says.

        Raises:
            Refused: 415, it is no JSON by its own account; 400, it is none by its bytes, no object, or has a name
                twice.
        """
        if not _claims_json(request.content_type or ""):
            raise Refused(415, "unsupported_media_type", _("Send JSON, and say so: Content-Type: application/json."))
        try:
            said = json.loads(
                request.body.decode("utf-8-sig"), object_pairs_hook=_without_doubles, parse_constant=_no_number
            )
        except (ValueError, RecursionError) as error:
            raise Refused(400, "bad_request", _("The body cannot be read as JSON in UTF-8.")) from error
        if not isinstance(said, dict):
            raise Refused(400, "bad_request", _("The body is to be an object: {…}."))
        return said

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return what a query says.

        Raises:
            Refused: 422, a parameter that takes one value has several.
        """
        for name, values in data.lists():
            if name not in list_fields and len(set(values)) > 1:
                raise _twice(name, 422)
        return super().parse_querydict(data, list_fields, request)


def _claims_json(content_type: str) -> bool:
    return content_type == "application/json" or (
        content_type.startswith("application/") and content_type.endswith("+json")
    )


def _without_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _twice(name, 400)
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _twice(name: str, status: int) -> Refused:
    return Refused(status, "given_twice", _("%(name)s is given more than once. Give it once.") % {"name": name[:60]})
