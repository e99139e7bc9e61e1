"""Logging: one event a line on standard error, JSON for machines, words where a person looks at a terminal.

`LIUCHI_LOG` chooses the least level told: debug, info (default), warning, error. No event holds what somebody typed.
"""

import logging
import os
import sys
import traceback
import unicodedata
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TextIO

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from structlog.typing import EventDict, Processor

LEVELS = ("debug", "info", "warning", "error")
#: Errors whose words are about the program; those of others may quote what somebody typed, and are not told.
ABOUT_THE_PROGRAM = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    NotImplementedError,
    OSError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
)
#: Characters that do something instead of showing: controls, invisible formatting, separators of lines, halves.
STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
#: What a database says about a failure without quoting values.
FROM_THE_DATABASE = ("sqlstate", "constraint_name", "table_name")


def configure(stream: TextIO | None = None, level: str | None = None) -> None:
    """Send every event of this process, ours and the libraries', to `stream` (standard error) once."""
    target = stream or sys.stderr
    wished = (level or os.environ.get("LIUCHI_LOG") or "info").lower()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        tell_exception,
    ]
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(target)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel((wished if wished in LEVELS else "info").upper())
    _quieten()
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _quieten() -> None:
    """Let the framework speak through the one handler, and not of what the request's own event tells already."""
    for name in ("django", "django.server", "py.warnings"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("django").setLevel(logging.WARNING)
    logging.getLogger("django.request").setLevel(logging.ERROR)
    for name in ("procrastinate", "psycopg.pool"):
        # What they have to tell is told by the job worker, without arguments and without words of errors.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)


def spell_out(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Spell out control characters, which would steer the terminal; exceptions keep their line ends."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _spelled(value, lines=name == "exception")
    return event


def _spelled(text: str, *, lines: bool) -> str:
    return "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in STEERING and not (lines and letter == "\n")
        else letter
        for letter in text
    )


def _renderers(target: TextIO) -> list[Processor]:
    if target.isatty():
        words = structlog.dev.ConsoleRenderer(timestamp_key="at", exception_formatter=structlog.dev.plain_traceback)
        return [spell_out, words]
    return [structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)]


def tell_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by where it rose and of what class it is; its words only where they cannot quote anybody."""
    found = event.pop("exc_info", None)
    if not found:
        return event
    error = found if isinstance(found, BaseException) else (found if isinstance(found, tuple) else sys.exc_info())[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterator[str]:
    if isinstance(error, (OperationalError, InterfaceError)):
        # The database is away: where we stood when that happened says nothing, and it happens to many at once.
        yield f"{_name(error)}{_words(error)}"
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and not isinstance(error, DatabaseError):
        yield from _told(before)
        yield "which led to"
    yield from _frames(error.__traceback__)
    yield f"{_name(error)}{_words(error)}"


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _words(error: BaseException) -> str:
    if isinstance(error, ABOUT_THE_PROGRAM):
        return f": {error}"
    diagnosis = getattr(error.__cause__, "diag", None)
    told = {name: getattr(diagnosis, name, None) for name in FROM_THE_DATABASE}
    said = ", ".join(f"{name} {value}" for name, value in told.items() if value)
    return f": {said}" if said else ""
