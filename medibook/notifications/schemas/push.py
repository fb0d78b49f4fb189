"""The shapes of notes on devices: what a browser tells, what its owner sees, where a note goes."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Subscription(BaseModel):
    """What a browser tells of itself so that it can be reached: claims, judged before they are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(repr=False)
    p256dh: str = Field(repr=False)
    auth: str = Field(repr=False)


class Device(BaseModel):
    """A device of somebody's, for them alone; ``mark`` tells their browser whether it is this one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device_id: UUID
    label: str
    since: datetime
    problem: str
    is_current: bool
    mark: str


class Devices(BaseModel):
    """Somebody's devices, and the key that a browser needs to become one; "" where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_key: str
    devices: tuple[Device, ...]


class PushTarget(BaseModel):
    """Where and how a note reaches one device: what its browser has told us, and how long it helps.

    ``tag``: a later note with the same one takes the earlier one's place. ``key_id``: of which of our
    keys the device knows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(repr=False)
    p256dh: str = Field(repr=False)
    auth: str = Field(repr=False)
    key_id: UUID
    lasts: timedelta
    tag: str
