"""Classes and filing conditions, and who comes in: what a client has to know before it reports or moves a case."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.paging import Key, Paging, answer_page
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import ClassOut, ConditionOut, Page
from liuchi.engines.cases.models import CaseClass, FilingCondition
from liuchi.engines.cases.queries import classes, conditions

router = Router(tags=["catalogue"])
#: More conditions than any edition of a standard holds.
EVERY = 10_000
Words = Annotated[str, Query(max_length=60, description="Words that all have to stand in it.")]


@router.get("/classes", response=ok(Page[ClassOut]), url_name="api-classes", operation_id="listClasses")
def list_classes(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the classes of matters in force 小类, by kind and code."""
    return answer_page(request, classes(), _class, paging, key=lambda row: (row.kind, row.code, str(row.id)))


@router.get("/conditions", response=ok(Page[ConditionOut]), url_name="api-conditions", operation_id="listConditions")
def list_conditions(request: HttpRequest, paging: Query[Paging], q: Words = "") -> HttpResponse:
    """List filing conditions 立案条件 that hold every word of `q` in class or wording, by class and number."""
    return answer_page(request, conditions(q.replace("\0", ""), EVERY), _condition, paging, key=_by_class)


def _by_class(row: FilingCondition) -> Key:
    return (row.case_class.kind, row.case_class.code, f"{row.number:06d}", str(row.id))


def _class(row: CaseClass) -> dict[str, Any]:
    return {
        "matter": row.matter,
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "major_code": row.major_code,
        "major_name": row.major_name,
    }


def _condition(row: FilingCondition) -> dict[str, Any]:
    return {
        "id": row.id,
        "matter": row.case_class.matter,
        "number": row.number,
        "condition": row.condition,
        "closing": row.closing,
        "limit": row.limit_text,
    }
