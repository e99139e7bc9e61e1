"""Organisations for the access matrix: a post and a venue of either town's office, an item of a list."""

from datetime import date

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.organisations.actions.duties import NewDutyList, NewItem, NewSide, import_duty_list
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.actions.venues import open_venue
from liuchi.ground.organisations.models import DutyItem, Organisation
from liuchi.ground.organisations.venues import VenueFacts
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.staffing import Meant
from liuchi.ground.people.testing import resident

HEAD = "金丝雀主任"
SINCE = date(2024, 3, 1)
_PUBLIC = "organisations, their posts, duties and venues are published"


def samples(world: World) -> Samples:
    """Return what stands in either town, and the name of whoever heads the office of the first."""
    towns = [Organisation.objects.get(code=code) for code in ("town-1", "town-2")]
    posts = [open_post(by=SETUP, organisation_id=each.id, title="主任", on=SINCE, is_head=True) for each in towns]
    take_post(by=SETUP, post_id=posts[0].id, person=Meant(resident(HEAD, "19900007771").id), on=SINCE)
    facts = VenueFacts("会议室", "meeting_room")
    venues = [open_venue(by=SETUP, organisation_id=each.id, facts=facts, on=SINCE) for each in towns]
    document = NewDutyList("town", "履行职责清单", SINCE, SINCE)
    import_duty_list(by=SETUP, document=document, items=[NewItem("basic", 1, "环境卫生", (NewSide("lead", "@town"),))])
    one, other = ({"organisation_id": each.id} for each in towns)
    post, elsewhere = ({"post_id": each.id, "name": "close"} for each in posts)
    venue, far = ({"venue_id": each.id, "name": "close"} for each in venues)
    on = {"on": "2024-06-01"}
    return Samples(
        pages=(
            Sample("organisation", one, no_area=_PUBLIC),
            Sample("duty", {"item_id": DutyItem.objects.get(name="环境卫生").id}, no_area=_PUBLIC),
            Sample(
                "organisation-change",
                {**one, "name": "rename"},
                {**other, "name": "rename"},
                valid={"name": "改名", "confirmed": "1", **on},
            ),
            Sample("post-change", post, elsewhere, valid=on),
            Sample("venue-change", venue, far, valid=on),
        ),
        canaries=(Canary(HEAD, lambda viewer: viewer.allows("staff.see", towns[0].area_id)),),
    )
