"""URLs of appeals against time-outs."""

from django.urls import path

from liuchi.doors.office.appeals import views

urlpatterns = [
    path("", views.waiting, name="appeals"),
    path("<office_number:number>/<uuid:clock>/", views.appeal, name="appeal"),
]
