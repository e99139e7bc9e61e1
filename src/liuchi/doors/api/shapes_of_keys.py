"""What goes in and out about keys."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from liuchi.doors.api.shapes import Given


class GrantOut(Schema):
    """What a key opens somewhere 授权."""

    powers: list[str]
    area: UUID
    organisation: UUID | None
    role: str


class Me(Schema):
    """Who comes in with this key."""

    account: UUID
    username: str = Field(description="Who answers for the key.")
    key: UUID
    name: str = Field(description="What the key is called.")
    expires: datetime = Field(description="When it ends 有效期至.")
    networks: list[str] = Field(description="From where it may come; empty for anywhere.")
    grants: list[GrantOut]


class ExchangeIn(Given):
    """How long the old key lives on."""

    grace_hours: int = Field(24, ge=0, le=168, description="Hours; 0 ends it at once.")


class NewKeyOut(Schema):
    """A key in place of the one that asked 新密钥."""

    key: UUID
    secret: str = Field(description="Told once; send it as Authorization: Bearer …")
    expires: datetime = Field(description="When it ends: when the old one would have.")
    old_key_until: datetime = Field(description="Until when the old one still opens.")
