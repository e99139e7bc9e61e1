"""The powers that exist, and the five roles the product starts with. Roles are data; these are the first rows."""

from collections.abc import Mapping

#: Anybody may report, and may follow, rate and reopen what they reported.
PUBLIC_POWERS = frozenset({"cases.report", "cases.rate", "cases.reopen"})

ROLES: Mapping[str, tuple[str, frozenset[str]]] = {
    "resident": ("居民", PUBLIC_POWERS),
    "desk": ("受理员", PUBLIC_POWERS | {"cases.see", "cases.accept"}),
    "dispatcher": ("派遣员", PUBLIC_POWERS | {"cases.see", "cases.dispatch"}),
    "handler": ("处置员", PUBLIC_POWERS | {"cases.handle"}),
    "checker": ("核查员", PUBLIC_POWERS | {"cases.see", "cases.check"}),
}
