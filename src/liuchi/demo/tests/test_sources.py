"""The sources' own figures, counted from rows that stand beside the district."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from liuchi.demo import history
from liuchi.demo.load import load_catalogue, load_places
from liuchi.demo.sources import load_sources, programmes
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import standing
from liuchi.engines.cases.replay.figures import told
from liuchi.ground.journal.models import Line
from liuchi.ground.territory.queries import forget


def quietly(said: str) -> None:
    """Say nothing."""


@pytest.fixture
def _house(db: None) -> Iterator[None]:
    history.forget_house()
    forget()
    load_places(say=quietly)
    load_catalogue(quietly)
    yield
    history.forget_house()
    forget()


@pytest.mark.usefixtures("_house")
def test_sources_when_laid_then_the_rows_say_what_the_sources_say_and_the_district_counts_none() -> None:
    new = load_sources()
    again = load_sources()

    found = {each.code: each for each in told()}
    # S1: “600多件，办结率98.75%”; 508 collected, 323 quickly solved; 58; 463; 137. S3: 36.
    grid, hard = found["s1-smart-grid"], found["s1-hard-problems"]
    assert (grid.collected, grid.closed, grid.rate) == (640, 632, Decimal("98.75"))
    assert (hard.collected, hard.closed, hard.rate) == (508, 323, Decimal("63.58"))
    assert found["s1-whistle"].rate == Decimal("85.00")
    assert [found[f"s1-{name}"].closed for name in ("petitions", "disputes", "hazards")] == [58, 463, 137]
    assert found["s3-grid-petitions"].closed == 36
    for each in programmes():
        assert (found[each.code].collected, found[each.code].closed) == (each.collected, each.solved)
        first, last = found[each.code].first, found[each.code].last
        assert first is not None
        assert last is not None
        assert each.first <= first.date() <= last.date() <= each.last
    assert (new, again) == (sum(each.collected for each in programmes()), 0)
    assert Case.objects.count() == new
    assert Line.objects.filter(kind="case.closed").count() == sum(each.solved for each in programmes())
    assert standing().open == 0
