"""A list without an order is a different list tomorrow."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, get_type_hints

import pytest
from django.apps import apps
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db.models import QuerySet

from liuchi.engines.cases.testing import MORNING, World, dispatched, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.models import Area


def test_model_when_it_has_no_ordering_then_refused() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("liuchi.")]

    assert len(models) > 20
    assert [model._meta.label for model in models if not model._meta.ordering] == []


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


def _given(world: World) -> dict[str, Any]:
    """Return an argument for each name that a query may ask for."""
    case = dispatched(world)
    return {
        "case": case,
        "viewer": world.viewer("desk"),
        "by": world.viewer("desk"),
        "subject_type": "cases.case",
        "subject_id": case.id,
        "place_id": case.place_id,
        "area_id": case.place_id,
        "person_id": world.viewer("resident").person_id,
        "number": case.number,
        "organisation_id": world.water.id,
        "organisation_ids": [world.water.id],
    }


def _queries(sources: list[Any]) -> list[Callable[..., Any]]:
    found: list[Callable[..., Any]] = []
    for source in sources:
        if source.path.startswith("src/liuchi/") and source.path.endswith("/queries.py"):
            for name, function in inspect.getmembers(import_module(source.module), inspect.isfunction):
                own = function.__module__ == source.module and not name.startswith("_")
                if own and get_type_hints(function).get("return") is QuerySet:
                    found.append(function)
    return found


def test_query_when_it_returns_a_list_then_the_list_is_ordered(world: World, sources: list[Any]) -> None:
    queries, loose = _queries(sources), []
    with frozen_at(MORNING):
        given = _given(world)
        for query in queries:
            asked = inspect.signature(query).parameters.values()
            needed = {each.name: given[each.name] for each in asked if each.default is inspect.Parameter.empty}
            if not query(**needed).ordered:
                loose.append(f"{query.__module__}.{query.__name__}")

    assert len(queries) > 5
    assert loose == []


@pytest.mark.django_db
def test_list_when_paged_without_an_order_then_the_tests_fail() -> None:
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Area.objects.order_by(), 5).page(1)
