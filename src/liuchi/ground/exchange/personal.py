"""What this room keeps about people, why and for how long."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.keeping import KEPT, KEY_FIELD, forget_rows
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

_TRACE = _("PIPL art. 51, 54; GB/T 22239-2019, 8.1.4")

declare(
    RecordType(
        name="exchange.import",
        model="exchange.Import",
        title=_("Uploaded files"),
        purpose=_("Bring a file into a register, correct the rows that were refused, and take it back"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Local grid service regulations; PIPL art. 13 (3), 34"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_("the day the file was received"),
            days=KEPT.days,
            then=Then.DEIDENTIFY,
            since="received_at",
            rule=_("files, rows and results go with their key; the counts stay"),
            dispose=forget_rows,
            also=Q(forgotten_at=None),
        ),
        fields=(
            PersonalField("filename", Personal.WORDS),
            PersonalField("headings", Personal.WORDS),
            PersonalField("mapping", Personal.WORDS),
            PersonalField("findings", Personal.WORDS),
            PersonalField("key_sealed", Personal.WORDS),
            PersonalField("actor_id", Personal.DEEDS),
        ),
        sealed=(Sealed("key_sealed", KEY_FIELD),),
    )
)
declare(
    RecordType(
        name="exchange.import_batch",
        model="exchange.ImportBatch",
        title=_("Results of uploaded files"),
        purpose=_("Say what became of each row, and put it back as it was"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Local grid service regulations; PIPL art. 13 (3), 34"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_("the file they belong to"), days=None, then=Then.DELETE, rule=_("sealed with the key of the file")
        ),
        fields=(PersonalField("results", Personal.WORDS),),
        is_shown=False,
    )
)
declare(
    RecordType(
        name="exchange.export",
        model="exchange.ExportRecord",
        title=_("Lists taken out"),
        purpose=_("Lead a list found somewhere back to whoever took it out, and what for"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_TRACE,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(after=_("the export"), days=3 * 365, then=Then.DELETE, since="made_at", is_to_confirm=True),
        fields=(PersonalField("actor_id", Personal.DEEDS),),
    )
)
holds_nobody("exchange.SavedMapping", "headings of files, and words that stand for codes")
