from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from liuchi.ground.access.testing import MORNING, Ground
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import composing, templates
from liuchi.ground.notices.parameters import CODE, DAY, MOMENT, NUMBER, ParameterRefused
from liuchi.ground.notices.templates import LANGUAGES, TemplateBroken, declare, placeholders, sample, say, topic
from liuchi.ground.notices.testing import PLAIN, SAMPLE, SAMPLES

TEXTS = Path(__file__).parent / "texts"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [*composing.OF_THE_HOUSE, SAMPLE, PLAIN], ids=lambda each: each.code)
@pytest.mark.django_db
def test_template_when_filled_with_its_samples_then_nothing_is_left_open(
    template: templates.Template, language: str
) -> None:
    said = sample(template, language)

    for part in (said.title, said.short, said.long):
        assert part
        assert placeholders(part) == set()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("tests.unknown_place", "{nobody}"),
        ("tests.no_long", "'long' is missing"),
        ("tests.case_in_group", "{number} may not stand in 'group'"),
        ("tests.strange_part", "'body'"),
        ("tests.only_chinese", "no text in en"),
        ("tests.nowhere", "no text in zh-hans"),
        ("tests.plain", "declared already"),
        ("Tests", "no code"),
    ],
)
def test_template_when_its_texts_do_not_fit_then_it_is_refused_when_it_is_read(code: str, says: str) -> None:
    with pytest.raises(TemplateBroken, match=says.replace("{", r"\{").replace("}", r"\}")):
        declare(code, SAMPLES, TEXTS, number=CODE)


def test_texts_when_the_file_is_broken_then_refused(tmp_path: Path) -> None:
    (tmp_path / "zh-hans.toml").write_text("not = = toml", encoding="utf-8")

    with pytest.raises(TemplateBroken, match="cannot be read"):
        declare("tests.broken", SAMPLES, tmp_path)


def test_topic_when_declared_twice_then_refused() -> None:
    with pytest.raises(TemplateBroken):
        topic("tests", "Again")


@pytest.mark.django_db
def test_message_when_said_then_ids_become_names_and_moments_local(ground: Ground) -> None:
    with frozen_at(MORNING):
        kept = SAMPLE.keep(
            {
                "number": "20240912-000001",
                "count": 2,
                "due": MORNING,
                "place": ground.communities[0].id,
                "unit": ground.water.id,
            }
        )
        (chinese,) = say([(SAMPLE.code, kept)], "zh-hans")
        (english,) = say([(SAMPLE.code, kept)], "en")

    assert chinese is not None
    assert english is not None
    assert chinese.long == "20240912-000001 在 001001社区，由 供水中心 于 9月12日 09:00 前办理，共 2 件"
    assert english.title == "20240912-000001, 2"


@pytest.mark.django_db
def test_messages_when_many_are_said_then_names_are_looked_up_together(
    ground: Ground, django_assert_num_queries: object
) -> None:
    def kept(unit: UUID) -> dict[str, str | int]:
        facts = {"number": "1", "count": 2, "due": MORNING, "place": ground.communities[0].id, "unit": unit}
        return SAMPLE.keep(facts)

    ground.communities[0].refresh_from_db()
    say([(SAMPLE.code, kept(ground.water.id))], "en")
    for many in (1, 30):
        with django_assert_num_queries(1):  # type: ignore[operator]
            say([(SAMPLE.code, kept(ground.water.id)), (SAMPLE.code, kept(ground.lights.id))] * many, "en")


@pytest.mark.django_db
def test_message_when_what_it_names_is_gone_then_general_words_stand_there(ground: Ground) -> None:
    facts = {"number": "1", "count": 2, "due": MORNING, "place": uuid4(), "unit": uuid4()}

    (said,) = say([(SAMPLE.code, SAMPLE.keep(facts))], "en")

    assert said is not None
    assert "a place" in said.long
    assert "an organisation" in said.long


def test_message_when_nobody_declares_its_template_any_more_then_it_has_no_words() -> None:
    assert say([("tests.of_yesterday", {"number": "1"})], "en") == [None]


def test_message_when_a_value_looks_like_a_placeholder_then_it_is_not_filled_again() -> None:
    assert templates.fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"number": "1", "more": 2},
        {"number": "张三"},
        {"number": "with space"},
        {"number": 7},
        {"number": "x" * 81},
    ],
)
def test_parameters_when_they_are_not_the_declared_codes_then_refused_without_repeating_them(
    given: dict[str, object],
) -> None:
    with pytest.raises(ParameterRefused) as caught:
        PLAIN.keep(given)

    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NUMBER, "3"),
        (NUMBER, True),
        (NUMBER, 1.5),
        (MOMENT, MORNING.replace(tzinfo=None)),
        (MOMENT, "x"),
        (DAY, MORNING),
    ],
)
def test_parameter_when_of_another_type_then_refused(kind: object, value: object) -> None:
    with pytest.raises(ParameterRefused):
        kind.keep(value)  # type: ignore[attr-defined]


def test_day_when_shown_then_in_words_of_the_language() -> None:
    assert DAY.show([DAY.keep(date(2024, 9, 12))]) == {"2024-09-12": "Sept. 12, 2024"}
