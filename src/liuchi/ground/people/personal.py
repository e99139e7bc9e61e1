"""What personal data this room keeps, why, how long, and what of it is sealed."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.people.queries import joined_records
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
    declare_joined,
    holds_nobody,
)
from liuchi.ground.records.protected import ADDRESS, IDENTITY, PHONE

CHANGE, DIAGNOSIS, GUARDIAN = "people.change", "people.diagnosis", "people.guardian"
_DUTY = _("Local grid service regulations; PIPL art. 13 (3), 34")
_UNTIL_ERASED = Retention(
    after=_("as long as the person lives in or works for the district"),
    days=None,
    then=Then.DEIDENTIFY,
    rule=_("erased on request or when the duty ends (PIPL art. 47)"),
)
_KEPT_WITH_PERSON = Retention(after=_("as long as the record of the person"), days=None, then=Then.DEIDENTIFY)

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
            PersonalField("name_order", Personal.NAME),
            PersonalField("sex", Personal.SEX),
            PersonalField("birth_on", Personal.BIRTH),
            PersonalField("death_on", Personal.BIRTH),
            PersonalField("home", Personal.PLACE),
            PersonalField("phone_sealed", Personal.PHONE),
            PersonalField("identity_kind", Personal.IDENTITY),
            PersonalField("identity_sealed", Personal.IDENTITY),
            PersonalField("merged_into", Personal.LINK),
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
        fields=(
            PersonalField("address_sealed", Personal.ADDRESS),
            PersonalField("area", Personal.PLACE),
            PersonalField("dwelling", Personal.ADDRESS),
        ),
        sealed=(Sealed("address_sealed", ADDRESS),),
        person="person_id",
    )
)
declare(
    RecordType(
        name="people.change",
        model="people.PersonChange",
        title=_("What records said before"),
        purpose=_("To show and take back corrections, imports and merges"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 8 (accuracy), 46 (correction)"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=_KEPT_WITH_PERSON,
        fields=(PersonalField("before_sealed", Personal.IDENTITY), PersonalField("reason", Personal.WORDS)),
        sealed=(Sealed("before_sealed", CHANGE),),
        person="person_id",
    )
)
declare(
    RecordType(
        name="people.merge",
        model="people.Merge",
        title=_("Double records that were joined"),
        purpose=_("To keep one record for one person, and to be able to separate them again"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 8 (accuracy)"),
        sensitivity=Sensitivity.PERSONAL,
        retention=_KEPT_WITH_PERSON,
        fields=(
            PersonalField("kept", Personal.LINK),
            PersonalField("absorbed", Personal.LINK),
            PersonalField("reason", Personal.WORDS),
            PersonalField("undone_reason", Personal.WORDS),
        ),
        person="kept_id",
    )
)
declare(
    RecordType(
        name="people.care",
        model="people.CareStatus",
        title=_("Care register"),
        purpose=_("To visit and support people who are entitled to it; each category names its own purpose"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("Interim Measures for Social Assistance; each category names its own rule; PIPL art. 28"),
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_("the entry has ended"),
            days=5 * 365,
            then=Then.DELETE,
            since="valid_to",
            rule=_("audit of assistance funds"),
            is_to_confirm=True,
        ),
        fields=(
            PersonalField("category", Personal.CARE),
            PersonalField("basis", Personal.WORDS),
            PersonalField("responsible", Personal.LINK),
            PersonalField("diagnosis_sealed", Personal.HEALTH),
        ),
        sealed=(Sealed("diagnosis_sealed", DIAGNOSIS),),
        person="person_id",
    )
)
declare(
    RecordType(
        name="people.consent",
        model="people.Consent",
        title=_("Consents given and withdrawn"),
        purpose=_("To prove what people agreed to, and to stop when they no longer do"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_("PIPL art. 14 to 16, 31, 69 (burden of proof)"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the consent was withdrawn"),
            days=3 * 365,
            then=Then.DELETE,
            since="withdrawn_at",
            rule=_("limitation period, Civil Code art. 188"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("guardian", Personal.FAMILY), PersonalField("guardian_sealed", Personal.NAME)),
        sealed=(Sealed("guardian_sealed", GUARDIAN),),
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
_HOUSEHOLD = Retention(
    after=_("as long as the household lives in the district"),
    days=None,
    then=Then.KEEP,
    rule=_("without its members it tells of nobody; they are taken out when they are erased"),
)
declare(
    RecordType(
        name="people.household",
        model="people.Household",
        title=_("Households"),
        purpose=_("Know who lives together, as notices, visits and benefits go to households"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=_HOUSEHOLD,
    )
)
declare(
    RecordType(
        name="people.household_stay",
        model="people.HouseholdStay",
        title=_("Where households live"),
        purpose=_("Know for whom a grid, a community and a street are there"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_HOUSEHOLD,
        fields=(
            PersonalField("address_sealed", Personal.ADDRESS),
            PersonalField("area", Personal.PLACE),
            PersonalField("dwelling", Personal.ADDRESS),
        ),
        sealed=(Sealed("address_sealed", ADDRESS),),
    )
)
declare(
    RecordType(
        name="people.household_member",
        model="people.HouseholdMember",
        title=_("Members of households"),
        purpose=_("Know who lives together, as notices, visits and benefits go to households"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=_UNTIL_ERASED,
        fields=(PersonalField("household", Personal.FAMILY), PersonalField("relation", Personal.FAMILY)),
        person="person_id",
    )
)

holds_nobody("people.CareCategory", "a kind of care, with its basis; who is in it stands in CareStatus")
holds_nobody("people.ConsentText", "the words everybody is asked to consent to")
_LABOUR = _("PIPL art. 13 (2): human resources under a lawful contract or rule")
declare(
    RecordType(
        name="people.employment",
        model="people.Employment",
        title=_("Staff roll"),
        purpose=_("Know who works for the communities and offices, on what terms, until when"),
        basis=Basis.CONTRACT,
        basis_text=_LABOUR,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the employment ended"),
            days=None,
            then=Then.KEEP,
            rule=_("part of the organisation's history"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("organisation", Personal.WORK), PersonalField("employer", Personal.WORK)),
        person="person_id",
    )
)
declare(
    RecordType(
        name="people.income",
        model="people.Income",
        title=_("Income of staff"),
        purpose=_("See that nobody on the roll is paid less than the floor"),
        basis=Basis.CONTRACT,
        basis_text=_LABOUR,
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_("the day it was recorded for"),
            days=5 * 365,
            then=Then.DELETE,
            since="as_of",
            rule=_("five years of pay records"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("yearly", Personal.INCOME),),
        person="employment__person_id",
    )
)
declare(
    RecordType(
        name="people.secondment",
        model="people.Secondment",
        title=_("Staff lent to others"),
        purpose=_("Know who is lent to whom, by whose leave, and bring them back in time"),
        basis=Basis.CONTRACT,
        basis_text=_LABOUR,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("they returned"),
            days=5 * 365,
            then=Then.DELETE,
            since="returned_on",
            rule=_("as long as the secondment roll is audited"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("to_organisation", Personal.WORK),),
        person="employment__person_id",
    )
)
declare(
    RecordType(
        name="people.unit_head",
        model="people.UnitHead",
        title=_("Heads of units and of joint defence"),
        purpose=_("Know whom residents elected to speak for their building, and until when"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the term ended"),
            days=3 * 365,
            then=Then.DELETE,
            since="ended_on",
            rule=_("one term after the last"),
            is_to_confirm=True,
        ),
        fields=(PersonalField("place", Personal.PLACE), PersonalField("elected_how", Personal.WORK)),
        person="person_id",
    )
)
declare_joined(joined_records)
