"""Questions put into SQL once: the same rows as the ORM's, whatever the values."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from pytest_django import DjangoAssertNumQueries

from liuchi.ground.kernel.compiled import A_MOMENT, A_TEXT, AN_ID, Compiled, CompiledObjects

ROWS = ContentType.objects.order_by("id").values_list("id", "model")


def test_compiled_when_asked_with_values_then_answers_as_the_orm_does(db: None) -> None:
    asked = Compiled(ROWS.filter(model=A_TEXT), {"model": A_TEXT})

    for each in ContentType.objects.order_by("id"):
        assert asked.rows(model=each.model) == list(ROWS.filter(model=each.model))
    assert asked.rows(model="case")
    assert asked.rows(model="no such model") == []


def test_compiled_objects_when_asked_then_are_the_orm_s_with_what_is_selected_beside_them(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = Permission.objects.select_related("content_type").order_by("id")
    asked = CompiledObjects(rows.filter(codename=A_TEXT), {"name": A_TEXT})

    for each in rows.order_by("id")[:5]:
        with django_assert_num_queries(1):
            (found,) = asked.objects(name=each.codename)
            assert found.content_type.model == each.content_type.model
        assert (found, found.__dict__.keys()) == (each, each.__dict__.keys())
    assert asked.objects(name="no such thing") == []


def test_compiled_when_limited_then_gives_no_more_rows(db: None) -> None:
    asked = Compiled(ROWS.exclude(model=A_TEXT), {"model": A_TEXT}, is_limited=True)

    assert [asked.rows(model="case", limit=most) for most in (0, 2)] == [[], list(ROWS.exclude(model="case")[:2])]


def test_compiled_when_nothing_can_fit_then_nothing_is_asked(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked = Compiled(ROWS.filter(id__in=[]), {"model": A_TEXT})

    with django_assert_num_queries(0):
        assert asked.rows(model="case") == []


@pytest.mark.parametrize("slots", [{"kind": A_MOMENT}, {"kind": AN_ID, "model": A_TEXT}])
def test_compiled_when_a_stand_in_is_no_parameter_then_says_so(slots: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="kind is no parameter"):
        Compiled(ROWS.filter(model=A_TEXT), slots)
