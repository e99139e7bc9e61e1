"""Changing things once: what a change was decided on, under which name it was asked for, and what it was answered."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpResponse
from ninja import Header

from liuchi.doors.api.answers import answer, etag, plain_content
from liuchi.doors.api.problems import used_before
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.ground.access.keys import answered
from liuchi.ground.access.models import AnsweredRequest
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import kept_with

R = TypeVar("R")
RequestName = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        description="Chosen by the client, new for each change; the same again does nothing and answers the same.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=60, description="The ETag that was read: what the change was decided on."),
]


@dataclass(frozen=True)
class Asked:
    """One request for a change: whose, under which name, and a digest of what it asks for."""

    viewer: Viewer
    name: str | None
    content: bytes

    def known(self) -> dict[str, Any] | None:
        """Return what this request was answered before.

        Raises:
            Refused: 409, the name was used for something else.
        """
        line = self.viewer.key_line
        before = answered(line, self.name) if line is not None and self.name else None
        if before is None:
            return None
        if bytes(before.content) != self.content:
            raise used_before()
        return dict(before.answer)

    def remembered(self, told: Mapping[str, Any]) -> AnsweredRequest | None:
        """Return the row, not yet written, by which the same request is answered the same."""
        line = self.viewer.key_line
        if line is None or not self.name:
            return None
        return AnsweredRequest(
            key_id=line, token=self.name, content=self.content, answer=dict(told), answered_at=clock.now()
        )


def asked(viewer: Viewer, name: str | None, *content: object) -> Asked:
    """Return the request of that name for `content`: what is to be changed, how, and with which inputs."""
    text = json.dumps(content, sort_keys=True, default=str)
    return Asked(viewer, name.replace("\0", "") if name else None, hashlib.sha256(text.encode()).digest())


def once(request: Asked, act: Callable[[], R], tell: Callable[[R], Mapping[str, Any]]) -> dict[str, Any]:
    """Call one action by `act` and return what `tell` says of its result: ids, numbers and codes, nobody's words.

    The answer is kept in the action's own transaction. The same request again calls nothing and returns it.

    Raises:
        Refused: 409, the name was used for something else.
    """
    before = request.known()
    if before is not None:
        return before
    told: list[dict[str, Any]] = []

    def remembered(result: R) -> AnsweredRequest | None:
        told.append(plain_content(tell(result)))
        return request.remembered(told[-1])

    try:
        with kept_with(remembered):
            act()
    except IntegrityError as error:
        # Two requests of one name at once: the other one was faster.
        before = request.known() if "request_answered_once" in str(error) else None
        if before is None:
            raise
        return before
    return told[-1]


def standing(case_id: UUID, line: UUID | None = None) -> dict[str, Any]:
    """Return where a case stands after a change."""
    number, state, version = Case.objects.values_list("number", "state", "version").get(id=case_id)
    return {"number": number, "state": state, "version": version, "line": line}


def moved(move: CaseMove) -> dict[str, Any]:
    """Return where the case of something that just happened stands."""
    return standing(move.case_id, move.line_id)


def changed(told: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Answer a change, with the version there is now as the ETag."""
    return answer(dict(told), status, headers={"ETag": etag(int(told["version"]))})
