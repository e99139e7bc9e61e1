"""The core bench: report, move, locate, work-list, search, on years of history."""

from collections.abc import Callable

from liuchi.demo.load import load_district, load_places
from liuchi.doors.cli.bench.history import lay_history, settle
from liuchi.doors.cli.bench.measuring import Lane, Measured, measure
from liuchi.doors.cli.bench.reads import Listing, Locating, questions, searches, work_lists
from liuchi.doors.cli.bench.writes import Writing, filings, reports
from liuchi.engines.cases.models import Case
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.kernel import clock

Say = Callable[[str], None]


def run_core(*, cases: int, seconds: float, say: Say) -> list[Measured]:
    """Fill the empty database with a district and `cases` cases, and measure each lane for about `seconds`."""
    desk, checker, dispatcher = fill(cases=cases, say=say)
    return measure_core(desk, checker, dispatcher, seconds=seconds, say=say)


def fill(*, cases: int, say: Say) -> tuple[Viewer, Viewer, Viewer]:
    """Fill the empty database with a district and `cases` cases; return a desk, a checker and a dispatcher."""
    say("the district …")
    load_places(say=lambda _: None)
    load_district(say=lambda _: None)
    desk, checker, dispatcher = (_viewer(role) for role in ("desk", "checker", "dispatcher"))
    say(f"{cases:,} cases of history …")
    lay_history(cases=cases, until=clock.now(), who=desk.id)
    settle()
    return desk, checker, dispatcher


def measure_core(desk: Viewer, checker: Viewer, dispatcher: Viewer, *, seconds: float, say: Say) -> list[Measured]:
    """Measure the lanes on what the database holds; reads come first, and what was reported is then filed."""
    steps: dict[str, Callable[[], Lane]] = {
        "locate": Locating,
        "worklist": lambda: Listing("worklist", 20, work_lists(questions(desk, checker, dispatcher))),
        "search": lambda: Listing("search", 16, searches(desk, dispatcher, some_number())),
        "report": lambda: Writing("report", reports()),
        "move": lambda: Writing("move", filings(desk)),
    }
    found: dict[str, Measured] = {}
    for name, make in steps.items():
        say(f"{name} …")
        lane = make()
        found[name] = measure(lane, seconds=seconds)
        lane.close()
    return [found[name] for name in ("report", "move", "locate", "worklist", "search")]


def some_number() -> str:
    """Return the number of one of the newest cases."""
    number: str = Case.objects.order_by("-id").values_list("number", flat=True)[100]
    return number


def _viewer(role: str) -> Viewer:
    return viewer_of(Account.objects.get(username=f"demo-{role}"))
