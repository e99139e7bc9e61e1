"""What no file may hold: hosts of registries, addresses to download from, paths of somebody's machine."""

import re
from pathlib import Path

HOSTS = re.compile(r"\b(?:registry|mirrors?)(?:\.\w+){2}|(?<!no-emit-)(?:index-url|find-links)", re.IGNORECASE)
URL = re.compile(r"\b(?:https?|ftp|git|ssh)://[^\s\"'<>)\]]+")
#: Names that look like addresses and are none to fetch from: XML namespaces, the licence's own text, one's own machine.
NAMES = (
    "http://www.w3.org/",
    "http://www.apache.org/licenses/",
    "http://localhost",
    "http://127.0.0.1",
    "http://testserver",
    # The name of a specification, by which clients know it; nothing is fetched there.
    "http://wiki.open311.org/GeoReport_v2",
    "http://{",
    "http://%",
    "http://HOST",
)
EXAMPLE = re.compile(r"https?://[\w.-]+\.(?:example|invalid|test)(?:[/:]|$)")
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+( *;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w\w+|Users|mnt|srv)/[\w.]+")


def _ours(texts: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if not path.startswith("tests/house/")}


def test_file_when_it_names_a_registry_then_refused(texts: dict[str, str]) -> None:
    found = {path: hit[0] for path, text in _ours(texts).items() if (hit := HOSTS.search(text))}

    assert HOSTS.search("--index-url x")
    assert HOSTS.search("registry.some.example")
    assert found == {}


def test_file_when_it_holds_an_address_then_refused(texts: dict[str, str]) -> None:
    found = {
        path: addresses
        for path, text in _ours(texts).items()
        if (addresses := [url for url in URL.findall(text) if not (url.startswith(NAMES) or EXAMPLE.match(url))])
    }

    assert found == {}


def test_file_when_it_holds_a_path_of_somebodys_machine_then_refused(texts: dict[str, str]) -> None:
    found = {path: hit[0] for path, text in _ours(texts).items() if (hit := MACHINE.search(text))}

    assert MACHINE.search("cd /ro" + "ot/x")
    assert found == {}


def test_lock_when_read_then_every_package_is_pinned_with_hashes_and_nothing_else(root: Path) -> None:
    locks = sorted((root / "requirements").glob("*.txt"))
    wrong = []
    for lock in locks:
        entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        given = (line.strip() for line in entries if line.strip() and not line.strip().startswith("#"))
        wrong += [f"{lock.name}: {entry[:60]}" for entry in given if not PINNED.fullmatch(entry)]

    assert len(locks) >= 2
    assert wrong == []


def test_lock_of_a_user_when_compared_then_it_is_part_of_the_developers(root: Path) -> None:
    run, dev = (
        set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", (root / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    )

    assert run - dev == set()
