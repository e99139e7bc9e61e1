"""URLs of the resident door."""

from django.urls import include, path, register_converter

from liuchi.doors.resident.views import case, home, own, picture, report, urging
from liuchi.doors.ui.numbers import CaseNumber

register_converter(CaseNumber, "number")

urlpatterns = [
    path("me/", include("liuchi.doors.resident.me.urls")),
    path("", home.home, name="home"),
    path("map.svg", picture.district_map, name="map"),
    path("report/", report.report, name="report"),
    path("report/done/", report.done, name="report-done"),
    path("cases/open/", home.open_with_code, name="case-open"),
    path("cases/<number:number>/", case.case, name="case"),
    path("cases/<number:number>/urge/", urging.urge, name="case-urge"),
    path("cases/<number:number>/rate/", case.rate, name="case-rate"),
    path("cases/<number:number>/forget/", case.forget, name="case-forget"),
    path("cases/<number:number>/join/", own.join, name="case-join"),
    path("cases/<number:number>/edit/", own.edit, name="case-edit"),
    path("cases/<number:number>/withdraw/", own.withdraw, name="case-withdraw"),
    path("cases/<number:number>/reopen/", case.reopen, name="case-reopen"),
]
