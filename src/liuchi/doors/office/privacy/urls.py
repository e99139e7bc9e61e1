"""URLs of the section for personal information."""

from django.urls import path

from liuchi.doors.office.privacy.views import inventory, requests, retention

urlpatterns = [
    path("", inventory.show_inventory, name="privacy-inventory"),
    path("requests/", requests.request_list, name="privacy-requests"),
    path("requests/new/", requests.new_request, name="privacy-request-new"),
    path("requests/<uuid:request_id>/", requests.show_request, name="privacy-request"),
    path("requests/<uuid:request_id>/package/", requests.show_package, name="privacy-package"),
    path("requests/<uuid:request_id>/erase/", requests.erase, name="privacy-erase"),
    path("requests/<uuid:request_id>/<slug:name>/", requests.move, name="privacy-request-move"),
    path("retention/", retention.show_retention, name="privacy-retention"),
    path("retention/runs/<uuid:run_id>/", retention.show_run, name="privacy-run"),
    path("retention/<slug:name>/", retention.act, name="privacy-retention-act"),
]
