"""What goes in and out about webhooks 事件推送, as the OpenAPI document describes it."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from liuchi.doors.api.shapes import Given, Sparse


class EventOut(Sparse):
    """An event that may be subscribed to."""

    type: str = Field(examples=["case.filed"])
    label: str = Field(examples=["立案"])


class HookIn(Given):
    """Where to be told, of what: `areas` narrow those of the key, none means all of them."""

    name: str = Field(min_length=1, max_length=60, examples=["市平台"])
    url: str = Field(
        max_length=1000,
        description="https, port 443, a public address; a token may stand in it, it is kept sealed.",
        examples=["https://hooks.example/liuchi"],
    )
    events: list[str] = Field(min_length=1, max_length=100, examples=[["case.reported", "case.closed"]])
    areas: list[UUID] = Field(default_factory=list, max_length=100)


class HookOut(Sparse):
    """A subscription, and how reaching its receiver goes."""

    id: UUID
    name: str
    url: str
    events: list[str]
    areas: list[UUID]
    state: str = Field(description="active 启用, paused 暂停, stopped 停用 (by the house), removed")
    stopped_because: str = Field(description="gone, failing or key_ended, where it was stopped.")
    failures: int = Field(description="Attempts in a row that did not reach the receiver.")
    next_try: datetime | None = Field(description="When a receiver that was not reached is tried again.")
    waiting: int
    given_up: int
    created: datetime
    version: int


class HookMadeOut(HookOut):
    """A subscription with its secret, which is told once."""

    secret: str | None = Field(
        description="whsec_ and base64; signs as Standard Webhooks 1.0 says. null where the same request came before."
    )


class HookChangedOut(Schema):
    """How a subscription stands after a change."""

    id: UUID
    state: str = Field(description="active 启用, paused 暂停, stopped 停用 (by the house), removed")
    version: int


class DeliveryOut(Sparse):
    """One event as it was sent to this receiver."""

    id: str = Field(description="What the receiver sees as webhook-id.")
    type: str
    happened: datetime
    state: str = Field(description="waiting, sending, sent, dead (given up)")
    attempts: int
    status: int | None = Field(description="What the receiver answered last.")
    error: str = Field(description="A code, where there was no answer.")
    took_ms: int | None
    next_try: datetime | None


class ReplayedOut(Schema):
    """How many deliveries are sent once more."""

    replayed: int
