"""What files may be brought into the figures."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import Column, Number, Text
from liuchi.ground.exchange.registers import Entry, Register, Result, Source, Values
from liuchi.ground.kernel.actors import Actor
from liuchi.insight.figures.actions import POWER, state_figures

_OPTIONAL: Final = ("period", "unit", "note")


def _read(values: Values) -> Values:
    return {**values, **{name: values.get(name) or "" for name in _OPTIONAL}}


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    del source
    return state_figures(by=by, figures=[entry.row for entry in entries])


FIGURES: Final = Register(
    code="figures",
    title=gettext_lazy("Figures that documents state"),
    columns=(
        Column(
            "source",
            gettext_lazy("Source"),
            Text(40, least=1),
            ("seed", "来源", "出处"),
            is_required=True,
            example="S1",
        ),
        Column("area", gettext_lazy("Field"), Text(20, least=1), ("领域",), is_required=True, example="case"),
        Column("item", gettext_lazy("Item"), Text(60, least=1), ("项目", "指标"), is_required=True, example="办结率"),
        Column("value", gettext_lazy("Value"), Number(places=4), ("数值",), is_required=True, example="98.75"),
        Column("unit", gettext_lazy("Unit of measure"), Text(12), ("单位",), example="%"),
        Column("period", gettext_lazy("Period"), Text(30), ("时期", "时间"), example="2021"),
        Column("note", gettext_lazy("Remark"), Text(200), ("备注", "说明")),
    ),
    power=POWER,
    apply=_apply,
    read_row=_read,
    key=lambda row: (row["source"], row["area"], row["item"], row["period"]),
)
