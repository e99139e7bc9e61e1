"""What is tried on every door: texts are kept as words or refused, bodies that can be read in no one way refused."""

import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

from liuchi.config.tests.hostile.doors import FORM, JSON, Door, Opened

MB = 1024**2
#: Words that somebody may well have typed, or pasted, or sent to do harm: they are kept as words.
WORDS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\"><svg/onload=alert(1)> ' onmouseover='alert(1)",
    "template": "{{ 7|add:7 }} {% debug %} ${7*7} #{7*7} %(number)s %s {0}",
    "SQL": "'; DROP TABLE cases_case; -- \\' OR 1=1 /* $$ */",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "formula in full width": "＝1＋1",
    "command": "+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab formula": "\t=1+1",
    "link": "javascript:alert(1)",
    "CDATA": "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x; &lt; &#0;",
    "path": "../../../../etc/passwd%00.jpg",
    "line ends": "一\r\n二\r三\u2028四\x85五",
    "header": "井盖\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "NUL": "井盖\0坏了",
    "control": "\x1b[31m井盖\x08\x9d坏了",
    "bidi": "\u202e了坏盖井\u2066\u202d 正文",
    "zero width": "井\u200b盖\u200d坏\ufeff了",
    "combining": "Z\u0310\u0349\u0350" * 60,
    "emoji": "👨\u200d👩\u200d👧 𠮷 𝔸 🏳️\u200d🌈",
    "private": "\ue000\U000f0000 \uffff 井盖",
    "unknown": "井盖\u0378",
}
#: What says nothing, or too much.
NO_WORDS = {
    "empty": "",
    "blank": " \u3000\n\t ",
    "zero width only": "\u200b\u200c\u200d\ufeff\u2060",
    "bidi only": "\u202e\u2066",
    "NUL only": "\0\0",
}
TOO_LONG = {"a page": "井" * 5001, "a megabyte": "x" * MB}

#: Points that are no degrees.
NO_POINTS = {
    "not a number": ("NaN", "30.5"),
    "without end": ("Infinity", "-Infinity"),
    "beyond range": ("180.0001", "90.0001"),
    "huge": ("1e308", "1e308"),
    "the other way round": ("30.5154", "117.0411"),
    "words": ("east", "north"),
    "half": ("117.0411", ""),
    "list": ("[1]", "[1]"),
    "many digits": ("9" * 400, "9" * 400),
}
#: Points that are degrees, and not here: a report is never refused for its place.
ELSEWHERE = {"at sea": (125.0, 28.0), "null island": (0.0, 0.0), "next city": (118.8, 32.06), "pole": (0.0, 90.0)}

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><request><description>&j;</description></request>"
)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><request>&e;</request>'


def bodies(door: Door, at: Opened) -> Iterator[tuple[str, bytes, str, dict[str, str]]]:
    """Give the name, bytes, media type and headers of requests that no door may take."""
    sound = door.encoded(at.sound)
    words = door.names.get("words", "reason")
    yield "XML bomb", BOMB, "text/xml", {}
    yield "external entity", ENTITY, "application/xml", {}
    yield "XML bomb that claims to be ours", BOMB, door.speaks, {}
    yield "nothing", b"", door.speaks, {}
    yield "another media type", sound, "text/plain", {}
    yield "packed", gzip.compress(b"0" * 10 * MB), door.speaks, {"content-encoding": "gzip"}
    yield "another charset by its own account", sound, f"{door.speaks.partition(';')[0]}; charset=gbk", {}
    yield "too much", sound + b" " * (2 * MB), door.speaks, {}
    yield "far too much", door.encoded({**at.sound, words: "x" * (10 * MB)}), door.speaks, {}
    yield (
        "parts without end",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n",
        "multipart/form-data; boundary=x",
        {},
    )
    yield "parts without boundary", sound, "multipart/form-data", {}
    yield from (_json if door.speaks == JSON else _form)(sound, at, words)


def _json(sound: bytes, at: Opened, words: str) -> Iterator[tuple[str, bytes, str, dict[str, str]]]:
    text = sound.decode()
    name = next(iter(at.sound))
    yield "UTF-16", json.dumps(at.sound, ensure_ascii=False).encode("utf-16"), JSON, {}
    yield "GBK", json.dumps({**at.sound, words: "井盖坏了"}, ensure_ascii=False).encode("gbk"), JSON, {}
    yield "broken UTF-8", sound[:-1] + b',"x":"\xff\xc0\x80"}', JSON, {}
    yield "half a character", text[:-1].encode() + f', "{words}": "\\ud800"}}'.encode(), JSON, {}
    yield "a name twice", text[:-1].encode() + f', "{name}": {json.dumps(at.sound[name])}}}'.encode(), JSON, {}
    yield "deep", b"[" * 100_000, JSON, {}
    yield "deep inside", b'{"x":' * 5_000 + b"1" + b"}" * 5_000, JSON, {}
    yield "cut off", sound[:-1], JSON, {}
    yield "two of them", sound + sound, JSON, {}
    yield "a list", b"[" + sound + b"]", JSON, {}
    yield "a number", b"9" * 5_000, JSON, {}
    yield "no number", b'{"text": NaN, "reason": Infinity, "move": -Infinity}', JSON, {}
    yield "numbers for words", json.dumps(dict.fromkeys(at.sound, 1)).encode(), JSON, {}
    yield "form instead", urlencode(at.sound).encode(), FORM, {}
    yield "form that claims to be JSON", urlencode(at.sound).encode(), JSON, {}


def _form(sound: bytes, at: Opened, words: str) -> Iterator[tuple[str, bytes, str, dict[str, str]]]:
    yield "GBK", sound + b"&x=" + quote("井盖", encoding="gbk").encode(), FORM, {}
    yield "UTF-16", b"&".join(f"{name}={value}".encode("utf-16") for name, value in at.sound.items()), FORM, {}
    yield "broken UTF-8", sound + b"&x=%ff%c0%80", FORM, {}
    yield "half a character", sound + b"&x=%ed%a0%80", FORM, {}
    yield "raw bytes", sound + b"&x=\xbe\xae", FORM, {}
    yield "too many fields", sound + b"&a=1" * 1001, FORM, {}
    yield "JSON instead", json.dumps(at.sound).encode(), JSON, {}


Attack = Callable[[Door, Opened], Iterator[tuple[str, bytes, str, dict[str, str]]]]
