"""Every command as an operator types it: help, exit codes, what it prints, and where it looks."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from liuchi.doors.cli.main import COMMANDS
from liuchi.doors.cli.testing import LIUCHI, environment, free_port, processes, run, scratch, started, status, wait_for
from liuchi.embedded import Server

PORT = free_port()
MOMENT, LIMIT, ANSWER = "2024-09-13T16:30", "4 work_hour", "2024-09-14T10:30:00+08:00\n"
HOLIDAYS = {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_says_what_it_is_for(name: str) -> None:
    done = run(name, "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: liuchi {name}")
    assert "--data" in done.stdout or "Commands:" in done.stdout


def test_help_lists_the_commands_without_loading_them() -> None:
    script = "import sys; from liuchi.doors.cli.main import cli; cli(['--help'], standalone_mode=False); "
    done = subprocess.run(
        [sys.executable, "-c", script + "sys.exit('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )

    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_command_that_does_not_exist_is_answered_with_the_nearest() -> None:
    done = run("wurker")

    assert done.returncode == 2
    assert "Did you mean worker?" in done.stderr


def test_due_prints_the_moment_and_nothing_else() -> None:
    done = run("due", MOMENT, LIMIT)

    assert (done.returncode, done.stdout, done.stderr) == (0, ANSWER, "")


def test_due_beyond_the_published_calendar_prints_the_moment_and_warns_beside_it() -> None:
    done = run("due", "2031-09-30T17:00", "2 work_day")

    assert (done.returncode, done.stdout) == (0, "2031-10-02T17:00:00+08:00\n")
    assert done.stderr.startswith("provisional")


def test_due_without_a_database_does_not_load_one() -> None:
    script = (
        f"import sys; from liuchi.doors.cli.main import cli; cli(['due', {MOMENT!r}, {LIMIT!r}], standalone_mode=False)"
        "; sys.exit(bool({'django.db', 'psycopg', 'granian'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment()
    )

    assert (done.returncode, done.stdout) == (0, ANSWER), done.stderr


@pytest.mark.parametrize(
    ("moment", "limit", "word"),
    [
        (MOMENT, "4 werk_hour", "Did you mean work_hour?"),
        (MOMENT, "soon", "no limit"),
        ("yesterday", LIMIT, "no moment"),
    ],
)
def test_due_with_a_slip_says_what_to_write(moment: str, limit: str, word: str) -> None:
    done = run("due", moment, limit)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert word in done.stderr


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_data_directory_may_be_named_anywhere(loaded: Path, place: str) -> None:
    words = {
        "before": ("--data", str(loaded), "due", MOMENT, LIMIT),
        "between": ("due", f"--data={loaded}", MOMENT, LIMIT),
        "after": ("due", MOMENT, LIMIT, "--data", os.path.relpath(loaded)),
    }[place]

    done = run(*words)

    assert (done.returncode, done.stdout) == (0, ANSWER), done.stderr


def test_data_directory_that_is_empty_is_refused() -> None:
    assert run("--data", "", "due", MOMENT, LIMIT).returncode == 2


def test_data_directory_may_stand_in_the_environment(loaded: Path) -> None:
    done = run("journal", "verify", LIUCHI_DATA=str(loaded))

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("language", "word"), [("zh_CN.UTF-8", "日志完整"), ("C.UTF-8", "The journal is intact.")])
def test_journal_verify_speaks_the_language_of_the_terminal(loaded: Path, language: str, word: str) -> None:
    done = run("journal", "verify", "--data", loaded, LANG=language)

    assert word in done.stdout


def test_journal_dead_of_a_healthy_instance_is_empty(loaded: Path) -> None:
    done = run("journal", "dead", "--data", loaded)

    assert (done.returncode, done.stdout) == (0, "0 dead letters.\n")


def test_migrate_of_nothing_begins_an_instance_and_a_second_time_changes_nothing() -> None:
    with scratch() as place:
        first = run("migrate", "--data", place / "new")
        second = run("migrate", "--data", place / "new")

        assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
        assert first.stdout == second.stdout == "The database is up to date.\n"
        assert run("journal", "verify", "--data", place / "new").returncode == 0


def test_two_migrations_at_once_both_succeed() -> None:
    with scratch() as place:
        words = [*LIUCHI, "migrate", "--data", str(place / "new")]
        both = [
            subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())
            for _ in range(2)
        ]
        said = [each.communicate(timeout=60)[1] for each in both]

        assert [each.returncode for each in both] == [0, 0], said


def test_import_of_holidays_recomputes_running_clocks_by_the_worker(copy: Path) -> None:
    file = copy.parent / "2027.json"
    file.write_text(json.dumps(HOLIDAYS), encoding="utf-8")
    behind = (
        "SELECT count(*) FROM cases_caseclock JOIN calendars_calendarversion AS version ON version.id ="
        " calendar_version_id WHERE stopped_at IS NULL AND version.number = 1"
    )
    with started(copy, 0, "worker") as worker, Server(copy).use():
        running = _count(copy, behind)

        first = run("import", "holidays", file, "--data", copy)

        assert running > 0
        assert first.returncode == 0, first.stderr
        assert first.stdout.startswith("IM")
        assert wait_for(lambda: _count(copy, behind) == 0, 15), worker.text()
        assert run("import", "holidays", file, "--data", copy).stdout == "Nothing new in this file.\n"


def test_import_of_a_file_that_is_none_is_refused(copy: Path) -> None:
    file = copy.parent / "broken.csv"
    file.write_text("no holidays at all", encoding="utf-8")

    done = run("import", "holidays", file, "--data", copy)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


def test_serve_and_worker_on_their_own_revive_the_database_and_leave_nothing(copy: Path) -> None:
    with started(copy, PORT, "serve", "--port", str(PORT)) as web, started(copy, 0, "worker") as worker:
        assert wait_for(web.is_answering, 20), web.text()
        for name in ("keeper", "postmaster"):
            os.kill(processes(copy)[name][0], signal.SIGKILL)

        assert wait_for(lambda: "postmaster" in processes(copy) and web.is_answering(), 15), web.text()
        assert (web.stop(), worker.stop()) == (0, 0), web.text() + worker.text()
        assert wait_for(lambda: processes(copy) == {}, 10), processes(copy)


@pytest.mark.parametrize("urge", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_with_a_browser_still_connected_stops_at_once(copy: Path, urge: signal.Signals) -> None:
    with started(copy, PORT, "serve", "--port", str(PORT)) as web:
        assert wait_for(web.is_answering, 20), web.text()
        browser = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        browser.request("GET", "/report/")
        assert browser.getresponse().read()
        asked = time.monotonic()

        code = web.stop(urge)

        assert (code, processes(copy).get("web")) == (0, None)
        assert time.monotonic() - asked < 5
        browser.close()


def test_serve_that_is_killed_leaves_nothing(copy: Path) -> None:
    with started(copy, PORT, "serve", "--port", str(PORT)) as web:
        assert wait_for(web.is_answering, 20), web.text()

        web.process.kill()

        assert wait_for(lambda: processes(copy) == {}, 10), processes(copy)


def test_serve_and_worker_log_one_json_object_a_line_without_the_query(copy: Path) -> None:
    with started(copy, PORT, "serve", "--port", str(PORT)) as web, started(copy, 0, "worker") as worker:
        assert wait_for(web.is_answering, 20), web.text()
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/report/?phone=13800138000", timeout=5) as answer:
            number = answer.headers["X-Request-ID"]
        assert wait_for(lambda: number in web.text(), 5), web.text()
        web.stop()
        worker.stop()

        events = [json.loads(line) for line in web.text().splitlines() if line.startswith("{")]
        mine = next(event for event in events if event.get("request") == number)
        assert (mine["method"], mine["path"], mine["status"], mine["account"]) == ("GET", "/report/", 200, None)
        assert mine["ms"] > 0
        assert "13800138000" not in web.text()
        kinds = [json.loads(line)["event"] for line in worker.text().splitlines()]
        assert (kinds[0], kinds[-1]) == ("worker.started", "worker.stopped")


def test_health_is_told_while_the_database_is_away(copy: Path) -> None:
    with started(copy, PORT, "serve", "--port", str(PORT), "--companion") as web:
        assert wait_for(web.is_answering, 20), web.text()
        for name in ("keeper", "postmaster"):
            os.kill(processes(copy)[name][0], signal.SIGKILL)
        time.sleep(0.5)

        told = status(PORT, "/healthz")

        assert told == 503, web.text()


def _count(data: Path, statement: str) -> int:
    with psycopg.connect(Server(data).dsn) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return int(row[0]) if row else 0
