"""URLs of the section for personal information."""

from django.urls import path

from liuchi.doors.office.privacy.registers import REGISTERS
from liuchi.doors.office.privacy.views import inventory, registers, requests, retention

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
    *(
        path(f"{which}/{rest}", view, {"which": which}, name=f"privacy-{which}{kind}")
        for which in REGISTERS
        for rest, view, kind in (
            ("", registers.register_list, ""),
            ("new/", registers.new_entry, "-new"),
            ("<uuid:row_id>/", registers.show_entry, "-entry"),
            ("<uuid:row_id>/<slug:name>/", registers.move_entry, "-move"),
        )
    ),
]
