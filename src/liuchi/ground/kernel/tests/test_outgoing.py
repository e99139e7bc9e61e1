"""The way out: where it leads not, and that no server takes more of us than we give."""

import datetime as dt
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from liuchi.ground.kernel.outgoing import Limits, NotReached, Request, exchange
from liuchi.ground.kernel.reachable import is_public, target_of

HTTPS = "https:" + "//"
QUICK = Limits(seconds=1.5, size=20_000)
Speaker = Callable[[socket.socket, bytes], None]


class Server:
    """A server on loopback that does what a test tells it to, after it has read a request's head."""

    def __init__(self, speak: Speaker, tls: ssl.SSLContext | None = None) -> None:
        self.speak, self.tls = speak, tls
        self.heard: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            try:
                line.settimeout(5)
                line = self.tls.wrap_socket(line, server_side=True) if self.tls else line
                with line:
                    head = line.recv(65_536)
                    while b"Content-Length: 4\r\n" in head and not head.endswith(b"body"):
                        head += line.recv(65_536)
                    self.heard.append(head)
                    self.speak(line, head)
            except OSError:
                line.close()

    @property
    def address(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook?token=secret"


@contextmanager
def serving(speak: Speaker, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(speak, tls)
    server.thread.start()
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)
        server.socket.close()
        server.thread.join(6)


def say(*parts: bytes, pause: float = 0.0) -> Speaker:
    def speak(line: socket.socket, _head: bytes) -> None:
        for part in parts or [b""]:
            line.sendall(part)
            time.sleep(pause)

    return speak


def said(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join([length, *headers]) + b"\r\n\r\n" + body


def refusal(address: str, *, resolve: Callable[[str, int], Sequence[str]] | None = None, **more: object) -> NotReached:
    with pytest.raises(NotReached) as caught:
        exchange(Request(address, **more), limits=QUICK, resolve=resolve)  # type: ignore[arg-type]
    assert "secret" not in repr(caught.value) + str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value


def leads_to(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: addresses


def noting(asked: list[str], *addresses: str) -> Callable[[str, int], Sequence[str]]:
    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return addresses

    return resolve


@pytest.fixture(autouse=True)
def _nothing_allowed(settings: Settings) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = ""


def test_exchange_when_the_origin_is_allowed_then_the_request_arrives_and_the_answer_comes_back(
    settings: Settings,
) -> None:
    with serving(say(said(b'{"a": 1}', b"X-One: 1"))) as server:
        settings.LIUCHI_OUTGOING_ALLOWED = f"http://127.0.0.1:{server.port}"
        answer = exchange(Request(server.address, "POST", b"body", {"X-Two": "2"}), limits=QUICK)

    assert (answer.status, answer.body, answer.headers["x-one"], answer.is_good) == (200, b'{"a": 1}', "1", True)
    (head,) = server.heard
    assert head.startswith(b"POST /hook?token=secret HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n".encode() in head
    assert b"X-Two: 2\r\n" in head
    assert head.endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://city.example/", "not_https"),
        ("ftp:" + "//city.example/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https://city.example:8443/", "port_not_allowed"),
        ("https://city.example:22/", "port_not_allowed"),
        (HTTPS + "user:secret@city.example/", "user_in_address"),
        (HTTPS + "127.0.0.1@city.example/", "user_in_address"),
        (HTTPS + "city.example\\@127.0.0.1/", "unreadable_address"),
        (HTTPS + "city .example/", "unreadable_address"),
        ("https://city.example/\r\nX: secret", "unreadable_address"),
        (HTTPS + "/nowhere", "unreadable_address"),
        (HTTPS + "[fe80::1%25eth0]/", "unreadable_address"),
        ("https://city.example:99999/", "unreadable_address"),
        (f"https://city.example/{'x' * 1000}", "unreadable_address"),
    ],
)
def test_exchange_when_the_address_is_none_to_call_then_refused_before_anything_is_looked_up(
    address: str, code: str
) -> None:
    looked: list[str] = []

    error = refusal(address, resolve=noting(looked, "198.51.100.7"))

    assert (error.code, looked, error.may_have_arrived) == (code, [], False)


INNER = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.9",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "5f00::1",
]
PUBLIC = ["1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("inner", INNER)
def test_exchange_when_a_name_leads_inside_then_refused_also_as_one_of_several(inner: str) -> None:
    assert refusal("https://city.example/", resolve=leads_to(inner)).code == "address_not_allowed"
    assert refusal("https://city.example/", resolve=leads_to("1.1.1.1", inner)).code == "address_not_allowed"
    assert not is_public(ip_address(inner))


@pytest.mark.parametrize("outer", PUBLIC)
def test_address_when_it_is_anybodys_then_public(outer: str) -> None:
    assert is_public(ip_address(outer))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.1."]
)
def test_exchange_when_loopback_is_spelt_otherwise_then_refused(host: str) -> None:
    assert refusal(f"{HTTPS}{host}/").code in {"address_not_allowed", "unknown_host"}


def test_exchange_when_the_name_leads_elsewhere_a_moment_later_then_asked_once_only() -> None:
    """Rebinding: the first answer is public, the second would be loopback; nothing asks a second time."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["203.0.113.1"] if len(asked) > 1 else ["127.0.0.1"]

    assert refusal("https://city.example/", resolve=rebinding).code == "address_not_allowed"
    assert asked == ["city.example"]


def test_exchange_when_redirected_inside_then_the_redirect_is_the_answer_and_nobody_is_called(
    settings: Settings,
) -> None:
    with serving(say(said(b"inner"))) as inner:
        there = f"Location: {inner.address}".encode()
        with serving(say(said(b"", there, status=b"302 Found"))) as server:
            settings.LIUCHI_OUTGOING_ALLOWED = f"http://127.0.0.1:{server.port}"
            answer = exchange(Request(server.address), limits=QUICK)

    assert (answer.status, answer.is_good, inner.heard) == (302, False, [])


OK = b"HTTP/1.1 200 OK\r\n"
HOSTILE: dict[str, tuple[Speaker, str]] = {
    "head drips": (say(OK, *([b"X: 1\r\n"] * 40), pause=0.2), "timeout"),
    "body drips": (say(OK + b"Content-Length: 4000\r\n\r\n", *([b"x"] * 100), pause=0.2), "timeout"),
    "silent": (say(pause=3.0), "timeout"),
    "closes": (say(), "unreadable"),
    "endless": (say(OK + b"\r\n", *([b"x" * 10_000] * 500)), "too_large"),
    "long": (say(said(b"x" * 30_000)), "too_large"),
    "huge": (say(OK + b"Content-Length: 999999999\r\n\r\n", *([b"x" * 10_000] * 500)), "too_large"),
    "chunks": (
        say(OK + b"Transfer-Encoding: chunked\r\n\r\n", *([b"1000\r\n" + b"x" * 4096 + b"\r\n"] * 99)),
        "too_large",
    ),
    "heads": (say(OK, *([b"X-%d: 1\r\n" % each for each in range(5000)])), "unreadable"),
    "continues": (say(b"HTTP/1.1 100 Continue\r\n\r\n" * 5000), "too_large"),
    "bomb": (say(said(gzip.compress(b"0" * 9_000_000), b"Content-Encoding: gzip")), "unreadable"),
    "no HTTP": (say(b"SSH-2.0-OpenSSH_9.2\r\n"), "unreadable"),
    "short": (say(OK + b"Content-Length: 10\r\n\r\nshort"), "unreadable"),
}


@pytest.mark.parametrize(("speak", "code"), HOSTILE.values(), ids=HOSTILE)
def test_exchange_when_the_server_is_hostile_then_over_in_time_with_a_code(
    settings: Settings, speak: Speaker, code: str
) -> None:
    with serving(speak) as server:
        settings.LIUCHI_OUTGOING_ALLOWED = f"http://127.0.0.1:{server.port}"
        begun = time.monotonic()

        error = refusal(server.address)

        assert (error.code, error.may_have_arrived) == (code, True)
        assert time.monotonic() - begun < QUICK.seconds + 1


def test_exchange_when_the_resolver_never_answers_then_over_in_time() -> None:
    begun = time.monotonic()

    def slow(_host: str, _port: int) -> Sequence[str]:
        time.sleep(4)
        return ["1.1.1.1"]

    error = refusal("https://city.example/", resolve=slow)

    assert error.code == "timeout"
    assert time.monotonic() - begun < QUICK.seconds + 1


@pytest.mark.parametrize("resolve", [leads_to(), leads_to("nonsense"), leads_to("fe80::1%eth0")])
def test_exchange_when_nobody_knows_the_name_then_a_code(resolve: Callable[[str, int], Sequence[str]]) -> None:
    assert refusal("https://city.example/", resolve=resolve).code == "unknown_host"


def test_exchange_when_nobody_listens_then_nothing_arrived(settings: Settings) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = "http://127.0.0.1:1"

    error = refusal("http://127.0.0.1:1/?token=secret")

    assert (error.code, error.may_have_arrived) == ("unreachable", False)


def test_exchange_when_a_network_is_allowed_then_its_addresses_over_https_only_and_never_link_local(
    settings: Settings,
) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = "127.0.0.0/8, 169.254.0.0/16"

    assert refusal("http://127.0.0.1/").code == "not_https"
    assert refusal(HTTPS + "127.0.0.1:8443/").code == "port_not_allowed"
    assert refusal("https://city.example/", resolve=leads_to("169.254.169.254")).code == "address_not_allowed"
    assert refusal("https://city.example/", resolve=leads_to("127.0.0.1")).code != "address_not_allowed"


def test_exchange_when_a_proxy_stands_in_the_environment_then_not_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(say(said(b"proxy"))) as proxy, serving(say(said(b"direct"))) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        settings.LIUCHI_OUTGOING_ALLOWED = f"http://127.0.0.1:{server.port}"

        assert exchange(Request(server.address), limits=QUICK).body == b"direct"


@pytest.mark.parametrize("entry", ["nonsense", "10.1.0.0/99", "ftp:" + "//a", HTTPS + "u@a"])
def test_setting_when_it_cannot_be_read_then_says_how_to_write_it(settings: Settings, entry: str) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = entry

    with pytest.raises(ImproperlyConfigured, match="network"):
        target_of("https://city.example/")


def _certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def test_exchange_when_the_certificate_is_nobodys_or_anothers_then_untrusted_and_nothing_sent(
    settings: Settings, tmp_path: Path
) -> None:
    file, context = _certificate(tmp_path, "hooks.example")
    named: list[str | None] = []
    context.sni_callback = lambda _line, name, _context: named.append(name)
    trusting = ssl.create_default_context(cafile=str(file))
    with serving(say(said(b"hello")), context) as server:
        right, wrong = (f"{HTTPS}{name}.example:{server.port}" for name in ("hooks", "other"))
        settings.LIUCHI_OUTGOING_ALLOWED = f"{right},{wrong}"
        here = leads_to("127.0.0.1")

        assert refusal(f"{right}/", resolve=here).code == "untrusted"
        with pytest.raises(NotReached, match="untrusted"):
            exchange(Request(f"{wrong}/"), limits=QUICK, resolve=here, tls=trusting)
        assert server.heard == []
        answer = exchange(Request(f"{right}/"), limits=QUICK, resolve=here, tls=trusting)

    assert answer.body == b"hello"
    assert named[-1] == "hooks.example"
    assert f"Host: hooks.example:{server.port}\r\n".encode() in server.heard[0]
