"""How far a long load got: a bar on a terminal, a line for every tenth elsewhere."""

import sys
import time
from typing import Final, TextIO

_WIDE: Final = 20
_PARTS: Final = 10


class Progress:
    """Tells how much of a known number is done, how fast, and how long the rest will take at that rate."""

    def __init__(self, total: int, what: str, *, to: TextIO | None = None) -> None:
        """Begin to count now; `what` names what is counted, such as "cases"."""
        self.total, self.what = total, what
        self._to = to or sys.stderr
        self._began, self._said = time.monotonic(), 0

    def tell(self, done: int) -> None:
        """Say how far it got."""
        spent = max(time.monotonic() - self._began, 0.001)
        rate = done / spent
        left = (self.total - done) / rate if rate else 0.0
        words = f"{done:,}/{self.total:,} {self.what}, {rate:,.0f}/s, {_minutes(left)} left"
        if self._to.isatty():
            filled = round(_WIDE * done / self.total)
            self._to.write(f"\r  {'█' * filled}{'░' * (_WIDE - filled)} {words}   ")
            self._to.write("\n" if done >= self.total else "")
        elif (part := _PARTS * done // self.total) > self._said:
            self._said = part
            self._to.write(f"  {100 * done // self.total:3} %  {words}\n")
        self._to.flush()


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
