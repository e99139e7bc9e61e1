"""URLs of the public asset book."""

from django.urls import path

from liuchi.doors.office.assets.views import book, entries

urlpatterns = [
    path("", book.asset_list, name="assets"),
    path("new/", entries.new_asset, name="asset-new"),
    path("<slug:code>/", entries.show_asset, name="asset"),
    path("<slug:code>/<slug:name>/", entries.act, name="asset-act"),
]
