"""Updates taken in (`servicerequestupdates` by POST): an ordinary move where the key may make it, else a note.

Two kinds of systems tell of a case: the app that brought the report, which speaks for its reporter, and the own system
of the unit that handles it. What the words mean for each is the table `_ACTS`; what has no row becomes a note.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.doors.open311.inputs import list_in, moment_in, text_in
from liuchi.doors.open311.media import Media, files_with, line_of, pictures_named
from liuchi.engines.cases.access import reports_by
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.actions.telling import supplement_case, tell_progress
from liuchi.engines.cases.beside import written_beside
from liuchi.engines.cases.models import Case, CaseMove, OutsideUpdate, State
from liuchi.engines.cases.queries_updates import case_told_of
from liuchi.engines.cases.reasons import TOLD_BY_OTHERS
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken

#: The longest id of an update over there, in characters.
LONGEST_ID: Final = 100
_Act = Callable[..., CaseMove]


@dataclass(frozen=True)
class Told:
    """An update as it was sent."""

    name: str
    number: str
    word: str
    text: str

    @property
    def digest(self) -> bytes:
        """Return a hash of what it says."""
        return hashlib.sha256("\0".join((self.number, self.word, self.text)).encode()).digest()


class _Known(Exception):
    """It came before."""


def take_update(request: HttpRequest, viewer: Viewer, area_id: UUID) -> str:
    """Do or note what an update says and return its id here; sent again, the same id and nothing done.

    Raises:
        Refused: 400 for what is missing or cannot be read, 403 for a case that is none of the key's, 404 for none.
    """
    told, key_line = _read(request.POST), line_of(viewer)
    case = case_told_of(viewer, told.number, area_id)
    known = _known(viewer, case, told)
    if known is not None:
        return known
    act = _act(viewer, case, told.word)
    try:
        with written_beside(partial(_beside, viewer, key_line, told)):
            return str(_made(act, viewer, case, told, files_with(request, viewer)).id)
    except (RuleBroken, _Known):
        known = _known(viewer, case, told)  # two at once: the other one was faster
        if known is None:
            raise
        return known


def _read(given: QueryDict) -> Told:
    found = {}
    for name in ("service_request_id", "update_id", "status", "updated_datetime", "description"):
        found[name] = text_in(given, name)
        if not found[name]:
            raise Refused(400, _("%(name)s is missing.") % {"name": name})
    moment_in(given, "updated_datetime")
    word = found["status"].lower().replace(" ", "_")
    if word not in TOLD_BY_OTHERS:
        raise Refused(400, _("status is none of the known words: %(words)s.") % {"words": ", ".join(TOLD_BY_OTHERS)})
    if len(found["update_id"]) > LONGEST_ID:
        raise Refused(400, _("update_id has at most %(most)d characters.") % {"most": LONGEST_ID})
    numbers = list_in(given, "service_request_id")
    if len(numbers) != 1:
        raise Refused(400, _("One update is about one service_request_id."))
    lines = [found["description"], *_further(given), *pictures_named(given)]
    return Told(found["update_id"], numbers[0], word, "\n".join(lines))


def _further(given: QueryDict) -> list[str]:
    """Return what was sent as attributes, each as a line."""
    names = [name for name in given if name.startswith("attribute[")]
    lines = ((name[10:].partition("]")[0][:60], "、".join(given.getlist(name))[:500]) for name in names[:20])
    return [f"{name}: {value}".replace("\0", "") for name, value in lines if name and value.strip()]


def _act(viewer: Viewer, case: Case, word: str) -> _Act:
    """Return what an update of that word does.

    Raises:
        Refused: 403, the case neither came with this key nor is with a unit that it acts for.
    """
    if reports_by(viewer, case).exists():
        return reopen_case if case.state == State.CLOSED and word in {"open", "reopen"} else supplement_case
    if not viewer.allows_in("cases.handle", case.unit_id):
        raise Refused(403, _("This request was neither sent with this key nor is it with a unit it acts for."))
    if word in {"fixed", "closed"} and case.state in MOVES["hand_in"].sources:
        return hand_in_result
    if word == "not_councils_responsibility" and case.state in MOVES["decline"].sources:
        return decline_case
    return tell_progress


def _made(act: _Act, viewer: Viewer, case: Case, told: Told, media: Media) -> CaseMove:
    text = "\n".join([told.text, *media.notes])
    return act(by=viewer, case_id=case.id, text=text, **_FURTHER[act](told, media.files))


_FURTHER: Final[Mapping[_Act, Callable[[Told, Files], dict[str, Any]]]] = {
    reopen_case: lambda _told, _files: {},  # a reopening takes no files
    supplement_case: lambda told, files: {"word": told.word, "files": files},
    tell_progress: lambda told, files: {"word": told.word, "files": files},
    hand_in_result: lambda _told, files: {"files": files},
    decline_case: lambda _told, _files: {"reason": "not_our_duty"},  # the extension's word says no more
}


def _beside(viewer: Viewer, key_line: UUID, told: Told, case: Case, line_id: UUID) -> OutsideUpdate:
    if _known(viewer, case, told) is not None:
        raise _Known
    return OutsideUpdate(
        key_id=key_line,
        case_id=case.id,
        name=told.name,
        digest=told.digest,
        line_id=line_id,
        received_at=clock.now(),
    )


def _known(viewer: Viewer, case: Case, told: Told) -> str | None:
    """Return the id here of an update that came before.

    Raises:
        Refused: 400, another one came under its id.
    """
    row = OutsideUpdate.objects.filter(case=case, key_id=viewer.key_line, name=told.name).first()
    if row is None:
        return None
    if bytes(row.digest) != told.digest:
        raise Refused(400, _("Another update of this request came under this update_id. Choose a new one."))
    return str(CaseMove.objects.values_list("id", flat=True).get(line_id=row.line_id))
