from collections.abc import Iterator
from uuid import UUID

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from structlog.testing import LogCapture

from liuchi.doors.ui.request_log import RequestLogMiddleware

ACCOUNT = UUID(int=7)


@pytest.fixture
def heard() -> Iterator[LogCapture]:
    """Every event of the test, with what is bound around it."""
    before, capture = structlog.get_config(), LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    structlog.configure(**before)


class _Viewer:
    id = ACCOUNT


def test_request_is_told_without_its_query_and_with_its_number(heard: LogCapture) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        structlog.get_logger().info("inside")
        return HttpResponse(status=404)

    request = RequestFactory().get("/cases/1/?code=secret")
    request.resolver_match = resolve("/")
    response = RequestLogMiddleware(view)(request)

    inside, told = heard.entries
    number = response.headers["X-Request-ID"]
    assert (told["event"], told["method"], told["path"], told["status"]) == ("request", "GET", "/cases/1/", 404)
    assert told["account"] is None
    assert told["ms"] >= 0
    assert inside["request"] == told["request"] == number
    assert "secret" not in str(heard.entries)


def test_request_of_somebody_signed_in_names_the_account(heard: LogCapture) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        request.viewer = _Viewer()  # type: ignore[attr-defined]
        return HttpResponse()

    RequestLogMiddleware(view)(RequestFactory().post("/office/", {"phone": "13800138000"}))

    (told,) = heard.entries
    assert told["account"] == str(ACCOUNT)
    assert "13800138000" not in str(told)


def test_question_about_health_is_told_only_to_who_wants_everything(heard: LogCapture) -> None:
    RequestLogMiddleware(lambda _: HttpResponse())(RequestFactory().get("/healthz"))

    (told,) = heard.entries
    assert told["log_level"] == "debug"


def test_request_when_no_page_has_its_address_then_what_was_typed_is_not_told(heard: LogCapture) -> None:
    RequestLogMiddleware(lambda _: HttpResponse(status=404))(RequestFactory().get("/13800138000/"))

    (told,) = heard.entries
    assert (told["path"], told["status"]) == ("(no page)", 404)
