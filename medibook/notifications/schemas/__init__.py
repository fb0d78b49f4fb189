"""The shapes that enter and leave the notifications room."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.notifications.schemas.push import PushTarget


class Channel(StrEnum):
    """The way by which a message travels."""

    EMAIL = "email"
    SMS = "sms"
    IN_APP = "in-app"
    PUSH = "push"


class Topic(StrEnum):
    """What a message is about, as people choose what reaches them how."""

    ACCOUNT = "account"
    VISITS = "visits"
    REMINDERS = "reminders"
    WAITLIST = "waitlist"
    NEWS = "news"


class MessageState(StrEnum):
    """How far a message has come.

    ``attempting`` is committed before the provider is called; a worker that stops in the middle leaves
    ``unknown``, which only the provider's own record, or a person, resolves. ``expired`` never left:
    what it said was no longer true, or no longer of use.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    ATTEMPTING = "attempting"
    ACCEPTED = "accepted"
    RETRY = "retry"
    DEAD = "dead"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class About(BaseModel):
    """What a message speaks of, and a mark of the truth that it tells: a visit's version.

    Right before it leaves, whoever owns the subject is asked whether it is still so; only then
    ``topic`` says what kind of message asks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(max_length=24, description="appointment, waitlist-offer, …")
    about_id: UUID
    mark: str = Field(default="", max_length=64)
    patient_id: UUID | None = None
    topic: Topic | None = None


class NotYet(str):
    """Why a message is not to leave now, and yet may be true later: it waits instead of being dropped."""

    __slots__ = ()


class NewMessage(BaseModel):
    """A message for one person, already in that person's language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact_id: UUID
    kind: str = Field(max_length=60)
    recipient_id: UUID | None
    to: str
    subject: str
    body: str = Field(repr=False)
    attachment_name: str = ""
    attachment: str = Field(default="", repr=False, description="a calendar file, as text")
    locale: str = "en"
    device_of: UUID | None = Field(default=None, description="whose device it is for; no letter")
    phone: str = Field(default="", description="E.164; where the short text goes")
    sms: str = Field(default="", repr=False, description="the short text; empty: no SMS")
    topic: Topic = Topic.ACCOUNT
    about: About | None = None
    names: tuple[About, ...] = Field(
        default=(), description="what else it speaks of; with a mark, that must be so as well"
    )
    send_at: datetime | None = Field(default=None, description="not before; None: at once")
    useful_until: datetime | None = Field(default=None, description="None: as its kind says")
    is_alarm: bool = Field(
        default=False,
        description="for who runs the clinic: by every way, whatever they have chosen",
    )
    zone: str = Field(default="", description="IANA, for quiet hours; empty: the reader's own")
    but_not: frozenset[Channel] = Field(
        default=frozenset(), description="channels by which it has been told already"
    )
    unsubscribe: str = Field(
        default="", repr=False, description="a link that ends messages about this topic"
    )


class TakenBack(BaseModel):
    """A message that was taken back before it left, for whoever tells anew what is still so in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    fact_id: UUID
    recipient_id: UUID | None
    to: str
    names: frozenset[UUID]


class MailboxMessage(BaseModel):
    """A message as the demo's mailbox shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    channel: Channel = Channel.EMAIL
    to: str
    subject: str
    body: str
    attachment_name: str
    attachment: str = Field(default="", repr=False)
    kind: str
    state: str
    created_at: datetime
    send_at: datetime


class Letter(BaseModel):
    """How far a message about something has come; what it says is its reader's alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about_id: UUID
    kind: str
    channel: Channel
    recipient_id: UUID | None
    to: str = Field(repr=False)
    state: MessageState
    problem: str
    read_at: datetime | None

    @property
    def may_have_left(self) -> bool:
        """Whether its reader may know it: it was taken, or nobody can say that it was not."""
        left = (MessageState.ACCEPTED, MessageState.ATTEMPTING, MessageState.UNKNOWN)
        return self.state in left


class Outgoing(BaseModel):
    """A message on its way to a channel; ``to`` is an e-mail address, a number, or a device's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    kind: str
    channel: Channel = Channel.EMAIL
    to: str
    subject: str
    body: str = Field(repr=False)
    attachment_name: str
    attachment: str = Field(repr=False)
    locale: str = "en"
    attempts: int
    created_at: datetime
    attempted_at: datetime | None = None
    unsubscribe: str = Field(default="", description="an address at which one POST ends such mail")
    claim: UUID | None = Field(default=None, description="whose turn it is to look it up")
    taken_ids: frozenset[str] = Field(
        default=frozenset(),
        description="the provider's ids of other messages of ours to this address",
    )
    push: PushTarget | None = Field(default=None, description="only for a device")
    call_before: float | None = Field(
        default=None,
        description="seconds of this machine's running clock; later, somebody else looks after it",
    )


class Outcome(BaseModel):
    """What became of an attempt, as the channel tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sent: Outgoing
    is_accepted: bool = False
    provider_id: str = ""
    problem: str = ""
    is_permanent: bool = False
    is_unknown: bool = False
    is_held: bool = Field(default=False, description="nobody was asked; it counts as no attempt")
    is_gone: bool = Field(default=False, description="there is no such device any more")
    retry_after: timedelta | None = None


class AnswerLink(BaseModel):
    """What a link in a message opens: one subject, one set of actions, until it expires."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link_id: UUID
    about: About
    actions: tuple[str, ...]
    user_id: UUID | None
    locale: str
    expires_at: datetime


class PromiseCounts(BaseModel):
    """How the promised messages stand; what stands in the app alone is not counted.

    ``due`` to ``expired`` are of one day, by when they were to leave; the others of all days.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: int
    waiting: int
    accepted: int
    expired: int
    dead: int
    unknown: int
    overdue: int
    oldest_unsent: datetime | None


class LedgerLine(BaseModel):
    """One promised message as the clinic's people see it: to whom, how far, and why not further.

    Not what it says: that is its reader's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    kind: str
    channel: Channel
    to: str
    state: MessageState
    problem: str
    provider_id: str
    provider_state: str
    attempts: int
    created_at: datetime
    send_at: datetime
    settled_at: datetime | None


class PromiseSheet(BaseModel):
    """The page "Promises": is everything told that was promised?"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    counts: PromiseCounts
    last_beat: datetime | None
    is_silent: bool = Field(description="nobody has delivered anything for too long")
    lines: tuple[LedgerLine, ...]
    has_more: bool
