"""The project's own text, for tests about the code itself."""

import ast
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its module name, its text, its tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return "tests" in Path(self.path).parts or self.path.endswith("testing.py")

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path


@dataclass(frozen=True)
class Layers:
    """The storeys and rooms as the import contracts draw them: container → layers, top to bottom."""

    containers: Mapping[str, list[list[str]]]

    def rooms(self) -> list[str]:
        """Return every room: what stands in a storey that is divided, and the storeys that are not."""
        found = []
        for container, layers in self.containers.items():
            names = [f"{container}.{name}" for layer in layers for name in layer]
            found += [name for name in names if name not in self.containers]
        return sorted(found)

    def may_point(self, upper: str, lower: str) -> bool:
        """Tell whether a module may point at another: the same room, or one that stands below."""
        for container, layers in self.containers.items():
            one, other = self._place(container, layers, upper), self._place(container, layers, lower)
            if one is not None and other is not None and one != other:
                return one[0] < other[0]
        return True

    @staticmethod
    def _place(container: str, layers: list[list[str]], module: str) -> tuple[int, str] | None:
        if not module.startswith(container + "."):
            return None
        name = module.removeprefix(container + ".").split(".")[0]
        return next(((number, name) for number, layer in enumerate(layers) if name in layer), None)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Return the files that belong to the project: tracked by git and present, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def texts(tracked: list[Path]) -> dict[str, str]:
    """Return every tracked text file by its path from the root."""
    found = {}
    for path in tracked:
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.fixture(scope="session")
def sources(texts: dict[str, str]) -> list[Source]:
    """Return every Python file of the project."""
    return [
        Source(path, path.removeprefix("src/").removesuffix(".py").replace("/", "."), text, ast.parse(text))
        for path, text in texts.items()
        if path.endswith(".py")
    ]


@pytest.fixture(scope="session")
def layers() -> Layers:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return Layers(
        {
            container: [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]
            for contract in contracts
            for container in contract["containers"]
        }
    )
