"""No hidden ways: no signals, no `save()` of our own, no form that writes, no scope opened for writing in passing."""

import ast
from typing import Any

import pytest

#: Where a scope for writing may be opened: actions, the journal's worker, migrations, benches, the demo.
MAY_OPEN = {
    "src/liuchi/ground/kernel/actions.py",
    "src/liuchi/ground/kernel/guard.py",
    "src/liuchi/ground/journal/reactions.py",
    "src/liuchi/ground/journal/sealing.py",
    "src/liuchi/ground/journal/restoring.py",
    "src/liuchi/ground/exchange/checkpoints.py",
    "src/liuchi/doors/cli/database.py",
    "src/liuchi/doors/cli/bench/bare.py",
    "src/liuchi/doors/cli/bench/history.py",
    # Cuts anew what stands in the cases already; states nothing of its own.
    "src/liuchi/engines/cases/search/indexing.py",
    "src/liuchi/demo/load.py",
    # A year of cases, and the sources' own, are laid in bulk as the actions would have left them; their tallies follow.
    "src/liuchi/demo/history.py",
    "src/liuchi/demo/indexes.py",
    "src/liuchi/demo/sources.py",
    "src/liuchi/insight/figures/recounting.py",
}


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{each.name}" for each in node.names} | {str(node.module)}
    return found


def signals_in(tree: ast.AST) -> list[str]:
    """Return what smells of signals in a file."""
    found = [name for name in _imports(tree) if "dispatch" in name.split(".")[1:2] and name.startswith("django.")]
    found += [name for name in _imports(tree) if name.startswith("django.") and "signals" in name.split(".")]
    found += [
        f"{call.lineno}: .connect()" for call in _calls(tree, "connect") if "psycopg" not in ast.unparse(call.func)
    ]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver",
        "import django.dispatch",
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "post_save.connect(f)",
    ],
)
def test_signal_when_one_is_used_then_it_is_seen(text: str) -> None:
    assert signals_in(ast.parse(text))


def test_signals_when_searched_for_then_there_are_none(sources: list[Any]) -> None:
    ours = (source for source in sources if not source.path.startswith("src/liuchi/embedded/"))  # sockets connect too
    found = {source.path: smell for source in ours if (smell := signals_in(source.tree))}

    assert found == {}


def test_save_when_a_model_or_form_overrides_it_then_refused(sources: list[Any]) -> None:
    overrides = [
        f"{source.path}:{node.lineno} {of.name}.{node.name}"
        for source in sources
        for of in ast.walk(source.tree)
        if isinstance(of, ast.ClassDef)
        for node in of.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "save_base", "bulk_create"}
    ]

    assert overrides == []


def test_form_when_it_could_write_then_refused(sources: list[Any]) -> None:
    forms = [
        f"{source.path}:{node.lineno}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any("ModelForm" in ast.unparse(base) for base in node.bases)
    ]

    assert forms == []


def test_save_when_called_then_it_names_its_fields_or_inserts(sources: list[Any]) -> None:
    """Pictures and stored bytes are saved too: they name format and content."""
    loose = [
        f"{source.path}:{call.lineno}"
        for source in sources
        if source.path.startswith("src/") and "/tests/" not in source.path
        for call in _calls(source.tree, "save")
        if not {keyword.arg for keyword in call.keywords} & {"update_fields", "force_insert", "format", "content"}
    ]

    assert loose == []


def test_scope_for_writing_when_opened_then_only_where_the_house_says(sources: list[Any]) -> None:
    opened = {
        source.path
        for source in sources
        if not source.is_test and source.path.startswith("src/")
        for call in _calls(source.tree, "scope")
        if ast.unparse(call.func) == "guard.scope"
    }

    assert opened - MAY_OPEN == set()
    assert "src/liuchi/ground/kernel/actions.py" in opened


def test_database_when_reached_past_the_guard_then_refused(sources: list[Any]) -> None:
    """Psycopg itself may be used by the supervisor, the benches and their tests; pages and rooms use Django's."""
    past = [
        source.path
        for source in sources
        if source.path.startswith("src/liuchi/")
        and not source.is_test
        and not source.path.startswith(("src/liuchi/embedded/", "src/liuchi/doors/cli/"))
        and any(name.split(".")[0] == "psycopg" for name in _imports(source.tree))
    ]

    assert past == []
