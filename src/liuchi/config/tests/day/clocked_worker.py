"""`liuchi worker`, two things aside: what the time is stands in a file, and no job begins by itself (see `bells`)."""

import sys
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

from liuchi.doors.cli.main import main
from liuchi.ground.kernel import clock


class Travelling(datetime):
    """Asks a file what the time is."""

    file = Path()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromisoformat(cls.file.read_text(encoding="ascii")).astimezone(tz)


def work() -> None:
    """Run the worker."""
    from django.conf import settings

    Travelling.file = Path(sys.argv[1])
    vars(clock)["datetime"] = Travelling  # the one place that asks what the time is
    settings.LIUCHI_JOBS = "liuchi.config.tests.day.bells.JOBS"
    sys.argv[1:] = ["worker"]
    main()


if __name__ == "__main__":
    work()
