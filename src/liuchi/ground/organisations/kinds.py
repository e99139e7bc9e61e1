"""The journal kinds of this room."""

from datetime import date
from uuid import UUID

from liuchi.ground.journal.kinds import declare

ORGANISATIONS_IMPORTED = declare("organisations.imported", organisations=int, posts=int)
ORGANISATION_ADDED = declare("organisations.added", kind=str, on=date)
RENAMED = declare("organisations.renamed", on=date)
MOVED = declare(
    "organisations.moved",
    on=date,
    area=UUID,
    statistical_parent=UUID | None,
    management_parent=UUID | None,
    party_parent=UUID | None,
)
DESCRIBED = declare("organisations.described", fields=list[str])
AREAS_SERVED = declare("organisations.areas_served", on=date, added=list[UUID], ended=list[UUID])
#: The bodies `ended` were taken over on a day; `heir` has their posts and their work. None ended: one was split off.
SUCCEEDED = declare("organisations.succeeded", on=date, ended=list[UUID], successors=list[UUID], heir=UUID | None)
ENDED = declare("organisations.ended", on=date)
POST_OPENED = declare("organisations.post_opened", organisation=UUID, seats=int)
POST_CHANGED = declare("organisations.post_changed", organisation=UUID, seats=int)
POST_CLOSED = declare("organisations.post_closed", organisation=UUID, on=date)
ASSET_CLASSES_SET = declare("organisations.asset_classes_set", classes=list[str])
ASSETS_REGISTERED = declare("organisations.assets_registered", assets=int)
ASSET_CHANGED = declare("organisations.asset_changed", fields=list[str])
ASSET_LOOKED_AT = declare("organisations.asset_looked_at", on=date, state=str)
ASSET_RETIRED = declare("organisations.asset_retired", on=date)
#: After a change of the territory or a succession, assets belong elsewhere or to somebody else.
ASSETS_FOLLOWED = declare("organisations.assets_followed", assets=int)
DUTIES_IMPORTED = declare("organisations.duties_imported", duties=int)
DUTY_LIST_IMPORTED = declare(
    "organisations.duty_list_imported", items=int, sides=int, valid_from=date, supersedes=UUID | None
)
DUTY_LIST_ENDED = declare("organisations.duty_list_ended", on=date)
VENUE_OPENED = declare("organisations.venue_opened", organisation=UUID, kind=str)
VENUE_CHANGED = declare("organisations.venue_changed", organisation=UUID)
VENUE_CLOSED = declare("organisations.venue_closed", organisation=UUID, on=date)
#: After a change of the territory bodies stand, posts go on, and venues lie in other areas; `posts` ended that day.
AREAS_FOLLOWED = declare(
    "organisations.areas_followed",
    organisations=list[UUID],
    posts=list[UUID],
    venues=list[UUID],
    from_areas=list[UUID],
    into_areas=list[UUID],
    served=int,
)
