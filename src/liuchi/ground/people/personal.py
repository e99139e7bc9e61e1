"""What this room keeps about people, why and for how long."""

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
)
from liuchi.ground.records.protected import ADDRESS, IDENTITY, PHONE

_DUTY = _("Local grid service regulations; PIPL art. 13 (3), 34")
_UNTIL_ERASED = Retention(
    after=_("as long as the person lives in or works for the district"),
    days=None,
    then=Then.DEIDENTIFY,
    rule=_("erased on request or when the duty ends (PIPL art. 47)"),
)

declare(
    RecordType(
        name="people.person",
        model="people.Person",
        title=_("People"),
        purpose=_("Know who lives in the district and who works for it, reach them, and serve them"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.SENSITIVE,
        retention=_UNTIL_ERASED,
        fields=(
            PersonalField("name", Personal.NAME),
            PersonalField("phone_sealed", Personal.PHONE),
            PersonalField("identity_sealed", Personal.IDENTITY),
        ),
        sealed=(
            Sealed("phone_sealed", PHONE, "phone_index"),
            Sealed("identity_sealed", IDENTITY, "identity_index", is_unique=True),
        ),
        person="id",
    )
)
declare(
    RecordType(
        name="people.residence",
        model="people.Residence",
        title=_("Where people live"),
        purpose=_("Know for whom a grid, a community and a street are there"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_UNTIL_ERASED,
        fields=(PersonalField("address_sealed", Personal.ADDRESS), PersonalField("area", Personal.PLACE)),
        sealed=(Sealed("address_sealed", ADDRESS),),
        person="person_id",
    )
)
declare(
    RecordType(
        name="people.post_holding",
        model="people.PostHolding",
        title=_("Posts held"),
        purpose=_("Know who answers for what, and since when"),
        basis=Basis.CONTRACT,
        basis_text=_("PIPL art. 13 (2): human resources under a lawful contract or rule"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the post was given up"),
            days=None,
            then=Then.KEEP,
            rule=_("part of the organisation's history"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("post", Personal.WORK),),
        person="person_id",
    )
)
