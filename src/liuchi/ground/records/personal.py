"""What this room keeps about people, why and for how long."""

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
