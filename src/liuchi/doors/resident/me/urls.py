"""URLs of the pages about one's own data."""

from django.urls import path

from liuchi.doors.resident.me import views

urlpatterns = [
    path("", views.my_data, name="me"),
    path("reads/", views.my_reads, name="me-reads"),
    path("consents/", views.my_consents, name="me-consents"),
    path("requests/", views.my_requests, name="me-requests"),
    path("requests/<uuid:request_id>/", views.my_request, name="me-request"),
    path("requests/<uuid:request_id>/package/", views.my_package, name="me-package"),
    path("requests/<uuid:request_id>/withdraw/", views.take_back, name="me-request-withdraw"),
]
