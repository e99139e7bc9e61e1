"""Every page × every role × an object here and one there: nobody opens, changes or reads what is not theirs.

The pages come from the URL list with the rule each declares, the objects from each section's `tests/samples.py`.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from liuchi.doors.ui.rules import Rule, rule_of
from liuchi.doors.ui.samples import Canary, Sample
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import OF_THE_WHOLE, ROLES
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries

pytestmark = pytest.mark.slow
#: Pages that end the session of whoever asks; they have tests of their own.
LEFT_OUT = {"sign-out"}
REFUSED = {403, 404, 405}
#: Pages that show nobody anything at once: they lead on, or open with something that only one browser, or whoever
#: began it, has.
NEVER_OPENED = {"file", "bulk-run", "access", "report-done", "case-rate", "case-reopen", "office-move", "open311-token"}
SIDES = ("here", "there")


@dataclass(frozen=True)
class Page:
    """A URL: its name, the rule it declares, whether it takes arguments."""

    name: str
    rule: Rule
    has_arguments: bool


@dataclass(frozen=True)
class Matrix:
    """The world with everything in it that pages are asked for."""

    world: World
    samples: Mapping[str, Sample]
    canaries: tuple[Canary, ...]

    def path(self, page: Page, side: str) -> str:
        """Return the page's address for the object of that side; empty where there is none of that side."""
        if not page.has_arguments:
            return reverse(page.name) if side == "here" else ""
        sample = self.samples.get(page.name)
        arguments = getattr(sample, side) if sample is not None else None
        return reverse(page.name, kwargs=arguments) if arguments else ""


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


def pages() -> list[Page]:
    """Return every page of the house; one without a rule of its own opens to nobody and fails test_urls.

    What a key opens is no page: sessions count for nothing there (test_urls), keys are tried in the door's own tests.
    """
    return [
        Page(str(pattern.name), rule_of(pattern.callback) or Rule(), bool(pattern.pattern.converters))
        for pattern in _patterns(get_resolver())
        if pattern.name not in LEFT_OUT and not (rule_of(pattern.callback) or Rule()).is_by_key
    ]


def sample_modules(sources: list[Any]) -> list[str]:
    return [source.module for source in sources if source.path.endswith("/tests/samples.py")]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of refusals are what is wanted here; the log need not tell each."""
    before = logging.getLogger("django.request").level
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(before)


@pytest.fixture
def matrix(db: None, sources: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Matrix]:
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(MORNING):
        world = small_world()
        queries.territory()
        towns = {side: queries.territory().of_kind("town")[number] for number, side in enumerate(SIDES)}
        units = {"here": world.water, "there": world.lights}
        for role in ROLES:
            for side in SIDES:
                area = world.district if is_of_the_whole(role) else towns[side]
                give_role(f"{role}-{side}", role, area, units[side] if role == "handler" else None)
        given = [import_module(module).samples(world) for module in sample_modules(sources)]
        yield Matrix(
            world,
            {sample.page: sample for each in given for sample in each.pages},
            tuple(canary for each in given for canary in each.canaries),
        )
    queries.forget()


def is_of_the_whole(role: str) -> bool:
    return bool(ROLES[role][1] & OF_THE_WHOLE)


def viewer(username: str) -> Viewer:
    return viewer_of(Account.objects.get(username=username))


def opens(rule: Rule, who: Viewer) -> bool:
    return rule.is_public or not rule.powers or any(who.allows(power) for power in rule.powers)


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def leaks(matrix: Matrix, who: Viewer, text: str) -> list[str]:
    return [each.words for each in matrix.canaries if each.words in text and not (each.may and each.may(who))]


def test_page_when_it_takes_arguments_then_some_section_has_samples_of_them(matrix: Matrix) -> None:
    wanted = {page.name for page in pages() if page.has_arguments}

    assert wanted - matrix.samples.keys() == set(), "add them to the section's tests/samples.py (doors/ui/samples.py)"
    assert matrix.samples.keys() - wanted == set(), "these pages are gone, or take no arguments"
    unsaid = [sample.page for sample in matrix.samples.values() if sample.there is None and not sample.no_area]
    assert unsaid == []


@pytest.mark.parametrize("roles", [tuple(ROLES)[start::3] for start in range(3)])
def test_page_when_a_role_asks_for_it_then_opens_only_what_is_theirs_and_shows_only_what_they_may_read(
    matrix: Matrix, roles: tuple[str, ...]
) -> None:
    wrong: list[tuple[object, ...]] = []
    for username in (f"{role}-{home}" for role in roles for home in SIDES):
        client, who = browser(username), viewer(username)
        for page in pages():
            for side in SIDES:
                wrong += [(username, page.name, side, *each) for each in _ask(matrix, client, who, page, side)]

    assert wrong == []


def _ask(matrix: Matrix, client: Client, who: Viewer, page: Page, side: str) -> Iterator[tuple[object, ...]]:
    """Ask for a page, and send its form where that is refused; give what should not have happened."""
    path, sample = matrix.path(page, side), matrix.samples.get(page.name)
    if not path:
        return
    hangs_on_area = sample is not None and sample.there is not None
    role, _, home = who.username.rpartition("-")
    if not opens(page.rule, who) and (home, side) != ("here", "here"):
        return  # refused by the power, whatever the place: asked once
    may_open = opens(page.rule, who) and (not hangs_on_area or side == home or is_of_the_whole(role))
    may_open = may_open and (sample is None or sample.may is None or sample.may(who))
    answer = client.get(path)
    if answer.status_code >= 500 or (not may_open and answer.status_code not in REFUSED):
        yield "get", answer.status_code
    yield from (("shows", words) for words in leaks(matrix, who, body(answer)))
    if may_open and not (sample is not None and sample.owner and sample.owner != who.username):
        return
    before = Line.objects.count()
    answer = client.post(path, sample.valid if sample is not None else {})
    if answer.status_code >= 500 or (not may_open and answer.status_code not in REFUSED):
        yield "post", answer.status_code
    if Line.objects.count() != before:
        yield "post leaves a line", answer.status_code
    yield from (("post shows", words) for words in leaks(matrix, who, body(answer)))


def test_object_when_somebody_may_see_it_then_some_page_shows_it(matrix: Matrix) -> None:
    """Without this, a page that shows nothing to anybody would pass."""
    unmet = {each.words for each in matrix.canaries if each.may is not None}
    opened: set[str] = set()
    for username in (f"{role}-{home}" for role in ROLES for home in SIDES):
        client, who = browser(username), viewer(username)
        for page in pages():
            path = matrix.path(page, username.rpartition("-")[2]) or matrix.path(page, "here")
            if not opens(page.rule, who) or (page.name in opened and not unmet):
                continue
            answer = client.get(path)
            text = body(answer)
            opened |= {page.name} if answer.status_code in {200, 405} else set()
            unmet = {words for words in unmet if words not in text}

    assert unmet == set()
    assert {page.name for page in pages()} - opened == NEVER_OPENED


def test_leak_when_there_is_one_then_it_is_seen(matrix: Matrix) -> None:
    desk, other = viewer("desk-here"), viewer("desk-there")
    words = next(each.words for each in matrix.canaries if each.may and each.may(desk) and not each.may(other))

    assert leaks(matrix, desk, f"<p>{words}</p>") == []
    assert leaks(matrix, other, f"<p>{words}</p>") == [words]
