"""A browser for tests: signs in as the people of the small world, and lets no unknown template variable pass."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.template import engines
from django.test import Client

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries

BACKEND = "django.contrib.auth.backends.ModelBackend"
CHINESE = "zh-Hans"


class UnknownVariable(AssertionError):
    """A template named something that its view did not give."""


class LoudBlank(str):
    """Stands for "nothing" in templates, and raises as soon as it would be shown."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s" or super().__contains__(str(key))

    def __mod__(self, missing: object) -> str:
        raise UnknownVariable(f"{missing} is unknown in this template")


def browser(username: str = "", language: str = CHINESE) -> Client:
    """Return a browser that speaks `language`, signed in as `username` unless that is empty."""
    client = Client(headers={"accept-language": language})
    if username:
        client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return client


def report_by_page(client: Client, text: str = "井盖坏了", token: UUID | None = None, **values: str) -> tuple[str, str]:
    """Report something through the page and return number and code, as the receipt shows them."""
    client.post("/report/", {"token": str(token or uuid4()), "text": text, **values})
    receipt = client.get("/report/done/").context
    return receipt["number"], receipt["code"]


@pytest.fixture(autouse=True)
def unknown_variables_fail() -> Iterator[None]:
    """Let a template that names something unknown fail its test."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    before, engine.string_if_invalid = engine.string_if_invalid, LoudBlank("%s")
    yield
    engine.string_if_invalid = before


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[World]:  # noqa: ARG001 - opens the database
    """Give the small world; the territory is read once, so that query counts do not depend on the second hand."""
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(MORNING):
        made = small_world()
    queries.territory()
    yield made
    queries.forget()
