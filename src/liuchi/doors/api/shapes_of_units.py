"""What goes out about units and their duties."""

from uuid import UUID

from ninja import Field, Schema

from liuchi.doors.api.shapes import Sparse


class OrganisationOut(Sparse):
    """A unit that cases are given to 处置单位."""

    id: UUID
    code: str
    name: str = Field(examples=["大观区供水服务中心"])
    short_name: str
    kind: str = Field(examples=["centre"])
    area: UUID = Field(description="Where it is registered.")


class OrganisationFull(OrganisationOut):
    """A unit, what stands above it, and what it serves."""

    directed_by: UUID | None = Field(description="管理上级")
    counted_by: UUID | None = Field(description="统计上级")
    serves: list[UUID] = Field(description="Areas that it serves beside its own.")


class DutyOut(Sparse):
    """A unit's side of one item of a list of powers and duties 权责清单."""

    document: str
    number: int = Field(description="Of the item in its list.")
    kind: str = Field(description="basic 基本履职, assist 配合履职, power, delegated", examples=["basic"])
    name: str
    role: str = Field(description="lead 牵头, assist 配合", examples=["lead"])
    note: str = Field(description="What this side has to do.")
    matters: list[str] = Field(description="The classes that the item speaks of.", examples=[["component-0101"]])


class DutyHolderOut(Schema):
    """A unit that has to act in a matter at a place."""

    unit: UUID
    name: str
    role: str = Field(description="lead 牵头, assist 配合", examples=["lead"])
    document: str
    number: int
    note: str


class TakenBackOut(Schema):
    """A department above that took a matter back 上级部门收回."""

    unit: str
    document: str
    method: str


class WhoActs(Schema):
    """Who has to act in a matter at a place, leads first."""

    holders: list[DutyHolderOut]
    taken_back: list[TakenBackOut]
