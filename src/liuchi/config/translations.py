"""Catalogues of the house's words: taking msgids out of code and templates, and compiling what translators wrote.

GNU gettext is not needed: Babel reads Python and writes catalogues, and a few lines here read Django templates.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
LOCALES = PACKAGE / "locale"
#: The functions that mark a msgid in Python, with which argument is which (as Babel writes it).
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_STRING = r"""(?:"(?P<{0}2>[^"]*)"|'(?P<{0}1>[^']*)')"""
_TRANSLATE = re.compile(
    r"\{%\s*(?:translate|trans)\s+"
    + _STRING.format("text")
    + r"(?:\s+(?!context)[^%]*?)?(?:\s+context\s+"
    + _STRING.format("context")
    + r")?[^%]*%\}"
)
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%\}(?P<body>.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")

#: Header lines that would change with every run, or that say nothing.
_CHANGING = re.compile(
    rb'"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|Language-Team)[^\n]*\n'
)

Found = tuple[str, str | None, str | None, str]


def messages() -> list[Found]:
    """Return every msgid of the project as (msgid, plural or None, context or None, file), each once, in order."""
    seen: dict[tuple[str, str | None], Found] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html"} or "tests" in path.parts or "migrations" in path.parts:
            continue
        name = str(path.relative_to(PACKAGE))
        found = _in_python(path, name) if path.suffix == ".py" else _in_template(path.read_text(encoding="utf-8"), name)
        for each in found:
            known = seen.get((each[0], each[2]))
            seen[each[0], each[2]] = each if known is None or known[1] is None else known
    return list(seen.values())


def read_catalogue(locale: str) -> Catalog:
    """Return the catalogue of a locale, such as "zh_Hans"."""
    with _po(locale).open("rb") as file:
        return read_po(file, locale=locale)


def update_catalogue(locale: str) -> list[str]:
    """Bring a catalogue's msgids up to date, keeping its translations; return the msgids that want translating."""
    old = read_catalogue(locale) if _po(locale).exists() else Catalog(locale=locale)
    fresh = Catalog(locale=locale, header_comment="# Liuchi 六尺", project="liuchi", version="1", fuzzy=False)
    wanting: list[str] = []
    for msgid, plural, context, name in messages():
        key: str | tuple[str, str] = (msgid, plural) if plural else msgid
        known = old.get(key, context)
        flags = {"python-format"} if "%(" in msgid else set()
        fresh.add(key, known.string if known else None, locations=[(name, 0)], flags=flags, context=context)
        if known is None or not _is_complete(known):
            wanting.append(msgid)
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=110, include_lineno=False, omit_header=False, sort_output=False)
    text = _CHANGING.sub(b"", buffer.getvalue())
    _po(locale).parent.mkdir(parents=True, exist_ok=True)
    _po(locale).write_bytes(text)
    return wanting


def compile_translations() -> list[Path]:
    """Compile every catalogue that is newer than what was compiled from it; return what was written."""
    written = []
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        buffer = io.BytesIO()
        with source.open("rb") as file:
            write_mo(buffer, read_po(file, locale=source.parent.parent.name))
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(target)
        written.append(target)
    return written


def _po(locale: str) -> Path:
    return LOCALES / locale / "LC_MESSAGES" / "django.po"


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(strings) and all(strings)


def _in_python(path: Path, name: str) -> Iterator[Found]:
    with path.open("rb") as file:
        for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
            forms = message if isinstance(message, tuple) else (message,)
            texts = [form for form in forms if form]
            if context is not None and texts[0] == context:
                texts = texts[1:]
            if texts:
                yield texts[0], texts[1] if len(texts) > 1 else None, context, name


def _in_template(text: str, name: str) -> Iterator[Found]:
    for match in _TRANSLATE.finditer(text):
        msgid = match["text2"] or match["text1"]
        yield msgid, None, match["context2"] or match["context1"], name
    for match in _BLOCK.finditer(text):
        bodies = [_plain(body, trimmed="trimmed" in match["options"]) for body in _PLURAL.split(match["body"])]
        yield bodies[0], bodies[1] if len(bodies) > 1 else None, None, name


def _plain(body: str, *, trimmed: bool) -> str:
    """Return a block's text as its msgid: variables as placeholders, percent signs doubled, as Django looks it up."""
    parts = _VARIABLE.split(body)
    text = "".join(part.replace("%", "%%") if place % 2 == 0 else f"%({part})s" for place, part in enumerate(parts))
    return re.sub(r"\s*\n\s*", " ", text.strip()) if trimmed else text


if __name__ == "__main__":
    for _locale in ("zh_Hans",):
        for _msgid in update_catalogue(_locale):
            print(f"{_locale}: {_msgid}")
    compile_translations()
