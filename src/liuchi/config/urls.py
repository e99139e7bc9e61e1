"""Every URL of the house; each door brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from liuchi.doors.api.site import urlpatterns as api_urls
from liuchi.doors.api.views import docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liuchi.doors.ui.urls")),
    path("", include("liuchi.doors.resident.urls")),
    path("api/v1/", include(api_urls())),
    path("api/v1/docs", docs, name="api-docs"),
    path("open311/", include("liuchi.doors.open311.urls")),
    path("office/", include("liuchi.doors.office.urls")),
]
handler400 = "liuchi.doors.ui.refusals.bad_request"
handler403 = "liuchi.doors.ui.refusals.permission_denied"
handler404 = "liuchi.doors.ui.refusals.page_not_found"
handler500 = "liuchi.doors.ui.refusals.server_error"
