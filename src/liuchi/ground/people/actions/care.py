"""The care register: putting somebody in for a reason and a time, going on, and ending."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people import access
from liuchi.ground.people.caring import SHIPPED, NewCategory, is_label, is_special_population
from liuchi.ground.people.consenting import has_consent
from liuchi.ground.people.holding import held, records_of
from liuchi.ground.people.kinds import CARE_BEGUN, CARE_CATEGORIES_SET, CARE_CATEGORY_RETIRED, CARE_ENDED
from liuchi.ground.people.models import CareCategory, CareStatus, Person, VisitTier
from liuchi.ground.people.personal import DIAGNOSIS
from liuchi.ground.records import protected

#: Why an entry ends before its time.
END_REASONS: Final = {
    "no_longer": gettext_lazy("the reason no longer holds"),
    "withdrawn": gettext_lazy("at the person's wish"),
    "moved": gettext_lazy("moved away"),
    "mistake": gettext_lazy("entered by mistake"),
}
LONGEST_DIAGNOSIS = 500


class CareRefused(RuleBroken):
    """The entry cannot be made or ended like this; `field` names what is wrong."""

    code = "care_refused"


@action
def set_care_categories(*, by: Actor, categories: Iterable[NewCategory] = SHIPPED) -> int:
    """Add the categories that are not there yet, and bring the wording of the others up to date; return how many.

    Whoever adds a category of the district's own names its rule and its purpose.

    Raises:
        NotAllowed: the actor does not hold people.care in the whole district.
        CareRefused: a category without rule, purpose or an end, or one that labels people.
    """
    if not by.allows(access.CATEGORIES):
        raise NotAllowed(_("Only who answers for care in the whole district may define categories."))
    present = {each.code: each for each in CareCategory.objects.select_for_update().order_by("code")}
    changed: list[CareCategory] = []
    for new in categories:
        if not (new.legal_basis.strip() and new.purpose.strip() and new.longest_days > 0):
            raise CareRefused(_("A category names its rule, its purpose, and how long an entry lasts at most."))
        _refuse_labels(new)
        values = {name: getattr(new, name) for name in NewCategory.__dataclass_fields__}
        known = present.get(new.code)
        if known is not None and all(getattr(known, name) == value for name, value in values.items()):
            continue
        changed.append(CareCategory(**values) if known is None else CareCategory(id=known.id, **values))
    if not changed:
        return 0
    CareCategory.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[name for name in NewCategory.__dataclass_fields__ if name != "code"],
    )
    record(
        kind=CARE_CATEGORIES_SET,
        by=by,
        subject_type="people.care_category",
        subject_id=changed[0].id,
        data={"categories": [each.code for each in changed]},
    )
    return len(changed)


@action
def begin_care(
    *,
    by: Actor,
    person_id: UUID,
    category: str,
    basis: str,
    valid_from: date,
    valid_to: date,
    visit_tier: str = "",
    responsible_id: UUID | None = None,
    diagnosis: str = "",
) -> UUID:
    """Put somebody into a care category until `valid_to` (exclusive), on the strength of a document; return the entry.

    The end is always set, at most as far away as the category allows; then the entry ends by itself. The journal tells
    that there is an entry, not which.

    Raises:
        NotAllowed, NotFound: the person is not theirs to care for, or there is no such category.
        CareRefused: no document, no possible time, in it already, or words of a diagnosis where none belong.
    """
    person = held(person_id)
    access.require(by, access.CARE, person)
    kept = _category(category)
    if person.death_on is not None:
        raise CareRefused(_("This person is registered as dead."))
    _require_consent(kept, person.id)
    others = CareStatus.objects.filter(person_id__in=records_of(person), category=kept, valid_to__gt=valid_from)
    if others.filter(valid_from__lt=valid_to).exists():
        raise CareRefused(_("This person is in this category at that time already."), field="category")
    care = CareStatus(
        person=person,
        category=kept,
        basis=_basis(basis),
        valid_from=valid_from,
        valid_to=_end(kept, valid_from, valid_to),
        visit_tier=_tier(visit_tier or kept.visit_tier),
        responsible=_responsible(responsible_id),
        created_at=clock.now(),
        created_by_id=by.id,
    )
    care.diagnosis_sealed = protected.seal(_diagnosis(kept, diagnosis), DIAGNOSIS, care.id)
    _record(CARE_BEGUN, by, person, care, new=True)
    return care.id


@action
def retire_care_category(*, by: Actor, code: str, on: date) -> None:
    """Let nobody be put into a category any more from a day on; entries that last go on until their end.

    Raises:
        NotAllowed: the actor does not hold people.care in the whole district.
        NotFound: there is no such category, or it is retired.
        CareRefused: the day lies ahead.
    """
    if not by.allows(access.CATEGORIES):
        raise NotAllowed(_("Only who answers for care in the whole district may define categories."))
    kept = CareCategory.objects.select_for_update().filter(code=code, retired_on=None).first()
    if kept is None:
        raise NotFound(_("There is no such category."))
    if on > timezone.localdate(clock.now()):
        raise CareRefused(_("This day lies ahead."), field="on")
    kept.retired_on = on
    kept.save(update_fields=["retired_on"])
    record(
        kind=CARE_CATEGORY_RETIRED,
        by=by,
        subject_type="people.care_category",
        subject_id=kept.id,
        data={"category": code, "on": on},
    )


@action
def extend_care(*, by: Actor, care_id: UUID, basis: str, valid_to: date) -> UUID:
    """Let an entry go on until `valid_to`, on the strength of a new document; return the entry that follows it.

    Raises:
        NotAllowed, NotFound: the entry is not theirs.
        CareRefused: no document, no possible time, or an entry that was ended early.
    """
    care = _held_care(by, care_id)
    if care.end_reason:
        raise CareRefused(_("This entry was ended. Make a new one."))
    if care.category.retired_on is not None:
        raise CareRefused(_("This category is no longer used: the entry ends on its day."))
    _require_consent(care.category, care.person_id)
    today = timezone.localdate(clock.now())
    begin = max(care.valid_to, today) if care.valid_to < today else care.valid_to
    if CareStatus.objects.filter(person=care.person, category=care.category, valid_to__gt=care.valid_to).exists():
        raise CareRefused(_("This person is in this category at that time already."), field="valid_to")
    following = CareStatus(
        person=care.person,
        category=care.category,
        basis=_basis(basis),
        valid_from=begin,
        valid_to=_end(care.category, begin, valid_to),
        visit_tier=care.visit_tier,
        responsible=care.responsible,
        created_at=clock.now(),
        created_by_id=by.id,
    )
    text = protected.unseal(care.diagnosis_sealed, DIAGNOSIS, care.id)
    following.diagnosis_sealed = protected.seal(text, DIAGNOSIS, following.id)
    _record(CARE_BEGUN, by, care.person, following, new=True)
    return following.id


@action
def end_care(*, by: Actor, care_id: UUID, on: date, reason: str) -> None:
    """End an entry before its time, on a day and for one of `END_REASONS`.

    Raises:
        NotAllowed, NotFound: the entry is not theirs.
        CareRefused: ended already, an unknown reason, or a day outside the entry's time.
    """
    care = _held_care(by, care_id)
    if reason not in END_REASONS:
        raise CareRefused(_("Say why the entry ends."), field="reason")
    if care.end_reason or not care.valid_from <= on <= care.valid_to:
        raise CareRefused(_("The entry does not last on that day."), field="on")
    care.valid_to, care.end_reason = max(on, care.valid_from + timedelta(days=1)), reason
    care.save(update_fields=["valid_to", "end_reason"])
    _record(CARE_ENDED, by, care.person, care)


def _record(kind: Kind, by: Actor, person: Person, care: CareStatus, *, new: bool = False) -> None:
    record(
        kind=kind,
        by=by,
        subject_type="people.person",
        subject_id=person.id,
        place_id=person.home_id,
        data={"care": care.id},
        rows=[care] if new else [],
    )


def _held_care(by: Actor, care_id: UUID) -> CareStatus:
    row = CareStatus.objects.filter(id=care_id).values_list("person_id", flat=True).first()
    if row is None:
        raise NotFound(_("There is no such entry."))
    access.require(by, access.CARE, held(row))
    return CareStatus.objects.select_for_update(of=("self",)).select_related("person", "category").get(id=care_id)


def _category(code: str) -> CareCategory:
    found = CareCategory.objects.filter(code=code, retired_on=None).first()
    if found is None:
        raise CareRefused(_("Choose a category."), field="category")
    return found


def _refuse_labels(new: NewCategory) -> None:
    """Refuse a category that marks people by colour, or sorts them by what they did or whom they trouble."""
    said = (new.name, new.english_name, new.purpose)
    if is_label(*said):
        raise CareRefused(_("People carry no colours. Name the care, not a label."), field="name")
    if is_special_population(*said):
        raise CareRefused(
            _("Nobody is in the register for what they did or whom they trouble. Name the care they need."),
            field="name",
        )


def _require_consent(category: CareCategory, person_id: UUID) -> None:
    if category.consent_purpose and not has_consent(person_id, category.consent_purpose):
        raise CareRefused(_("This category rests on consent. Record their consent first."), field="category")


def _basis(text: str) -> str:
    basis = " ".join(text.split())
    if not 0 < len(basis) <= 120:
        raise CareRefused(_("Name the document this rests on, in at most 120 characters."), field="basis")
    return basis


def _end(category: CareCategory, valid_from: date, valid_to: date) -> date:
    if valid_to <= valid_from:
        raise CareRefused(_("The end lies after the beginning."), field="valid_to")
    if (valid_to - valid_from).days > category.longest_days:
        raise CareRefused(
            format_lazy(
                gettext_lazy("An entry of this category lasts {days} days at most; then it is looked at again."),
                days=category.longest_days,
            ),
            field="valid_to",
        )
    return valid_to


def _tier(tier: str) -> str:
    if tier not in VisitTier.values:
        raise CareRefused(_("Choose how often to visit."), field="visit_tier")
    return tier


def _responsible(person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.filter(id=person_id, erased_at=None).first()
    if found is None:
        raise CareRefused(_("There is no such person here."), field="responsible")
    return found


def _diagnosis(category: CareCategory, text: str) -> str:
    words = text.strip()
    if words and not category.has_diagnosis:
        raise CareRefused(_("This category needs no diagnosis: leave it out."), field="diagnosis")
    if len(words) > LONGEST_DIAGNOSIS:
        raise CareRefused(_("Write at most 500 characters."), field="diagnosis")
    return words
