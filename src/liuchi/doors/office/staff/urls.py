"""URLs of the staff section."""

from django.urls import path

from liuchi.doors.office.staff.views import acts, lists, person

urlpatterns = [
    path("", lists.roll, name="staff"),
    path("secondments/", lists.lent, name="secondments"),
    path("heads/", lists.heads, name="unit-heads"),
    path("<uuid:employment_id>/", person.member, name="staff-member"),
    path("<uuid:employment_id>/income/", person.reveal_income, name="staff-income"),
    path("<uuid:employment_id>/<slug:name>/", acts.act, name="staff-act"),
]
