"""Every word of the house is translated, nothing translated is stale, and placeholders agree."""

import ast
import re

import pytest
from babel.messages.catalog import Catalog, Message

from liuchi.config.translations import KEYWORDS, PACKAGE, compile_translations, messages, read_catalogue

LOCALES = ("zh_Hans",)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
MARKUP = re.compile(r"<[^>]+>")


def translated(catalogue: Catalog) -> dict[tuple[str, str | None], Message]:
    return {(source(message), message.context): message for message in catalogue if message.id}


def source(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_msgid_is_translated(locale: str) -> None:
    known = translated(read_catalogue(locale))

    wanting = [
        (msgid, name)
        for msgid, _plural, context, name in messages()
        if (msgid, context) not in known or not all(strings(known[msgid, context]))
    ]

    assert wanting == [], "run: python -m liuchi.config.translations, and translate what it lists"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_stale_or_unsure(locale: str) -> None:
    used = {(msgid, context) for msgid, _plural, context, _name in messages()}
    catalogue = read_catalogue(locale)

    stale = [key for key in translated(catalogue) if key not in used]

    assert stale == [], "run: python -m liuchi.config.translations"
    assert not catalogue.obsolete
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_and_markup_agree(locale: str) -> None:
    different = [
        (source(message), string)
        for message in translated(read_catalogue(locale)).values()
        for string in strings(message)
        if marks(string) != marks(source(message)) or ("%%" in source(message)) != ("%%" in string)
    ]

    assert different == []


@pytest.mark.parametrize("locale", LOCALES)
def test_chinese_uses_chinese_punctuation(locale: str) -> None:
    half = re.compile(r"[一-鿿][,;?!]|[一-鿿]:(?!\d)")

    assert [s for m in read_catalogue(locale) if m.id for s in strings(m) if half.search(s)] == []


def test_no_msgid_hides_in_a_formatted_string() -> None:
    hidden = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]

    assert hidden == [], 'the extractor does not look into f-strings: use _("… %(name)s") % {...}'


def test_every_msgid_is_given_as_a_plain_string() -> None:
    computed = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
        and not all(isinstance(each, ast.Constant) for each in call.args[: 2 if "p" in call.func.id else 1])
    ]

    assert computed == []


def test_compiling_when_nothing_changed_then_writes_nothing() -> None:
    compile_translations()

    assert compile_translations() == []


def marks(text: str) -> tuple[list[str], list[str]]:
    return sorted(a or b for a, b in PLACEHOLDER.findall(text)), sorted(MARKUP.findall(text))
