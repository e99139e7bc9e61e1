"""URLs of the section for webhooks."""

from django.urls import path

from liuchi.doors.office.hooks import views

urlpatterns = [
    path("", views.hooks, name="hooks"),
    path("new/", views.new_hook, name="hook-new"),
    path("<uuid:hook>/", views.hook_page, name="hook"),
    path("<uuid:hook>/secret/", views.new_secret, name="hook-secret"),
    path("<uuid:hook>/replay/<uuid:delivery>/", views.replay, name="hook-replay"),
    path("<uuid:hook>/<slug:what>/", views.act, name="hook-act"),
]
