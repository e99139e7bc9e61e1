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
