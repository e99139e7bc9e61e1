"""What a house of ten times as many cases costs: the core bench at two sizes, each in an instance of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

#: The lanes that may cost at most so much more where there are ten times as many cases.
LANES: Final = ("move", "worklist", "search")
MOST: Final = 1.5
SIZES: Final = (10_000, 100_000)
Figures = Mapping[str, Mapping[str, float]]


def run_growth(*, seconds: float, data: str | None, say: Callable[[str], None]) -> list[Figures]:
    """Run the core bench at both sizes and return the figures of each by lane."""
    found: list[Figures] = []
    for cases in SIZES:
        say(f"{cases:,} cases …")
        words = ["--json", "--cases", str(cases), "--seconds", str(seconds), *(["--data", data] if data else [])]
        run = subprocess.run(
            [sys.executable, "-m", "liuchi.doors.cli.main", "bench", "core", *words],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found.append({each["lane"]: each for each in json.loads(run.stdout)["lanes"]})
    return found


def compared(few: Figures, many: Figures) -> list[dict[str, Any]]:
    """Return for each lane the median and the processor time at both sizes, and how much more the larger costs."""
    return [{"lane": lane, **_sides(few[lane], many[lane])} for lane in LANES]


def _sides(few: Mapping[str, float], many: Mapping[str, float]) -> dict[str, float]:
    sides = {f"{name}_{size}": side[name] for name in _SHOWN for size, side in zip(SIZES, (few, many), strict=True)}
    return {**sides, **{f"{name}_ratio": round(many[name] / few[name], 2) for name in _SHOWN}}


def as_text(rows: list[dict[str, Any]]) -> str:
    """Return the comparison as a table with its aim."""
    few, many = SIZES
    lines = [f"{'growth':10}{'p50 ms':>12}{'p50 ms':>12}{'ratio':>8}{'cpu ms':>12}{'cpu ms':>12}{'ratio':>8}"]
    lines.append(f"{'':10}{few:>12,}{many:>12,}{'':8}{few:>12,}{many:>12,}")
    for row in rows:
        shown = "".join(
            f"{row[f'{name}_{few}']:>12.3f}{row[f'{name}_{many}']:>12.3f}{row[f'{name}_ratio']:>8.2f}"
            for name in _SHOWN
        )
        lines.append(f"{row['lane']:10}{shown}")
    is_met = all(row["p50_ms_ratio"] <= MOST for row in rows)
    lines.append(f"    Aim: the median at most {MOST} times as long: {'met' if is_met else 'missed'}.")
    return "\n".join(lines)


_SHOWN: Final = ("p50_ms", "cpu_ms")
