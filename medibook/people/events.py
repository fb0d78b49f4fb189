"""What happens to accounts."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class AccountRegistered(Fact):
    """Somebody asked for an account; the message carries the link that proves the address."""

    user_id: UUID
    go_to: str = ""


@dataclass(frozen=True, slots=True)
class AddressTakenAgain(Fact):
    """Somebody tried to register an address that has an account; only its owner is told."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordResetAsked(Fact):
    """Somebody asked for a link to set a new password."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordChanged(Fact):
    """The password of an account was changed; its owner is told."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class SignedOutEverywhere(Fact):
    """Somebody has ended their sessions in all browsers, or in all but one."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class PractitionerApplied(Fact):
    """A practitioner's address is proven; the claims await an admin."""

    user_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class PractitionerApproved(Fact):
    """An admin has approved a practitioner, who may now set hours and be booked."""

    user_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class PractitionerAskedBack(Fact):
    """An admin wants to know more before deciding."""

    user_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class PractitionerDeclined(Fact):
    """An admin has declined a practitioner, with a reason."""

    user_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class AccountSuspended(Fact):
    """An admin has suspended an account; its sessions have ended."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class AccountReactivated(Fact):
    """An admin has let a suspended account in again."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class ProfileChanged(Fact):
    """Somebody has changed what others see of them."""

    user_id: UUID
    practitioner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PatientChanged(Fact):
    """A patient was written down, or what is written down of them has changed."""

    patient_id: UUID


@dataclass(frozen=True, slots=True)
class GuardianshipGranted(Fact):
    """Somebody may from now on act for a patient."""

    user_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class GuardianshipEnded(Fact):
    """Somebody may no longer act for a patient."""

    user_id: UUID
    patient_id: UUID
