"""Every URL of the house; each door brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liuchi.doors.ui.urls")),
    path("", include("liuchi.doors.resident.urls")),
    path("office/", include("liuchi.doors.office.urls")),
]
