"""How patients without an account are reached, as the front desk has asked them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.notifications.schemas import Channel, Topic


class Reach(BaseModel):
    """How a patient without an account is to be reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by_email: bool = True
    by_sms: bool = True
    wants_reminders: bool = True

    def wants(self, topic: Topic, channel: Channel) -> bool:
        """Whether they are told of this topic by this channel, as far as they have said."""
        if topic is Topic.REMINDERS and not self.wants_reminders:
            return False
        return self.by_sms if channel is Channel.SMS else self.by_email


class ReachSheet(BaseModel):
    """How a patient is reached, for the front desk; with an account they choose for themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    patient_id: UUID
    name: str
    has_account: bool
    email: str = Field(repr=False)
    phone: str = Field(repr=False)
    locale: str
    reach: Reach
    guardians: tuple[str, ...] = Field(description="who is told as well, each as they choose")
    has_stopped_sms: bool = Field(description="the number has said STOP: nothing overrules that")
