"""Looking back window by window finds what one look at everything finds, and stops where enough is found."""

from datetime import UTC, datetime
from importlib import import_module
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from liuchi.engines.cases.access import meets
from liuchi.engines.cases.models import Case, CaseIndexed, Channel, Report, State
from liuchi.engines.cases.search import blocks, queries
from liuchi.engines.cases.search.asking import questions
from liuchi.engines.cases.search.blocks import Reach, Window, look_back, marks_between, marks_of
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.search.queries import Search, all_found, find_cases
from liuchi.engines.cases.testing import World, report
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import guard

BEGAN = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp() * 1000)
THREE_YEARS = 3 * 365 * 24 * 3_600_000
CASES = 240
WORDS = ("井盖", "路灯", "污水", "噪音", "银杏苑")
MOMENTS = st.integers(0, THREE_YEARS)


def timed(moment: int, number: int = 0) -> UUID:
    return UUID(int=BEGAN + moment << 80 | 7 << 76 | 2 << 62 | number)


@given(low=MOMENTS, high=MOMENTS, other=st.integers(-THREE_YEARS, 2 * THREE_YEARS))
def test_marks_when_between_two_ids_then_every_case_between_has_one_and_they_are_few(
    low: int, high: int, other: int
) -> None:
    first, last = timed(min(low, high)), timed(max(low, high), 5)
    marks = marks_between(first, last)

    assert len(marks) <= 16
    for case_id in (first, last, timed(other)):
        assert set(marks_of(case_id)) & set(marks) or not first <= case_id <= last


def test_marks_when_centuries_lie_between_then_the_coarsest_do() -> None:
    marks = marks_between(UUID(int=0), UUID(int=(1 << 128) - 1))

    assert len(marks) == 16**3


@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=80),
    most=st.integers(1, 60),
    span=st.integers(1, 2 * THREE_YEARS),
    since=st.integers(0, 3),
)
def test_look_back_when_asked_in_windows_then_finds_the_newest_in_order_and_nothing_twice(
    moments: list[int], most: int, span: int, since: int
) -> None:
    there = sorted((timed(moment, number) for number, moment in enumerate(moments)), reverse=True)
    fitting = [case_id for case_id in there if case_id.int % 4 >= since]

    def ask(window: Window, missing: int) -> list[UUID]:
        since, before = window.since or UUID(int=0), window.before or UUID(int=(1 << 128) - 1)
        asked.append((since, before))
        return [case_id for case_id in fitting if since <= case_id < before][:missing]

    asked: list[tuple[UUID, UUID]] = []
    reached = Reach(there[0].int >> 80, there[-1].int >> 80, span)

    assert look_back(reached, ask, most) == fitting[:most]
    assert [before for _, before in asked[1:]] == [since for since, _ in asked[:-1]]
    assert len(asked) <= 40


@pytest.fixture
def years(world: World) -> World:
    """Three years of cases all over the district, each with a word or two in its address or its report."""
    chance = Random("years")
    cases, reports = [], []
    for number in range(CASES):
        moment = chance.randrange(THREE_YEARS)
        at = datetime.fromtimestamp((BEGAN + moment) / 1000, UTC)
        case = Case(
            id=timed(moment, number),
            number=f"20230101-{number:06}",
            state=State.RECEIVED,
            channel=Channel.WEB,
            place=chance.choice(world.grids),
            address=chance.choice(WORDS),
            reported_at=at,
            step_due_at=at,
        )
        text = "，".join(chance.sample(WORDS, 2))
        cases.append(case)
        reports.append(Report(case=case, receipt_index=number.to_bytes(32), text=text, received_at=at, channel="web"))
    with guard.scope("maintenance", "tests"):
        Case.objects.bulk_create(cases)
        Report.objects.bulk_create(reports)
        index_cases([case.id for case in cases])
    return world


def plainly(viewer: Viewer, words: str) -> list[tuple[int, UUID]]:
    """Return rank and id of what one look at everything finds, the best first."""
    question = questions(words)[0]
    seen = Case.objects.filter(meets(viewer)).values_list("id", flat=True)
    ranked = """
        SELECT (ts_rank('{0.1,0.3,0.5,1.0}', words, %s::tsquery) * 1000000)::int, case_id FROM cases_caseindexed
        WHERE words @@ %s::tsquery AND case_id = ANY(%s) ORDER BY case_id DESC LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(ranked, [question.weighed, question.text, list(seen), queries.MOST_FOUND])
        return sorted(cursor.fetchall(), reverse=True)


@given(
    words=st.sampled_from([*WORDS, "井盖 路灯", "银杏", "jinggai", "噪", "噪音 井盖 路灯"]),
    username=st.sampled_from(["desk", "other-desk", "water"]),
    page=st.integers(1, 40),
    most=st.integers(1, 150),
    sample=st.integers(1, CASES),
    first=st.integers(1, 6),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_when_read_in_windows_to_the_last_page_then_finds_what_a_plain_search_finds(
    years: World, words: str, username: str, page: int, most: int, sample: int, first: int
) -> None:
    viewer = years.viewer(username)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "PAGE", page)
        patch.setattr(queries, "MOST_FOUND", most)
        patch.setattr(blocks, "_SAMPLE", sample)
        patch.setattr(blocks, "_FIRST", first)

        found = [(case.rank, case.id) for case in all_found(viewer, Search(words))]
        assert found == plainly(viewer, words)


def test_search_when_the_newest_are_enough_then_asks_of_no_older_ones(
    years: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = years.viewer("desk")
    monkeypatch.setattr(blocks, "_SAMPLE", 20)
    monkeypatch.setattr(queries, "MOST_FOUND", 5)
    find_cases(viewer, Search("井盖"))

    with django_assert_num_queries(3) as asked:
        assert len(find_cases(viewer, Search("井盖")).cases) == 5

    assert "''@0" in asked[1]["sql"]


def test_search_when_nobody_ever_said_it_then_each_question_is_asked_of_two_windows_at_most(
    years: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = years.viewer("desk")
    monkeypatch.setattr(blocks, "_SAMPLE", 10)
    find_cases(viewer, Search("骆驼"))

    with django_assert_num_queries(1 + 2 * 2):
        assert find_cases(viewer, Search("骆驼")).cases == ()


def test_search_when_there_is_no_case_at_all_then_finds_none(world: World) -> None:
    assert find_cases(world.viewer("desk"), Search("井盖")).cases == ()


def test_marks_when_put_to_what_was_indexed_before_then_they_are_those_of_today(world: World) -> None:
    case = report(world, text="井盖松动")
    migration = import_module("liuchi.engines.cases.migrations.0018_words_know_their_block_of_time")
    with guard.scope("maintenance", "tests"), connection.cursor() as cursor:
        index_cases([case.case_id])
        today = CaseIndexed.objects.values_list("words", flat=True).get()

        cursor.execute(migration.AWAY)
        cursor.execute(migration.UNMARK)
        assert "@" not in CaseIndexed.objects.values_list("words", flat=True).get()
        cursor.execute(migration.MARK)
        cursor.execute(migration.BACK)
        assert CaseIndexed.objects.values_list("words", flat=True).get() == today
