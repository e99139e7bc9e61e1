"""URLs of the register of dwellings."""

from django.urls import path

from liuchi.doors.office.dwellings.views import buildings, estates, rooms

urlpatterns = [
    path("", estates.estate_list, name="estates"),
    path("new/", estates.new_estate, name="estate-new"),
    path("<uuid:estate_id>/", estates.show_estate, name="estate"),
    path("<uuid:estate_id>/<slug:name>/", estates.act, name="estate-act"),
    path("buildings/<uuid:building_id>/", buildings.show_building, name="building"),
    path("buildings/<uuid:building_id>/<slug:name>/", buildings.act, name="building-act"),
    path("rooms/<uuid:dwelling_id>/", rooms.show_room, name="room"),
    path("rooms/<uuid:dwelling_id>/<slug:name>/", rooms.act, name="room-act"),
]
