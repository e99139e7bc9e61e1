"""What the codes of declarations are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.records.declared import Basis, Personal, Sensitivity, Then

BASES: Mapping[Basis, Promise] = {
    Basis.CONSENT: _("consent"),
    Basis.CONTRACT: _("contract or personnel rule"),
    Basis.STATUTORY_DUTY: _("statutory duty"),
    Basis.EMERGENCY: _("emergency"),
    Basis.PUBLIC_INTEREST: _("public interest"),
    Basis.MADE_PUBLIC: _("made public by the person"),
}
SENSITIVITIES: Mapping[Sensitivity, Promise] = {
    Sensitivity.ORDINARY: _("ordinary"),
    Sensitivity.PERSONAL: _("personal"),
    Sensitivity.SENSITIVE: _("sensitive"),
}
FIELD_KINDS: Mapping[Personal, Promise] = {
    Personal.NAME: _("name"),
    Personal.PHONE: _("telephone"),
    Personal.IDENTITY: _("identity number"),
    Personal.ADDRESS: _("address"),
    Personal.PLACE: _("place"),
    Personal.BIRTH: _("birth and death"),
    Personal.SEX: _("sex"),
    Personal.BANK: _("bank account"),
    Personal.HEALTH: _("health"),
    Personal.CARE: _("care"),
    Personal.FAMILY: _("family"),
    Personal.WORK: _("work"),
    Personal.INCOME: _("income"),
    Personal.CONTACT: _("contact"),
    Personal.ACCOUNT: _("account"),
    Personal.PICTURE: _("picture"),
    Personal.WORDS: _("words"),
    Personal.DEEDS: _("what somebody did"),
    Personal.LINK: _("link to a person"),
}
THENS: Mapping[Then, Promise] = {
    Then.DELETE: _("deleted"),
    Then.DEIDENTIFY: _("de-identified"),
    Then.KEEP: _("kept"),
}
