"""Writing answers: one document, as XML or, by the Spark mapping, as JSON.

In JSON a list is a bare array and an object stands without its root's name; ids are texts, coordinates numbers, and
what is so or not is a boolean. In XML everything is text; what is unknown is an empty element.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.http import HttpResponse
from django.utils import timezone

#: Media types by the extension of an address.
MEDIA: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Items:
    """A list: the name of each element in XML, and the elements."""

    name: str
    rows: Sequence[Any]


def written(root: str, content: Items | Mapping[str, Any], form: str, status: int = 200) -> HttpResponse:
    """Return an answer in the form asked for, "xml" or "json"."""
    body = _xml(root, content) if form == "xml" else _json(content)
    return HttpResponse(body, MEDIA[form], status)


def _xml(root: str, content: object) -> bytes:
    element = ET.Element(root)
    _fill(element, content)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(element, encoding="unicode")).encode()


def _fill(element: ET.Element, content: object) -> None:
    if isinstance(content, Items):
        for row in content.rows:
            _fill(ET.SubElement(element, content.name), row)
    elif isinstance(content, Mapping):
        for name, value in content.items():
            _fill(ET.SubElement(element, name), value)
    else:
        element.text = _text(content)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = moment(value) if isinstance(value, datetime) else str(value)
    # XML 1.0 has no way to write these, not even escaped.
    return "".join(each for each in text if each in "\t\n\r" or " " <= each not in "\ufffe\uffff")


def _json(content: object) -> bytes:
    return json.dumps(_plain(content), ensure_ascii=False).encode()


def _plain(content: object) -> object:
    if isinstance(content, Items):
        return [_plain(row) for row in content.rows]
    if isinstance(content, Mapping):
        return {name: _plain(value) for name, value in content.items()}
    return moment(content) if isinstance(content, datetime) else content


def moment(value: datetime) -> str:
    """Return a moment as the specification wants it: the district's time, always with its offset."""
    return timezone.localtime(value).isoformat(timespec="seconds")
