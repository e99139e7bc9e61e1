"""The powers that exist, and the roles the product starts with. Roles are data; these are the first rows."""

from collections.abc import Mapping

#: Anybody may report, and may follow, rate and reopen what they reported.
PUBLIC_POWERS = frozenset({"cases.report", "cases.rate", "cases.reopen"})

#: The three administrators whose work one person never does alone (GB/T 22239: system, security, audit).
SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
ADMINISTRATORS = frozenset({SYSTEM, SECURITY, AUDIT})

ROLES: Mapping[str, tuple[str, frozenset[str]]] = {
    "resident": ("居民", PUBLIC_POWERS),
    "desk": ("受理员", PUBLIC_POWERS | {"cases.see", "cases.accept"}),
    "dispatcher": ("派遣员", PUBLIC_POWERS | {"cases.see", "cases.dispatch"}),
    "handler": ("处置员", PUBLIC_POWERS | {"cases.handle"}),
    "checker": ("核查员", PUBLIC_POWERS | {"cases.see", "cases.check"}),
    "grid_worker": (
        "网格员",
        PUBLIC_POWERS | {"cases.see", "cases.check", "people.see", "people.lookup", "dwellings.see", "assets.see"},
    ),
    "registrar": (
        "社区登记员",
        PUBLIC_POWERS
        | {"people.see", "people.manage", "people.lookup", "people.reveal", "people.care"}
        | {"dwellings.see", "dwellings.manage", "assets.see", "exchange.import", "exchange.export"},
    ),
    "personnel": (
        "人事管理员",
        PUBLIC_POWERS | {"staff.see", "staff.manage", "organisations.manage", "exchange.import", "exchange.export"},
    ),
    "surveyor": (
        "区划管理员",
        PUBLIC_POWERS
        | {"territory.manage", "dwellings.see", "dwellings.manage", "assets.see", "assets.manage"}
        | {"exchange.import", "exchange.export"},
    ),
    "privacy_officer": (
        "个人信息保护负责人",
        PUBLIC_POWERS | {"records.inventory", "records.requests", "records.retention", "people.erase", "people.see"},
    ),
    "duty_officer": ("值班长", PUBLIC_POWERS | {"cases.see", "access.break_glass"}),
    SYSTEM: ("系统管理员", frozenset({"access.accounts", "notices.manage", "calendars.publish", "operate_journal"})),
    SECURITY: ("安全管理员", frozenset({"access.grants", "access.keys"})),
    AUDIT: ("审计管理员", frozenset({"access.audit"})),
}
