"""`liuchi explain access WHO WHAT` and `liuchi access reset NAME`: who may and why, who may not and what is missing."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from liuchi.doors.cli.commands import access, explain
from liuchi.engines.cases.testing import MORNING, SETUP, World, dispatched, give_role, report, small_world
from liuchi.ground.access.actions import close_account, end_grant
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import forget


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the small world; the test's own database is open already, the command's house would open another."""
    for module in (explain, access):
        monkeypatch.setattr(module, "open_house", lambda **_: nullcontext())
    with frozen_at(MORNING - timedelta(days=2)):
        made = small_world()
    with frozen_at(MORNING), translation.override("en"):
        yield made
    forget()


def ask(*words: object) -> Result:
    """Return what the command says."""
    return CliRunner().invoke(explain.command, ["access", *map(str, words)], catch_exceptions=False)


def test_explain_when_asked_for_help_then_says_what_can_be_asked() -> None:
    told = CliRunner().invoke(explain.command, ["access", "--help"]).output

    assert "WHO WHAT" in told
    assert "cases.see@990803001" in told


@pytest.mark.parametrize(
    ("who", "what", "allowed", "said"),
    [
        ("desk", "cases.see", True, ("990803", "role")),
        ("desk", "cases.see@990803001001001", True, ("990803 ", "→", "990803001001001")),
        ("checker", "cases.check@990803001002", True, ("990803001 ", "990803001002")),
        ("checker", "cases.check@990803002001", False, ("held, but not there",)),
        ("resident", "cases.see@990803", False, ("no grant", "It comes with")),
        ("resident", "access.grants", False, ("no grant",)),
        ("water", "cases.handle", True, ("unit",)),
        ("desk", "/", True, ("open to everybody",)),
        ("resident", "/inbox/", True, ("whoever has signed in",)),
        ("desk", "/office/", True, ("The page asks for one of",)),
        ("resident", "/office/territory/questions/", False, ("territory.manage", "no grant")),
    ],
)
def test_explain_when_asked_about_powers_and_pages_then_says_yes_or_no_and_why(
    world: World, who: str, what: str, allowed: bool, said: tuple[str, ...]
) -> None:
    answer = ask(who, what)

    assert answer.exit_code == 0
    assert answer.output.startswith("Yes") is allowed, answer.output
    for words in said:
        assert words in answer.output, answer.output


def test_explain_when_asked_about_a_case_then_tells_its_place_and_who_has_a_part(world: World) -> None:
    case = dispatched(world)

    part, none = ask("water", case.number).output, ask("lights", case.number).output

    assert part.startswith("Yes: the case is open to them.")
    assert "A unit of theirs has a part in the case." in part
    assert none.startswith("No: the case is not open to them.")
    assert "990803001001001" in none
    assert ask("desk", f"/office/cases/{case.number}/").output.startswith("Yes: the case")
    assert ask("other-desk", f"/office/cases/{case.number}/").output.startswith("No: the case")


def test_explain_when_a_grant_ended_then_says_from_when_to_when_it_ran(world: World) -> None:
    grant = Grant.objects.get(account__username="checker")
    end_grant(by=SETUP, grant_id=grant.id, reason="调离")

    told = ask("checker", "cases.check@990803001").output

    assert told.startswith("No.")
    assert "ran from 2024-09-10" in told
    assert "to 2024-09-12" in told


def test_explain_when_another_hat_would_do_then_says_so_and_with_that_hat_yes(world: World) -> None:
    give_role("water", "handler", world.district, world.lights)
    hats = world.viewer("water").hats
    assert len(hats) == 2
    (away,) = [hat for hat in hats if hat.key != world.viewer("water").hat.key]  # type: ignore[union-attr]
    give_role("water", "surveyor", world.communities[0])
    own = next(hat.key for hat in world.viewer("water").hats if hat.key == "own")

    told = ask("water", "territory.manage@990803001001").output
    assert told.startswith("Not under this hat; another one gives it.")
    assert "(not the hat worn)" in told
    assert away.key in told
    assert ask("water", "territory.manage@990803001001", "--hat", own).output.startswith("Yes.")


@pytest.mark.parametrize(
    ("who", "what", "said"),
    [
        ("nobody", "cases.see", "there is no open account 'nobody'"),
        ("desk", "everything", "Give an address"),
        ("desk", "/no/such/page/", "There is no page at /no/such/page/"),
        ("desk", "cases.see@123456", "There is no area with the code 123456 today."),
    ],
)
def test_explain_when_the_question_is_none_then_says_what_to_ask(world: World, who: str, what: str, said: str) -> None:
    answer = ask(who, what)

    assert answer.exit_code == 1
    assert said in answer.output


def test_explain_when_asked_then_writes_nothing(world: World) -> None:
    receipt, before = report(world), Line.objects.count()

    ask("desk", receipt.number)
    ask("resident", "cases.see@990803")

    assert Line.objects.count() == before


def reset(*words: object) -> Any:
    return CliRunner().invoke(access.command, ["reset", *map(str, words)], catch_exceptions=False)


@pytest.mark.parametrize("name", ["desk", "system"])
def test_reset_when_asked_on_the_server_then_a_temporary_password_is_told_once_and_the_old_one_ends(
    world: World, name: str
) -> None:
    give_role("system", "system_admin", world.district)
    before = Account.objects.get(username=name).password

    answer = reset(name, "--reason", "forgotten")

    account = Account.objects.get(username=name)
    password = answer.output.strip()
    assert answer.exit_code == 0
    assert account.check_password(password)
    assert account.is_password_temporary
    assert account.password != before
    line = Line.objects.get(kind="access.password_reset")
    assert (line.actor_kind, line.data) == ("system", {"account": str(account.id), "reason": "forgotten"})
    assert password not in str(line.data)
    assert reset(name).output.strip() != password


def made_key(*words: object) -> Any:
    return CliRunner().invoke(access.command, ["key", *map(str, words)], catch_exceptions=False)


def test_key_when_rotated_on_the_server_then_a_new_one_is_told_and_the_old_one_lives_on(world: World) -> None:
    first = made_key("desk", "--for", "city app", "--reason", "agreement 7").output.strip()

    second = made_key("--rotate", first, "--grace", 0)

    assert (second.exit_code, second.output.strip() == first) == (0, False)
    assert made_key("--rotate", "lknobody").exit_code == 1
    assert made_key("desk").exit_code == 2


def test_reset_when_the_account_is_closed_unknown_or_the_reason_is_none_then_refused(world: World) -> None:
    close_account(by=SETUP, account_id=Account.objects.get(username="lights").id, reason="left")

    for name in ("lights", "nobody"):
        answer = reset(name)
        assert (answer.exit_code, f"there is no open account '{name}'" in answer.output) == (1, True)
    assert reset("desk", "--reason", "because").exit_code == 2
    assert not Line.objects.filter(kind="access.password_reset").exists()


def test_deadlines_when_asked_of_a_case_then_each_clock_says_why_in_either_language(world: World) -> None:
    case = dispatched(world)

    def said(*words: str) -> Result:
        return CliRunner().invoke(explain.command, ["deadlines", *words], catch_exceptions=False)

    english = said(case.number, "--language", "en").output.splitlines()
    chinese = said(case.number).output
    nobody = said("20240912-999999")

    assert sum(line.startswith("case clock: ") for line in english) == 1
    assert sum(line.startswith("step clock ") for line in english) == 3
    assert all("Due 2024-09-12" in line and "because" in line for line in english)
    assert "2024-09-12 15:00" in chinese
    assert nobody.exit_code == 1
