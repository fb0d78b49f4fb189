"""Where somebody is reached."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class OwnNumber(BaseModel):
    """A patient's own telephone number, and since when it is proven to be theirs; None: only typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    patient_id: UUID
    number: str
    proven_at: datetime | None


class Recipient(BaseModel):
    """Where a message about a patient goes: an account, or a bare address (``user_id`` is None).

    ``phone``: only a number that is proven to be theirs; "" for one that was only typed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    user_id: UUID | None
    email: str
    locale: str
    is_patient: bool = True
    phone: str = ""
