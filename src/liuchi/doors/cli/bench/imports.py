"""The import bench: a file of residents from its bytes to its journal lines, beside a bare COPY of the same rows."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from liuchi.doors.cli.bench.bare import open_bare
from liuchi.doors.cli.bench.memory import watched_peak
from liuchi.doors.cli.bench.residents import write_residents
from liuchi.ground.exchange.actions import receive_file, set_mapping, start_import
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.actions import import_edition
from liuchi.ground.territory.divisions import EDITION_2023, SHIPPED_DIVISIONS, read_divisions
from liuchi.ground.territory.models import Area, AreaKind

Say = Callable[[str], None]
BY = System("bench")
#: The tables that hold what the rows of the file say.
TABLES = ("people_person", "people_residence")
#: What is wanted of a hundred thousand rows on two cores.
WITHIN, MEGABYTES = 60.0, 400.0


@dataclass(frozen=True)
class Imported:
    """How a file was brought in: seconds and peak memory (of this process and of the one that reads the file)."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    again_seconds: float
    limit_seconds: float

    @property
    def ratio(self) -> float:
        """Return the product's share of the bare limit."""
        return self.limit_seconds / self.seconds

    @property
    def is_met(self) -> bool:
        """Tell whether the aim is met, in proportion to the rows."""
        return self.seconds <= WITHIN * self.rows / 100_000 and self.peak_mb < MEGABYTES


def run_imports(*, rows: int, say: Say) -> Imported:
    """Bring a file of `rows` residents into the empty database, and the same file again."""
    say("the divisions …")
    import_edition(by=BY, areas=read_divisions(SHIPPED_DIVISIONS), on=EDITION_2023)
    codes = list(Area.objects.filter(kind=AreaKind.COMMUNITY).order_by("code").values_list("code", flat=True))
    with tempfile.TemporaryDirectory() as folder, watched_peak() as watched:
        file = Path(folder) / "residents.csv"
        write_residents(file, rows, codes)
        say(f"{rows:,} residents …")
        cpu, start = time.process_time(), time.perf_counter()
        one = _bring_in(file)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        if (one.state, one.created) != (State.DONE, rows):
            raise RuntimeError(f"{one.created} of {rows} rows came in")
        peak = watched.megabytes
        say("the same file again …")
        start = time.perf_counter()
        again = _bring_in(file)
        again_seconds = time.perf_counter() - start
    if again.unchanged != rows:
        raise RuntimeError(f"the same file changed {rows - again.unchanged} rows")
    say("the bare limit …")
    return Imported(rows, seconds, cpu, peak, again_seconds, _copied())


def as_json(found: Imported) -> str:
    """Return the result in the form of every bench."""
    lane = {
        "lane": "residents",
        "per_second": round(found.rows / found.seconds, 1),
        "cpu_ms": round(found.cpu_seconds / found.rows * 1000, 4),
        "limit_per_second": round(found.rows / found.limit_seconds, 1),
        "ratio": round(found.ratio, 4),
    }
    return json.dumps({"bench": "imports", "lanes": [{**lane, **asdict(found)}]})


def as_text(found: Imported) -> str:
    """Return the result in words."""
    aim = f"Aim: 100,000 rows within {WITHIN:.0f} s and {MEGABYTES:.0f} MB: {'met' if found.is_met else 'missed'}."
    speed = f"{found.rows / found.seconds:,.0f} a second"
    took = f"{found.cpu_seconds:.1f} s of processor, peak {found.peak_mb:.0f} MB"
    return "\n".join(
        (
            f"{found.rows:,} residents in {found.seconds:.1f} s: {speed}, {took}.",
            f"The same file again, nothing changed: {found.again_seconds:.1f} s.",
            f"Barely (COPY of the same rows into tables of the same make): {found.limit_seconds:.1f} s.",
            aim,
        )
    )


def _bring_in(file: Path) -> Import:
    one = receive_file(by=BY, register="residents", filename=file.name, pieces=_pieces(file), is_waited_for=True)
    one = advance(one.id)
    set_mapping(by=BY, import_id=one.id, document=one.mapping or {}, is_checked=False, is_waited_for=True)
    start_import(by=BY, import_id=one.id, is_waited_for=True)
    return advance(one.id)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(1 << 18):
            yield piece


def _copied() -> float:
    """Return the seconds that COPY takes to write the same rows into tables of the same make, indexes and all."""
    took = 0.0
    with open_bare() as connection, connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out:
                rows = b"".join(out)
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            start = time.perf_counter()
            with cursor.copy(f"COPY bare_{table} FROM STDIN (FORMAT binary)") as into:
                into.write(rows)
            connection.commit()
            took += time.perf_counter() - start
    return took
