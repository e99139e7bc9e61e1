"""What this room keeps about people: what another city wrote back, and keys to its endpoint."""

from django.utils.translation import gettext_lazy as _

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
    holds_nobody,
)

_DUTY = _("Duty to take up, pass on and answer what people report; PIPL art. 13 (3), 34")
ENDPOINT = declare(
    RecordType(
        name="forwarding.endpoint",
        model="forwarding.Endpoint",
        title=_("Endpoints of other cities"),
        purpose=_("Giving cases to the city that is responsible, and learning what became of them"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(after=_("the agreement ended"), days=None, then=Then.KEEP),
        fields=(PersonalField("key_sealed", Personal.CONTACT),),
        sealed=(Sealed("key_sealed", "forwarding.key"),),
    )
)
UPDATE = declare(
    RecordType(
        name="forwarding.update",
        model="forwarding.TakenUpdate",
        title=_("What other cities wrote of cases"),
        purpose=_("Telling who handles a case what the other city did"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(after=_("it was taken"), days=3653, then=Then.DELETE, since="taken_at"),
        fields=(PersonalField("text", Personal.WORDS),),
    )
)
holds_nobody("forwarding.Forwarded", "which case was given to which city, and how that went")
