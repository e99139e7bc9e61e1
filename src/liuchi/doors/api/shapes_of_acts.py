"""What goes in and out of what happens beside the table of moves: parts, appeals, supervision, calls, reports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field
from pydantic import AwareDatetime

from liuchi.doors.api.shapes import Given, Page, Sparse

LONGEST = 2000
REASON = "A code of the reasons to choose from."


class MadeOut(Sparse):
    """A case that was made of another."""

    number: str
    state: str
    version: int
    line: UUID | None


class PartOut(Sparse):
    """A unit that helps 协办单位, what is asked of it, and how its part stands."""

    id: UUID
    unit: UUID
    unit_name: str
    asked: str = Field(description="What it was asked for.")
    assigned: datetime
    due: datetime | None = Field(description="When its answer is due 协办时限.")
    ended: datetime | None
    outcome: str = Field(description="answered, not_ours, taken_back, lapsed; empty while it lasts.")
    is_disputed: bool = Field(description="The unit says that the part is not its own; somebody decides.")
    said: str = Field(description="What it said then.")
    answer: str
    moves: list[str] = Field(description="What this key may do about it now.")
    decline_until: datetime | None = Field(description="Until when the unit may say that it is not its own.")


class PartsPage(Page[PartOut]):
    """A page of parts, and what this key may do to begin one."""

    begins: list[str] = Field(description="bring_in 加派, call_in 首接协同, ask_for 请求协办")


class BeginPartIn(Given):
    """Which unit is to help, and with what."""

    unit: UUID
    text: str = Field(max_length=300, min_length=1, examples=["请协助核对地下管线图"])
    days: int | None = Field(None, ge=1, le=60, description="Working days; without, as long as the lead had.")


class PartIn(Given):
    """What is done about a part."""

    reason: str = Field("", max_length=30, description="With decline_part and reject_part.")
    text: str = Field("", max_length=LONGEST, description="Needed with all but uphold_part.")


class AppealOut(Sparse):
    """A unit's word against a time-out 超时申诉, and what was decided; the words stand in the moves."""

    number: str
    clock: UUID
    unit: UUID
    unit_name: str
    asked: datetime
    reason: str
    text: str
    decided: datetime | None
    is_upheld: bool | None
    answer: str


class AppealIn(Given):
    """Why a time-out was not the unit's doing."""

    reason: str = Field(max_length=30, description=f"{REASON} See reasons of appeals.", examples=["no_access"])
    text: str = Field(min_length=1, max_length=LONGEST)


class DecisionIn(Given):
    """What is decided on an appeal."""

    is_upheld: bool = Field(description="True 申诉成立: the time-out is left out of the unit's rate.")
    text: str = Field("", max_length=LONGEST, description="Needed where it is not upheld.")


class SaidOut(Sparse):
    """One thing that was said about a supervision."""

    said: str = Field(description="answer 回复, accept 认可, send_back 退回, withdraw 撤回")
    text: str
    at: datetime


class SupervisionOut(Sparse):
    """A reminder 催办, an order 督办, or a yellow or red card 黄牌/红牌."""

    id: UUID
    number: str = Field(description="Of the case.")
    level: str = Field(description="reminder, order, yellow, red", examples=["order"])
    standing: str = Field(description="open, answered, accepted, raised, settled, withdrawn")
    origin: str = Field(description="rule, hand, reporter")
    unit: UUID | None = Field(description="Who was urged; null for the office whose step it is.")
    step: str
    text: str
    is_urgent: bool
    issued: datetime
    answer_due: datetime = Field(description="回复时限; of a reminder, when a harder level may come.")
    ended: datetime | None
    version: int = Field(description="Also the ETag.")


class SupervisionFull(SupervisionOut):
    """A supervision with what was said about it."""

    entries: list[SaidOut]


class UrgeIn(Given):
    """Asking for more haste, or ordering."""

    level: Literal["reminder", "order"] = Field(description="reminder 催办, order 督办")
    text: str = Field("", max_length=LONGEST, description="Needed with an order.")
    unit: UUID | None = Field(None, description="With an order: a unit with a part; without, whoever has the case.")
    answer_by: AwareDatetime | None = Field(None, description="With an order; without, the usual time.")
    receipt: str = Field("", max_length=40, description="回执码: with a reminder of whoever reported the case.")


