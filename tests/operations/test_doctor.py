"""The doctor finds each trouble it claims to find, and finds none where there is none."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from liuchi.doors.cli.testing import is_root, run, scratch
from liuchi.embedded import Server


def _findings(data: Path) -> dict[str, str]:
    """Return what has to be mended: what was looked at, and what to do."""
    done = run("doctor", "--data", data)
    lines = done.stdout.splitlines()
    found = {line[6:]: lines[number + 1].strip() for number, line in enumerate(lines) if line.startswith("MEND")}
    assert done.returncode == (1 if found else 0), done.stdout + done.stderr
    return found


def _only(data: Path, head: str) -> str:
    (what, mend), *others = _findings(data).items()
    assert what.startswith(head)
    assert others == []
    return mend


def _write(data: Path, *statements: str) -> None:
    with Server(data).use(), psycopg.connect(Server(data).dsn) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    assert Server(data).stop_wait(20)


def test_doctor_of_a_healthy_instance_finds_nothing(loaded: Path) -> None:
    assert _findings(loaded) == {}


def test_doctor_without_an_instance_makes_none() -> None:
    with scratch() as place:
        assert "no instance" in _only(place / "none", "instance")
        assert not (place / "none").exists()


def test_doctor_of_an_instance_whose_keys_others_can_read(copy: Path) -> None:
    (copy / "keys" / "keyring.json").chmod(0o644)

    assert _only(copy, "keys") == f"Others can read the keys (mode 644): chmod 600 {copy}/keys/keyring.json"


def test_doctor_of_an_instance_without_its_keys(copy: Path) -> None:
    (copy / "keys" / "keyring.json").unlink()

    assert "missing" in _only(copy, "instance")


def test_doctor_of_an_instance_whose_worker_does_not_run(copy: Path) -> None:
    rest = "actor_kind, actor_id, actor_name, subject_type, subject_id, data, scheme_version, happened_at, mac"
    _write(
        copy,
        f"INSERT INTO journal_line (id, kind, recorded_at, {rest})"
        f" SELECT gen_random_uuid(), kind, now() - interval '2 minutes', {rest} FROM journal_line ORDER BY seq LIMIT 1",
    )

    assert "liuchi worker" in _only(copy, "sealing: 1 ")


def test_doctor_of_an_instance_with_a_dead_letter(copy: Path) -> None:
    _write(
        copy,
        "INSERT INTO journal_dead_letter (id, line_id, reaction, attempts, error, first_at, last_at)"
        " SELECT gen_random_uuid(), id, 'figures.cases', 5, 'ValueError', now(), now() FROM journal_line LIMIT 1",
    )

    assert "liuchi journal dead" in _only(copy, "reactions: 1 ")


def test_doctor_of_an_instance_with_a_job_laid_aside_until_it_is_run_again(copy: Path) -> None:
    _write(
        copy,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args)"
        """ VALUES ('quick', 'access.clear_sessions', 'failed', 8, '{"_failed_with": "OSError at x:1"}')""",
    )

    assert "liuchi jobs list" in _only(copy, "jobs: 1 laid aside")
    listed = run("jobs", "list", "--data", copy).stdout
    assert "access.clear_sessions {}  8 attempts" in listed
    assert "OSError at x:1" in listed
    number = listed.split()[0]
    assert run("jobs", "retry", number, "--data", copy).returncode == 0
    again = run("jobs", "retry", number, "--data", copy)
    assert (again.returncode, "jobs list" in again.stderr) == (1, True)
    assert _findings(copy) == {}


def test_doctor_of_an_instance_whose_seals_are_damaged(copy: Path) -> None:
    (copy / "journal" / "roots.jsonl").write_text("{}\n")

    assert "damaged" in _only(copy, "seals")


def test_doctor_of_an_instance_without_areas(copy: Path) -> None:
    _write(copy, "SET session_replication_role = replica", "UPDATE territory_area SET valid_to = current_date")

    assert "liuchi import divisions" in _only(copy, "territory: 0 ")


@pytest.mark.skipif(not is_root(), reason="only root can mount a small disk")
def test_doctor_of_an_instance_on_a_small_disk() -> None:
    with scratch() as place:
        disk = place / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", str(disk)], check=True)
        try:
            found = _findings(disk / "data")
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)

    assert next(mend for what, mend in found.items() if what.startswith("disk")) == "Make room: 500 MB are needed."
