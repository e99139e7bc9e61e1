import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import DataError, OperationalError, connection

from liuchi.doors.cli import logs

SECRET = "13800138000"


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything logged in the test, as machines would read it."""
    root, before = logging.getLogger(), structlog.get_config()
    names = ("django", "django.server", "django.request", "py.warnings")
    kept = {name: (logging.getLogger(name).handlers, logging.getLogger(name).level) for name in names}
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(stream, "info")
    logging.captureWarnings(capture=False)
    yield stream
    root.handlers, root.level = handlers, level
    for name, (old, depth) in kept.items():
        logging.getLogger(name).handlers = old
        logging.getLogger(name).setLevel(depth)
    structlog.configure(**before)


def _events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_event_is_one_line_of_json_with_level_and_moment(heard: io.StringIO) -> None:
    structlog.get_logger("x").warning("something.happened", count=3, text="六尺")

    (event,) = _events(heard)
    assert (event["event"], event["level"], event["count"], event["text"]) == (
        "something.happened",
        "warning",
        3,
        "六尺",
    )
    assert event["at"].endswith("Z")


def test_event_below_the_level_is_not_told(heard: io.StringIO) -> None:
    structlog.get_logger("x").debug("too.small")
    structlog.get_logger("x").info("just.so")

    assert [event["event"] for event in _events(heard)] == ["just.so"]


def test_event_of_a_library_goes_the_same_way(heard: io.StringIO) -> None:
    logging.getLogger("_granian").error("worker %s died", 1)

    (event,) = _events(heard)
    assert (event["event"], event["level"]) == ("worker 1 died", "error")


def test_terminal_is_told_in_words() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    handlers, before = logging.getLogger().handlers, structlog.get_config()
    logs.configure(terminal, "info")
    logging.captureWarnings(capture=False)
    structlog.get_logger("x").info("something.happened", count=3, path="/\x1b]0;x\x07")
    logging.getLogger().handlers = handlers
    structlog.configure(**before)

    assert "something.happened" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")
    assert "\x1b]0;" not in terminal.getvalue()


def test_terminal_is_not_steered_by_what_somebody_asked_for() -> None:
    event = {"event": "no\x1b[2J", "path": "/\r\n\u202e报/", "exception": "one\ntwo\x07", "count": 3}

    told = logs.spell_out(None, "info", event)

    assert told == {"event": "no\\x1b[2J", "path": "/\\r\\n\\u202e报/", "exception": "one\ntwo\\x07", "count": 3}


def test_exception_is_told_with_its_place_and_class_but_not_with_what_it_quotes(heard: io.StringIO) -> None:
    try:
        int(f"not a number: {SECRET}")
    except ValueError:
        structlog.get_logger("x").exception("failed")

    (event,) = _events(heard)
    assert "test_logs.py" in event["exception"]
    assert event["exception"].endswith("builtins.ValueError")
    assert SECRET not in heard.getvalue()


def test_exception_about_the_program_keeps_its_words(heard: io.StringIO) -> None:
    try:
        None.nothing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        logging.getLogger("django.request").exception("Internal Server Error: /x")

    (event,) = _events(heard)
    assert event["exception"].endswith("'NoneType' object has no attribute 'nothing'")


def _fail_twice() -> None:
    try:
        dict[str, str]()[SECRET]
    except KeyError as error:
        raise TypeError("no such form") from error


def test_exception_that_followed_another_tells_both(heard: io.StringIO) -> None:
    try:
        _fail_twice()
    except TypeError:
        structlog.get_logger("x").exception("failed")

    (event,) = _events(heard)
    assert "builtins.KeyError\nwhich led to\n" in event["exception"]
    assert SECRET not in heard.getvalue()


@pytest.mark.django_db
def test_exception_of_the_database_tells_its_code_and_no_value(heard: io.StringIO) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", ["no number: " + SECRET])
    except DataError:
        structlog.get_logger("x").exception("failed")

    (event,) = _events(heard)
    assert event["exception"].endswith("django.db.utils.DataError: sqlstate 22P02")
    assert SECRET not in heard.getvalue()


def test_database_that_is_away_is_told_in_one_line(heard: io.StringIO) -> None:
    structlog.get_logger("x").error("failed", exc_info=OperationalError(f"connection to {SECRET} failed"))

    (event,) = _events(heard)
    assert event["exception"] == "django.db.utils.OperationalError"
