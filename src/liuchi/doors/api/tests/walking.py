"""One request for each operation, where each has something to do: for who may what, and for examples."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from liuchi.doors.api.site import api
from liuchi.engines.cases.actions.appeal import appeal_timeout
from liuchi.engines.cases.actions.calling import draw_call_back, set_call_back_rule
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.secret import name_accused
from liuchi.engines.cases.actions.support import bring_in_unit
from liuchi.engines.cases.models import Assignment, Case, CaseMove
from liuchi.engines.cases.supervision.actions.by_hand import order_case
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, dispatched, filed, give_role, point_in, report
from liuchi.ground.hooks.models import Delivery
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import territory

LATE = MORNING + timedelta(days=1)
NOBODY = UUID(int=7)


@dataclass(frozen=True)
class Request:
    """One request: the values in its address, its query, its body, and the version it was decided on.

    `piece` is what is sent of a file, `headers` what goes with it.
    """

    path: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    body: Mapping[str, Any] | None = None
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    piece: bytes | None = None


@dataclass(frozen=True)
class Operation:
    """An operation of the document: how and where it is asked for."""

    id: str
    method: str
    path: str

    def ask(self, client: Client, request: Request) -> Any:
        """Send the request; what it changed is undone."""
        address = self.path.format(**request.path) + (f"?{request.query}" if request.query else "")
        headers = dict(request.headers)
        if request.version is not None:
            headers["if-match"] = f'"{request.version}"'
        if self.id in NAMED:
            headers["idempotency-key"] = "walk"
        content: dict[str, Any] = {"content_type": "application/json"}
        if request.piece is not None:
            content = {"data": request.piece, "content_type": CHUNK}
        elif request.body is not None:
            content["data"] = request.body
        elif self.method == "head":
            content = {}
        with undone():
            return getattr(client, self.method)(address, **content, headers=headers or None)


#: Operations that need an Idempotency-Key.
NAMED = {"reportCase", "joinCase", "moveMany"}
#: How pieces of files are sent.
CHUNK = "application/offset+octet-stream"
TUS = {"tus-resumable": "1.0.0"}


def operations() -> dict[str, Operation]:
    """Return the operations of the document by their names."""
    found = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            found[said["operationId"]] = Operation(said["operationId"], method, path)
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end of the block whatever was written in it."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def laid(world: World) -> dict[str, Request]:
    """Lay cases of every kind in the first town, and return a request for each operation."""
    give_role("supervisor", "supervisor", world.district)
    with frozen_at(MORNING):
        receipt = report(world, text="菱湖公园北门的上水井盖破损", phone="19900000123", name="王明")
        waiting, done, appealed = filed(world), dispatched(world, phone="19900000124"), dispatched(world)
        bare, helped, secret = dispatched(world), dispatched(world), case_of(report(world, is_secret=True).case_id)
        bring_in_unit(by=world.viewer("dispatcher"), case_id=helped.id, unit_id=world.lights.id, text="请断开路灯电源")
        name_accused(by=world.viewer("desk"), case_id=secret.id, unit_ids=[world.lights.id])
        order = order_case(by=world.viewer("supervisor"), case_id=bare.id, text="请今天到场")
    with frozen_at(LATE):
        for case in (done, appealed):
            _close(world, case)
        appeal_timeout(by=world.viewer("water"), clock_id=_clock(appealed), reason="no_access", text="两次到场无人")
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
        call = draw_call_back(by=SETUP, closing_id=CaseMove.objects.get(case=done, name="close").id)
    assert call is not None
    part = Assignment.objects.get(case=helped, role="support").id
    return {
        **_reads(world, case_of(receipt.case_id), waiting, done),
        **_of_reporters(receipt.number, receipt.code),
        **_of_cases(world, case_of(receipt.case_id), case_of(bare.id), case_of(secret.id)),
        "listParts": Request({"number": helped.number}),
        "actOnPart": Request(
            {"number": helped.number, "part": part, "act": "answer_part"},
            body={"text": "已断电"},
            version=case_of(helped.id).version,
        ),
        "listCaseAppeals": Request({"number": appealed.number}),
        "appeal": Request(
            {"number": done.number, "clock": _clock(done)},
            body={"reason": "no_access", "text": "两次到场，业主均不在"},
            version=case_of(done.id).version,
        ),
        "decideAppeal": Request(
            {"number": appealed.number, "clock": _clock(appealed)},
            body={"is_upheld": True},
            version=case_of(appealed.id).version,
        ),
        "listCaseSupervisions": Request({"number": bare.number}),
        "readSupervision": Request({"supervision_id": order.id}),
        "sayOfSupervision": Request(
            {"supervision_id": order.id, "act": "answer"}, body={"text": "已到场，今天完成"}, version=1
        ),
        "readCallBack": Request({"call_back_id": call.id}),
        "enterCall": Request({"call_back_id": call.id}, body={"is_reached": True, "is_solved": True}, version=0),
    }


def of_key(client: Client) -> dict[str, Request]:
    """Subscribe and begin a file with a key, where it may, and return a request for whatever belongs to it alone."""
    wanted = {"name": "市平台", "url": "https://city.example/", "events": ["case.reported", "case.closed"]}
    length = {**TUS, "upload-length": "10"}
    made = client.post("/api/v1/webhooks", wanted, content_type="application/json").json()
    hook, version = made.get("id", NOBODY), made.get("version", 1)
    sent = client.post(f"/api/v1/webhooks/{hook}/test", content_type="application/json").json()
    with guard.scope("maintenance", "tests"):  # given up, so that there is something to send again
        Delivery.objects.filter(subscription_id=hook).update(state="dead", next_at=None)
    place = client.post("/api/v1/uploads", b"", content_type=CHUNK, headers=length).get("Location", f"/{NOBODY}")
    of_hook, of_file = {"hook": hook}, {"upload_id": place.rpartition("/")[2]}
    changed = Request(of_hook, version=version)
    return {
        "listEvents": Request(query="limit=2"),
        "listWebhooks": Request(),
        "subscribe": Request(body=wanted),
        "readWebhook": Request(of_hook),
        **dict.fromkeys(("removeWebhook", "pauseWebhook", "resumeWebhook", "rotateSecret"), changed),
        **dict.fromkeys(("testWebhook", "listDeliveries", "replay"), Request(of_hook)),
        "replayDelivery": Request({**of_hook, "message": sent.get("id", f"msg_{NOBODY.hex}")}),
        "describeUploads": Request(),
        "beginUpload": Request(headers=length, piece=b""),
        "findUploadOffset": Request(of_file, headers=TUS),
        "continueUpload": Request(of_file, headers={**TUS, "upload-offset": "0"}, piece=b"1234"),
        "readUpload": Request(of_file),
        "dropUpload": Request(of_file, headers=TUS),
    }


def _reads(world: World, new: Case, waiting: Case, done: Case) -> dict[str, Request]:
    longitude, latitude = point_in(world, 0)
    of_new, of_done = {"number": new.number}, {"number": done.number}
    return {
        "listAreas": Request(query="kind=grid&limit=2"),
        "locate": Request(query=f"longitude={longitude}&latitude={latitude}"),
        "readArea": Request({"area_id": world.grids[0].id}),
        "listClasses": Request(query="limit=2"),
        "listConditions": Request(query="q=井盖"),
        "listOrganisations": Request(query="limit=2"),
        "readOrganisation": Request({"organisation_id": world.water.id}),
        "listDuties": Request({"organisation_id": world.water.id}),
        "whoActs": Request(query=f"matter=component-0101&area={world.grids[0].id}"),
        "readMe": Request(),
        "exchangeKey": Request(body={"grace_hours": 24}),
        "findCases": Request(query="q=井盖"),
        "listCases": Request(query="limit=2"),
        "readCase": Request(of_done),
        "listMoves": Request(of_done),
        "listClocks": Request(of_done),
        "listLines": Request(of_done, query="limit=2"),
        "listReports": Request(of_new),
        "listOpenMoves": Request(of_new, query="limit=2"),
        "listLikelyDuplicates": Request(of_new, query="limit=1"),
        "suggestClasses": Request(of_new),
        "suggestUnits": Request({"number": waiting.number}),
        "readSecrecy": Request(of_new),
        "listAppeals": Request(),
        "listAppealReasons": Request(query="limit=2"),
        "listSupervisions": Request(),
        "listCallBacks": Request(),
        "listCallRules": Request(),
        "readBulk": Request({"run_id": NOBODY}),
    }


def _of_reporters(number: str, code: str) -> dict[str, Request]:
    of_case = {"number": number}
    return {
        "reportCase": Request(body={"text": "路灯不亮，已经三天了"}),
        "joinCase": Request(of_case, body={"text": "我也遇到"}),
        "readPublicCase": Request(of_case),
        "changeReport": Request(of_case, body={"receipt": code, "text": "井盖破损，旁边是小学"}, version=1),
        "withdrawReport": Request(of_case, body={"receipt": code}, version=1),
    }


def _of_cases(world: World, new: Case, bare: Case, secret: Case) -> dict[str, Request]:
    of_new = {"number": new.number}
    return {
        "moveCase": Request(
            {**of_new, "move": "file"}, body={"condition": str(world.conditions[0].id)}, version=new.version
        ),
        "moveMany": Request(body={"move": "send_to_verify", "cases": [{"number": new.number, "version": new.version}]}),
        "splitCase": Request(of_new, body={"text": "路灯也不亮"}, version=new.version),
        "nameAccused": Request(of_new, body={"units": [str(world.lights.id)]}, version=new.version),
        "liftSecrecy": Request({"number": secret.number}, body={"text": "不涉及该单位"}, version=secret.version),
        "beginPart": Request(
            {"number": bare.number, "act": "bring_in"},
            body={"unit": str(world.lights.id), "text": "请断开路灯电源", "days": 2},
            version=bare.version,
        ),
        "urge": Request({"number": new.number}, body={"level": "order", "text": "请今天办理"}, version=new.version),
        "setCallRule": Request(body={"area": str(_town(world)), "percent": 30, "most_calls": 2}),
    }


def _close(world: World, case: Case) -> None:
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换井盖")
    pass_check(by=world.viewer("checker"), case_id=case.id)
    close_case(by=world.viewer("desk"), case_id=case.id, text="已更换，请放心通行")


def _town(world: World) -> UUID:
    found = territory().ancestor(world.grids[0].id, "town")
    assert found is not None
    return found.id


def _clock(case: Case) -> UUID:
    found: UUID = case.clocks.get(step="handling").id
    return found
