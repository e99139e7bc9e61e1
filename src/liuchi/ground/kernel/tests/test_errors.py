from django.utils.translation import gettext_lazy, override

from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale


def test_rule_broken_when_raised_then_carries_message_field_and_facts() -> None:
    error = RuleBroken(gettext_lazy("Monday"), field="day", limit=3)

    with override("zh-hans"):
        told = str(error)
    assert (told, error.field, error.facts) == ("星期一", "day", {"limit": 3})


def test_refusals_when_told_to_machines_then_each_has_a_code_of_its_own() -> None:
    codes = {each.code for each in (RuleBroken, NotAllowed, NotFound, Stale)}

    assert codes == {"rule_broken", "not_allowed", "not_found", "stale"}


def test_visitor_when_asked_then_allows_public_powers_only() -> None:
    visitor = Visitor(frozenset({"cases.report"}))

    assert visitor.allows("cases.report")
    assert not visitor.allows("cases.accept")
    assert System("set-up").allows("anything")
