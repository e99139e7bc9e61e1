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


#: Lists that are part of a page about one thing, are taken out elsewhere, or are the house's own words.
NOT_TAKEN_OUT = {
    "appeals.html": "wishes that wait for a decision, gone once decided",
    "rules.html": "the few rules of drawing call-backs, each in the journal",
    "account.html": "one account; accounts and grants are taken out from their lists",
    "dead.html": "sent.html takes them out, narrowed to what was given up",
    "doubles.html": "pairs to look at, gone once somebody looked",
    "look_up.html": "the answer to one exact question",
    "package.html": "is taken out whole, as JSON",
    "register_entry.html": "one entry; the register is taken out from its list",
    "request.html": "one request",
    "retention.html": "periods are in the inventory, runs have a page each",
    "robots.html": "the ways out of the house as they are set up",
    "hook.html": "one receiver; its log goes out by the API, with the key it belongs to",
    "hooks.html": "the systems that are told, as they are set up",
    "search_people.html": "the answer to one exact question",
    "rows.html": "part of pages that take their list out",
    "templates.html": "the house's own words",
}


def test_list_when_a_page_shows_one_then_it_can_be_taken_out() -> None:
    without = {
        path.name
        for path in DOORS.rglob("templates/**/*.html")
        if 'class="list"' in (text := path.read_text(encoding="utf-8")) and "ui/export_bar.html" not in text
    }

    assert without == NOT_TAKEN_OUT.keys()
