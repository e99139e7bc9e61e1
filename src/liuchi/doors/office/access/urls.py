"""URLs of the section for access."""

from django.urls import path

from liuchi.doors.office.access.views import accounts, explain, glass, grants, keys, reads, roles

urlpatterns = [
    path("", accounts.start, name="access"),
    path("accounts/", accounts.account_list, name="access-accounts"),
    path("accounts/new/", accounts.new_account, name="access-account-new"),
    path("accounts/<uuid:account_id>/", accounts.show_account, name="access-account"),
    path("accounts/<uuid:account_id>/close/", accounts.close, name="access-account-close"),
    path("accounts/<uuid:account_id>/reset/", accounts.reset, name="access-account-reset"),
    path("accounts/<uuid:account_id>/sessions/", accounts.end_all, name="access-account-sessions"),
    path("accounts/<uuid:account_id>/grant/", grants.new_grant, name="access-grant-new"),
    path("grants/", grants.grant_list, name="access-grants"),
    path("grants/<uuid:grant_id>/end/", grants.end, name="access-grant-end"),
    path("roles/", roles.role_list, name="access-roles"),
    path("roles/new/", roles.edit_role, name="access-role-new"),
    path("roles/<slug:code>/", roles.edit_role, name="access-role"),
    path("keys/", keys.key_list, name="access-keys"),
    path("keys/new/", keys.new_key, name="access-key-new"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="access-key-revoke"),
    path("keys/<uuid:key_id>/exchange/", keys.exchange, name="access-key-exchange"),
    path("reads/", reads.read_list, name="access-reads"),
    path("glass/", glass.break_it, name="access-glass"),
    path("glass/back/", glass.put_back, name="access-glass-back"),
    path("glass/reviews/", glass.reviews, name="access-glass-reviews"),
    path("glass/<uuid:glass_id>/", glass.review, name="access-glass-review"),
    path("explain/", explain.explain_page, name="access-explain"),
]
