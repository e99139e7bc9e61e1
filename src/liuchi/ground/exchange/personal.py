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
        name="exchange.export",
        model="exchange.ExportRecord",
        title=_("Lists taken out of the house"),
        purpose=_("Trace who took which list, and what for"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Cybersecurity Law art. 21: logs of at least six months; PIPL art. 51"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the list was taken"),
            days=None,
            then=Then.KEEP,
            rule=_("part of the read log"),
        ),
        fields=(PersonalField("actor_id", Personal.DEEDS), PersonalField("actor_name", Personal.DEEDS)),
    )
)
