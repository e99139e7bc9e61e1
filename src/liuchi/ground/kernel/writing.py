"""Small flat values in words: what a journal line holds is written several times, and often."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

_encode: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
quoted: Final = json.encoder.encode_basestring_ascii


def id_words(value: UUID) -> str:
    """Return an id as text, like `str(value)` in half its time."""
    digits = "%032x" % value.int  # noqa: UP031 - twice as fast as a format
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def json_object(data: Mapping[str, Any]) -> str:
    """Return `data` as an ASCII JSON object without spaces, keys sorted: an encoder's words in a third of its time.

    Raises:
        ValueError: for a number that JSON does not know.
        TypeError: for a value that JSON does not know.
    """
    return "{" + ",".join([f"{quoted(name)}:{_WORDS[type(held)](held)}" for name, held in sorted(data.items())]) + "}"


class _Words(dict[type, Callable[[Any], str]]):
    """How values of a type are written; those that are rare as the encoder does."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return _encode


_WORDS: Final = _Words(
    {str: quoted, int: int.__repr__, bool: lambda held: "true" if held else "false", type(None): lambda _held: "null"}
)
