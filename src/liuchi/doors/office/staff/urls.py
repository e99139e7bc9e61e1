"""URLs of the staff section."""

from django.urls import path

from liuchi.doors.office.staff.views import acts, heads, lists, person, posts

urlpatterns = [
    path("", lists.roll, name="staff"),
    path("add/", acts.add, name="staff-add"),
    path("secondments/", lists.lent, name="secondments"),
    path("heads/", lists.heads, name="unit-heads"),
    path("heads/add/", heads.add, name="unit-head-add"),
    path("heads/<uuid:head_id>/", heads.show, name="unit-head"),
    path("heads/<uuid:head_id>/<slug:name>/", heads.change, name="unit-head-act"),
    path("posts/<uuid:post_id>/", posts.show, name="staff-post"),
    path("posts/<uuid:post_id>/take/", posts.take, name="staff-post-take"),
    path("holdings/<uuid:holding_id>/<slug:name>/", posts.change, name="staff-holding"),
    path("<uuid:employment_id>/", person.member, name="staff-member"),
    path("<uuid:employment_id>/income/", person.reveal_income, name="staff-income"),
    path("<uuid:employment_id>/<slug:name>/", acts.act, name="staff-act"),
]
