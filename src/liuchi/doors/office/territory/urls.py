"""URLs of the section for areas, grids and boundaries."""

from django.urls import path

from liuchi.doors.office.territory.views import areas, changes, checks, editions, questions

urlpatterns = [
    path("", areas.area_list, name="territory"),
    path("history/", areas.history, name="territory-history"),
    path("boundaries/", checks.boundary_report, name="territory-boundaries"),
    path("sizes/", checks.sizes, name="territory-sizes"),
    path("sizes/norm/", checks.norm, name="territory-norm"),
    path("questions/", questions.questions, name="territory-questions"),
    path("editions/", editions.take_edition, name="territory-editions"),
    path("<uuid:area_id>/", areas.show_area, name="territory-area"),
    path("<uuid:area_id>/map.svg", areas.area_map, name="territory-map"),
    path("<uuid:area_id>/duty-map/", areas.duty_map, name="territory-duty-map"),
    path("<uuid:area_id>/<slug:name>/", changes.change_area, name="territory-change"),
]
