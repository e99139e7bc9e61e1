"""Finding cases again, and finding out which are alike: search, likely duplicates, and saying “me too”."""

from datetime import date
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import answer, etag, page_after, ranked_key_in
from liuchi.doors.api.cases import CaseState, Key, shown
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page, in_order
from liuchi.doors.api.problems import used_before
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import CaseOut, FoundOut, JoinIn, Page, ReceiptOut
from liuchi.doors.ui.cursors import ranked_text
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.joining import join_case
from liuchi.engines.cases.duplicates.queries import likely_duplicates
from liuchi.engines.cases.models import Channel
from liuchi.engines.cases.queries import case_at_work, public_case, said_with
from liuchi.engines.cases.search.queries import FoundCase, Search, find_cases
from liuchi.ground.kernel.texts import plain_text

router = Router(tags=["cases"])


@router.get("/found", response=ok(Page[FoundOut]), url_name="api-found", operation_id="findCases")
def find(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=60, description="Words, address, number or pinyin 拼音.")],
    state: CaseState | None = None,
    town: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    *,
    paging: Query[Paging],
) -> HttpResponse:
    """Find cases, open or ended 查找案件, the best and newest first, page by page."""
    key, closeness = ranked_key_in(paging.after)
    wanted = Search(
        words=plain(q).strip(),
        state=state or "",
        town_id=town,
        since=since,
        until=until,
        after=key,
        closeness=closeness,
        limit=paging.limit,
    )
    found = find_cases(viewer_in(request), wanted)
    next_text = ranked_text(found.next_key, found.closeness) if found.next_key is not None else ""
    return page_after(request, [_found(case) for case in found.cases], next_text, paging.fields)


@router.get(
    "/{number}/likely-duplicates",
    response=ok(Page[CaseOut]),
    url_name="api-duplicates",
    operation_id="listLikelyDuplicates",
)
def duplicates(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List open cases that are likely the same matter 疑似重复, for the desk of the place; empty once dispatched."""
    viewer = viewer_in(request)
    case = case_at_work(viewer, plain(number))
    # Likeliest first: whoever reads on reads from there.
    ranked = enumerate(likely_duplicates(viewer, case))
    return answer_page(
        request,
        ranked,
        lambda each: shown(each[1].case),
        paging,
        key=in_order,
        headers={"ETag": etag(case.version)},
    )


@router.post(
    "/{number}/joined", response={**ok(ReceiptOut, 201), 200: ReceiptOut}, url_name="api-join", operation_id="joinCase"
)
def join(request: HttpRequest, number: str, given: JoinIn, key: Key) -> HttpResponse:
    """Count somebody in on an open case 我也遇到; they get a receipt of their own and may rate it."""
    viewer = viewer_in(request)
    case = public_case(plain(number), viewer).case
    receipt = join_case(
        by=viewer,
        case_id=case.id,
        token=uuid5(NAMESPACE_URL, f"liuchi:join:{viewer.key_line}:{case.id}:{key}"),
        text=given.text,
        channel=Channel.API,
        name=given.name,
        phone=given.phone,
    )
    if not receipt.is_new and said_with(receipt.code) not in {"", plain_text(given.text)}:
        raise used_before()
    content = {"number": receipt.number, "code": receipt.code, "is_new": receipt.is_new}
    return answer(content, 201 if receipt.is_new else 200)


def _found(case: FoundCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "state": case.state,
        "condition": case.condition_id,
        "title": case.class_name,
        "place": case.place_id,
        "address": case.address,
        "unit": case.unit_name,
        "reported": case.reported_at,
        "ended": case.ended_at,
    }
