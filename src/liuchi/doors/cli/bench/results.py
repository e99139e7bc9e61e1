"""What the bench says: one form for machines, a table with a sentence each for people."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liuchi.doors.cli.bench.measuring import Measured


@dataclass(frozen=True)
class Aim:
    """What a lane is to reach on two cores."""

    words: str
    is_met: Callable[[Measured], bool]


SENTENCES = {
    "report": "A report becomes a case with clock, history and journal line; barely: one statement, same rows.",
    "move": "The desk files a case, one clock stops, two start; barely: one statement, same rows.",
    "locate": "A point becomes its grid; barely: the Shapely tree alone.",
    "search": "Thirty cases found by word, sound or number, with what was said; barely: the same SQL, rows only.",
    "worklist": "Fifty open cases, the most urgent first, as objects; barely: the same SQL, rows only.",
    "intake": "Eight clients report through REST; barely: eight connections, one statement, same rows.",
    "worklist-http": "Eight clients list fifty open cases of a state and town; barely: the same SQL, rows only.",
    "detail": "Eight clients read one case; barely: the same SQL, rows only.",
    "move-http": "Eight clients have the desk file cases; barely: one statement, same rows.",
    "search-http": "Eight clients find thirty cases by word or sound; barely: the same SQL, rows only.",
    "open311-list": "Eight clients list fifty requests, in JSON and XML by turns; barely: the same SQL, rows only.",
}
AIMS = {
    "report": Aim("at least 25 % of the bare limit", lambda found: found.ratio >= 0.25),
    "locate": Aim("19 in 20 within 20 µs", lambda found: found.product.share(0.95) <= 0.020),
    "worklist": Aim("19 in 20 within 10 ms", lambda found: found.product.share(0.95) <= 10),
    "intake": Aim(
        "at least 15 % of the bare limit, 19 in 20 within 25 ms",
        lambda found: found.ratio >= 0.15 and found.product.share(0.95) <= 25,
    ),
    "worklist-http": Aim(
        "300 a second, 19 in 20 within 40 ms",
        lambda found: found.product.per_second >= 300 and found.product.share(0.95) <= 40,
    ),
    "detail": Aim("250 a second", lambda found: found.product.per_second >= 250),
    "move-http": Aim("250 a second", lambda found: found.product.per_second >= 250),
    "search-http": Aim("19 in 20 within 60 ms", lambda found: found.product.share(0.95) <= 60),
    "open311-list": Aim("200 a second", lambda found: found.product.per_second >= 200),
}


def as_json(bench: str, lanes: Sequence[Measured]) -> str:
    """Return the results in the form of every bench: rates per second, milliseconds, the share of the bare limit."""
    return json.dumps({"bench": bench, "lanes": [_figures(each) for each in lanes]})


def as_text(bench: str, lanes: Sequence[Measured]) -> str:
    """Return the results as a table, each lane with what it means and whether its aim is met."""
    rows = [f"{bench:14}{'a second':>12}{'p50 ms':>10}{'p95 ms':>10}{'cpu ms':>10}{'bare/s':>12}{'of bare':>9}"]
    for each in lanes:
        row = _figures(each)
        rows.append(
            f"{each.lane:14}{row['per_second']:>12,.0f}{row['p50_ms']:>10.3f}{row['p95_ms']:>10.3f}"
            f"{row['cpu_ms']:>10.3f}{row['limit_per_second']:>12,.0f}{each.ratio:>9.0%}"
        )
        rows.append(f"    {SENTENCES[each.lane]}")
        if aim := AIMS.get(each.lane):
            rows.append(f"    Aim: {aim.words}: {'met' if aim.is_met(each) else 'missed'}.")
    return "\n".join(rows)


def _figures(found: Measured) -> dict[str, str | float]:
    return {
        "lane": found.lane,
        "per_second": round(found.product.per_second, 1),
        "p50_ms": round(found.product.share(0.5), 4),
        "p95_ms": round(found.product.share(0.95), 4),
        "cpu_ms": round(found.product.cpu / len(found.product.took) / 1e6, 4),
        "limit_per_second": round(found.bare.per_second, 1),
        "ratio": round(found.ratio, 4),
    }
