"""Every write is an action: keyword-only, in somebody's name, promised in words, one transaction and one line."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

#: What the journal itself offers to actions; everything else public in an `actions` module is an action.
TOOLS_OF_ACTIONS = {"liuchi.ground.journal.actions"}
#: The journal's note of a restored copy is written by the restoring itself, in the midst of its files.
ELSEWHERE = {"src/liuchi/ground/journal/restoring.py"}


def _modules(sources: list[Any]) -> list[str]:
    return [
        source.module.removesuffix(".__init__")
        for source in sources
        if source.path.startswith("src/liuchi/")
        and not source.is_test
        and "actions" in source.module.split(".")
        and not source.module.startswith("liuchi.ground.kernel")
    ]


def _public(module: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in inspect.getmembers(import_module(module), inspect.isfunction):
        if not name.startswith("_") and inspect.unwrap(function).__module__ == module:
            yield f"{module}.{name}", function


def is_action(function: Callable[..., Any]) -> bool:
    """Tell whether `@action` is among what wraps a function."""
    while True:
        if function.__code__.co_qualname == "action.<locals>.run":
            return True
        if not hasattr(function, "__wrapped__"):
            return False
        function = function.__wrapped__


@pytest.fixture(scope="module")
def actions(sources: list[Any]) -> dict[str, Callable[..., Any]]:
    modules = [name for name in _modules(sources) if name not in TOOLS_OF_ACTIONS]
    return {name: function for module in modules for name, function in _public(module)}


def test_public_function_when_it_stands_among_actions_then_it_is_one(actions: dict[str, Callable[..., Any]]) -> None:
    others = [name for name, function in actions.items() if not is_action(function)]

    assert len(actions) > 20
    assert others == []


def test_action_when_called_then_takes_names_only_and_says_by_whom(actions: dict[str, Callable[..., Any]]) -> None:
    wrong = []
    for name, function in actions.items():
        parameters = inspect.signature(function).parameters.values()
        named = all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters)
        by = next((each for each in parameters if each.name == "by"), None)
        if not named or by is None or by.default is not inspect.Parameter.empty:
            wrong.append(name)

    assert wrong == []


def test_action_when_read_then_its_docstring_promises_something(actions: dict[str, Callable[..., Any]]) -> None:
    silent = [name for name, function in actions.items() if len((inspect.getdoc(function) or "").split()) < 4]

    assert silent == []


def test_action_when_named_then_verb_and_noun(actions: dict[str, Callable[..., Any]]) -> None:
    assert [name for name in actions if "_" not in name.rsplit(".", 1)[1]] == []


def test_action_when_somewhere_else_in_the_house_then_refused(sources: list[Any]) -> None:
    strays = [
        source.path
        for source in sources
        if source.path.startswith("src/liuchi/")
        and not source.is_test
        and "\n@action" in source.text
        and "actions" not in source.module.split(".")
        and source.path not in ELSEWHERE
    ]

    assert strays == []
