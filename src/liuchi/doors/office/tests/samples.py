"""Cases for the access matrix: one here for the water centre, one there for the lights squad."""

from uuid import UUID

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.actions.bulk import begin_bulk
from liuchi.engines.cases.actions.calling import draw_call_back, set_call_back_rule
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.lists import save_list
from liuchi.engines.cases.actions.support import bring_in_unit
from liuchi.engines.cases.models import Assignment, Case, CaseMove
from liuchi.engines.cases.supervision.actions.by_hand import order_case
from liuchi.engines.cases.testing import SETUP, World, case_of, closed, dispatched, filed, handed_in, report
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.actions import keep_attachment
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.attachments.links import link_token
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.testing import photo
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.ids import new_id

HERE, THERE, OWN = "井盖金丝雀在此处", "井盖金丝雀在彼处", "路灯金丝雀是我报的"
SAID, TOLD = "督办金丝雀在此处", "督办金丝雀在彼处"
NAME, PHONE = "金丝雀甲乙", "19900007777"
#: Whose photos they were: nobody's in the matrix.
_PUBLIC = "what everybody may know of a case, and what whoever reported it may do"
HOLDER = b"somebody else's browser"


def _photo(world: World) -> Attachment:
    ready = prepare(photo((80, 60)), "门口.jpg")
    return keep_attachment(by=world.viewer("desk"), prepared=ready, holder=HOLDER)


def samples(world: World) -> Samples:
    """Return the cases, their photos, and the words in them."""
    contact = {"name": NAME, "phone": PHONE}
    photos = (_photo(world), _photo(world))
    here = dispatched(world, grid=0, text=HERE, files=Files([photos[0].id], HOLDER), **contact)
    waiting = filed(world, grid=7, text=THERE, files=Files([photos[1].id], HOLDER), **contact)
    dispatch_case(by=world.viewer("dispatcher"), case_id=waiting.id, unit_id=world.lights.id, reason="权责清单")
    there = case_of(waiting.id)
    own = closed(world, by=world.viewer("resident-here"), grid=1, text=OWN)
    mine = {"number": own.number}
    dispatcher = world.viewer("dispatcher")
    run = begin_bulk(by=dispatcher, token=new_id(), move="dispatch", cases=[(here.id, 1)], given={})
    kept = save_list(by=world.viewer("desk"), name="井盖", wanted={"scope": "all"})
    said = report(world, by=world.viewer("resident-here"), grid=1, text=OWN)
    one, other = {"number": here.number}, {"number": there.number}
    orders = [
        order_case(by=System("samples"), case_id=each.id, text=text) for each, text in ((here, SAID), (there, TOLD))
    ]
    token = link_token(photos[0], "file", HOLDER)
    return Samples(
        pages=(
            Sample("office-case", one, other),
            Sample("office-reveal", one, other),
            Sample("office-case-supervision", one, other),
            Sample("office-urge", {**one, "act": "order"}, {**other, "act": "order"}),
            Sample(
                "office-supervision-act",
                {**one, "supervision": orders[0].id, "act": "answer"},
                {**other, "supervision": orders[1].id, "act": "answer"},
            ),
            *_secrecy_and_parts(world, here, there, own),
            Sample("office-move", {**one, "name": "hand_in"}, {**other, "name": "hand_in"}),
            Sample("office-merge", one, other),
            Sample("office-unmerge", one, other),
            Sample("office-split", one, other),
            Sample("office-file-remove", {**one, "attachment": photos[0].id}, {**other, "attachment": photos[1].id}),
            Sample("bulk-run", {"run": run.id}, no_area="a run is of whoever asked for it", owner="nobody"),
            Sample("list-remove", {"kept": kept.id}, no_area="a list is of its owner", owner="nobody"),
            Sample("file", {"token": token}, no_area="a link opens for the browser it was made for"),
            Sample("case", mine, no_area=_PUBLIC),
            Sample("case-rate", mine, no_area=_PUBLIC, owner="resident-here", valid={"rating": "5"}),
            Sample("case-reopen", mine, no_area=_PUBLIC, owner="resident-here", valid={"text": "还没有好"}),
            Sample("case-join", mine, no_area=_PUBLIC, owner="nobody"),
            Sample(
                "case-edit",
                {"number": said.number},
                no_area=_PUBLIC,
                owner="resident-here",
                may=_is_reporter,
                valid={"text": "改过的话"},
            ),
            Sample("case-withdraw", mine, no_area=_PUBLIC, owner="nobody"),
            Sample("case-urge", mine, no_area=_PUBLIC, owner="nobody"),
            Sample("case-forget", mine, no_area=_PUBLIC, owner="nobody"),
        ),
        canaries=_canaries(here, there, own),
    )


def _is_reporter(viewer: Viewer) -> bool:
    return viewer.username == "resident-here"


def _canaries(here: Case, there: Case, own: Case) -> tuple[Canary, ...]:
    """Return the words in the cases, and who may read them."""
    return (
        Canary(HERE, lambda viewer: _may_read(viewer, here)),
        Canary(THERE, lambda viewer: _may_read(viewer, there)),
        Canary(OWN, lambda viewer: _may_read(viewer, own) or viewer.username == "resident-here"),
        Canary(SAID, lambda viewer: _may_read(viewer, here)),
        Canary(TOLD, lambda viewer: _may_read(viewer, there)),
        Canary(NAME, None),
        Canary(PHONE, None),
    )


def _secrecy_and_parts(world: World, here: Case, there: Case, own: Case) -> tuple[Sample, ...]:
    """Return the pages of secrecy, of supporting parts and of call-backs."""
    one, other = {"number": here.number}, {"number": there.number}
    return (
        Sample("office-secret", one, other),
        Sample("office-secret-lift", one, other),
        Sample("office-part-begin", {**one, "name": "bring_in"}, {**other, "name": "bring_in"}),
        Sample(
            "office-part",
            {**one, "part": _part(world, here), "name": "release_part"},
            {**other, "part": _part(world, there), "name": "release_part"},
        ),
        Sample("call-back", {"call": _call(own)}, {"call": _call(_closed_there(world))}),
    )


def _part(world: World, case: Case) -> UUID:
    """Return a part of the first town's office in a case."""
    bring_in_unit(by=SETUP, case_id=case.id, unit_id=world.town.id, text="请配合")
    return Assignment.objects.get(case=case, unit=world.town).id


def _closed_there(world: World) -> Case:
    """Return a case of the second town that is closed and may be called back about."""
    case = handed_in(world, by=world.viewer("resident-here"), grid=7)
    pass_check(by=SETUP, case_id=case.id)
    close_case(by=SETUP, case_id=case.id)
    return case_of(case.id)


def _call(case: Case) -> UUID:
    """Return a call-back of a closed case."""
    set_call_back_rule(by=SETUP, area_id=case.place_id, percent=100, most_calls=3)
    drawn = draw_call_back(by=SETUP, closing_id=CaseMove.objects.get(case=case, name="close").id)
    assert drawn is not None
    return drawn.id


def _may_read(viewer: Viewer, case: Case) -> bool:
    return viewer.allows("cases.see", case.place_id) or viewer.allows_in("cases.handle", case.unit_id)
