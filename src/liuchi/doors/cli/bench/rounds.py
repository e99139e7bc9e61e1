"""One side of the growth bench: lays its cases, then runs a round of whatever lane it is told, until told no more."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, TextIO

#: Said once the cases are laid.
READY: Final = "ready"
#: Cases filed in a round; each is reported just before, at neither side's cost.
_FILED: Final = 15


def run_rounds(*, cases: int, say: Callable[[str], None], told: Iterable[str], answers: TextIO) -> None:
    """Fill the empty database with `cases` cases and answer each lane told with what a call took in its round."""
    # Here, not at the top: who compares the sides reads this module without Django.
    from liuchi.doors.cli.bench.core import fill, some_number
    from liuchi.doors.cli.bench.measuring import Call, one_round
    from liuchi.doors.cli.bench.reads import questions, searches, work_lists
    from liuchi.doors.cli.bench.writes import filings, reports

    desk, checker, dispatcher = fill(cases=cases, say=say)
    new = reports()

    def filed() -> Sequence[Call]:
        for report in islice(new, _FILED):
            report()
        return list(islice(filings(desk), _FILED))

    work, looked_for = work_lists(questions(desk, checker, dispatcher)) * 4, searches(desk, dispatcher, some_number())
    lanes: dict[str, Callable[[], Sequence[Call]]] = {
        "move": filed,
        "worklist": lambda: work,
        "search": lambda: looked_for,
    }
    print(READY, file=answers, flush=True)
    for line in told:
        spell = one_round(lanes[line.strip()]())
        count = len(spell.took) * 1e6
        print(json.dumps({"ms": spell.wall / count, "cpu_ms": spell.cpu / count}), file=answers, flush=True)
