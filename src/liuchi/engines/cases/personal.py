"""What this room keeps about people, why and for how long; and how it puts that away."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import liuchi.engines.cases.supervision.personal  # noqa: F401 - declares what its own rows keep
from liuchi.engines.cases.models import Case, CaseMove, Report, ReportVersion
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.ground.kernel import clock
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
from liuchi.ground.records.protected import NAME, PHONE

TEN_YEARS = 3653
_DUTY = _("Duty to take up, pass on and answer what people report; PIPL art. 13 (3), 34")
_AFTER = _("the case was closed")
_ARCHIVES = _("archive rules of the place; petitions may have to be kept for ever")


def forget_reports(ids: Sequence[Any]) -> int:
    """Take from reports what was said and who said it; that there was one stays."""
    reports = Report.objects.filter(id__in=ids)
    count = reports.update(
        text="",
        name_sealed=None,
        name_index=None,
        phone_sealed=None,
        phone_index=None,
        reporter=None,
        erased_at=clock.now(),
    )
    index_cases(list(reports.values_list("case_id", flat=True)))
    return count


def forget_versions(ids: Sequence[Any]) -> int:
    """Take from what reports said before what was said and where."""
    emptied: dict[str, Any] = {"text": "", "address": "", "longitude": None, "latitude": None}
    return ReportVersion.objects.filter(id__in=ids).update(**emptied)


def forget_addresses(ids: Sequence[Any]) -> int:
    """Take the address from cases; the grid stays."""
    count = Case.objects.filter(id__in=ids).update(address="", longitude=None, latitude=None)
    index_cases(ids)
    return count


def forget_words(ids: Sequence[Any]) -> int:
    """Take the words from moves; that they were made, when and by which unit stays."""
    moves = CaseMove.objects.filter(id__in=ids)
    count = moves.update(public_text="", internal_text="")
    index_cases(set(moves.order_by().values_list("case_id", flat=True)))
    return count


declare(
    RecordType(
        name="cases.report",
        model="cases.Report",
        title=_("Reports"),
        purpose=_("Understand what is the matter, ask back, and tell what was done"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_AFTER,
            days=TEN_YEARS,
            then=Then.DEIDENTIFY,
            since="case__ended_at",
            rule=_ARCHIVES,
            is_to_confirm=True,
            dispose=forget_reports,
            also=Q(erased_at=None),
        ),
        fields=(
            PersonalField("text", Personal.WORDS),
            PersonalField("name_sealed", Personal.NAME),
            PersonalField("phone_sealed", Personal.PHONE),
            PersonalField("reporter", Personal.LINK),
        ),
        sealed=(Sealed("name_sealed", NAME, "name_index"), Sealed("phone_sealed", PHONE, "phone_index")),
        person="reporter_id",
    )
)
declare(
    RecordType(
        name="cases.case",
        model="cases.Case",
        title=_("Cases"),
        purpose=_("Find the place and settle the matter in time"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_AFTER,
            days=TEN_YEARS,
            then=Then.DEIDENTIFY,
            since="ended_at",
            rule=_ARCHIVES,
            is_to_confirm=True,
            dispose=forget_addresses,
            also=~Q(address="") | Q(longitude__isnull=False),
        ),
        fields=(
            PersonalField("address", Personal.ADDRESS),
            PersonalField("longitude", Personal.PLACE),
            PersonalField("latitude", Personal.PLACE),
        ),
        person="reports__reporter_id",
    )
)
declare(
    RecordType(
        name="cases.move",
        model="cases.CaseMove",
        title=_("Moves of cases"),
        purpose=_("Show what was done about a matter, when, and by whom"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_AFTER,
            days=TEN_YEARS,
            then=Then.DEIDENTIFY,
            since="case__ended_at",
            rule=_ARCHIVES,
            is_to_confirm=True,
            dispose=forget_words,
            also=~Q(public_text="", internal_text=""),
        ),
        fields=(
            PersonalField("public_text", Personal.WORDS),
            PersonalField("internal_text", Personal.WORDS),
            PersonalField("actor_id", Personal.DEEDS),
        ),
    )
)

declare(
    RecordType(
        name="cases.report_version",
        model="cases.ReportVersion",
        title=_("What reports said before they were changed"),
        purpose=_("Show what the desk read when it decided"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.SENSITIVE,
        retention=Retention(
            after=_AFTER,
            days=TEN_YEARS,
            then=Then.DEIDENTIFY,
            since="report__case__ended_at",
            rule=_ARCHIVES,
            is_to_confirm=True,
            dispose=forget_versions,
            also=~Q(text="", address="", longitude=None),
        ),
        fields=(
            PersonalField("text", Personal.WORDS),
            PersonalField("address", Personal.ADDRESS),
            PersonalField("longitude", Personal.PLACE),
            PersonalField("latitude", Personal.PLACE),
        ),
        person="report__reporter_id",
    )
)

declare(
    RecordType(
        name="cases.indexed",
        model="cases.CaseIndexed",
        title=_("Words by which cases are found"),
        purpose=_("Find a case again by what was said, where it is and what it is about"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the words they are cut from are put away"),
            days=None,
            then=Then.KEEP,
            rule=_("goes with the report and the address it is cut from, at the same moment"),
        ),
        fields=(PersonalField("words", Personal.WORDS),),
        person="case__reports__reporter_id",
        is_shown=False,
    )
)

declare(
    RecordType(
        name="cases.saved_list",
        model="cases.SavedList",
        title=_("Work-lists kept under a name"),
        purpose=_("Open the same work-list again"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("its owner removes it"), days=None, then=Then.DELETE, rule=_("deleted at once when it is removed")
        ),
        fields=(
            PersonalField("name", Personal.WORDS),
            PersonalField("wanted", Personal.WORDS),
            PersonalField("account", Personal.LINK),
        ),
        person="account__person_id",
    )
)

declare(
    RecordType(
        name="cases.bulk_run",
        model="cases.BulkRun",
        title=_("Steps made with many cases at once"),
        purpose=_("Make one step with many cases, go on when the connection broke, and say what became of each"),
        basis=Basis.STATUTORY_DUTY,
        basis_text=_DUTY,
        sensitivity=Sensitivity.ORDINARY,
        retention=Retention(
            after=_("the last case is done"),
            days=None,
            then=Then.KEEP,
            rule=_("words are emptied with the last case"),
        ),
        fields=(PersonalField("given", Personal.WORDS), PersonalField("account", Personal.LINK)),
        person="account__person_id",
    )
)

holds_nobody("cases.BulkOutcome", "which case a step was made with, or why not")
holds_nobody("cases.Assignment", "why a unit was given a case; units are no people")
holds_nobody("cases.CallBack", "that a closing was drawn, and yes or no; whom and what words stand elsewhere")
holds_nobody("cases.CallBackRule", "which share of an area's closings is called back")
holds_nobody("cases.OutsideUpdate", "that an update of another system came, by its id there; its words stand elsewhere")
holds_nobody("cases.Accused", "which unit a secret report is about; units are no people")
