"""What personal data this room keeps, and what of it sounds like personal data and is none."""

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
    holds_nobody,
)

holds_nobody("organisations.Organisation", "telephone and address of an organisation, which are public")
holds_nobody("organisations.Venue", "telephone and address of a place that is open to everybody")
declare(
    RecordType(
        name="organisations.asset_look",
        model="organisations.AssetLook",
        title=_("Looks at public assets"),
        purpose=_("Know how public facilities were found, when, and whom to ask about it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Duties of keeping public facilities in repair; PIPL art. 13 (3)"),
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("as long as the asset stands in the book"),
            days=None,
            then=Then.KEEP,
            rule=_("history of a public facility"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("actor_id", Personal.DEEDS), PersonalField("note", Personal.WORDS)),
    )
)
