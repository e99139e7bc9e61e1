"""Every query that leaves a room takes the viewer first, or stands here with the reason why it need not."""

import ast
from collections.abc import Iterator
from typing import Any

AREAS = "areas, their names and boundaries are published (statistical divisions, maps, notices of change)"
BODIES = "organisations, their posts, duties and venues are published (powers and duties lists, service guides)"
OFFICE_HOURS = "working calendars are law"
HELD = "of a row that the caller has read with the viewer's eyes already"
CONDITION = "a condition or an id for another question, which takes the viewer itself"
SHOWN_TO_ALL = "what anybody may know of cases: kind, stage, town and community, counts"
CATALOGUE = "standards are issued by published documents"
BEFORE_SIGN_IN = "asked before anybody is known"
BY_HOLDER = "the holder's mark is the key: an account's or a browser's own"
HOUSE = "the house's own: read by reactions, commands and the rooms, never by a page"

#: Which queries take no viewer, and why. A new name here is a decision; a name that is gone has to go here too.
WITHOUT = {
    "engines.cases.duplicates.queries": {SHOWN_TO_ALL: {"open_like"}},
    "engines.cases.queries": {
        HELD: {
            "as_public",
            "clocks_of",
            "first_words",
            "moves_of",
            "reports_of",
            "units_for",
            "duties_for",
            "public_place",
        },
        SHOWN_TO_ALL: {"public_case", "recent_public_cases", "standing", "open_by_place", "open_by_shape"},
        CATALOGUE: {"classes", "conditions"},
        BEFORE_SIGN_IN: {"receipt_opens", "said_with"},
    },
    "engines.cases.queries_open": {SHOWN_TO_ALL: {"open_cases"}},
    "engines.cases.queries_updates": {SHOWN_TO_ALL: {"open_updates", "open_history"}},
    "engines.cases.supervision.queries": {HELD: {"supervisions_of", "reminders_left"}},
    "ground.access.queries": {
        BEFORE_SIGN_IN: {"find_account"},
        CONDITION: {"accounts_of", "account_id"},
        HELD: {"people_of", "usernames_of"},
    },
    "ground.access.queries_own": {HELD: {"reads_of"}},
    "ground.attachments.queries": {
        BY_HOLDER: {"unsent_of", "find_served", "upload_of"},
        HELD: {"attachments_of", "whole_of"},
    },
    "ground.calendars.queries": {OFFICE_HOURS: {"find_version", "current_version", "versions_held", "work_calendar"}},
    "ground.journal.queries": {HOUSE: {"dead_letters"}, HELD: {"history_of"}},
    "ground.organisations.queries": {
        BODIES: {
            "organisations",
            "organisation",
            "as_of",
            "names_on",
            "changes_of",
            "successions_of",
            "posts_of",
            "heads_of",
            "served_by",
            "venues",
            "venue",
            "duty_lists",
            "duty_items",
            "duty_item",
            "duty_kinds",
            "going_along",
            "post",
            "units",
        }
    },
    "ground.people.queries": {
        CONDITION: {"ids_of", "joined_records", "record_in_force", "same_person"},
        HOUSE: {"erased_in"},
    },
    "ground.records.queries": {HELD: {"said_in"}},
    "ground.territory.queries": {
        AREAS: {
            "territory",
            "locate",
            "territory_held",
            "boundaries",
            "features",
            "versions_of",
            "became_of",
            "came_from",
            "successions",
            "known_area",
            "successors",
            "heir",
        },
        HOUSE: {"today", "forget"},
    },
    "insight.figures.queries": {SHOWN_TO_ALL: {"totals"}},
}


def is_of_queries(path: str) -> bool:
    """Tell whether a file holds a room's queries: queries.py, queries_reads.py, queries/reads.py."""
    parts = path.removesuffix(".py").split("/")
    return path.startswith("src/liuchi/") and "tests" not in parts and any(each.startswith("queries") for each in parts)


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def first_argument(function: ast.FunctionDef) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return arguments[0].arg if arguments else ""


def uses(function: ast.FunctionDef, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function))


def _queries(sources: list[Any]) -> dict[str, dict[str, ast.FunctionDef]]:
    return {
        source.module.removeprefix("liuchi."): {each.name: each for each in public_functions(source.tree)}
        for source in sources
        if is_of_queries(source.path)
    }


def test_query_when_it_takes_no_viewer_first_then_it_stands_on_the_list_with_a_reason(sources: list[Any]) -> None:
    found = {
        f"{module}.{name}"
        for module, functions in _queries(sources).items()
        for name, function in functions.items()
        if first_argument(function) not in {"viewer", "by"}
    }
    listed = {f"{module}.{name}" for module, why in WITHOUT.items() for names in why.values() for name in names}

    assert found - listed == set(), "take `viewer: Viewer` first and filter by it, or say here why not"
    assert listed - found == set(), "these are gone, or take the viewer now: take them off the list"


def test_query_when_it_takes_the_viewer_then_it_asks_them_something(sources: list[Any]) -> None:
    functions = [
        (f"{module}.{name}", function, first_argument(function))
        for module, functions in _queries(sources).items()
        for name, function in functions.items()
    ]
    taking = [(name, function, first) for name, function, first in functions if first in {"viewer", "by"}]

    assert len(taking) > 10
    assert [name for name, function, first in taking if not uses(function, first)] == []


def test_query_when_its_list_is_handed_on_unread_then_it_is_seen() -> None:
    loose, deaf, sound = ast.parse(
        "def everybody(): ...\ndef some(viewer): return 1\ndef mine(viewer): return viewer.areas('x')"
    ).body
    assert isinstance(loose, ast.FunctionDef)
    assert isinstance(deaf, ast.FunctionDef)
    assert isinstance(sound, ast.FunctionDef)

    assert first_argument(loose) == ""
    assert not uses(deaf, first_argument(deaf))
    assert uses(sound, first_argument(sound))
