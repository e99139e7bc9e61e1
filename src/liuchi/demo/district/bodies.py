"""Who else works in the demo district: the party chain, stations, property companies and social bodies; credit codes.

Of the party chain and the stations the numbers are reported (7 works committees, 23 party committees, 113 branches; 40
stations in 2021); which grid has a branch is made up, and so is every company and social body. Credit codes come from
an office that does not exist. Everything is the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from liuchi.demo.district.map import Area, district_map
from liuchi.demo.district.organisations import OrganisationRow, organisations
from liuchi.ground.organisations.credit_codes import fictitious_credit_code

BRANCHES: Final = 113
#: Which party body stands above the streets' works committees, and which office above the town offices.
PARTY_TOP, GOVERNMENT = "organisation", "government-office"
#: Posts: title and seats, the one who speaks for the body first.
PARTY_POSTS: Final = (("书记", 1), ("副书记", 2))
BRANCH_POSTS: Final = (("支部书记", 1),)
STATION_POSTS: Final = (("站长", 1), ("副站长", 1), ("成员", 10))
_COMPANY_POSTS: Final = (("项目经理", 1),)
_SOCIAL_POSTS: Final = (("负责人", 1),)
_COMPANIES: Final = (
    "禾悦",
    "云栖里",
    "安和居",
    "清嘉",
    "思远",
    "景帆",
    "乐邻",
    "明舟",
    "雨楠",
    "若水湾",
    "书香苑",
    "亦安",
)
#: What social bodies there are in each street and town: name after the place, short name, two characters of the code.
_IN_STREET: Final = (("老年协会", "51"), ("社会工作服务中心", "52"))
_IN_TOWN: Final = (("红白理事协会", "51"),)
_IN_DISTRICT: Final = (
    ("大观志愿服务联合会", "51"),
    ("大观邻里调解服务中心", "52"),
    ("大观助残服务中心", "52"),
    ("大观社区发展基金会", "53"),
)
#: The first two characters of the credit code of each kind of body (GB 32100-2015).
_KINDS: Final = {"department": "11", "town": "11", "utility": "91", "property_company": "91"}
_INSTITUTION, _RESIDENTS, _VILLAGERS = "12", "55", "54"


@dataclass(frozen=True, slots=True)
class Body:
    """A body to bring in: what stands above it (by code), its posts with their seats, and where it serves."""

    code: str
    name: str
    short_name: str
    kind: str
    area_code: str
    management: str = ""
    party: str = ""
    posts: tuple[tuple[str, int], ...] = ()
    credit_code: str = ""
    served: tuple[str, ...] = ()


@cache
def urban_communities() -> tuple[Area, ...]:
    """Return the 23 communities of the seven streets."""
    streets = {town.code for town in _streets()}
    return tuple(each for each in district_map().of_kind("community") if each.parent_code in streets)


@cache
def bodies() -> tuple[Body, ...]:
    """Return all of them, each after what stands above it."""
    return (*works_committees(), *party_committees(), *party_branches(), *stations(), *companies(), *social_bodies())


def works_committees() -> Iterator[Body]:
    """Give the works committee 大工委 of each street."""
    for town in _streets():
        name = f"{town.name}大工委"
        yield Body(f"works-{town.code}", name, name, "works_committee", town.code, party=PARTY_TOP, posts=PARTY_POSTS)


def party_committees() -> Iterator[Body]:
    """Give the party committee 大党委 of each urban community."""
    for area in urban_communities():
        name = f"{area.name}大党委"
        above = f"works-{area.parent_code}"
        yield Body(f"party-{area.code}", name, name, "party_committee", area.code, party=above, posts=PARTY_POSTS)


def party_branches() -> Iterator[Body]:
    """Give the 113 branches, spread evenly over the grids of the urban communities; each stands in its grid."""
    grids = [grid for area in urban_communities() for grid in district_map().children(area.code)]
    for place, grid in enumerate(grids):
        if (place + 1) * BRANCHES // len(grids) > place * BRANCHES // len(grids):
            community = district_map().area(grid.parent_code)
            short = f"{community.name}{int(grid.code[12:])}网格党支部"
            above = f"party-{community.code}"
            yield Body(f"branch-{grid.code}", short, short, "party_branch", grid.code, party=above, posts=BRANCH_POSTS)


def stations() -> Iterator[Body]:
    """Give the workstation of each community and village; the committee keeps it."""
    urban = {area.code for area in urban_communities()}
    for area in district_map().of_kind("community"):
        name = f"{area.name}红领工作站"
        yield Body(
            f"station-{area.code}",
            name,
            name,
            "station",
            area.code,
            management=f"community-{area.code}",
            party=f"party-{area.code}" if area.code in urban else "",
            posts=STATION_POSTS,
        )


def companies() -> Iterator[Body]:
    """Give the twelve property companies; each urban community is served by one of them."""
    communities = urban_communities()
    for place, name in enumerate(_COMPANIES):
        served = tuple(area.code for area in communities[place :: len(_COMPANIES)])
        yield Body(
            f"property-{place + 1:02}",
            f"{name}物业服务有限公司（示范）",
            f"{name}物业",
            "property_company",
            served[0],
            posts=_COMPANY_POSTS,
            credit_code=fictitious_credit_code(_KINDS["property_company"], 2_000 + place),
            served=served[1:],
        )


def social_bodies() -> Iterator[Body]:
    """Give the twenty social bodies: two in each street, one in each town, four for the whole district."""
    root = district_map().of_kind("town")[0].parent_code
    wanted = [
        (f"{town.name}{what}", kind, town.code)
        for town in district_map().of_kind("town")
        for what, kind in (_IN_STREET if town.label_kind == "街道" else _IN_TOWN)
    ]
    wanted += [(name, kind, root) for name, kind in _IN_DISTRICT]
    for place, (name, kind, area_code) in enumerate(wanted):
        yield Body(
            f"social-{place + 1:02}",
            f"{name}（示范）",
            name,
            "social_body",
            area_code,
            posts=_SOCIAL_POSTS,
            credit_code=fictitious_credit_code(kind, 3_000 + place),
        )


@cache
def credit_codes() -> dict[str, str]:
    """Return the credit code of each of the 103 bodies, by the body's code."""
    return {
        row.code: fictitious_credit_code(_registered_as(row), 1_000 + place)
        for place, row in enumerate(organisations())
    }


def office_above(row: OrganisationRow) -> str | None:
    """Return the code of the body that directs one of the 103: town office or district government."""
    if row.kind == "community":
        return f"town-{district_map().area(row.area_code).parent_code}"
    return GOVERNMENT if row.kind == "town" else None


def _registered_as(row: OrganisationRow) -> str:
    if row.kind == "community":
        return _VILLAGERS if row.short_name.endswith("村") else _RESIDENTS
    return _KINDS.get(row.kind, _INSTITUTION)


def _streets() -> tuple[Area, ...]:
    return tuple(town for town in district_map().of_kind("town") if town.label_kind == "街道")
