"""URLs of the pages about organisations."""

from django.urls import path

from liuchi.doors.office.organisations import changing, duty_views, views

urlpatterns = [
    path("", views.organisation_list, name="organisations"),
    path("tree/", views.organisation_tree, name="organisation-tree"),
    path("add/", changing.add, name="organisation-add"),
    path("duties/", duty_views.duties, name="duties"),
    path("duties/<uuid:item_id>/", duty_views.duty, name="duty"),
    path("venues/", duty_views.venue_list, name="venues"),
    path("venues/<uuid:venue_id>/<slug:name>/", changing.change_venue, name="venue-change"),
    path("posts/<uuid:post_id>/<slug:name>/", changing.change_post, name="post-change"),
    path("<uuid:organisation_id>/", views.organisation_page, name="organisation"),
    path("<uuid:organisation_id>/<slug:name>/", changing.change_organisation, name="organisation-change"),
]
