"""Requests that no library would write, over a bare connection: refused in the door's own form, and lived through."""

import json
import socket

import pytest

from liuchi.doors.cli.testing import Running

HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"


def asked(demo: Running, request: bytes, *, is_all: bool = False) -> tuple[int, bytes]:
    """Send bytes, say perhaps that this was all, and return status and body of the answer; 0 where there is none."""
    with socket.create_connection(("127.0.0.1", demo.port), 10) as line:
        line.sendall(request)
        if is_all:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(b" ")[1]) if head.startswith(b"HTTP/1") else 0), body


def post(path: bytes, headers: bytes, body: bytes) -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b'e\r\n{"text": "abc\r\n2\r\n"}\r\n0\r\n\r\n'


def test_body_when_it_comes_in_chunks_without_a_length_then_411_in_the_form_of_each_door(demo: Running) -> None:
    rest = asked(demo, post(b"/api/v1/cases", JSON + CHUNKED, CHUNKS))
    open311 = asked(demo, post(b"/open311/v2/requests.json", CHUNKED, CHUNKS))
    xml = asked(demo, post(b"/open311/v2/requests.xml", CHUNKED, CHUNKS))
    page = asked(demo, post(b"/report/", CHUNKED, CHUNKS))

    assert [status for status, _ in (rest, open311, xml, page)] == [411] * 4
    assert json.loads(rest[1])["code"] == "length_required"
    assert json.loads(open311[1])[0]["code"] == "411"
    assert b"<code>411</code>" in xml[1]
    assert b"<h1>" in page[1]


def test_body_when_it_breaks_off_then_400_or_nobody_to_answer_to(demo: Running) -> None:
    status, body = asked(demo, post(b"/api/v1/cases", JSON + b"Content-Length: 100\r\n", b"{"), is_all=True)

    assert (status, b"bad_request" in body) in {(400, True), (0, False)}


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(b"/api/v1/cases", JSON + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", CHUNKS),
        post(b"/api/v1/cases", JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n", b"{}x"),
        post(b"/api/v1/cases", JSON + b"Content-Length: -1\r\n", b"{}"),
        post(b"/api/v1/cases", JSON + b"Idempotency-Key: a\r\n b\r\nContent-Length: 2\r\n", b"{}"),
        post(b"/api/v1/cases", JSON + b"Idempotency-Key: \xe4\xba\x95\r\nContent-Length: 2\r\n", b"{}"),
        post(b"/api/v1/cases", JSON + b"Idempotency_Key: a\r\nContent-Length: 2\r\n", b"{}"),
        b"GET /api/v1/cases?q=\xbe\xae HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /api/v1/cases?q=\xe4\xba\x95 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /office/\xbe\xae/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/api/v1/me HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: x\r\n" * 1000 + b"\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=lambda request: repr(request[:60]),
)
def test_request_when_no_library_would_write_it_then_refused_and_the_house_goes_on(
    demo: Running, request_bytes: bytes
) -> None:
    try:
        status, _body = asked(demo, request_bytes)
    except (ConnectionError, TimeoutError):
        status = 0  # what is no HTTP gets no answer

    assert status == 0 or 400 <= status < 500 or status == 505
    assert demo.is_answering()
