"""What this room keeps about people, why and for how long."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from liuchi.ground.records.actions.requests import ANSWER, CLAIMANT, WORDS
from liuchi.ground.records.declared import (
    Basis,
    Personal,
    PersonalField,
    RecordType,
    Retention,
    Sealed,
    Sensitivity,
    Then,
    declare,
)
from liuchi.ground.records.models import Breach, BreachTelling

declare(
    RecordType(
        name="journal.line",
        model="journal.Line",
        title=_("Journal: what happened, and who looked at what"),
        purpose=_("Show what was done, by whom, and that nothing was changed afterwards"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Cybersecurity Law art. 21: logs of at least six months; PIPL art. 51, 54"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("it happened"),
            days=None,
            then=Then.KEEP,
            rule=_("never deleted; holds ids, codes and numbers only, no name and no text"),
        ),
        fields=(
            PersonalField("actor_id", Personal.DEEDS),
            PersonalField("on_behalf_of", Personal.DEEDS),
            PersonalField("subject_id", Personal.LINK),
            PersonalField("data", Personal.LINK),
        ),
    )
)
declare(
    RecordType(
        name="records.hold",
        model="records.LegalHold",
        title=_("Records held back"),
        purpose=_("Keep what a court, an inspection or a complaint still needs"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 47: kept where a law or rule says so"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the hold was lifted"), days=1096, then=Then.DELETE, since="lifted_at", is_to_confirm=True
        ),
        fields=(PersonalField("person_id", Personal.LINK), PersonalField("reason", Personal.WORDS)),
        person="person_id",
        is_shown=False,
        is_erased_with_person=False,
    )
)
declare(
    RecordType(
        name="records.request",
        model="records.DataRequest",
        title=_("Requests about one's own data"),
        purpose=_("Answer them in time, and be able to show it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 44 to 50, 69 (burden of proof)"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the request was answered"), days=1096, then=Then.DELETE, since="ended_at", is_to_confirm=True
        ),
        fields=(
            PersonalField("person_id", Personal.LINK),
            PersonalField("kind", Personal.DEEDS),
            PersonalField("words_sealed", Personal.WORDS),
            PersonalField("claimant_sealed", Personal.CONTACT),
            PersonalField("answer_sealed", Personal.WORDS),
        ),
        sealed=(Sealed("words_sealed", WORDS), Sealed("claimant_sealed", CLAIMANT), Sealed("answer_sealed", ANSWER)),
        person="person_id",
        is_erased_with_person=False,
    )
)


def _dispose_breaches(ids: Sequence[Any]) -> int:
    BreachTelling.objects.filter(breach_id__in=list(ids)).delete()
    return Breach.objects.filter(id__in=list(ids)).delete()[1].get("records.Breach", 0)


declare(
    RecordType(
        name="records.sharing",
        model="records.Sharing",
        title=_("Who gets personal data"),
        purpose=_("Know and show to whom personal data goes, and what is agreed"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 20, 21, 23, 51"),
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("the sharing ended"), days=1096, then=Then.DELETE, since="ended_on", is_to_confirm=True
        ),
        fields=(PersonalField("contact", Personal.CONTACT),),
    )
)
declare(
    RecordType(
        name="records.breach",
        model="records.Breach",
        title=_("Breaches of personal data"),
        purpose=_("Tell in time whom the law says, and learn from it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 57; Cybersecurity Law art. 42"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the breach was closed"),
            days=1096,
            then=Then.DELETE,
            since="ended_at",
            is_to_confirm=True,
            dispose=_dispose_breaches,
        ),
        fields=(
            PersonalField("words", Personal.WORDS),
            PersonalField("harm", Personal.WORDS),
            PersonalField("measures", Personal.WORDS),
        ),
    )
)
declare(
    RecordType(
        name="records.assessment",
        model="records.Assessment",
        title=_("Impact assessments"),
        purpose=_("Weigh need and risk before personal data is handled"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 55, 56: kept for at least three years"),
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("it was replaced or the handling ended"), days=1096, then=Then.DELETE, since="ended_on"
        ),
        fields=(PersonalField("necessity", Personal.WORDS), PersonalField("risks", Personal.WORDS)),
    )
)
declare(
    RecordType(
        name="records.restriction",
        model="records.Restriction",
        title=_("Restricted use of data"),
        purpose=_("Leave a person's data unused as far as they asked for it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 44: the right to restrict or refuse the handling"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the restriction was lifted"), days=1096, then=Then.DELETE, since="lifted_at", is_to_confirm=True
        ),
        fields=(PersonalField("person_id", Personal.LINK), PersonalField("lifted_because", Personal.WORDS)),
        person="person_id",
        is_erased_with_person=False,
    )
)
