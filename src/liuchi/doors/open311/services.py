"""Which class of matters is which service: every class in force is one, and one stands for whatever fits none.

What a service asks for beside words and place, its group in English and whether it answers with a token is data:
`services.json` here, or the file that LIUCHI_OPEN311_SERVICES names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from liuchi.doors.open311.writing import Items
from liuchi.engines.cases.queries import classes
from liuchi.engines.cases.queries_open import UNCLASSIFIED

#: Under which name the file says what jurisdictions have of their own.
JURISDICTIONS: Final = "jurisdictions"
SHIPPED: Final = Path(__file__).parent / "services.json"


@dataclass(frozen=True)
class Service:
    """A service: its code is the class's matter, `group` its major class; `attributes` as the file writes them.

    `groups` are several to show it under, for clients that know more than one.
    """

    code: str
    name: str
    group: str
    type: str = "realtime"
    keywords: Sequence[str] = ()
    groups: Sequence[str] = ()
    attributes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def listed(self) -> dict[str, Any]:
        """Return the service as the list of services shows it; some clients take spaces after commas for letters."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": _("%(name)s in the group %(group)s") % {"name": self.name, "group": self.group},
            "metadata": bool(self.attributes),
            "type": self.type,
            "keywords": ",".join(self.keywords),
            "group": self.group,
            **({"groups": Items("group", self.groups)} if self.groups else {}),
        }

    def definition(self) -> dict[str, Any]:
        """Return what the service asks for."""
        return {
            "service_code": self.code,
            "attributes": Items("attribute", [_attribute(*each) for each in self._ordered()]),
        }

    def _ordered(self) -> list[tuple[int, Mapping[str, Any]]]:
        return list(enumerate(self.attributes, 1))


def services(jurisdiction: str = "") -> list[Service]:
    """Return every service of a jurisdiction, by code; what fits none comes last.

    A jurisdiction that the file knows says which classes it takes (`only`) and what it asks of them in its own way
    (`services`); all others take every class.
    """
    said = _said()
    own = said.get(JURISDICTIONS, {}).get(jurisdiction, {})
    said = {**said, **own.get("services", {})}
    only = own.get("only")
    rows = [
        Service(row.matter, row.name, row.major_name, **_given(said.get(row.matter, {})))
        for row in classes()
        if only is None or row.matter in only
    ]
    return [*rows, Service(UNCLASSIFIED, _("Something else"), _("Other"))]


def service(code: str, jurisdiction: str = "") -> Service | None:
    """Return the service of that code in a jurisdiction, or None."""
    return next((each for each in services(jurisdiction) if each.code == code), None)


def _given(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("type", "keywords", "groups", "attributes") if name in said}


def _attribute(order: int, said: Mapping[str, Any]) -> dict[str, Any]:
    values = [{"key": key, "name": name} for key, name in said.get("values", {}).items()]
    return {
        "variable": bool(said.get("variable", True)),
        "code": said["code"],
        "datatype": said["datatype"],
        "required": bool(said.get("required", False)),
        "datatype_description": said.get("hint", ""),
        "order": order,
        "description": said["question"],
        **({"values": Items("value", values)} if values else {}),
        **({"automated": said["automated"]} if "automated" in said else {}),
    }


@cache
def _said() -> dict[str, dict[str, Any]]:
    """Return what the file says of services, by code; read once."""
    path = Path(settings.LIUCHI_OPEN311_SERVICES or SHIPPED)
    content: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return content
