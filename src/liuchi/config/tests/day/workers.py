"""The worker of the day: `liuchi worker` as a process of its own that can be killed, or its work done here at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Max

from liuchi.config.tests.day.hours import china
from liuchi.config.wiring import REACTIONS
from liuchi.engines.cases import tasks
from liuchi.engines.cases.models import Supervision
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.ground.journal.models import Checkpoint, Line
from liuchi.ground.journal.reactions import run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.jobs import defer, failed_jobs

PATIENCE: Final = 240.0


class AtHand:
    """Does here and at once what the worker would do."""

    def set_clock(self, now: datetime) -> None:
        """Nothing: it has no clock of its own."""

    def meanwhile(self, hour: str) -> Callable[[], None] | None:
        return None

    def ring(self, hour: str) -> None:
        with frozen_at(china(hour)):
            self._follow()
            for work in (tasks.wake, tasks.warn, supervise, self._follow):
                work()

    def _follow(self) -> None:
        while seal_once() or run_reactions(REACTIONS):
            pass


class Process:
    """`liuchi worker`, killed without a word while people act, and in the middle of supervising, and begun again."""

    def __init__(self, scratch: Path, *, killed_at: str, killed_supervising_at: str) -> None:
        self.clock, self.said = scratch / "clock", scratch / "said"
        self.killed_at, self.killed_supervising_at = killed_at, killed_supervising_at
        self.deaths: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin; what it says goes to a file."""
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "liuchi.config.tests.day.clocked_worker", str(self.clock)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=os.environ | self._environment(),
            )

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def set_clock(self, now: datetime) -> None:
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    def meanwhile(self, hour: str) -> Callable[[], None] | None:
        return self._kill_while_it_follows if hour == self.killed_at else None

    def ring(self, hour: str) -> None:
        self._follow()
        self._run("cases.wake")
        before = Supervision.objects.count()
        self._ask("cases.warn", "cases.supervise")
        if hour == self.killed_supervising_at:
            wait(lambda: Supervision.objects.count() > before, self.text, 0.01)
            self._kill("supervising")
        wait(self._is_idle, self.text)
        self._follow()

    def text(self) -> str:
        """Return everything it has said."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    def _kill_while_it_follows(self) -> None:
        """Kill it once some, not all, of what people do at this hour has been sealed."""
        sealed = Line.objects.filter(position__isnull=False).count()
        wait(lambda: Line.objects.filter(position__isnull=False).count() > sealed, self.text, 0.01)
        self._kill("following")

    def _kill(self, doing: str) -> None:
        assert self.process is not None
        assert self.process.poll() is None, self.text()
        os.kill(self.process.pid, signal.SIGKILL)
        assert self.process.wait(10) == -signal.SIGKILL
        self.deaths.append(doing)
        self.start()

    def _run(self, *jobs: str) -> None:
        self._ask(*jobs)
        wait(self._is_idle, self.text)

    def _ask(self, *jobs: str) -> None:
        with guard.scope("maintenance", "the bell of the day"):
            for job in jobs:
                defer(job)

    def _follow(self) -> None:
        """Wait until every line is sealed and every reaction has read the last of them."""
        wait(self._has_followed, self.text)

    def _has_followed(self) -> bool:
        if Line.objects.filter(position=None).exists():
            return False
        top = Line.objects.aggregate(top=Max("position"))["top"] or 0
        return Checkpoint.objects.filter(position=top).count() == len(REACTIONS)

    def _is_idle(self) -> bool:
        assert failed_jobs() == [], self.text()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
            return bool(cursor.fetchone() == (0,))

    def _environment(self) -> dict[str, str]:
        known = connection.settings_dict
        where = f"host={known['HOST']}&port={known['PORT']}&user={known['USER']}".replace("/", "%2F")
        return {
            "DATABASE_URL": f"postgresql:///{known['NAME']}?{where}",
            "LIUCHI_DATA": str(settings.LIUCHI_DATA),
            "LIUCHI_KEYS": str(settings.LIUCHI_KEYS),
            "LIUCHI_JOURNAL": str(settings.LIUCHI_JOURNAL),
        }


def wait(condition: Callable[[], bool], text: Callable[[], str], pause: float = 0.1) -> None:
    """Wait until something comes true, looking every `pause` seconds; say what the worker said if it does not."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, text()
        time.sleep(pause)
