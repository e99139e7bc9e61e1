"""URLs of the office door."""

from django.urls import include, path, register_converter

from liuchi.doors.office.views import (
    bulk,
    case,
    gathering,
    parts,
    saved_lists,
    search,
    search_people,
    secret,
    supervision,
    work_list,
)
from liuchi.doors.ui.numbers import CaseNumber

register_converter(CaseNumber, "office_number")

urlpatterns = [
    path("exchange/", include("liuchi.doors.office.exchange.urls")),
    path("assets/", include("liuchi.doors.office.assets.urls")),
    path("access/", include("liuchi.doors.office.access.urls")),
    path("messages/", include("liuchi.doors.office.messages.urls")),
    path("forwarded/", include("liuchi.doors.office.forwarding.urls")),
    path("hooks/", include("liuchi.doors.office.hooks.urls")),
    path("dwellings/", include("liuchi.doors.office.dwellings.urls")),
    path("territory/", include("liuchi.doors.office.territory.urls")),
    path("people/", include("liuchi.doors.office.people.urls")),
    path("privacy/", include("liuchi.doors.office.privacy.urls")),
    path("call-backs/", include("liuchi.doors.office.calling.urls")),
    path("", work_list.work_list_page, name="work-list"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<uuid:run>/", bulk.bulk_run, name="bulk-run"),
    path("lists/keep/", saved_lists.save_a_list, name="list-save"),
    path("lists/<uuid:kept>/remove/", saved_lists.remove_a_list, name="list-remove"),
    path("appeals/", include("liuchi.doors.office.appeals.urls")),
    path("search/", search.search, name="search"),
    path("search/people/", search_people.search_people, name="search-people"),
    path("organisations/", include("liuchi.doors.office.organisations.urls")),
    path("staff/", include("liuchi.doors.office.staff.urls")),
    path("cases/<office_number:number>/", case.case, name="office-case"),
    path("cases/<office_number:number>/reveal/", case.reveal, name="office-reveal"),
    path("cases/<office_number:number>/files/<uuid:attachment>/remove/", case.remove_file, name="office-file-remove"),
    path("supervision/", supervision.supervision_list, name="supervisions"),
    path(
        "cases/<office_number:number>/supervision/",
        supervision.case_supervision,
        name="office-case-supervision",
    ),
    path("cases/<office_number:number>/supervision/<slug:act>/", supervision.urge, name="office-urge"),
    path(
        "cases/<office_number:number>/supervision/<uuid:supervision>/<slug:act>/",
        supervision.respond,
        name="office-supervision-act",
    ),
    path("cases/<office_number:number>/merge/", gathering.merge, name="office-merge"),
    path("cases/<office_number:number>/unmerge/", gathering.unmerge, name="office-unmerge"),
    path("cases/<office_number:number>/split/", gathering.split, name="office-split"),
    path("cases/<office_number:number>/secret/", secret.name, name="office-secret"),
    path("cases/<office_number:number>/secret/lift/", secret.lift, name="office-secret-lift"),
    path("cases/<office_number:number>/parts/<slug:name>/", parts.begin, name="office-part-begin"),
    path("cases/<office_number:number>/parts/<uuid:part>/<slug:name>/", parts.act, name="office-part"),
    path("cases/<office_number:number>/<slug:name>/", case.move, name="office-move"),
]
