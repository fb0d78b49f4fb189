"""The shapes that enter and leave the operations room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.notifications.schemas import Channel, MessageState


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Violation(_Shape):
    """Something in the database that must not be: which invariant, and what is wrong with what."""

    invariant: str = Field(description="I1, I2, … as in the documentation")
    what: str = Field(
        description="for the operator; ids and instants, never names or reasons of people"
    )


class DemoAccount(_Shape):
    """An account of the demo clinic that a visitor may use."""

    role: str
    name: str
    email: str
    passphrase: str


class DemoClinic(_Shape):
    """What stands in the demo clinic, and how to get in."""

    accounts: tuple[DemoAccount, ...]
    was_there: bool
    practitioners: int
    patients: int
    visits: int


class Audience(StrEnum):
    """Whom a broadcast is for: people with an account that is active."""

    PATIENTS = "patients"
    EXPECTED = "expected"  # patients with a visit in the next thirty days, or who book for one
    PRACTITIONERS = "practitioners"
    CLINIC = "clinic"  # practitioners, front desk and admins


class BroadcastState(StrEnum):
    """How far a broadcast has come."""

    SCHEDULED = "scheduled"
    DONE = "done"
    STOPPED = "stopped"


class BroadcastWords(_Shape):
    """A broadcast in one language."""

    locale: str
    subject: str = Field(repr=False)
    body: str = Field(repr=False)


class NewBroadcast(_Shape):
    """What an admin wants to tell many people; a language without words gets the first one's."""

    audience: Audience
    location_id: UUID | None = None
    texts: tuple[BroadcastWords, ...]
    send_at: datetime | None = Field(default=None, description="UTC; None: at once")


class BroadcastLine(_Shape):
    """A broadcast in the list: to how many, how far, and what became of its messages."""

    broadcast_id: UUID
    subject: str
    audience: Audience
    state: BroadcastState
    send_at: datetime
    counted: int
    told: int
    sent: int
    failed: int


class ResultLine(_Shape):
    """What became of a broadcast for one reader by one channel."""

    message_id: UUID
    name: str
    to: str = Field(repr=False)
    channel: Channel
    state: MessageState
    problem: str
    at: datetime = Field(description="when it was settled, or is to leave")


class BroadcastResult(_Shape):
    """A page of what became of a broadcast, reader by reader in the order of their names."""

    subject: str
    rows: tuple[ResultLine, ...]
    has_more: bool
