"""What the OpenAPI document says beside what the framework writes: meanings, which refusals, and examples.

Examples are answers that the suite was given (`examples.json`, written and held to their shapes by its tests).
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from liuchi.doors.api.problems import CONTENT_TYPE

EXAMPLES: Final = Path(__file__).parent / "examples.json"
_JSON: Final = "application/json"
#: What inputs and fields mean where their own place says nothing.
MEANINGS: Final[Mapping[str, str]] = {
    "about_unit": "被举报单位: whom a secret report is about.",
    "account": "Who answers for the key.",
    "act": "What is done.",
    "actor": "Who did it: an account; null for the house and for the public.",
    "actor_kind": "person, system or visitor",
    "address": "地址, as it was said.",
    "answer": "What was said to it.",
    "area": "区划: an area by its id.",
    "area_id": "区划: an area by its id.",
    "areas": "区划: areas by their ids; of a point, from the grid upwards.",
    "asked": "What was asked, or when.",
    "assigned": "When it was given the part.",
    "at": "When it happened.",
    "attempts": "How often it was tried.",
    "below": "Within this area.",
    "call_back_id": "回访: a call-back by its id.",
    "calls": "How many calls were made.",
    "cases": "案件: the cases.",
    "channel": "上报渠道: by which way it was reported.",
    "clock": "时限: a clock by its id.",
    "code": "A code that stays.",
    "condition": "立案条件: a filing condition.",
    "created": "When it was made.",
    "data": "What the line states: ids, codes, numbers and moments, nobody's words.",
    "decided": "When it was decided.",
    "detail": "What to do about it.",
    "document": "The document that says so.",
    "done": "How many are done.",
    "drawn": "When it was drawn.",
    "due": "When it is due 截止时间.",
    "ended": "When it ended; null while it lasts.",
    "entries": "What was said about it, oldest first.",
    "errors": "The inputs at fault.",
    "events": "事件: types of events.",
    "field": "The input, as in the request.",
    "from_state": "环节 before.",
    "given_up": "When no more was tried.",
    "grants": "授权: what it opens where.",
    "happened": "When it happened.",
    "holders": "Who has to act, leads first.",
    "hook": "订阅: a subscription by its id.",
    "id": "Its id.",
    "instance": "What was asked for.",
    "internal_text": "内部意见: for colleagues.",
    "is_done": "Whether it was done.",
    "is_provisional": "暂定: beyond the published calendar.",
    "is_reached": "Whether somebody answered.",
    "is_satisfied": "满意: whether they are satisfied; null where they did not say.",
    "is_sealed": "Whether the line is sealed into the chain already.",
    "is_secret": "举报保密: whether the case is kept from whom it is about.",
    "is_suggested": "Whether it is among those suggested.",
    "is_upheld": "Whether the appeal was upheld.",
    "is_urgent": "紧急: whether its limit runs through nights.",
    "is_withdrawn": "撤回: whether its reporter took it back.",
    "issued": "When it was issued.",
    "items": "The rows of the page.",
    "key": "密钥: a key by its id.",
    "kind": "Of what kind it is.",
    "label": "What people read, in the language of Accept-Language.",
    "last_called": "When somebody called last.",
    "late": "overdue 超时, or soon 即将超时.",
    "latitude": "纬度, degrees, CGCS2000.",
    "left": "How many wait.",
    "level": "级别",
    "line": "日志: the journal line, by its id.",
    "longitude": "经度, degrees, CGCS2000.",
    "major_code": "大类 code.",
    "major_name": "大类 name.",
    "matter": "小类: kind and code.",
    "message": "A delivery by its webhook-id.",
    "method": "How it was taken back.",
    "most_calls": "How often somebody is called at most.",
    "move": "A move by its name.",
    "moves": "Moves, by name or as they happened.",
    "name": "What it is called.",
    "next_try": "When it is tried again.",
    "note": "What it has to do.",
    "number": "案号: the number of a case; of rows of a list of duties or conditions, their place in it.",
    "on": "A day; today without it.",
    "on_behalf_of": "In which capacity: the post, unit, role or key.",
    "order": "step: whose step is due first; promise: what was promised first; newest: taken in last.",
    "organisation": "A unit by its id; null where none narrows it.",
    "organisation_id": "A unit by its id.",
    "parent": "上级区划: the area above, by its id.",
    "part": "协办: a part by its id.",
    "paused": "When it was paused; null while it runs.",
    "percent": "Share in per cent.",
    "place": "区划: the area where it is, by its id.",
    "powers": "权限: what it opens.",
    "public_text": "公开答复: what everybody reads.",
    "q": "Words that all have to stand in it.",
    "rating": "评价: one to five.",
    "reason": "理由: a code.",
    "reasons": "理由: what there is to choose from.",
    "received": "When it came.",
    "recorded": "When it was written down.",
    "refused": "How many were refused.",
    "replayed": "How many are sent once more.",
    "reported": "上报时间",
    "result": "What came of it.",
    "role": "角色, or how it stands to a duty.",
    "run": "批量办理: a bulk move by its id.",
    "run_id": "批量办理: a bulk move by its id.",
    "short_name": "简称",
    "shown": "How they stand.",
    "since": "From this day, or moment, on.",
    "standing": "How it stands.",
    "started": "When it began.",
    "state": "环节: where it stands.",
    "status": "Of HTTP.",
    "step": "环节 that is measured, or urged.",
    "step_due": "环节时限: when whoever has it now has to be done.",
    "stopped": "When it stopped; null while it runs.",
    "supervision_id": "督办: a supervision by its id.",
    "taken_back": "上级部门收回: who above took the matter back.",
    "text": "What was said.",
    "title": "What it is, in words.",
    "to_state": "环节 after.",
    "took_ms": "How long it took, in milliseconds.",
    "town": "镇街: an area by its id.",
    "type": "Of what type it is.",
    "unit": "处置单位: a unit by its id; in lists, its short name.",
    "unit_name": "处置单位",
    "units": "Units by their ids.",
    "until": "Until this day, included.",
    "upload_id": "A file on its way, by its id.",
    "url": "Where it is sent.",
    "version": "Its version, also the ETag.",
    "waiting": "How many wait to be sent.",
    "warns": "When whoever has it is warned.",
    "why": "Why, in the language of Accept-Language.",
}
REFUSALS: Final[Mapping[int, str]] = {
    400: "Not readable 无法读取: no JSON, not UTF-8, or said twice.",
    401: "No key in force 密钥无效.",
    403: "The key does not open this, here 无权办理.",
    404: "There is no such thing, or the key may not know of it 不存在或不可见.",
    405: "The address takes another method 方法不支持.",
    408: "What was sent did not arrive in time 超时.",
    409: "It is not where this starts 环节不符, or the Idempotency-Key was used for something else.",
    411: "Say how long the body is 缺少长度.",
    412: "Somebody changed it meanwhile 版本已变: read it again, then decide.",
    413: "Too much at once 内容过大.",
    415: "Send JSON 类型不支持.",
    422: "Understood, but not acceptable 内容有误: errors names inputs, code the rule.",
    428: "Send If-Match with the ETag that was read 缺少版本.",
    460: "What came is not what was sent 校验和不符: send it again.",
    429: "Too many requests with this key 请求过于频繁: go on after Retry-After seconds.",
}
#: Refusals of what has a body; of what is decided on a version.
_OF_BODIES: Final = {408, 411, 413, 415}
_OF_VERSIONS: Final = {412, 428}
#: Headers by which something is decided on a version, or said in one.
_VERSIONS: Final = {"If-Match", "Tus-Resumable"}
#: What reads, and asks all the same where a case stands.
_READS_BY_STATE: Final = {"suggestClasses", "suggestUnits"}


def describe(document: dict[str, Any]) -> None:
    """Put meanings, refusals that can happen and examples into the document."""
    for shape in document["components"]["schemas"].values():
        for name, said in shape.get("properties", {}).items():
            _mean(name, said)
    known = examples()
    document["components"]["examples"] = {
        f"problem-{status}": {"summary": REFUSALS[int(status)], "value": value}
        for status, value in known.get("problems", {}).items()
    }
    for method, operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            _mean(parameter["name"], parameter)
        _keep_refusals(method, operation)
        _show(operation, known.get(operation["operationId"], {}), known.get("problems", {}))


@cache
def examples() -> dict[str, Any]:
    """Return requests and answers by operation, and problem documents by status under "problems"."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in document["paths"].values():
        yield from methods.items()