class SayIn(Given):
    """What is said about a supervision."""

    text: str = Field("", max_length=LONGEST, description="Needed with all but accept.")
    answer_by: AwareDatetime | None = Field(None, description="With send-back; without, the usual time.")


class UrgedOut(Sparse):
    """Where a supervision stands after a change."""

    id: UUID
    number: str
    level: str
    standing: str
    version: int


class CallBackOut(Sparse):
    """A closing that was drawn for a call-back 回访."""

    id: UUID
    number: str
    drawn: datetime
    calls: int = Field(description="Calls made; also the ETag.")
    most_calls: int
    last_called: datetime | None
    result: str = Field(description="solved, not_solved, unreached, lapsed; empty while it waits.")
    is_satisfied: bool | None
    ended: datetime | None


class CallIn(Given):
    """What came of one call."""

    is_reached: bool
    is_solved: bool | None = Field(None, description="Needed where somebody was reached; false reopens it.")
    is_satisfied: bool | None = Field(None, description="Left out where it was not said.")
    text: str = Field("", max_length=LONGEST, description="Their words; needed where it is not solved.")


class CalledOut(Sparse):
    """Where a call-back and its case stand after a call."""

    id: UUID
    number: str
    state: str
    calls: int
    result: str
    version: int = Field(description="Calls made; also the ETag.")


class CallRuleOut(Sparse):
    """Which share of an area's closings is called back 回访比例."""

    id: UUID
    area: UUID
    percent: int
    most_calls: int
    since: datetime


class CallRuleIn(Given):
    """A rule that holds for closings from now on."""

    area: UUID
    percent: int = Field(ge=0, le=100)
    most_calls: int = Field(ge=1, le=5)


class ReportOut(Sparse):
    """What one person said; names and telephones are for people at the desk, with a purpose."""

    id: UUID
    text: str
    matter: str = Field(description="The class that the reporter chose; empty for none.")
    channel: str
    received: datetime
    is_joined: bool = Field(description="我也遇到: said of a case that was there.")
    is_withdrawn: bool
    has_contact: bool | None = Field(description="Whether they left a way to reach them; null where that is kept back.")


class PublicMoveOut(Sparse):
    """What anybody may know of a move."""

    name: str
    at: datetime
    text: str


class PublicCaseOut(Sparse):
    """What anybody may know of a case 公开信息: no words of the reporter, no address, nobody's name."""

    number: str
    state: str
    title: str
    place: str = Field(examples=["第一街道 · 001001社区"])
    reported: datetime
    due: datetime | None
    ended: datetime | None
    rating: int | None
    is_own: bool = Field(description="Whether the receipt is of a report in it.")
    moves: list[PublicMoveOut]
    version: int = Field(description="Also the ETag.")


class ChangeReportIn(Given):
    """What one's own report is to say."""

    receipt: str = Field(max_length=40, description="回执码")
    text: str = Field(max_length=5000)
    address: str | None = Field(None, max_length=200, description="Left out, it stays.")
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    area: UUID | None = None


class WithdrawIn(Given):
    """Taking back what one reported."""

    receipt: str = Field(max_length=40, description="回执码")
    text: str = Field("", max_length=LONGEST)


class WithdrawnOut(Sparse):
    """Where the case stands after somebody took their report back."""

    number: str
    state: str
    version: int
    has_ended: bool = Field(description="Whether the case ended with it; otherwise the matter goes on.")


class SplitIn(Given):
    """One demand of a message 一件多诉."""

    text: str = Field(min_length=1, max_length=5000, description="The demand, in the reporter's words.")


class SecretOut(Sparse):
    """From whom a case is kept 举报保密."""

    number: str
    is_secret: bool
    units: list[UUID] = Field(description="Whom the report is about; they and all under them know nothing of it.")
    version: int


class AccusedIn(Given):
    """Which units a report is about, in place of those named before."""

    units: list[UUID] = Field(min_length=1, max_length=20)
    text: str = Field("", max_length=LONGEST)


class LiftIn(Given):
    """Why a report is about no unit after all."""

    text: str = Field(min_length=1, max_length=LONGEST)
