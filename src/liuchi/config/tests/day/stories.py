"""What happens to three hundred cases between the last morning of September 2026 and the Saturday after the holiday.

A story yields steps; each names the hour and who tries what, two at once where they are to meet. It is sent back which
of the attempts the house agreed to, and goes on from there.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from liuchi.config.tests.day.hours import china
from liuchi.ground.kernel.ids import new_id

#: The hours of the day and of those after it at which people act; at those with a bell the worker looks, too.
HOURS = (
    *("09-30 08:30", "09-30 08:40", "09-30 08:50", "09-30 09:20", "09-30 10:00", "09-30 10:40", "09-30 11:20"),
    *("09-30 11:50", "09-30 14:10", "09-30 14:20", "09-30 14:30", "09-30 15:10", "09-30 15:50", "09-30 16:30"),
    *("09-30 16:40", "09-30 17:10", "09-30 17:50", "09-30 19:00", "09-30 22:00", "10-01 10:00", "10-02 09:00"),
    *("10-03 12:00", "10-05 10:00", "10-07 09:00", "10-08 08:10", "10-08 08:20", "10-08 08:50", "10-08 09:30"),
    *("10-08 10:30", "10-08 11:30", "10-08 14:40", "10-08 16:00", "10-08 17:30", "10-09 09:00", "10-09 10:00"),
    *("10-09 11:00", "10-09 14:30", "10-09 17:00", "10-10 09:00", "10-10 10:30", "10-10 14:20", "10-10 16:20"),
)
BELLS = frozenset(
    {"09-30 09:20", "09-30 11:50", "09-30 14:30", "09-30 17:10", "09-30 22:00", "10-01 10:00", "10-03 12:00"}
    | {"10-05 10:00", "10-07 09:00", "10-08 08:10", "10-08 09:30", "10-08 14:40", "10-09 09:00", "10-09 14:30"}
    | {"10-10 09:00", "10-10 16:20"}
)
WAVES = (0, 3, 5, 8, 13, 17)
EARLY = (0, 3, 8, 13)
#: After so many hours a bell has rung in between, and whatever follows from the step before has followed.
A_BELL_LATER = 5
RESIDENTS = ("resident", "other-resident", "resident-3", "resident-4", "visitor", "grid-worker")


@dataclass(frozen=True)
class Try:
    """Somebody tries a move."""

    who: str
    move: str
    unit: str = ""
    condition: int = 0
    until: date | None = None
    support: tuple[str, ...] = ()
    token: UUID | None = None
    rating: int = 3


@dataclass(frozen=True)
class Step:
    """What is tried with a case at one hour: `later` hours after the step before, but not before `since`."""

    tries: tuple[Try, ...]
    later: int = 1
    since: str = ""
    refused: int = 0


Story = Generator[Step, set[str], None]


@dataclass(frozen=True)
class Cast:
    """Who does what in the case of a number, and where."""

    number: int
    is_early: bool = False

    @property
    def grid(self) -> int:
        return self.number % 8

    @property
    def town(self) -> int:
        return 1 if self.grid < 4 else 2

    @property
    def condition(self) -> int:
        return self.number % 3

    @property
    def start(self) -> int:
        """Return the first hour; whoever is to ask in time begins where that leaves two hours to ask in."""
        return EARLY[self.number % len(EARLY)] if self.is_early else WAVES[self.number % len(WAVES)]

    @property
    def resident(self) -> str:
        return RESIDENTS[self.number % len(RESIDENTS)]

    @property
    def unit(self) -> str:
        return ("water", "lights")[self.number // 3 % 2]

    @property
    def other_unit(self) -> str:
        return "lights" if self.unit == "water" else "water"

    def one(self, office: str, nth: int = 0) -> str:
        """Return one of those who have an office here, another one for another `nth`."""
        here = {
            "desk": ("desk", "desk-2") if self.town == 1 else ("desk", "other-desk", "desk-2"),
            "dispatcher": ("dispatcher", "dispatcher-2"),
            "checker": ("checker", "checker-2") if self.town == 1 else ("other-checker", "checker-2"),
            "water": ("water", "water-2"),
            "lights": ("lights", "lights-2"),
        }[office]
        return here[(self.number // 2 + nth) % len(here)]


def by(who: str, move: str, **given: object) -> Step:
    """Return a step with one attempt."""
    step = {name: given.pop(name) for name in ("later", "since") if name in given}
    return Step((Try(who, move, **given),), **step)  # type: ignore[arg-type]


def begin(cast: Cast) -> Story:
    yield by(cast.resident, "report", token=new_id(), later=0)


def file(cast: Cast, **when: object) -> Story:
    yield by(cast.one("desk"), "file", condition=cast.condition, **when)


def dispatch(cast: Cast, unit: str = "", **given: object) -> Story:
    yield by(cast.one("dispatcher"), "dispatch", unit=unit or cast.unit, **given)


def begun(cast: Cast) -> Story:
    """Reported, filed and dispatched."""
    yield from begin(cast)
    yield from file(cast)
    yield from dispatch(cast)


def end(cast: Cast, unit: str = "", **when: object) -> Story:
    """Handed in, checked and closed."""
    yield by(cast.one(unit or cast.unit), "hand_in", **when)
    yield from end_checked(cast)


def end_checked(cast: Cast) -> Story:
    yield by(cast.one("checker"), "pass_check")
    yield by(cast.one("desk", 1), "close")


def plain(cast: Cast) -> Story:
    yield from begun(cast)
    yield from end(cast)
    yield by(cast.resident, "rate", rating=1 + cast.number % 5)


def two_file(cast: Cast) -> Story:
    yield from begin(cast)
    tries = [Try(cast.one("desk", nth), "file", condition=cast.condition) for nth in (0, 1)]
    yield Step(tuple(tries), refused=1)
    yield from dispatch(cast)
    yield from end(cast)


def file_or_refuse(cast: Cast) -> Story:
    yield from begin(cast)
    first = Try(cast.one("desk"), "file", condition=cast.condition)
    won = yield Step((first, Try(cast.one("desk", 1), "refuse")), refused=1)
    if "file" in won:
        yield from dispatch(cast)
        yield from end(cast)


def two_check(cast: Cast) -> Story:
    yield from begun(cast)
    yield by(cast.one(cast.unit), "hand_in")
    tries = (Try(cast.one("checker"), "pass_check"), Try(cast.one("checker", 1), "fail_check"))
    won = yield Step(tries, refused=1)
    if "pass_check" in won:
        yield by(cast.one("desk"), "close")
    else:
        yield from end(cast)


def hand_in_or_decline(cast: Cast) -> Story:
    yield from begun(cast)
    tries = (Try(cast.one(cast.unit), "hand_in"), Try(cast.one(cast.unit, 1), "decline"))
    won = yield Step(tries, refused=1)
    if "decline" in won:
        yield by("officer", "reject_decline")
        yield by(cast.one(cast.unit), "hand_in")
    yield from end_checked(cast)


def hand_in_or_ask(cast: Cast) -> Story:
    """A result ends the wait for a decision on a wish: after it the result gets through, before it is refused."""
    yield from begun(cast)
    tries = (Try(cast.one(cast.unit), "hand_in"), Try(cast.one(cast.unit, 1), "ask_extension"))
    yield Step(tries, refused=-1)
    yield from end_checked(cast)


def extended(cast: Cast) -> Story:
    """Two grant one wish; over the holiday nobody hands in."""
    yield from begun(cast)
    yield by(cast.one(cast.unit), "ask_extension")
    tries = (Try(cast.one("desk"), "grant_extension"), Try("officer", "grant_extension"))
    yield Step(tries, refused=1)
    yield from end(cast, since="10-08 10:30")


def not_theirs(cast: Cast) -> Story:
    yield from begun(cast)
    yield by(cast.one(cast.unit), "decline")
    tries = (Try("officer", "uphold_decline"), Try(cast.one("desk"), "reject_decline"))
    won = yield Step(tries, refused=1)
    if "uphold_decline" in won:
        yield from dispatch(cast, unit=cast.other_unit)
        yield from end(cast, unit=cast.other_unit)
    else:
        yield from end(cast)


def rest(cast: Cast) -> Story:
    """Rests over the holiday; the worker lets it go on."""
    yield from begun(cast)
    day = 9 if cast.number % 2 else 8
    yield by(cast.one(cast.unit), "ask_pause", until=date(2026, 10, day))
    yield by("officer", "grant_pause")
    yield from end(cast, since=f"10-{day + 1:02} 10:30" if day == 9 else "10-08 14:40")


def rework(cast: Cast) -> Story:
    yield from begun(cast)
    yield by(cast.one(cast.unit), "hand_in")
    yield by(cast.one("checker"), "fail_check")
    yield from end(cast)


def never_accepted(cast: Cast) -> Story:
    yield from begin(cast)


def late(cast: Cast) -> Story:
    yield from begun(cast)
    yield from end(cast, since="10-09 10:00")
    yield by(cast.resident, "rate", rating=1)


def never_handled(cast: Cast) -> Story:
    yield from begun(cast)


def twice_sent(cast: Cast) -> Story:
    one = Try(cast.resident, "report", token=new_id())
    yield Step((one, replace(one)), later=0)
    yield from file(cast)
    yield from dispatch(cast)
    yield from end(cast)


def me_too(cast: Cast) -> Story:
    yield from begin(cast)
    other = next(each for each in ("resident-3", "resident-4") if each != cast.resident)
    yield by(other, "join", token=new_id())
    yield from file(cast)
    yield from dispatch(cast)
    yield from end(cast)
    yield by(other, "rate", rating=5)


def returned(cast: Cast) -> Story:
    yield from begin(cast)
    yield from file(cast)
    yield by(cast.one("dispatcher"), "return_to_desk")
    yield from file(cast)
    yield from dispatch(cast)
    yield from end(cast)


def helped(cast: Cast) -> Story:
    yield from begin(cast)
    yield from file(cast)
    yield from dispatch(cast, support=("town-1",))
    yield by("town", "answer_part", unit="town-1")
    yield from end(cast)


def answer_or_hand_in(cast: Cast) -> Story:
    """The lead waits for whoever helps: it may come first and be sent away, or second and get through."""
    yield from begin(cast)
    yield from file(cast)
    yield from dispatch(cast, support=("town-1",))
    tries = (Try("town", "answer_part", unit="town-1"), Try(cast.one(cast.unit), "hand_in"))
    won = yield Step(tries, refused=-1)
    if "hand_in" not in won:
        yield by(cast.one(cast.unit), "hand_in")
    yield from end_checked(cast)


def reopened(cast: Cast) -> Story:
    yield from begun(cast)
    yield from end(cast)
    yield by(cast.resident, "reopen", later=A_BELL_LATER)
    yield from dispatch(cast)
    yield from end(cast)


def withdrawn(cast: Cast) -> Story:
    yield from begin(cast)
    yield by(cast.resident, "withdraw")


#: How many cases go which way; three hundred in all.
MIX: tuple[tuple[Callable[[Cast], Story], int], ...] = (
    (plain, 88),
    (two_file, 20),
    (file_or_refuse, 14),
    (two_check, 16),
    (hand_in_or_decline, 10),
    (hand_in_or_ask, 6),
    (extended, 12),
    (not_theirs, 16),
    (rest, 16),
    (rework, 12),
    (never_accepted, 14),
    (late, 16),
    (never_handled, 10),
    (twice_sent, 12),
    (me_too, 10),
    (returned, 8),
    (helped, 8),
    (answer_or_hand_in, 6),
    (reopened, 4),
    (withdrawn, 2),
)


def stories(each: int = 0) -> list[tuple[Cast, Story]]:
    """Return the whole day, or a small one with `each` cases of every kind."""
    wanted = [tell for tell, count in MIX for _ in range(each or count)]
    cast = [Cast(number, is_early=tell in {extended, hand_in_or_ask}) for number, tell in enumerate(wanted)]
    return [(each, tell(each)) for each, tell in zip(cast, wanted, strict=True)]


def moments() -> list[tuple[str, bool]]:
    """Return the hours in order, and whether a bell rings."""
    assert sorted(HOURS, key=china) == list(HOURS)
    assert set(HOURS) >= BELLS
    return [(hour, hour in BELLS) for hour in HOURS]
