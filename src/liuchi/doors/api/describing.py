"""The document that describes the API, as a page reads it: groups of operations, each with what goes in and out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from liuchi.doors.api.site import api

#: What a request to try shows of headers: what a change is decided on, and its name.
_HEADERS = {"If-Match", "Idempotency-Key"}


@dataclass(frozen=True)
class Input:
    """One thing an operation takes: its name, where it stands (path, query, header, body), of what kind, and why."""

    name: str
    where: str
    kind: str
    is_needed: bool
    says: str


@dataclass(frozen=True)
class Operation:
    """One operation: what it is called, does, takes and answers, a request to try, and what comes back."""

    id: str
    method: str
    path: str
    says: str
    inputs: tuple[Input, ...]
    answers: tuple[Input, ...]
    curl: str
    example: str = ""

    @property
    def title(self) -> str:
        """Return what it does, in a line."""
        return self.says.partition("\n")[0].partition(". ")[0].rstrip(".")


@cache
def groups() -> dict[str, list[Operation]]:
    """Return the operations by group, in the order of the document."""
    document = api.get_openapi_schema()
    shapes = document["components"]["schemas"]
    found: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, each in operations.items():
            found.setdefault(each["tags"][0], []).append(_operation(path, method.upper(), each, shapes))
    return found


def _operation(path: str, method: str, said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Operation:
    inputs = [_parameter(each, shapes) for each in said.get("parameters", ())]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    inputs += _fields(body.get("schema", {}), shapes, "body")
    success = next(each for status, each in sorted(said["responses"].items(), key=lambda row: int(row[0])))
    answer = success.get("content", {}).get("application/json", {})
    answers = _fields(answer.get("schema", {}), shapes, "answer")
    text = said.get("description", "") or said["summary"]
    return Operation(
        said["operationId"],
        method,
        path,
        text,
        tuple(inputs),
        tuple(answers),
        _curl(path, method, inputs, body.get("example")),
        json.dumps(answer["example"], ensure_ascii=False, indent=2) if "example" in answer else "",
    )


def _parameter(said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Input:
    return Input(
        said["name"], said["in"], _kind(said["schema"], shapes), bool(said.get("required")), said.get("description", "")
    )


def _fields(schema: Mapping[str, Any], shapes: Mapping[str, Any], where: str) -> list[Input]:
    """Return the fields of a shape; of a list, those of its rows."""
    shape = _shape(schema, shapes)
    if "items" in shape.get("properties", {}) and where == "answer":
        shape = _shape(shape["properties"]["items"]["items"], shapes)
    needed = shape.get("required", ())
    return [
        Input(name, where, _kind(each, shapes), name in needed, each.get("description", ""))
        for name, each in shape.get("properties", {}).items()
    ]


def _shape(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = shapes[name] if name else schema
    return found


def _kind(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> str:
    """Return of what kind a value is, in a word or two."""
    if "anyOf" in schema:
        return " | ".join(_kind(each, shapes) for each in schema["anyOf"] if each.get("type") != "null")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "allOf" in schema:
        return _kind(schema["allOf"][0], shapes)
    if "$ref" in schema:
        shape = _shape(schema, shapes)
        return _kind(shape, shapes) if "enum" in shape else str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'], shapes)}]"
    return str(schema.get("format") or schema.get("type") or "any")


def _curl(path: str, method: str, inputs: list[Input], body: Mapping[str, Any] | None) -> str:
    """Return a request to try, on the lines of a shell."""
    lines = ['curl -H "Authorization: Bearer $KEY"']
    if method not in {"GET", "POST"}:
        lines += [f"-X {method}"]
    if method != "GET":
        lines += [f'-H "{each.name}: …"' for each in inputs if each.where == "header" and each.name in _HEADERS]
    if body is not None:
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(body, ensure_ascii=False)}'"]
    elif method == "POST":
        lines += ["-X POST"]
    return " \\\n  ".join([*lines, f'"$HOST{path}"'])
