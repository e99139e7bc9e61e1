"""A small district for tests of organisations: one of everything that is needed to change something."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel.actors import ActorKind, System
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.actions import NewOrganisation, NewPost, import_organisations
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

SETUP = System("tests")
#: Since when everything stands, and a Wednesday a year later that tests take for today.
SINCE = date(2024, 1, 1)
NOW = datetime(2025, 9, 10, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """An actor of an account's shape that holds `powers` in just these areas."""

    id: UUID
    powers: frozenset[str]
    reach: frozenset[UUID] = field(default_factory=frozenset)
    kind: ActorKind = "person"
    on_behalf_of: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether it holds the power, in that area."""
        return power in self.powers and (area is None or area in self.reach)

    def areas(self, power: str) -> frozenset[UUID]:
        """Return where it holds the power."""
        return self.reach if power in self.powers else frozenset()


def everywhere(*powers: str) -> Somebody:
    """Return somebody who holds powers (else those over staff) in every area there is."""
    held = frozenset(powers or ("staff.see", "staff.manage"))
    return Somebody(new_id(), held, frozenset(queries.territory().areas))


def small_district() -> None:
    """Make a district of two towns and a community with ten bodies in it."""
    queries.forget()
    ensure_base_calendar(by=SETUP)
    import_territory(by=SETUP, areas=_areas(), valid_from=SINCE)
    queries.forget()
    import_organisations(by=SETUP, organisations=list(_bodies()), valid_from=SINCE)


def area(code: str) -> Area:
    """Return the area of a code."""
    return Area.objects.get(code=code, valid_to=None)


def body(code: str) -> Organisation:
    """Return the organisation of a code as the database has it, ended or not."""
    return Organisation.objects.get(code=code)


def _areas() -> list[NewArea]:
    return [
        NewArea("district", "990803", "测试区", None),
        NewArea("town", "990803001", "一街道", "990803", label_kind="街道"),
        NewArea("town", "990803002", "二街道", "990803", label_kind="街道"),
        NewArea("community", "990803001001", "一社区", "990803001", label_kind="社区"),
        NewArea("grid", "990803001001001", "一网格", "990803001001"),
    ]


def _bodies() -> Iterator[NewOrganisation]:
    district, town, community = area("990803"), area("990803001"), area("990803001001")
    yield NewOrganisation(
        "urban", "测试区城市管理局", "城管局", "department", district, posts=(NewPost("局长", is_head=True), "科员")
    )
    yield NewOrganisation("greening", "测试区园林绿化局", "园林局", "department", district, posts=("科员",))
    yield NewOrganisation("squad", "城管执法中队", "执法中队", "squad", town, parent_code="urban")
    yield NewOrganisation("town-1", "一街道办事处", "一街道", "town", town)
    yield NewOrganisation("town-2", "二街道办事处", "二街道", "town", area("990803002"))
    yield NewOrganisation("community-1", "一社区居民委员会", "一社区", "community", community, parent_code="town-1")
    yield NewOrganisation("works-1", "一街道大工委", "一街道大工委", "works_committee", town)
    yield NewOrganisation(
        "party-1", "一社区大党委", "一社区党委", "party_committee", community, party_parent_code="works-1"
    )
    yield NewOrganisation(
        "branch-1", "一网格党支部", "一支部", "party_branch", community, party_parent_code="party-1",
        posts=(NewPost("书记", is_head=True),),
    )  # fmt: skip
    yield NewOrganisation(
        "property", "测试物业服务有限公司", "测试物业", "property_company", district, served=(area("990803001001001"),)
    )
