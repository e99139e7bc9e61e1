"""What this room keeps about people: addresses that may hold a token, and nothing of anybody reported or reporting."""

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

_DUTY = _("Needed for handling what people report and for the work of staff, a statutory duty (PIPL art. 13(1)3)")
SUBSCRIPTION = declare(
    RecordType(
        name="hooks.subscription",
        model="hooks.Subscription",
        title=_("Where other systems are told of events"),
        purpose=_("Telling other systems that something happened, so that they need not ask again and again"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_(
            "Needed for handling what people report and for the work of staff, a statutory duty (PIPL art. 13(1)3)"
        ),
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(after=_("the subscription was removed"), days=None, then=Then.KEEP),
        fields=(
            PersonalField("address_sealed", Personal.CONTACT),
            PersonalField("secret_sealed", Personal.CONTACT),
            PersonalField("old_secret_sealed", Personal.CONTACT),
        ),
        sealed=(
            Sealed("address_sealed", "hooks.address"),
            Sealed("secret_sealed", "hooks.secret"),
            Sealed("old_secret_sealed", "hooks.old_secret"),
        ),
    )
)
holds_nobody("hooks.Delivery", "which event a system was told of, and how that went")
