"""The core bench, on years of history: what the product does inside, and the same over HTTP."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from liuchi.demo.load import load_district, load_places
from liuchi.doors.cli.bench.history import lay_history, settle
from liuchi.doors.cli.bench.measuring import Lane, Measured, measure
from liuchi.doors.cli.bench.reads import Listing, Locating, questions, searches, work_lists
from liuchi.doors.cli.bench.served import serving
from liuchi.doors.cli.bench.web import lanes
from liuchi.doors.cli.bench.writes import Writing, filings, reports
from liuchi.engines.cases.models import Case
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.kernel import clock

Say = Callable[[str], None]
INSIDE: Final = ("report", "move", "locate", "worklist", "search")
LANES: Final = (*INSIDE, "intake", "worklist-http", "detail", "move-http", "search-http", "open311-list")


def run_core(*, cases: int, seconds: float, say: Say, only: Collection[str] = LANES) -> list[Measured]:
    """Fill the empty database with a district and `cases` cases, and measure each lane of `only` for some `seconds`."""
    desk, checker, dispatcher = fill(cases=cases, say=say)
    found = measure_core(desk, checker, dispatcher, seconds=seconds, say=say, only=only)
    if not set(only) <= set(INSIDE):
        say("the server …")
        with serving() as server:
            found |= _measured(lanes(server), seconds=seconds, say=say, only=only)
    return [found[name] for name in LANES if name in found]


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


def measure_core(
    desk: Viewer, checker: Viewer, dispatcher: Viewer, *, seconds: float, say: Say, only: Collection[str] = INSIDE
) -> dict[str, Measured]:
    """Measure lanes on what the database holds; reads come first, and what was reported is then filed."""
    steps: dict[str, Callable[[], Lane]] = {
        "locate": Locating,
        "worklist": lambda: Listing("worklist", 20, work_lists(questions(desk, checker, dispatcher))),
        "search": lambda: Listing("search", 16, searches(desk, dispatcher, some_number())),
        "report": lambda: Writing("report", reports()),
        "move": lambda: Writing("move", filings(desk)),
    }
    return _measured(steps, seconds=seconds, say=say, only=only)


def _measured(
    steps: Mapping[str, Callable[[], Lane]], *, seconds: float, say: Say, only: Collection[str]
) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    for name, make in steps.items():
        if name in only:
            say(f"{name} …")
            found[name] = measure(make(), seconds=seconds)
    return found


def some_number() -> str:
    """Return the number of one of the newest cases."""
    number: str = Case.objects.order_by("-id").values_list("number", flat=True)[100]
    return number


def _viewer(role: str) -> Viewer:
    return viewer_of(Account.objects.get(username=f"demo-{role}"))
