"""URLs of call-backs."""

from django.urls import path

from liuchi.doors.office.calling import views

urlpatterns = [
    path("", views.call_list, name="call-backs"),
    path("rules/", views.rules, name="call-back-rules"),
    path("<uuid:call>/", views.show_call, name="call-back"),
]
