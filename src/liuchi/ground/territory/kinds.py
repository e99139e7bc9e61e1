"""The journal kinds of this room: ids, codes, numbers and days; names stay in the room's own rows."""

from datetime import date
from typing import Any
from uuid import UUID

from liuchi.ground.journal.kinds import declare

TERRITORY_IMPORTED = declare("territory.imported", areas=int, boundaries=int, edition=int)
#: What a file had done to areas was taken back.
AREAS_WITHDRAWN = declare("territory.areas_withdrawn", areas=int, edition=int)
_GOES_ON: dict[str, Any] = {"on": date, "areas": int, "edition": int}
AREA_RENAMED = declare("territory.renamed", **_GOES_ON)
AREA_RECODED = declare("territory.recoded", **_GOES_ON)
AREA_MOVED = declare("territory.moved", **_GOES_ON)
AREA_OPENED = declare("territory.opened", on=date, edition=int)
NORM_SET = declare("territory.norm_set", kind=str, least=int, most=int, on=date)
#: `changed` are the areas whose ground is another one after the day: what stands in them may stand elsewhere now.
_SHAPED: dict[str, Any] = {"on": date, "changed": list[UUID], "into": list[UUID], "edition": int}
AREA_REDRAWN = declare("territory.redrawn", **_SHAPED)
AREA_SPLIT = declare("territory.split", **_SHAPED)
AREA_CLOSED = declare("territory.closed", **_SHAPED)
AREAS_MERGED = declare("territory.merged", **_SHAPED)
EDITION_IMPORTED = declare("territory.edition_imported", added=int, renamed=int, recoded=int, moved=int, **_SHAPED)
BOUNDARIES_IMPORTED = declare("territory.boundaries_imported", opened=int, drawn=int, **_SHAPED)
#: The day has come on which changes settled before come into force.
TOOK_EFFECT = declare("territory.took_effect", **_SHAPED)
DWELLINGS_IMPORTED = declare("territory.dwellings_imported", estates=int, buildings=int, dwellings=int)
ESTATE_CHANGED = declare("territory.estate_changed", fields=list[str])
BUILDING_CHANGED = declare("territory.building_changed", fields=list[str])
DWELLING_CHANGED = declare("territory.dwelling_changed", fields=list[str])
#: An estate, a building or a dwelling ended, with what stood in it.
DWELLINGS_RETIRED = declare("territory.dwellings_retired", on=date, buildings=int, dwellings=int)
#: After a change of the territory, buildings and estates belong to other areas.
BUILDINGS_FOLLOWED = declare("territory.buildings_followed", areas=list[UUID], buildings=int, estates=int)
