"""URLs that belong to no single door."""

from django.urls import path

from liuchi.doors.ui.views import account, files, hats, house, inbox, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/demo/", sign_in.sign_in_demo, name="sign-in-demo"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("inbox/", inbox.show_inbox, name="inbox"),
    path("inbox/seen/", inbox.see_all, name="inbox-all-seen"),
    path("inbox/settings/", inbox.settings, name="inbox-settings"),
    path("inbox/settings/confirm/", inbox.confirm, name="inbox-confirm"),
    path("inbox/<uuid:notice_id>/", inbox.open_notice, name="inbox-open"),
    path("account/", account.own_account, name="account"),
    path("account/sessions/", account.sign_out_everywhere, name="account-sessions"),
    path("hat/", hats.choose_hat, name="hat"),
    path("language/", house.choose_language, name="language"),
    path("files/<str:token>/", files.file, name="file"),
    path("healthz", house.health, name="health"),
]
