"""What this room keeps about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

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
    )
)
