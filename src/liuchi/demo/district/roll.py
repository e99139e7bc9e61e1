"""The staff roll of the 23 urban communities: 328 people, as many as reported of 2024; who they are is made up.

207 of them are the grid workers and directors that the small demo has already; 121 more fill the other posts. Two earn
less than the floor, so that the warning shows; twelve were lent, of whom ten are back. The same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from liuchi.demo.district.bodies import urban_communities
from liuchi.demo.district.estate import households
from liuchi.demo.district.people import identities, names, residents, staff

STAFF: Final = 328
SINCE: Final = date(2023, 7, 1)
INCOME_AS_OF: Final = date(2023, 12, 31)
FIRST_PHONE: Final = 1_000
#: Names of the pool before this place are those of the other staff.
_FIRST_NAME: Final = 500
#: The further posts of a community, in the order in which they are filled, with the terms of whoever holds them.
POSTS: Final = (
    ("社区副主任", "committee"),
    ("党务工作者", "recruited"),
    ("社区专职工作者", "recruited"),
    ("公益性岗位协理员", "welfare_post"),
    ("驻社区干部", "sent_down"),
    ("养老服务专员", "purchased"),
)
_TERMS: Final = {"社区主任": ("committee",), "网格员": ("recruited", "recruited", "purchased", "welfare_post")}
#: Places on the roll of those who earn less than the floor, and what.
_BELOW: Final = {40: 38_400, 201: 39_200}
#: To which bodies staff were lent, by place; the last two are not back, one of them without a document.
_LENT_TO: Final = (
    "party-office",
    "organisation",
    "publicity",
    "civil-affairs",
    "urban-squad",
    "government-office",
    "social-work",
    "housing",
    "emergency",
    "political-legal",
    "data",
    "civil-affairs",
)
RETURNED: Final = 10
_DOCUMENT: Final = "大观区借调审批单（示范）"


@dataclass(frozen=True, slots=True)
class Lent:
    """To which body somebody was lent, since when, by which document, and when they came back."""

    to_code: str
    since: date
    document: str
    returned_on: date | None


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A row of the roll. `is_new` when the small demo's staff does not have them; `yearly` in yuan."""

    name: str
    phone: str
    identity: str
    organisation_code: str
    post_title: str
    employer: str
    yearly: int
    contract_until: date | None
    is_new: bool
    lent: Lent | None


@cache
def roll() -> tuple[RollEntry, ...]:
    """Return the 328 rows: who is known already first, then the further staff, by community in turn."""
    chance = Random("roll")
    people = [*_known(), *_further(chance)]
    step = len(people) // len(_LENT_TO)
    return tuple(
        RollEntry(
            name=name,
            phone=phone,
            identity=identity,
            organisation_code=code,
            post_title=title,
            employer=employer,
            yearly=_BELOW.get(place, chance.randrange(40_000, 66_000, 200)),
            contract_until=None if employer in ("committee", "sent_down") else date(2027 + place % 3, 6, 30),
            is_new=is_new,
            lent=_lent(place // step) if place % step == step // 2 and place // step < len(_LENT_TO) else None,
        )
        for place, (name, phone, identity, code, title, employer, is_new) in enumerate(people)
    )


_Person = tuple[str, str, str, str, str, str, bool]


def _known() -> list[_Person]:
    codes = {f"community-{area.code}" for area in urban_communities()}
    members = [each for each in staff() if each.organisation_code in codes]
    return [
        (
            member.name,
            member.phone,
            member.identity,
            member.organisation_code,
            member.post_title,
            _TERMS[member.post_title][place % len(_TERMS[member.post_title])],
            False,
        )
        for place, member in enumerate(members)
    ]


def _further(chance: Random) -> list[_Person]:
    wanted = STAFF - len(_known())
    communities = urban_communities()
    taken = {each.identity for each in staff()} | {each.identity for each in residents()}
    taken |= {member.identity for home in households() for member in home.members}
    numbers = identities(chance, date(1966, 1, 1), date(2001, 12, 31), taken=taken)
    found: list[_Person] = []
    for place in range(wanted):
        turn, at = divmod(place, len(communities))
        title, employer = POSTS[turn]
        code = f"community-{communities[at].code}"
        name, phone = names()[_FIRST_NAME + place], f"1990000{FIRST_PHONE + place:04}"
        found.append((name, phone, next(numbers), code, title, employer, True))
    return found


def _lent(place: int) -> Lent:
    since = date(2023, 9, 1) + timedelta(days=9 * place)
    is_back = place < RETURNED
    return Lent(
        _LENT_TO[place],
        since,
        "" if place == len(_LENT_TO) - 1 else _DOCUMENT,
        since + timedelta(days=90 + 7 * place) if is_back else None,
    )
