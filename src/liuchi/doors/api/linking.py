"""Where an answer leads: the links of the OpenAPI document, by which a client walks from one operation to the next."""

from collections.abc import Mapping
from typing import Any, Final

_CASE: Final = (
    *("readCase", "listOpenMoves", "moveCase", "listMoves", "listClocks", "listLines"),
    *("listLikelyDuplicates", "joinCase"),
)
#: Where the number of a case stands in an answer, by operation and status.
_NUMBERS: Final[Mapping[tuple[str, int], str]] = {
    ("reportCase", 201): "$response.body#/number",
    ("listCases", 200): "$response.body#/items/0/number",
    ("findCases", 200): "$response.body#/items/0/number",
    ("readCase", 200): "$request.path.number",
    ("listOpenMoves", 200): "$request.path.number",
    ("moveCase", 200): "$response.body#/number",
    ("moveMany", 200): "$response.body#/cases/0/number",
}
#: Which operations tell the version that a change has to name.
_VERSIONED: Final = frozenset({"readCase", "listOpenMoves", "moveCase"})


def link(document: dict[str, Any]) -> None:
    """Write into a document where each answer that names a case leads."""
    operations = {each["operationId"]: each for paths in document["paths"].values() for each in paths.values()}
    for (name, status), number in _NUMBERS.items():
        if name not in operations:
            continue
        targets = [each for each in _CASE if each in operations]
        links = {target: _link(target, number, has_version=name in _VERSIONED) for target in targets}
        operations[name]["responses"][status].setdefault("links", {}).update(links)


def _link(target: str, number: str, *, has_version: bool) -> dict[str, Any]:
    parameters = {"path.number": number}
    if target == "moveCase" and has_version:
        parameters["header.If-Match"] = "$response.header.ETag"
    return {"operationId": target, "parameters": parameters}
