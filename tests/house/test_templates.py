"""A template that names something unknown must fail its test; and every template of the doors is held to that."""

import re
from pathlib import Path

import pytest
from django.template import engines

from liuchi.doors.ui.testing import unknown_variables_fail  # noqa: F401 - the fixture, used here by name

DOORS = Path(__file__).parents[2] / "src" / "liuchi" / "doors"


@pytest.mark.usefixtures("unknown_variables_fail")
def test_template_when_it_names_something_unknown_then_fails() -> None:
    template = engines["django"].from_string("<p>{{ nobody_gave_this }}</p>")

    with pytest.raises(Exception, match="nobody_gave_this"):
        template.render({})


@pytest.mark.parametrize("door", ["ui", "resident", "office"])
def test_door_when_it_has_templates_then_its_tests_use_the_strict_fixture(door: str) -> None:
    conftest = (DOORS / door / "tests" / "conftest.py").read_text(encoding="utf-8")

    assert "unknown_variables_fail" in conftest


def test_templates_when_read_then_none_carries_inline_script_or_style() -> None:
    found = [
        path.name
        for path in DOORS.rglob("templates/**/*.html")
        if re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", path.read_text(encoding="utf-8"))
    ]

    assert found == []
