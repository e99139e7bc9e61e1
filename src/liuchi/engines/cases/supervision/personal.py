"""What supervisions keep about people: what somebody wrote, and that they did."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import Supervision, SupervisionEntry
from liuchi.ground.records.declared import (
    Basis,
    Personal,
    PersonalField,
    RecordType,
    Retention,
    Sensitivity,
    Then,
    declare,
)

_DUTY = _("Duty to see to it that what people report is settled in time; PIPL art. 13 (3), 34")
_AFTER = _("the case was closed")
_ARCHIVES = _("archive rules of the place; petitions may have to be kept for ever")
TEN_YEARS = 3653


def forget_order_words(ids: Sequence[Any]) -> int:
    """Take the words from supervisions; that they were issued, when and to whom stays."""
    return Supervision.objects.filter(id__in=ids).update(text="")


def forget_answer_words(ids: Sequence[Any]) -> int:
    """Take the words from answers; that they were given stays."""
    return SupervisionEntry.objects.filter(id__in=ids).update(text="")


def _retention(dispose: Any, since: str) -> Retention:
    return Retention(
        after=_AFTER,
        days=TEN_YEARS,
        then=Then.DEIDENTIFY,
        since=since,
        rule=_ARCHIVES,
        is_to_confirm=True,
        dispose=dispose,
        also=~Q(text=""),
    )


declare(
    RecordType(
        name="cases.supervision",
        model="cases.Supervision",
        title=_("Supervision of cases"),
        purpose=_("See to it that cases are settled in time, and show who urged whom"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_retention(forget_order_words, "case__ended_at"),
        fields=(PersonalField("text", Personal.WORDS), PersonalField("actor_id", Personal.DEEDS)),
    )
)
declare(
    RecordType(
        name="cases.supervision_entry",
        model="cases.SupervisionEntry",
        title=_("Answers to supervision"),
        purpose=_("Show what was answered to whoever urged a case"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_retention(forget_answer_words, "supervision__case__ended_at"),
        fields=(PersonalField("text", Personal.WORDS), PersonalField("actor_id", Personal.DEEDS)),
    )
)
