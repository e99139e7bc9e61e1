"""URLs of the section for imports and exports."""

from django.urls import path

from liuchi.doors.office.exchange import steps, views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("new/", views.new_import, name="import-new"),
    path("templates/<slug:code>/", views.template, name="import-template"),
    path("exports/", views.export_list, name="exports"),
    path("<uuid:import_id>/", steps.show, name="import"),
    path("<uuid:import_id>/reading/", steps.read_anew, name="import-reading"),
    path("<uuid:import_id>/columns/", steps.columns, name="import-columns"),
    path("<uuid:import_id>/refused/", steps.refused, name="import-refused"),
    path("<uuid:import_id>/<slug:name>/", steps.act, name="import-act"),
]
