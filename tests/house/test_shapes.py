"""Sizes, names and places of files and functions."""

import ast
import re
from pathlib import Path
from typing import Any

MOST_LINES, MOST_TEST_LINES, MOST_IN_A_FUNCTION, MOST_IN_A_README = 400, 600, 60, 40
#: Rooms that hold nouns and promise something about them; doors are described by their pages.
HOLDING_NOUNS = ("liuchi.ground.", "liuchi.engines.", "liuchi.insight.", "liuchi.embedded")
JUNK = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_file_when_too_long_then_it_wants_a_split(sources: list[Any]) -> None:
    long = [
        f"{source.path}: {lines} lines"
        for source in sources
        if (lines := source.text.count("\n")) > (MOST_TEST_LINES if source.is_test else MOST_LINES)
        and not source.is_migration
    ]

    assert sources
    assert long == []


def test_function_when_too_long_then_it_wants_a_split(sources: list[Any]) -> None:
    long = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno + 1 > MOST_IN_A_FUNCTION
    ]

    assert long == []


def test_name_when_it_is_a_junk_drawer_then_refused(tracked: list[Path], root: Path) -> None:
    parts = {part.split(".")[0] for path in tracked for part in path.relative_to(root).parts}

    assert "kernel" in parts
    assert parts & JUNK == set()


def test_import_when_inside_a_function_then_a_comment_says_why(sources: list[Any]) -> None:
    unexplained = []
    for source in sources:
        lines = source.text.splitlines()
        for function in (node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS) and not source.is_test):
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            if inner and not any("#" in line for node in inner for line in lines[node.lineno - 2 : node.end_lineno]):
                unexplained.append(f"{source.path}:{inner[0].lineno}")

    assert [place for place in unexplained if not place.startswith("conftest.py")] == []


def test_public_function_when_it_has_no_docstring_then_refused(sources: list[Any]) -> None:
    silent = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in sources
        if source.path.startswith("src/") and "/tests/" not in source.path and not source.is_migration
        for node in source.tree.body
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_")
        if ast.get_docstring(node) is None
    ]

    assert silent == []


def test_mark_of_unfinished_work_when_anywhere_then_refused(texts: dict[str, str]) -> None:
    mark = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + "XX)\\b")
    marked = [path for path, text in texts.items() if mark.search(text)]

    assert mark.search("# TO" + "DO: later")
    assert marked == []


def test_stub_when_it_only_says_that_it_is_none_then_refused(sources: list[Any]) -> None:
    stubs = [
        f"{source.path}:{node.lineno}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
    ]

    assert stubs == []


def test_room_when_it_stands_in_the_contract_then_its_readme_says_what_it_is_in_forty_lines(
    layers: Any, root: Path
) -> None:
    wrong = []
    for room in (name for name in layers.rooms() if name.startswith(HOLDING_NOUNS)):
        readme = root / "src" / room.replace(".", "/") / "README.md"
        if not readme.is_file():
            wrong.append(f"{room}: no README.md")
        elif not 3 <= readme.read_text(encoding="utf-8").count("\n") <= MOST_IN_A_README:
            wrong.append(f"{room}: README.md has more than {MOST_IN_A_README} lines, or says nothing")

    assert wrong == []
