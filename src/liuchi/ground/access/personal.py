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
    holds_nobody,
)

_SECURITY = _("Cybersecurity Law art. 21: identify users; PIPL art. 51")
_WHILE_ACTIVE = Retention(
    after=_("the account was closed"), days=None, then=Then.KEEP, rule=_("history and read lines point at it")
)

declare(
    RecordType(
        name="access.account",
        model="access.Account",
        title=_("Accounts"),
        purpose=_("Let somebody sign in, and know who did what"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_SECURITY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_WHILE_ACTIVE,
        fields=(PersonalField("username", Personal.ACCOUNT), PersonalField("password", Personal.ACCOUNT)),
        person="person_id",
    )
)
declare(
    RecordType(
        name="access.grant",
        model="access.Grant",
        title=_("Roles given"),
        purpose=_("Decide what somebody may see and do, and be able to explain it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_SECURITY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_WHILE_ACTIVE,
        fields=(
            PersonalField("role", Personal.WORK),
            PersonalField("area", Personal.WORK),
            PersonalField("organisation", Personal.WORK),
        ),
        person="account__person_id",
    )
)
_WHILE_IN_USE = Retention(
    after=_("the key ended"), days=None, then=Then.KEEP, rule=_("history and read lines point at it")
)
declare(
    RecordType(
        name="access.key",
        model="access.ApiKey",
        title=_("Keys of other systems"),
        purpose=_("Let another system in, in somebody's responsibility"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_SECURITY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_WHILE_IN_USE,
        fields=(PersonalField("owner", Personal.WORK), PersonalField("organisation", Personal.WORK)),
        person="owner__person_id",
    )
)
declare(
    RecordType(
        name="access.glass",
        model="access.BreakGlass",
        title=_("Broken glass"),
        purpose=_("Let emergencies be met, and look at them afterwards"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_SECURITY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_WHILE_ACTIVE,
        fields=(
            PersonalField("account", Personal.DEEDS),
            PersonalField("reason", Personal.WORDS),
            PersonalField("finding_text", Personal.WORDS),
        ),
        person="account__person_id",
    )
)
declare(
    RecordType(
        name="access.role_change",
        model="access.RoleChange",
        title=_("Changes of roles"),
        purpose=_("Know who changed what a role may do, and why"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_SECURITY,
        sensitivity=Sensitivity.ORDINARY,
        retention=_WHILE_ACTIVE,
        fields=(PersonalField("by", Personal.DEEDS),),
        person="by__person_id",
    )
)
holds_nobody("access.AnsweredRequest", "numbers, states and ids of what a key asked for")
