"""Texts with known classes: from a CSV file, or from the district's own closed cases."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from liuchi.engines.cases.models import Case, Report, State
from liuchi.ground.kernel.errors import RuleBroken

#: Names by which columns are known without being told, in the order in which they are looked for.
CLASS_COLUMNS: Final = ("class", "label", "类别", "小类", "分类", "标签", "一级标签")
OPENING_COLUMNS: Final = ("subject", "title", "主题", "标题")
TEXT_COLUMNS: Final = ("text", "详情", "内容", "描述")
#: How many closed cases are learnt from at most, the newest.
MOST_CASES: Final = 50_000


class LabelledRefused(RuleBroken):
    """The file is not a table of texts with their classes."""

    code = "suggest_file_refused"


class Labelled(NamedTuple):
    """Texts and the class of each, in the same order."""

    texts: list[str]
    labels: list[str]


def read_labelled(path: Path, *, class_column: str = "", text_columns: Sequence[str] = ()) -> Labelled:
    """Return the texts of a CSV file in UTF-8, each column of text on a line of its own.

    Rows without a text or without a class are left out.

    Raises:
        LabelledRefused: it cannot be read, or a column is missing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            names = list(table.fieldnames or ())
            label = class_column or _known(names, CLASS_COLUMNS)
            said = list(text_columns) or [each for each in _of_text(names) if each]
            if label not in names or not said or not set(said) <= set(names):
                raise LabelledRefused(
                    f"{path.name} needs a column of classes ({', '.join(CLASS_COLUMNS)}) and one of texts "
                    f"({', '.join(TEXT_COLUMNS)}); or name yours: --class-column NAME --text-column NAME"
                )
            rows = [
                ("\n".join((row[each] or "").strip() for each in said), (row[label] or "").strip()) for row in table
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelledRefused(f"{path.name} cannot be read: {error}; expected CSV in UTF-8") from error
    kept = [(text, kind) for text, kind in rows if text.strip() and kind]
    return Labelled([text for text, _kind in kept], [kind for _text, kind in kept])


def closed_cases() -> Labelled:
    """Return the first words of each closed case and the name of its class; erased words are not read."""
    first: dict[object, tuple[str, str]] = {}
    newest = Case.objects.filter(state=State.CLOSED, is_secret=False).order_by("-id").values("id")[:MOST_CASES]
    rows = (
        Report.objects.filter(case__in=newest, erased_at=None)
        .order_by("received_at", "id")
        .values_list("case_id", "text", "case__condition__case_class__name")
    )
    for case_id, text, name in rows.iterator():
        if text.strip():
            first.setdefault(case_id, (text, str(name)))
    return Labelled([text for text, _name in first.values()], [name for _text, name in first.values()])


def _known(names: Sequence[str], wanted: Sequence[str]) -> str:
    return next((each for each in wanted if each in names), "")


def _of_text(names: Sequence[str]) -> tuple[str, str]:
    return _known(names, OPENING_COLUMNS), _known(names, TEXT_COLUMNS)
