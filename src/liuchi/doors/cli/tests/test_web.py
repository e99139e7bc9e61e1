"""The application behind a stand-in for the server: what arrives whole is answered, what dawdles is sent away."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from granian._granian import RSGIHTTPProtocol
from granian.rsgi import Scope

from liuchi.doors.cli.web import IN_MEMORY, UPLOADS, Answer, ArrivesFirst, Limits, environment
from liuchi.doors.ui.refusals import UNREAD

MOST = 1000


@dataclass
class Asked:
    """A request as the server tells it."""

    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = "/报/"
    query_string: str = "a=%E5"
    scheme: str = "http"
    http_version: str = "1.1"
    server: str = "127.0.0.1:8000"
    client: str = "[::1]:50000"
    authority: str | None = None


class Line:
    """A connection that sends `parts`, waits `pause` seconds before each, and remembers what it was answered."""

    def __init__(self, *parts: bytes, pause: float = 0.0) -> None:
        self.parts, self.pause = parts, pause
        self.answer: Answer | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            yield part

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.answer = status, headers, b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = status, headers, body


def _echo(facts: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response(f"{facts.get(UNREAD, 200)} x", [("x-length", facts["CONTENT_LENGTH"])])
    return iter([b"<", facts["wsgi.input"].read(), b">"])


def _ask(
    line: Line, asked: Asked | None = None, within: float = 5.0
) -> tuple[int, list[tuple[str, str]], bytes] | None:
    web = ArrivesFirst(_echo, most=MOST, within=within)
    asyncio.run(web.__rsgi__(cast("Scope", asked or Asked()), cast("RSGIHTTPProtocol", line)))
    web.threads.shutdown()
    return line.answer


def test_request_when_its_body_has_arrived_then_is_answered_with_all_of_it() -> None:
    assert _ask(Line(b"text=", b"x"), Asked({"content-length": "6"})) == (200, [("x-length", "6")], b"<text=x>")


def test_request_when_its_body_does_not_arrive_then_is_sent_away() -> None:
    answer = _ask(Line(b"te", b"xt", pause=0.2), within=0.3)

    assert answer == (408, [("x-length", "0"), ("connection", "close")], b"<>")


def test_request_without_a_body_when_answered_then_nothing_is_waited_for() -> None:
    answer = _ask(Line(b"never", pause=3.0), Asked(method="GET"), within=0.3)

    assert answer == (200, [("x-length", "0")], b"<>")


@pytest.mark.parametrize(
    ("parts", "headers", "length"),
    [((b"x" * 600, b"x" * 600), {}, "1200"), ((), {"content-length": "5000"}, "5000")],
)
def test_request_when_its_body_is_too_long_then_only_its_length_is_told(
    parts: tuple[bytes, ...], headers: dict[str, str], length: str
) -> None:
    answer = _ask(Line(*parts), Asked(headers))

    assert answer == (200, [("x-length", length)], b"<>")


@pytest.mark.parametrize(("headers", "status"), [({"content-length": "9"}, 400), ({}, 411)])
def test_request_when_its_body_breaks_off_or_has_no_length_then_only_that_reaches_the_application(
    headers: dict[str, str], status: int
) -> None:
    answer = _ask(Line(b"te", b"xt"), Asked(headers))

    assert answer == (status, [("x-length", "0"), ("connection", "close")], b"<>")


FORM = "multipart/form-data; boundary=x"


def _upload(web: ArrivesFirst, line: Line, length: int) -> Answer | None:
    asked = Asked({"content-type": FORM, "content-length": str(length)})
    asyncio.run(web.__rsgi__(cast("Scope", asked), cast("RSGIHTTPProtocol", line)))
    return line.answer


def test_form_with_files_when_larger_than_other_bodies_then_arrives_whole_up_to_its_own_limit() -> None:
    web = ArrivesFirst(_echo, most=MOST, uploads=Limits(3 * IN_MEMORY, 5.0))
    large = b"x" * (2 * IN_MEMORY)

    answer = _upload(web, Line(large), len(large))
    too_large = _upload(web, Line(), 3 * IN_MEMORY + 1)
    web.threads.shutdown()

    assert answer == (200, [("x-length", str(len(large)))], b"<" + large + b">")
    assert too_large == (200, [("x-length", str(3 * IN_MEMORY + 1))], b"<>")


def test_forms_with_files_when_eight_are_being_read_then_the_ninth_is_asked_to_come_again() -> None:
    web = ArrivesFirst(_echo, most=MOST, uploads=Limits(MOST, 5.0))

    async def all_at_once() -> list[Answer | None]:
        lines = [Line(b"abc", pause=0.2) for _ in range(UPLOADS + 1)]
        asked = Asked({"content-type": FORM, "content-length": "3"})
        await asyncio.gather(*(web.__rsgi__(cast("Scope", asked), cast("RSGIHTTPProtocol", line)) for line in lines))
        return [line.answer for line in lines]

    answers = asyncio.run(all_at_once())
    again = _upload(web, Line(b"abc"), 3)
    web.threads.shutdown()

    assert sorted(answer[0] for answer in answers if answer) == [200] * UPLOADS + [503]
    assert again is not None
    assert again[0] == 200


def test_application_when_it_fails_then_what_it_gave_is_closed() -> None:
    class Given:
        is_closed = False

        def __iter__(self) -> "Given":
            return self

        def __next__(self) -> bytes:
            raise ZeroDivisionError

        def close(self) -> None:
            self.is_closed = True

    given = Given()
    web = ArrivesFirst(lambda facts, start: start("200 OK", []) or given, most=MOST)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(web.__rsgi__(cast("Scope", Asked()), cast("RSGIHTTPProtocol", Line())))

    web.threads.shutdown()
    assert given.is_closed


def test_environment_when_made_then_names_follow_wsgi() -> None:
    headers = {"host": "liuchi.example", "content-type": "text/plain", "x-a-b": "1", "x_forwarded_proto": "https"}

    facts = environment(cast("Scope", Asked(headers)), io.BytesIO(b"abc"), 3)

    assert facts["PATH_INFO"].encode("latin-1").decode() == "/报/"
    assert (facts["SERVER_NAME"], facts["SERVER_PORT"], facts["REMOTE_ADDR"]) == ("127.0.0.1", "8000", "::1")
    assert (facts["HTTP_HOST"], facts["CONTENT_TYPE"], facts["HTTP_X_A_B"]) == ("liuchi.example", "text/plain", "1")
    assert (facts["CONTENT_LENGTH"], facts["wsgi.input"].read()) == ("3", b"abc")
    assert "HTTP_X_FORWARDED_PROTO" not in facts