def _mean(name: str, said: dict[str, Any]) -> None:
    if not said.get("description") and name in MEANINGS:
        said["description"] = MEANINGS[name]


def _keep_refusals(method: str, operation: dict[str, Any]) -> None:
    """Leave the refusals that an operation can answer, each with its meaning and media type."""
    never = set() if "requestBody" in operation or method != "get" else set(_OF_BODIES)
    if not _VERSIONS & {each["name"] for each in operation.get("parameters", ())}:
        never |= _OF_VERSIONS
    if method == "get" and operation["operationId"] not in _READS_BY_STATE:
        never.add(409)
    answers = operation["responses"]
    for status in [each for each in answers if int(each) >= 400]:
        if int(status) in never:
            del answers[status]
            continue
        answers[status]["description"] = REFUSALS.get(int(status), answers[status].get("description", ""))
        if _JSON in answers[status].get("content", {}):
            answers[status]["content"] = {CONTENT_TYPE: answers[status]["content"][_JSON]}


def _show(operation: dict[str, Any], known: Mapping[str, Any], problems: Mapping[str, Any]) -> None:
    """Put the examples of an operation into it."""
    if "request" in known and _JSON in operation.get("requestBody", {}).get("content", {}):
        operation["requestBody"]["content"][_JSON]["example"] = known["request"]
    for status, answer in operation["responses"].items():
        if int(status) < 400 and "answer" in known and _JSON in answer.get("content", {}):
            answer["content"][_JSON]["example"] = known["answer"]
        elif str(status) in problems and CONTENT_TYPE in answer.get("content", {}):
            answer["content"][CONTENT_TYPE]["examples"] = {
                problems[str(status)]["code"]: {"$ref": f"#/components/examples/problem-{status}"}
            }
