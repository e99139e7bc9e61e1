"""Explaining access in words, for the page and the command line: WHAT is an address, a case number, or a power."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from liuchi.doors.ui.hats import hat_words, role_words
from liuchi.doors.ui.rules import rule_of
from liuchi.engines.cases.access import at_work
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.secrecy import is_about_units_of, is_kept_from
from liuchi.ground.access.explaining import Answer, Because, explain
from liuchi.ground.access.powers import POWERS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.territory.queries import territory

_CASE_POWERS = (
    "cases.see",
    "cases.accept",
    "cases.dispatch",
    "cases.check",
    "cases.handle",
    "cases.decide",
    "cases.end",
)


class QuestionUnclear(RuleBroken):
    """What was asked about is no address, case number or power."""

    code = "question_unclear"


@dataclass(frozen=True)
class Told:
    """The answer in words: yes or no, and the lines that say why."""

    is_allowed: bool
    verdict: str
    lines: tuple[str, ...]


def tell(viewer: Viewer, what: str, asker: Viewer | None = None) -> Told:
    """Say whether `viewer` may do or open `what`, and why; `asker` is who wants to know, where that is a person.

    To people of a unit that a secret case is about, there is no such case.

    Raises:
        QuestionUnclear: `what` is no address beginning with /, no case number and no power (power or power@area code).
    """
    asked = what.strip()
    if asked.startswith("/"):
        return _page(viewer, asked, asker)
    if asked.partition("@")[0] in POWERS:
        power, _at, code = asked.partition("@")
        return _told([explain(viewer, power, _area(code))])
    case = _asked_case(asked, asker)
    if case is None:
        raise QuestionUnclear(
            _("Give an address (/office/…), a case number, or a power such as cases.see@990803001."), field="what"
        )
    return _case(viewer, case)


def _area(code: str) -> UUID | None:
    if not code:
        return None
    found = next((area for area in territory().areas.values() if area.code == code), None)
    if found is None:
        raise NotFound(_("There is no area with the code %(code)s today.") % {"code": code}, field="what")
    return found.id


def _asked_case(number: str, asker: Viewer | None) -> Case | None:
    case = Case.objects.filter(number=number).select_related("place").first()
    return None if case is not None and asker is not None and is_about_units_of(asker, case) else case


def _page(viewer: Viewer, path: str, asker: Viewer | None) -> Told:
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        raise QuestionUnclear(_("There is no page at %(path)s.") % {"path": path}, field="what") from None
    rule = rule_of(match.func)
    if rule is None:
        return Told(False, _("No: the page opens to nobody."), ())
    if rule.is_public:
        return Told(True, _("Yes: the page is open to everybody."), ())
    if not rule.powers:
        return Told(True, _("Yes: the page is open to whoever has signed in, and shows what is their own."), ())
    number = match.kwargs.get("number")
    case = _asked_case(number, asker) if number else None
    if case is not None:
        return _case(viewer, case)
    told = _told([explain(viewer, power) for power in sorted(rule.powers)])
    note = _("The page asks for one of: %(powers)s. What it shows is limited to the areas named below.")
    return Told(told.is_allowed, told.verdict, (note % {"powers": ", ".join(sorted(rule.powers))}, *told.lines))


def _case(viewer: Viewer, case: Case) -> Told:
    sees = Case.objects.filter(at_work(viewer), id=case.id).exists()
    told = _told([explain(viewer, power, case.place_id) for power in _CASE_POWERS])
    place = _("The case lies in %(area)s.") % {"area": case.place}
    units = viewer.organisations("cases.handle")
    part = case.assignments.filter(unit_id__in=units).exists()
    by_part = (_("A unit of theirs has a part in the case."),) if part else ()
    verdict = _("Yes: the case is open to them.") if sees else _("No: the case is not open to them.")
    return Told(sees, verdict, (place, *_secrecy(viewer, case), *by_part, *told.lines))


def _secrecy(viewer: Viewer, case: Case) -> tuple[str, ...]:
    if not case.is_secret:
        return ()
    if is_about_units_of(viewer, case):
        return (_("The report is secret and about a unit of theirs, or one above it, by grant, post or roll."),)
    if is_kept_from(viewer, case):
        return (_("The report is secret, and it was not said yet whom it is about: only the desk sees it."),)
    return (_("The report is secret; it is not about a unit of theirs."),)


def _told(answers: list[Answer]) -> Told:
    allowed = any(answer.is_allowed for answer in answers)
    lines = tuple(line for answer in answers for line in _lines(answer))
    other = any(answer.needs_other_hat for answer in answers)
    verdict = _("Yes.") if allowed else _("Not under this hat; another one gives it.") if other else _("No.")
    return Told(allowed, verdict, lines)


def _lines(answer: Answer) -> list[str]:
    where = str(answer.area) if answer.area is not None else _("somewhere")
    facts = {"power": answer.power, "words": POWERS[answer.power], "where": where}
    if not answer.because and not answer.elsewhere and not answer.past:
        roles = ", ".join(role_words(role.code, role.name) for role in answer.would_do) or _("no role")
        missing = _("%(power)s (%(words)s), %(where)s: no grant. It comes with: %(roles)s.")
        return [missing % {**facts, "roles": roles}]
    lines = [_("%(power)s (%(words)s), %(where)s: %(why)s") % {**facts, "why": _why(each)} for each in answer.because]
    outside = _("%(power)s (%(words)s): held, but not there: %(why)s")
    lines += [outside % {**facts, "why": _why(each)} for each in answer.elsewhere]
    ended = _("%(power)s (%(words)s): a grant of %(role)s in %(area)s ran from %(begin)s to %(end)s")
    for row in answer.past:
        end = f"{row.valid_to:%Y-%m-%d %H:%M}" if row.valid_to else "…"
        named = {"role": row.role, "area": row.area, "begin": f"{row.valid_from:%Y-%m-%d %H:%M}", "end": end}
        lines.append(ended % {**facts, **named})
    return lines


def _why(because: Because) -> str:
    grant = because.grant
    chain = " → ".join(str(area) for area in because.chain)
    facts = {
        "role": role_words(grant.role, grant.role_name) if grant.role else _("broken glass"),
        "chain": chain,
        "hat": hat_words(because.hat) if because.hat is not None else _("any hat"),
        "purpose": grant.purpose,
        "since": f"{grant.valid_from:%Y-%m-%d}" if grant.valid_from else "…",
        "until": f"{grant.valid_to:%Y-%m-%d %H:%M}" if grant.valid_to else "…",
    }
    said = _("role %(role)s, area %(chain)s, hat %(hat)s, for %(purpose)s, %(since)s to %(until)s") % facts
    return said if because.is_worn else _("%(said)s (not the hat worn)") % {"said": said}
