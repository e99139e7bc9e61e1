"""The core bench: report, move, locate, work-list, on years of history."""

from collections.abc import Callable

from liuchi.demo.load import load_district
from liuchi.doors.cli.bench.history import lay_history, settle
from liuchi.doors.cli.bench.measuring import Measured, measure
from liuchi.doors.cli.bench.reads import Listing, Locating
from liuchi.doors.cli.bench.writes import Writing, filings, reports
from liuchi.ground.kernel import clock

Say = Callable[[str], None]


def run_core(*, cases: int, seconds: float, say: Say) -> list[Measured]:
    """Fill the empty database with a district and `cases` cases, and measure each lane for about `seconds`."""
    say("the district …")
    load_district(say=lambda _: None)
    say(f"{cases:,} cases of history …")
    lay_history(cases=cases, until=clock.now())
    settle()
    locating, listing = Locating(), Listing()
    found = []
    for lane in (locating, listing):
        say(f"{lane.name} …")
        found.append(measure(lane, seconds=seconds))
    listing.close()
    for name, actions in (("report", reports), ("move", filings)):
        say(f"{name} …")
        writing = Writing(name, actions())
        found.append(measure(writing, seconds=seconds))
        writing.close()
    return sorted(found, key=lambda each: ("report", "move", "locate", "worklist").index(each.lane))
