"""Who acts, and the predicates that say who may."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account is for; a stranger has none."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    STAFF = "staff"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who a use case runs for: a person, made from a session, never from a claim; or a machine."""

    role: Role | None = None
    user_id: UUID | None = None
    patient_id: UUID | None = None
    practitioner_id: UUID | None = None
    approved: bool = False
    session_id: UUID | None = None
    name: str = ""
    locale: str = "en"

    @property
    def is_stranger(self) -> bool:
        """Tell whether nobody has signed in."""
        return self.role is None


STRANGER = Actor()


def system(name: str) -> Actor:
    """Return the named machine actor that a job or a follower acts as; never nobody."""
    return Actor(role=Role.SYSTEM, name=name)


class Allow:
    """A predicate over actors, combined with ``|``; its words stand in the role matrix."""

    def __init__(self, words: str, test: Callable[[Actor], bool]) -> None:
        self.words = words
        self._test = test

    def __call__(self, actor: Actor) -> bool:
        """Tell whether ``actor`` may."""
        return self._test(actor)

    def __or__(self, other: "Allow") -> "Allow":
        """Allow whoever either side allows."""
        return Allow(f"{self.words} | {other.words}", lambda a: self(a) or other(a))

    def __repr__(self) -> str:
        """Show the words of the rule."""
        return f"Allow({self.words})"


anyone = Allow("anyone", lambda a: a.role is not Role.SYSTEM)
signed_in = Allow("signed_in", lambda a: a.role not in (None, Role.SYSTEM))
patient = Allow("patient", lambda a: a.role is Role.PATIENT and a.patient_id is not None)
practitioner = Allow("practitioner", lambda a: a.role is Role.PRACTITIONER and a.approved)
applicant = Allow("applicant", lambda a: a.role is Role.PRACTITIONER and not a.approved)
staff = Allow("staff", lambda a: a.role is Role.STAFF)
admin = Allow("admin", lambda a: a.role is Role.ADMIN)
system_only = Allow("system", lambda a: a.role is Role.SYSTEM)
