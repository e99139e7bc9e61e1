"""URLs of the section for cases given to other cities."""

from django.urls import path

from liuchi.doors.office.forwarding import views

urlpatterns = [
    path("", views.forwarded, name="forwarded"),
    path("<uuid:forwarded>/retry/", views.retry, name="forwarded-retry"),
]
