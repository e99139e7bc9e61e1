import os
import sys
from pathlib import Path

import pytest

from liuchi.embedded import places
from liuchi.embedded.places import default_data, default_root


def test_default_root_when_root_then_system_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert default_root() == Path("/var/lib/liuchi")


@pytest.mark.parametrize(
    ("xdg", "expected"),
    [("/data", "/data/liuchi"), ("", "/home/x/.local/share/liuchi"), ("relative", "/home/x/.local/share/liuchi")],
)
def test_default_root_when_ordinary_user_then_follows_xdg(
    monkeypatch: pytest.MonkeyPatch, xdg: str, expected: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.setenv("XDG_DATA_HOME", xdg)

    assert default_root() == Path(expected)


def test_default_data_when_two_checkouts_of_one_name_then_differ(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for parent in ("one", "two"):
        checkout = home / parent / "Liuchi 六尺"
        (checkout / "src/liuchi/embedded").mkdir(parents=True)
        (checkout / "pyproject.toml").touch()
        monkeypatch.setattr(places, "__file__", str(checkout / "src/liuchi/embedded/places.py"))
        found.append(default_data())

    assert found[0] != found[1]
    assert {path.name[:-8] for path in found} == {"liuchi-"}
    assert {path.parent for path in found} == {default_root()}


def test_default_data_when_named_then_beside_the_unnamed() -> None:
    assert default_data("test") != default_data()
    assert default_data("test") == default_data("test")
    assert default_data("六").name.startswith("liuchi-")


def test_default_data_when_installed_without_checkout_then_by_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "__file__", str(home / "lib/python/site/liuchi/embedded/places.py"))
    monkeypatch.setattr(sys, "prefix", "/opt/One")

    assert default_data().name.startswith("one-")
