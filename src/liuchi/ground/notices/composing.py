"""The words of messages that leave the house, made when they are sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy

from liuchi.ground.notices.addresses import token_for
from liuchi.ground.notices.models import Delivery, DeliveryKind, Notice
from liuchi.ground.notices.parameters import NUMBER
from liuchi.ground.notices.templates import Said, declare, say, say_to_group, topic

#: Lines that a digest lists; what is more stands in the inbox.
MOST_LINES: Final = 30
#: Chats of the district are Chinese.
GROUP_LANGUAGE: Final = "zh-hans"
_TEXTS = Path(__file__).parent / "texts"
ABOUT_MESSAGES = topic("messages", gettext_lazy("About messages themselves"), "notices.manage")
DIGEST = declare("notices.digest", ABOUT_MESSAGES, _TEXTS, count=NUMBER)
SEVERAL = declare("notices.several", ABOUT_MESSAGES, _TEXTS, count=NUMBER)
MORE = declare("notices.more", ABOUT_MESSAGES, _TEXTS, count=NUMBER)
CONFIRM = declare("notices.confirm", ABOUT_MESSAGES, _TEXTS)
TEST = declare("notices.test", ABOUT_MESSAGES, _TEXTS)
GROUP_DIGEST = declare("notices.group_digest", ABOUT_MESSAGES, _TEXTS)
OF_THE_HOUSE: Final = (DIGEST, SEVERAL, MORE, CONFIRM, TEST, GROUP_DIGEST)


@dataclass(frozen=True)
class Letter:
    """A message in words."""

    subject: str
    body: str


def letter(delivery: Delivery, notices: Sequence[Notice], language: str, address: str = "") -> Letter:
    """Return what goes to a person: a digest, something urgent, or the link that confirms `address`."""
    if delivery.kind == DeliveryKind.CONFIRM:
        said = _house(CONFIRM.code, language)
        token = token_for(delivery.person_id or UUID(int=0), address)
        return Letter(said.title, _joined(said.long, _link(f"/inbox/settings/confirm/?token={token}")))
    messages = _said(notices, language)
    if delivery.kind == DeliveryKind.DIGEST:
        return _digest(messages, language)
    subject = messages[0].title if len(messages) == 1 else _house(SEVERAL.code, language, count=len(messages)).title
    parts = [_joined(each.long, _link(notice.link)) for each, notice in zip(messages, notices, strict=False)]
    return Letter(subject, "\n\n".join(parts))


def short_text(notices: Sequence[Notice], language: str) -> str:
    """Return the one sentence that a text message may hold."""
    messages = _said(notices, language)
    return messages[0].short if len(messages) == 1 else _house(SEVERAL.code, language, count=len(messages)).short


def group_text(delivery: Delivery, counts: Mapping[str, int], unit: str) -> str:
    """Return what goes into a unit's group: how many of what wait, by template; no case, place or person."""
    if delivery.kind == DeliveryKind.TEST:
        return say_to_group(TEST.code, GROUP_LANGUAGE, unit=unit)
    head = say_to_group(GROUP_DIGEST.code, GROUP_LANGUAGE, unit=unit)
    lines = [
        line
        for code, count in sorted(counts.items())
        if (line := say_to_group(code, GROUP_LANGUAGE, unit=unit, count=str(count)))
    ]
    return "\n".join([head, *lines]) if lines else ""


def _digest(messages: Sequence[Said], language: str) -> Letter:
    said = _house(DIGEST.code, language, count=len(messages))
    lines = [f"· {each.short}" for each in messages[:MOST_LINES]]
    if len(messages) > MOST_LINES:
        lines.append(_house(MORE.code, language, count=len(messages) - MOST_LINES).short)
    return Letter(said.title, _joined(said.long, *lines, "", _link("/inbox/")))


def _said(notices: Sequence[Notice], language: str) -> list[Said]:
    found = say([(each.template, each.parameters) for each in notices], language)
    return [each for each in found if each is not None]


def _house(code: str, language: str, **kept: int) -> Said:
    return say([(code, kept)], language)[0] or Said("", "", "")


def _link(path: str) -> str:
    """Return the whole address of a page, where this house knows under which name it is reached."""
    return urljoin(settings.LIUCHI_ADDRESS, path) if settings.LIUCHI_ADDRESS and path else ""


def _joined(*lines: str) -> str:
    return "\n".join(lines).strip()
