"""The group's help tells how to ask; the answer itself is tested with the page of the same name."""

from click.testing import CliRunner

from liuchi.doors.cli.commands.explain import command


def test_explain_when_asked_for_help_then_says_what_can_be_asked() -> None:
    told = CliRunner().invoke(command, ["access", "--help"]).output

    assert "WHO WHAT" in told
    assert "cases.see@990803001" in told
