"""What messages say: templates declared with their parameters, their texts read from files, one per language.

A text holds plain placeholders such as {number}; nothing in it is ever evaluated. Texts are checked when they are read:
every language, every part, no placeholder that the template does not declare.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django.utils import translation

from liuchi.ground.notices.parameters import Kept, ParameterRefused, Shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES: Final = ("zh-hans", "en")
#: Parts of a text: a line of a list or a subject; one sentence; the whole; and a line for a group chat, counts only.
PARTS: Final = ("title", "short", "long")
GROUP: Final = "group"
#: All that a line for a group chat may name: how many, and whose unit.
COUNTED: Final = frozenset({"count", "unit"})
_PLACE = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)


class TemplateBroken(ValueError):
    """A template or its texts cannot be used; the message says which, and what is missing."""


@dataclass(frozen=True)
class Topic:
    """What messages are about, as people choose it; offered to whoever holds one of `powers` (none: to everybody)."""

    code: str
    label: "StrOrPromise"
    powers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """The text of one template in one language; `group` is empty where it never goes into a group chat."""

    title: str
    short: str
    long: str
    group: str = ""


@dataclass(frozen=True, eq=False)
class Template:
    """One kind of message: its topic, its parameters by name, its text by language."""

    code: str
    topic: Topic
    parameters: Mapping[str, Shown]
    texts: Mapping[str, Text] = field(repr=False)

    def keep(self, given: Mapping[str, object]) -> dict[str, Kept]:
        """Return parameters as they are stored: exactly the declared ones.

        Raises:
            ParameterRefused: naming the one that is missing, unknown, or no id, code or number.
        """
        if given.keys() != self.parameters.keys():
            raise ParameterRefused(f"{self.code} takes {sorted(self.parameters)}, not {sorted(given)}")
        return {name: self._kept(name, given[name]) for name in self.parameters}

    def _kept(self, name: str, value: object) -> Kept:
        try:
            return self.parameters[name].keep(value)
        except ParameterRefused as error:
            raise ParameterRefused(f"{self.code}: parameter {name!r} {error}") from None


@dataclass(frozen=True)
class Said:
    """A message in the words of one language."""

    title: str
    short: str
    long: str


_topics: Final[dict[str, Topic]] = {}
_templates: Final[dict[str, Template]] = {}


def topic(code: str, label: "StrOrPromise", *powers: str) -> Topic:
    """Declare a topic and return it; with `powers` it is offered to their holders only.

    Raises:
        TemplateBroken: when there is one of that code.
    """
    if code in _topics:
        raise TemplateBroken(f"the topic {code} is declared already")
    _topics[code] = Topic(code, label, powers)
    return _topics[code]


def declare(code: str, about: Topic, texts: Path, /, **parameters: Shown) -> Template:
    """Declare the template `code` ("room.what_happened"), its texts in the folder `texts`, and return it.

    Raises:
        TemplateBroken: the code is taken, a language or part is missing, a placeholder is not among `parameters`, or a
            text for group chats holds more than counts and names of organisations.
    """
    if not _NAME.fullmatch(code):
        raise TemplateBroken(f"{code!r} is no code for a template; write it as room.what_happened")
    if code in _templates:
        raise TemplateBroken(f"the template {code} is declared already")
    found = {language: _text(code, language, texts, parameters) for language in LANGUAGES}
    template = Template(code, about, MappingProxyType(parameters), MappingProxyType(found))
    _templates[code] = template
    return template


def topics() -> Mapping[str, Topic]:
    """Return every topic by code, in the order of their declaration."""
    return MappingProxyType(_topics)


def templates() -> Mapping[str, Template]:
    """Return every template by code."""
    return MappingProxyType(_templates)


def say(messages: Iterable[tuple[str, Mapping[str, Kept]]], language: str) -> list[Said | None]:
    """Return messages (template's code, stored parameters) in words; None where nobody declares the template any more.

    Names that ids stand for are looked up together, once for each kind of parameter.
    """
    asked = [(_templates.get(code), kept) for code, kept in messages]
    with translation.override(language):
        words = _shown(asked)
        return [None if template is None else _said(template, kept, words, language) for template, kept in asked]


def say_to_group(code: str, language: str, **values: str) -> str:
    """Return the line of a template for a group chat; `values` are counts and names of organisations, as words."""
    return fill(_templates[code].texts[language].group, values)


def sample(template: Template, language: str) -> Said:
    """Return a template's text with the samples of its parameters."""
    return say([(template.code, {name: shown.sample for name, shown in template.parameters.items()})], language)[0] or (
        Said("", "", "")
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put `values` in the place of their names; what stands in a value is never read as a placeholder."""
    return _PLACE.sub(lambda found: values[found[1]], text)


def placeholders(text: str) -> set[str]:
    """Return the names in a text that stand for something."""
    return set(_PLACE.findall(text))


Words = Mapping[tuple[Shown, Any], str]


def _shown(asked: Iterable[tuple[Template | None, Mapping[str, Kept]]]) -> Words:
    values: dict[Shown, set[Kept]] = {}
    for template, kept in asked:
        for name, shown in (template.parameters if template else {}).items():
            if name in kept:
                values.setdefault(shown, set()).add(kept[name])
    return {(shown, value): words for shown, found in values.items() for value, words in shown.show(found).items()}


def _said(template: Template, kept: Mapping[str, Kept], words: Words, language: str) -> Said:
    text = template.texts[language]
    values = {name: words[shown, kept[name]] if name in kept else "" for name, shown in template.parameters.items()}
    return Said(*(fill(part, values) for part in (text.title, text.short, text.long)))


def _text(code: str, language: str, folder: Path, parameters: Mapping[str, Shown]) -> Text:
    found = _file(folder / f"{language}.toml").get(code)
    if not isinstance(found, dict):
        raise TemplateBroken(f"{code} has no text in {language}")
    unknown = found.keys() - {*PARTS, GROUP}
    if unknown:
        raise TemplateBroken(
            f"{code} in {language} has a part {sorted(unknown)[0]!r}; the parts are {PARTS} and {GROUP}"
        )
    for problem in _problems(found, parameters):
        raise TemplateBroken(f"{code} in {language}: {problem}")
    return Text(**{part: text.strip() for part, text in found.items()})


def _problems(found: Mapping[str, str], parameters: Mapping[str, Shown]) -> Iterator[str]:
    for part in PARTS:
        if not found.get(part, "").strip():
            yield f"the part {part!r} is missing"
    for part, text in found.items():
        for name in sorted(placeholders(text) - (COUNTED if part == GROUP else parameters.keys())):
            yield f"the placeholder {{{name}}} may not stand in {part!r}"


@cache
def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TemplateBroken(f"{path.name} cannot be read: {error}") from error
