"""What every test of the embedded server needs: a place of its own, and the certainty that no process stays behind."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import liuchi.embedded
from liuchi.embedded import Server
from liuchi.embedded.testing import FAST, User, start_user


@contextmanager
def short_directory() -> Iterator[Path]:
    """Yield a short directory that any account can pass; afterwards no server is left in it."""
    path = Path(tempfile.mkdtemp(prefix="liuchi-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    left = [str(place) for place in path.rglob("server") if place.is_dir() and not Server(place.parent).stop_wait(40)]
    shutil.rmtree(path)
    assert left == []


@pytest.fixture(scope="session")
def model() -> Iterator[Path]:
    """Yield a data directory that was started and stopped once: to start it again is quicker than a first start."""
    with short_directory() as home:
        data = home / "data"
        with Server(data, settings=FAST).use():
            pass
        assert Server(data).stop_wait(40)
        yield data


@pytest.fixture
def home() -> Iterator[Path]:
    """Yield an empty place for data directories."""
    with short_directory() as home:
        yield home


@pytest.fixture
def new_server(home: Path) -> Server:
    """Return a server whose data directory does not exist."""
    return Server(home / "data", settings=FAST)


@pytest.fixture
def server(model: Path) -> Iterator[Server]:
    """Yield a server that has run before and is stopped, as the test must leave it; tests share its data."""
    server = Server(model, settings=FAST)
    assert server.stop_wait(0)
    yield server
    assert server.stop_wait(40)


@pytest.fixture
def own_server(new_server: Server, model: Path) -> Server:
    """Return a server that has run before and is stopped, with files that the test may spoil."""
    subprocess.run(["/bin/cp", "-a", model, new_server.places.data], check=True)
    return new_server


@pytest.fixture
def new_user() -> Iterator[Callable[..., User]]:
    """Return a function that starts another process using a server; what still runs at the end is ended."""
    users: list[User] = []

    def start(*args: object, **options: object) -> User:
        users.append(start_user(*args, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start
    for user in users:
        user.end()


@pytest.fixture
def open_package(home: Path) -> Path:
    """Return a directory with a copy of our package that any account can import."""
    target = home / "src" / "liuchi"
    target.mkdir(parents=True)
    (target / "__init__.py").touch()
    source = Path(liuchi.embedded.__path__[0])
    shutil.copytree(source, target / "embedded", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    for path in (home / "src", *(home / "src").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return home / "src"
