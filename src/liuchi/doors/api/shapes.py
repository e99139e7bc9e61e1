"""What goes in and out, as the OpenAPI document describes it. Chinese terms stand in the descriptions."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, field_validator

#: How a class of matters is named.
MATTER = r"^((component|event)-[0-9]{2,6})?$"


def _none_required(schema: dict[str, Any]) -> None:
    """Say that any field may be left out: `fields` chooses."""
    schema.pop("required", None)


class Sparse(Schema):
    """A row of which `fields` may choose some."""

    model_config = ConfigDict(json_schema_extra=_none_required)


class Given(Schema):
    """What somebody sends; no text holds the character that PostgreSQL cannot hold.

    A name that is not described is refused: what somebody said under it would be lost.
    """

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _without_nul(cls, value: Any) -> Any:
        return value.replace("\0", "") if isinstance(value, str) else value


Row = TypeVar("Row")


class Page(Schema, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next: str | None = Field(description="Address of the next page; null on the last.")


class FaultyInput(Schema):
    """One input that is at fault."""

    field: str
    detail: str


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type: str = Field(description="Address of the explanation of `code`.")
    title: str
    status: int
    code: str = Field(description="Stable, for machines.", examples=["not_found"])
    detail: str = Field(description="What to do about it, in the language of Accept-Language (zh-hans or en).")
    instance: str
    errors: list[FaultyInput] | None = None


class AreaOut(Sparse):
    """An area 区划: district 区, town 镇街, community 社区, grid 网格, and finer tiers."""

    id: UUID
    code: str = Field(description="Statistical or grid code.", examples=["340803001001"])
    name: str = Field(examples=["菱湖社区"])
    kind: str = Field(examples=["community"])
    parent: UUID | None


class Place(Schema):
    """Where a point lies, from the grid upwards."""

    areas: list[AreaOut]


class ClassOut(Sparse):
    """A class of matters 小类, e.g. 0101 上水井盖, under its major class 大类."""

    matter: str = Field(description="Kind and code; duties speak of it so.", examples=["component-0101"])
    kind: str
    code: str
    name: str
    major_code: str
    major_name: str


class ConditionOut(Sparse):
    """A filing condition 立案条件: what must be so, what closes it, how long the unit has."""

    id: UUID
    matter: str
    number: int
    condition: str
    closing: str = Field(description="结案条件")
    limit: str = Field(description="处置时限 as the standard writes it.", examples=["2个工作日"])


class CaseOut(Sparse):
    """A case 案件 as a work-list shows it; nothing tells who reported it."""

    number: str = Field(description="案号", examples=["20261121-000070"])
    state: str = Field(description="环节", examples=["handling"])
    condition: UUID | None = Field(description="立案条件, once filed.")
    title: str | None = Field(description="Name of the class, once filed.")
    place: UUID = Field(description="The finest area known.")
    address: str
    unit: str | None
    due: datetime | None = Field(description="Promised 承诺办结时间")
    is_provisional: bool = Field(description="暂定: beyond the published calendar")
    step_due: datetime | None
    ended: datetime | None
    version: int = Field(description="Also the ETag.")


class ReportIn(Given):
    """What somebody says. Only `text` is needed; a place makes it quicker."""

    text: str = Field(min_length=1, max_length=5000, examples=["菱湖公园北门的井盖不见了"])
    longitude: float | None = Field(None, ge=-180, le=180, description="CGCS2000 degrees; WGS 84 is the same here.")
    latitude: float | None = Field(None, ge=-90, le=90)
    area: UUID | None = Field(None, description="Where no point is known.")
    matter: str = Field("", pattern=MATTER, description="The class, where known.")
    address: str = Field("", max_length=200)
    name: str = Field("", max_length=40, description="Kept sealed.")
    phone: str = Field("", max_length=30, description="Kept sealed.")
    is_secret: bool = Field(False, description="举报: about a unit or its staff, kept from them.")
    about_unit: UUID | None = None
    files: list[UUID] = Field(default=[], max_length=9, description="Uploads of this key that came whole.")


class ReceiptOut(Schema):
    """What a reporter takes away 回执."""

    number: str
    code: str = Field(description="Opens the case for whoever reported it.")
    is_new: bool = Field(description="False when the same report came before.")


class LineOut(Sparse):
    """A line of the journal 日志 about a case: who did what when; words stand in the moves."""

    id: UUID
    kind: str
    happened: datetime
    recorded: datetime
    actor_kind: str
    actor: UUID | None
    on_behalf_of: UUID | None
    place: UUID | None
    data: dict[str, Any]
    is_sealed: bool


class MoveIn(Given):
    """What a move is given. Each takes only what `needs` and `takes` of the open moves name."""

    reason: str | None = Field(None, max_length=300, description="A code of `reasons`; with dispatch, words.")
    text: str | None = Field(
        None, max_length=2000, description="For the reporter or for colleagues, as the move has it."
    )
    internal_text: str | None = Field(None, max_length=2000, description="For colleagues.")
    condition: UUID | None = Field(None, description="立案条件, with file.")
    place: UUID | None = Field(None, description="The area where it is, with file.")
    unit: UUID | None = Field(None, description="牵头单位, with dispatch.")
    support: list[UUID] | None = Field(None, max_length=20, description="配合单位, with dispatch.")
    lead: str | None = Field(None, max_length=20, description="Number of the case that goes on, with merge 并案.")
    until: date | None = Field(None, description="挂账至, with ask_pause.")
    found: bool | None = Field(None, description="Whether it was found on the spot, with verify 核实.")
    rating: int | None = Field(None, ge=1, le=5, description="With rate 评价.")
    receipt: str | None = Field(None, max_length=40, description="回执码, for moves of the reporter.")
    files: list[UUID] | None = Field(None, max_length=9, description="Uploads of this key that came whole.")


class MovedOut(Schema):
    """Where a case stands after a move."""

    number: str
    state: str
    version: int
    line: UUID | None = Field(description="The move's line in the journal; null where nothing changed.")


class ReasonOut(Schema):
    """A reason to choose."""

    code: str
    label: str


class OpenMoveOut(Sparse):
    """A move that this key may make now."""

    name: str
    label: str
    needs: list[str] = Field(description="Inputs without which it is refused.")
    takes: list[str] = Field(description="Every input it knows.")
    reasons: list[ReasonOut]


class PastMoveOut(Sparse):
    """What happened to a case 办理过程."""

    name: str
    at: datetime
    from_state: str
    to_state: str
    unit: str | None
    reason: str
    public_text: str
    internal_text: str
    line: UUID


class ClockOut(Sparse):
    """A clock of a case 时限."""

    id: UUID
    kind: str = Field(description="case 案件 or step 环节")
    step: str
    started: datetime
    warns: datetime
    due: datetime
    is_provisional: bool
    paused: datetime | None
    stopped: datetime | None
    is_overdue: bool | None = Field(description="Judged once stopped.")
    because: str = Field(description="What the deadline follows from.")


class ChosenIn(Given):
    """A case for a bulk move, with the version it was decided on."""

    number: str = Field(max_length=20)
    version: int = Field(ge=1, le=2**31 - 1)


class BulkIn(Given):
    """One move with many cases 批量办理."""

    move: str = Field(description="A move that the table allows with many cases.", examples=["close"])
    cases: list[ChosenIn] = Field(min_length=1, max_length=200)
    unit: UUID | None = Field(None, description="With dispatch.")
    reason: str = Field("", max_length=300)
    text: str = Field("", max_length=2000)


class BulkRow(Sparse):
    """What became of one case."""

    number: str
    state: str
    version: int
    is_done: bool
    why: str = Field(description="Why it was refused; empty while it waits.")


class BulkOut(Schema):
    """How far a bulk move is; send it again under the same Idempotency-Key to go on."""

    run: UUID
    done: int
    refused: int
    left: int
    cases: list[BulkRow]


class JoinIn(Given):
    """Somebody whom the same matter affects 我也遇到."""

    text: str = Field("", max_length=5000)
    name: str = Field("", max_length=40, description="Kept sealed.")
    phone: str = Field("", max_length=30, description="Kept sealed; one telephone counts once.")


class FoundOut(Sparse):
    """A case that a search found, ended ones too."""

    number: str
    state: str
    condition: UUID | None
    title: str | None
    place: UUID
    address: str
    unit: str | None
    reported: datetime
    ended: datetime | None


class SuggestedClassOut(Sparse):
    """A class to file a case by 建议小类; it decides nothing."""

    matter: str = Field(examples=["component-0101"])
    name: str = Field(examples=["上水井盖"])
    why: str = Field(description="What speaks for it, in the language of Accept-Language.")


class SuggestedUnitOut(Sparse):
    """A unit to dispatch a case to 建议处置单位: the likeliest first, then the others of the lists of duties."""

    unit: UUID
    name: str
    role: str = Field(description="lead 牵头 or assist 配合 by a list of duties; empty where none names it.")
    why: str
    reason: str = Field(description="Words that may go with dispatch; empty where somebody has to give their own.")
    is_suggested: bool
    is_sure: bool = Field(description="So likely that the desk has it chosen already.")


class UploadOut(Schema):
    """A file on its way."""

    id: UUID = Field(description="By which a report or a move names it.")
    length: int = Field(description="Of the whole file, in bytes.")
    offset: int = Field(description="How far it has come.")
    is_kept: bool = Field(description="Whether it came whole and was kept.")
    expires: datetime = Field(description="It goes then, unless another piece came or something names it.")
