"""The same promises when the bytes lie in a bucket: against a small stand-in for one, on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from liuchi.config.settings import file_store
from liuchi.ground.attachments.stores import put, store, stored_keys, take_away


class Bucket(BaseHTTPRequestHandler):
    """As much of the protocol as storing, reading, listing and deleting take."""

    held: ClassVar[dict[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", kind: str = "application/xml") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Tue, 08 Oct 2024 01:30:00 GMT")
        self.send_header("ETag", '"0"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        self.held[self._key()] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_GET(self) -> None:
        if "list-type" in self.path or "prefix" in self.path:
            self._answer(200, self._listed())
        elif self._key() in self.held:
            self._answer(200, self.held[self._key()], "application/octet-stream")
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815

    def do_DELETE(self) -> None:
        self.held.pop(self._key(), None)
        self._answer(204)

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).split("/", 2)[2]

    def _listed(self) -> bytes:
        asked = parse_qs(urlsplit(self.path).query)
        prefix, delimiter = asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
        keys = sorted(key for key in self.held if key.startswith(prefix))
        below = [key for key in keys if delimiter and delimiter in key[len(prefix) :]]
        folders = sorted({prefix + key[len(prefix) :].split(delimiter)[0] + delimiter for key in below})
        files = [key for key in keys if key not in below]
        inside = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in files)
        inside += "".join(f"<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>" for folder in folders)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{inside}</ListBucketResult>".encode()


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    Bucket.held.clear()
    for name, value in {
        "BUCKET": "photos",
        "ENDPOINT": f"http://127.0.0.1:{server.server_address[1]}",
        "REGION": "local",
        "ACCESS_KEY": "a",
        "SECRET_KEY": "b",
    }.items():
        monkeypatch.setenv(f"LIUCHI_S3_{name}", value)
    settings.STORAGES = {**settings.STORAGES, "attachments": file_store("attachments")}
    yield Bucket.held
    store().connection.meta.client.close()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    running.join()


def test_stand_in_when_asked_for_what_it_does_not_hold_then_says_so(bucket: dict[str, bytes]) -> None:
    with pytest.raises(FileNotFoundError), store().open("no/such"):
        pass


def test_bytes_when_they_lie_in_a_bucket_then_are_stored_read_listed_and_deleted(bucket: dict[str, bytes]) -> None:
    one, two = put(b"one"), put(b"two")

    assert bucket == {f"attachments/{one}": b"one", f"attachments/{two}": b"two"}
    with store().open(one) as opened:
        assert opened.read() == b"one"
    assert stored_keys() == sorted([one, two])
    assert store().get_modified_time(one).year == 2024
    take_away(one, "", "no/such")
    assert stored_keys() == [two]
