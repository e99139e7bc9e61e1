"""Loading the demo's organisations: who handles cases, the party chain, stations, companies and social bodies."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from liuchi.demo.district.bodies import bodies, credit_codes, office_above
from liuchi.demo.district.organisations import organisations
from liuchi.demo.district.people import staff
from liuchi.demo.district.roll import roll
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.actions import NewOrganisation, NewPost, import_organisations
from liuchi.ground.territory.models import Area

LOADER = System("demo")
SINCE = date(2023, 7, 1)
#: Posts whose holder speaks for a committee.
HEADS = frozenset({"社区主任", "村主任"})


def load_bodies(areas: Mapping[str, Area]) -> int:
    """Load whatever of the demo's organisations is not there yet; return how many were new."""
    wanted = [*_offices(areas), *_further(areas)]
    return import_organisations(by=LOADER, organisations=wanted, valid_from=SINCE)


def _offices(areas: Mapping[str, Area]) -> list[NewOrganisation]:
    """Return the 54 departments and squads, the town offices and the committees, with the posts of the staff."""
    seats: dict[str, Counter[str]] = {}
    for member in staff():
        seats.setdefault(member.organisation_code, Counter())[member.post_title] += 1
    for entry in roll():
        if entry.is_new:
            seats.setdefault(entry.organisation_code, Counter())[entry.post_title] += 1
    return [
        NewOrganisation(
            row.code,
            row.name,
            row.short_name,
            row.kind,
            areas[row.area_code],
            row.english_name,
            parent_code=office_above(row),
            statistical_parent_code=office_above(row),
            posts=tuple(
                NewPost(title, number, is_head=title in HEADS)
                for title, number in sorted(seats.get(row.code, Counter()).items())
            ),
            credit_code=credit_codes()[row.code],
        )
        for row in organisations()
    ]


def _further(areas: Mapping[str, Area]) -> list[NewOrganisation]:
    return [
        NewOrganisation(
            body.code,
            body.name,
            body.short_name,
            body.kind,
            areas[body.area_code],
            parent_code=body.management or None,
            party_parent_code=body.party or None,
            posts=tuple(NewPost(title, number, is_head=not place) for place, (title, number) in enumerate(body.posts)),
            credit_code=body.credit_code,
            served=tuple(areas[code] for code in body.served),
        )
        for body in bodies()
    ]
