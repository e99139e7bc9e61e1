"""What this room keeps about people, why and how long."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.notices.models import Carried, Delivery, Notice
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

#: Messages are reminders: what they tell of stands elsewhere, and longer.
KEPT_DAYS: Final = 180
_DUTY = _("Needed for handling what people report and for the work of staff, a statutory duty (PIPL art. 13(1)3)")


def _dispose_notices(ids: Sequence[Any]) -> int:
    Carried.objects.filter(notice__in=ids).delete()
    return Notice.objects.filter(id__in=ids).delete()[0]


def _dispose_deliveries(ids: Sequence[Any]) -> int:
    Carried.objects.filter(delivery__in=ids).delete()
    return Delivery.objects.filter(id__in=ids).delete()[0]


NOTICE = declare(
    RecordType(
        name="notices.notice",
        model="notices.Notice",
        title=_("Messages in the inbox"),
        purpose=_("Telling people what happened to what they reported, or what waits for them"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the message was written"),
            days=KEPT_DAYS,
            then=Then.DELETE,
            since="created_at",
            dispose=_dispose_notices,
        ),
        fields=(PersonalField("words_sealed", Personal.WORDS), PersonalField("topic", Personal.DEEDS)),
        sealed=(Sealed("words_sealed", "notices.words"),),
        person="person_id",
    )
)
DELIVERY = declare(
    RecordType(
        name="notices.delivery",
        model="notices.Delivery",
        title=_("Messages sent outside the house"),
        purpose=_("Seeing whether messages went out, without their text or address"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("the last attempt"),
            days=KEPT_DAYS,
            then=Then.DELETE,
            since="changed_at",
            dispose=_dispose_deliveries,
            also=Q(state__in=["sent", "dropped", "dead"]),
        ),
        person="person_id",
    )
)
PREFERENCES = declare(
    RecordType(
        name="notices.preferences",
        model="notices.Preferences",
        title=_("How people wish to be told"),
        purpose=_("Sending messages by the way and at the hours that each has chosen"),
        basis=Basis.CONSENT,
        basis_text=_("Chosen by the person in the settings, and taken back there (PIPL art. 13(1)1, 15)"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(after=_("the account was closed"), days=None, then=Then.DELETE),
        fields=(PersonalField("email_sealed", Personal.CONTACT),),
        sealed=(Sealed("email_sealed", "notices.email"),),
        person="person_id",
    )
)
ROBOT = declare(
    RecordType(
        name="notices.robot",
        model="notices.Robot",
        title=_("Robots in group chats"),
        purpose=_("Telling a unit's group how many matters wait"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(after=_("the robot was removed"), days=None, then=Then.KEEP),
        fields=(PersonalField("secret_sealed", Personal.CONTACT),),
        sealed=(Sealed("secret_sealed", "notices.robot"),),
    )
)
