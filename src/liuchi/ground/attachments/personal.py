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
        name="attachments.attachment",
        model="attachments.Attachment",
        title=_("Photos and files"),
        purpose=_("Show what is the matter and what was done about it, to those who handle it"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Local grid service regulations; PIPL art. 13 (3), 34"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_("the case or record they belong to"),
            days=None,
            then=Then.DELETE,
            rule=_("with the record they belong to; files never sent are deleted after a day"),
        ),
        fields=(
            PersonalField("key", Personal.PICTURE),
            PersonalField("name", Personal.WORDS),
            PersonalField("longitude", Personal.PLACE),
            PersonalField("latitude", Personal.PLACE),
        ),
    )
)

_ON_ITS_WAY = Retention(
    after=_("its last piece came"),
    days=None,
    then=Then.DELETE,
    rule=_("deleted a day after the last piece; the file that was kept goes its own way"),
)
declare(
    RecordType(
        name="attachments.upload",
        model="attachments.Upload",
        title=_("Files on their way"),
        purpose=_("Take files over weak connections, piece by piece"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Local grid service regulations; PIPL art. 13 (3), 34"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=_ON_ITS_WAY,
        fields=(PersonalField("name", Personal.WORDS),),
    )
)
declare(
    RecordType(
        name="attachments.upload_part",
        model="attachments.UploadPart",
        title=_("Pieces of files on their way"),
        purpose=_("Take files over weak connections, piece by piece"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Local grid service regulations; PIPL art. 13 (3), 34"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=_ON_ITS_WAY,
        fields=(PersonalField("data", Personal.PICTURE),),
    )
)
