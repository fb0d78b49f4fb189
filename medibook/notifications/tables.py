"""Messages, one row each, with how far they have come."""

from datetime import datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column, instant
from medibook.notifications.schemas import Channel, MessageState, Topic


class Message(Table, table=True):
    """A promised message; the unique key makes that saying it twice sends it once."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("fact_id", "recipient_id", "channel", "kind"),
        sa.Index("ix_message_due", "state", "send_at"),
        sa.Index("ix_message_about_id", "about_id"),
        sa.Index("ix_message_claim", "claim"),
        sa.Index("ix_message_provider_id", "provider_id"),
        sa.Index("ix_message_to", "to", "attempted_at"),
        # To an address without an account, or one of somebody's devices: a key with NULL in it would
        # hold nobody back.
        sa.Index(
            "uq_message_without_account",
            "fact_id",
            "to",
            "channel",
            "kind",
            unique=True,
            sqlite_where=sa.text("recipient_id IS NULL"),
            postgresql_where=sa.text("recipient_id IS NULL"),
        ),
    )

    fact_id: UUID
    kind: str = Field(max_length=60)
    recipient_id: UUID | None = Field(
        default=None,
        foreign_key="user_account.id",
        index=True,
        description="none: a patient without an account, at the address that the clinic has; or a "
        "device, which knows whose it is",
    )
    channel: Channel = Field(sa_type=enum_column(Channel), nullable=False)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    attachment_name: str = Field(default="", max_length=80)
    attachment: str = Field(default="")
    locale: str = Field(max_length=8)
    state: MessageState = Field(
        default=MessageState.PLANNED, sa_type=enum_column(MessageState), nullable=False
    )
    send_at: datetime = instant()
    created_at: datetime = instant(index=True)
    attempts: int = 0
    problem: str = Field(default="", max_length=200)
    topic: Topic = Field(
        default=Topic.ACCOUNT,
        sa_type=enum_column(Topic),
        nullable=False,
        sa_column_kwargs={"server_default": Topic.ACCOUNT.value},
    )
    about_kind: str = Field(
        default="", max_length=24, sa_column_kwargs={"server_default": sa.text("''")}
    )
    about_id: UUID | None = None
    about_mark: str = Field(
        default="", max_length=64, sa_column_kwargs={"server_default": sa.text("''")}
    )
    patient_id: UUID | None = Field(default=None, description="whose visit it is about")
    useful_until: datetime | None = instant(nullable=True)
    claim: UUID | None = Field(
        default=None, description="whose turn it is: who has lost it cannot write the outcome"
    )
    lease_until: datetime | None = instant(nullable=True)
    attempted_at: datetime | None = instant(nullable=True)
    settled_at: datetime | None = instant(nullable=True)
    provider_id: str = Field(
        default="", max_length=120, sa_column_kwargs={"server_default": sa.text("''")}
    )
    provider_state: str = Field(
        default="", max_length=40, sa_column_kwargs={"server_default": sa.text("''")}
    )
    read_at: datetime | None = instant(nullable=True)
    zone: str = Field(
        default="",
        max_length=40,
        sa_column_kwargs={"server_default": sa.text("''")},
        description="on whose wall (IANA) its quiet hours are; empty: it has none of its own",
    )
    unsubscribe: str = Field(
        default="", max_length=300, sa_column_kwargs={"server_default": sa.text("''")}
    )


class MessageSubject(SQLModel, table=True):
    """Something else that a message speaks of than what it is about: one of several visits."""

    __tablename__ = "message_subject"

    message_id: UUID = Field(foreign_key="message.id", primary_key=True)
    about_id: UUID = Field(primary_key=True, index=True)
    about_kind: str = Field(max_length=24)
    mark: str = Field(default="", max_length=64, description="what it says of it; empty: nothing")


class AnswerAddress(Table, table=True):
    """A link in a message that answers without signing in; only the token's hash is kept."""

    __tablename__ = "answer_link"

    token_hash: str = Field(max_length=64, unique=True)
    about_kind: str = Field(max_length=24)
    about_id: UUID = Field(index=True)
    about_mark: str = Field(default="", max_length=64)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    actions: str = Field(max_length=120, description="separated by commas")
    locale: str = Field(max_length=8)
    created_at: datetime = instant()
    expires_at: datetime = instant(index=True)


class MessageWish(SQLModel, table=True):
    """Whether somebody wants messages about a topic by a channel; without a row, as is usual."""

    __tablename__ = "message_wish"

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True)
    topic: Topic = Field(sa_type=enum_column(Topic), primary_key=True)
    channel: Channel = Field(sa_type=enum_column(Channel), primary_key=True)
    is_wanted: bool


class PatientReach(SQLModel, table=True):
    """How a patient without an account wants to be reached, as the front desk has asked them.

    Without a row, as is usual; with an account, it is theirs alone to choose.
    """

    __tablename__ = "patient_reach"

    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True)
    by_email: bool
    by_sms: bool
    wants_reminders: bool = Field(description="also to be asked to come again")
    changed_at: datetime = instant()


class QuietHours(SQLModel, table=True):
    """When somebody's telephone is to stay silent, on their own wall clock."""

    __tablename__ = "quiet_hours"

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True)
    starts: time
    ends: time
    zone: str = Field(max_length=40, description="IANA")


class PhoneCode(SQLModel, table=True):
    """A code that was sent to somebody's number, to prove that they hold it; one at a time, hashed."""

    __tablename__ = "phone_code"

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True)
    number: str = Field(max_length=20, description="E.164")
    code_hash: str = Field(max_length=64)
    expires_at: datetime = instant()
    tries: int = 0


class OptOut(SQLModel, table=True):
    """An address that has said STOP: nothing goes there by this channel, account or not."""

    __tablename__ = "opt_out"

    channel: Channel = Field(sa_type=enum_column(Channel), primary_key=True)
    address: str = Field(max_length=254, primary_key=True)
    since: datetime = instant()


class Heartbeat(SQLModel, table=True):
    """When a job of this clinic has last run, by whichever of its processes."""

    __tablename__ = "heartbeat"

    job: str = Field(max_length=40, primary_key=True)
    beat_at: datetime = instant()


class PushKey(Table, table=True):
    """The key by which push services know this clinic; its private half is sealed with our secret.

    There is one for each secret that the clinic has had; devices know the one of their day.
    """

    __tablename__ = "push_key"

    secret_mark: str = Field(max_length=32, unique=True)
    public_key: str = Field(max_length=100)
    sealed: str = Field(max_length=1000)
    created_at: datetime = instant()


class PushDevice(Table, table=True):
    """A device on which somebody wants to be told that there is a message."""

    __tablename__ = "push_device"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    key_id: UUID = Field(foreign_key="push_key.id")
    endpoint: str = Field(max_length=1000)
    endpoint_hash: str = Field(max_length=64, unique=True)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    label: str = Field(default="", max_length=120)
    created_at: datetime = instant()
    problem: str = Field(default="", max_length=200)
