from pathlib import Path

import pytest
from pytest_django import Settings

from liuchi.engines.cases.suggesting.kept import model_in_use, model_path
from liuchi.engines.cases.suggesting.labelled import closed_cases
from liuchi.engines.cases.suggesting.model import save, train
from liuchi.engines.cases.suggesting.tests.test_model import made_up
from liuchi.engines.cases.testing import MORNING, closed, filed, small_world
from liuchi.ground.kernel.clock import frozen_at


@pytest.mark.django_db
def test_closed_cases_when_read_then_only_those_with_their_class_and_first_words() -> None:
    with frozen_at(MORNING):
        world = small_world()
        filed(world, text="还没有结案")
        case = closed(world, text="东门路灯不亮了")

    assert closed_cases() == (["东门路灯不亮了"], [case.condition.case_class.name] if case.condition else [])


def test_model_in_use_when_trained_anew_then_the_new_one_is_read(settings: Settings, tmp_path: Path) -> None:
    settings.LIUCHI_DATA = tmp_path
    assert model_in_use() is None

    texts, labels = made_up()
    save(train(texts, labels), model_path())
    first = model_in_use()
    save(train([*texts, *["行道树倒了"] * 5], [*labels, *["行道树"] * 5]), model_path())
    second = model_in_use()

    assert first is not None
    assert second is not None
    assert (len(first.labels), len(second.labels)) == (3, 4)
    assert model_in_use() is second


def test_model_in_use_when_the_file_is_damaged_then_there_is_none(settings: Settings, tmp_path: Path) -> None:
    settings.LIUCHI_DATA = tmp_path
    model_path().parent.mkdir()
    model_path().write_bytes(b"PK damaged")

    assert model_in_use() is None
