from datetime import timedelta

import pytest

from liuchi.ground.access.models import Account
from liuchi.ground.access.testing import MORNING, Ground, give
from liuchi.ground.exchange.kinds import IMPORT_ENDED
from liuchi.ground.exchange.models import Import
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import reactions
from liuchi.ground.notices.models import Notice
from liuchi.ground.notices.queries import Filters, inbox
from liuchi.ground.notices.templates import LANGUAGES, placeholders, sample
from liuchi.ground.notices.testing import reader

pytestmark = pytest.mark.django_db
REACTION = Reaction("notices.imports", frozenset({IMPORT_ENDED.name}), reactions.follow_import)


@action
def end_import(*, by: Actor, account: Account | None) -> Line:
    """Leave an ended import and its line, as the exchange room does."""
    one = Import.objects.create(
        number="20240912-0001",
        register="tests.toys",
        filename="张三.csv",
        size=1,
        digest="0" * 64,
        language="zh-hans",
        actor_kind="person" if account else "system",
        actor_id=account.id if account else None,
        received_at=MORNING,
    )
    counts = {"created": 90, "changed": 5, "unchanged": 3, "refused": 2}
    data = {"register": "tests.toys", **counts}
    return record(kind=IMPORT_ENDED, by=by, subject_type="exchange.import", subject_id=one.id, data=data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_when_filled_with_its_samples_then_nothing_is_left_open(language: str) -> None:
    for template in reactions.TEMPLATES:
        said = sample(template, language)
        assert placeholders(said.title + said.short + said.long) == set()


def test_import_when_it_ends_then_who_started_it_is_told_how_many_and_not_the_files_name(ground: Ground) -> None:
    with frozen_at(MORNING):
        line = end_import(by=System("exchange"), account=give("registrar", "registrar", ground.district))

        for _ in range(2):
            apply_once(REACTION, line)

        (entry,) = inbox(reader("registrar"), Filters()).entries
    assert entry.title == "Import finished: tests.toys"
    assert "98 rows taken, 2 refused" in entry.text
    assert "张三" not in str(Notice.objects.get().parameters)


def test_import_when_a_command_ran_it_or_long_ago_then_nobody_is_told(ground: Ground) -> None:
    with frozen_at(MORNING):
        by_command = end_import(by=System("exchange"), account=None)
        apply_once(REACTION, by_command)
    with frozen_at(MORNING + reactions.STALE + timedelta(seconds=1)):
        apply_once(REACTION, by_command)

    assert Notice.objects.count() == 0
