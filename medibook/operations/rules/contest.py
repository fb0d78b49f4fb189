"""The proof's small clinic, and who tries what in it: many people, few times, all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from medibook.kernel.actor import Role
from medibook.operations.rules.chance import Chance, named_id
from medibook.operations.rules.places import BERLIN, GENERAL
from medibook.operations.rules.seeds import (
    ROOMS,
    AccountSeed,
    ClinicSeed,
    PatientSeed,
    PolicySeed,
    PractitionerSeed,
    ServiceSeed,
)
from medibook.people.schemas import ApprovalStatus
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.schemas import BookingMode, SlotWish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

PRACTITIONERS, PATIENTS = 4, 60
# The last one wants to be asked, and offers other times instead.
ASKED = PRACTITIONERS - 1
# Of ten attempts, so many go for the few times that everybody wants.
_WANTED_BY_ALL = 6
_DAYS_AHEAD, _DAYS = 3, 10
_SHORT = ServiceSeed(id=named_id("contest", "short"), name="Short visit", minutes=20)
_LONG = ServiceSeed(
    id=named_id("contest", "long"),
    name="Long visit",
    minutes=30,
    buffer_after_minutes=10,
    pool_id=ROOMS.id,
)


DESK = AccountSeed(
    id=named_id("contest", "desk"), email="desk@scratch.example", name="Desk", role=Role.STAFF
)


class Act(StrEnum):
    """What somebody tries."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    SERIES = "series"
    DEPENDANT = "dependant"
    DESK = "desk"
    OVERBOOK = "overbook"
    ANSWER = "answer"


# What is drawn from; whoever has nothing yet to move, cancel or answer books instead.
_ACTS = (
    *(Act.BOOK,) * 6,
    *(Act.MOVE,) * 3,
    *(Act.CANCEL,) * 3,
    *(Act.SERIES,) * 2,
    *(Act.DEPENDANT,) * 2,
    *(Act.DESK,) * 2,
    Act.OVERBOOK,
    *(Act.ANSWER,) * 3,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: who, what, and which time they are after."""

    act: Act
    patient: PatientSeed
    wish: SlotWish
    wanted_by_all: bool


@dataclass(slots=True)
class Tally:
    """What came of the attempts."""

    attempts: int = 0
    wins: int = 0
    wanted_by_all: int = 0
    won: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another's results in."""
        self.attempts += other.attempts
        self.wins += other.wins
        self.wanted_by_all += other.wanted_by_all
        self.won += other.won
        self.refusals += other.refusals
        self.errors += other.errors


def small_clinic(now: datetime) -> ClinicSeed:
    """Four practitioners who never close, two rooms, sixty patients, and a policy that allows all."""
    admin = AccountSeed(
        id=named_id("contest", "admin"),
        email="admin@scratch.example",
        name="Admin",
        role=Role.ADMIN,
    )
    policy = PolicySeed(
        minimum_notice_minutes=0,
        cancel_cutoff_hours=0,
        open_per_patient=1_000_000,
        late_cancel="allowed",
    )
    place = BERLIN
    return ClinicSeed(
        opened_at=now - timedelta(days=1), places=(place,), specialties=(GENERAL,),
        services=(_SHORT, _LONG), accounts=(admin, DESK), policy=policy, patients=_patients(),
        practitioners=tuple(_practitioner(number) for number in range(PRACTITIONERS)),
    )  # fmt: skip


def attempts(
    worker: int, number: int, today: date, *, round_now: Callable[[], int]
) -> Iterator[Attempt]:
    """What one worker tries, in order.

    ``round_now`` says which round it is for everybody: in each round all workers that book go for
    one and the same time, so that they meet there while it is still free. The rest is scattered.
    """
    drawn = Chance("contest", worker)
    patients = _patients()
    first = datetime.combine(today, time(0), tzinfo=UTC) + timedelta(days=_DAYS_AHEAD)
    for _ in range(number):
        hot = drawn.between(1, 10) <= _WANTED_BY_ALL
        aim = Chance("round", round_now()) if hot else drawn
        wish = SlotWish(
            practitioner_id=_id("practitioner", aim.between(0, PRACTITIONERS - 1)),
            starts_at=first + aim.between(0, _DAYS * 24 * 6) * timedelta(minutes=10),
            service_id=drawn.one_of((_SHORT, _SHORT, _LONG)).id,
        )
        yield Attempt(drawn.one_of(_ACTS), drawn.one_of(patients), wish, hot)


def _id(kind: str, number: int) -> UUID:
    return named_id("contest", kind, number)


def _patients() -> tuple[PatientSeed, ...]:
    return tuple(_patient(number) for number in range(PATIENTS))


def _patient(number: int) -> PatientSeed:
    account = AccountSeed(
        id=named_id("contest", "patient account", number), email=f"patient{number}@scratch.example",
        name=f"Patient {number}", role=Role.PATIENT,
    )  # fmt: skip
    return PatientSeed(
        id=_id("patient", number), account=account, phone=f"+493023125{number:03}",
        address="Scratch", birth_date=date(1980, 1, 1), place=BERLIN,
    )  # fmt: skip


def _practitioner(number: int) -> PractitionerSeed:
    account = AccountSeed(
        id=named_id("contest", "practitioner account", number), role=Role.PRACTITIONER,
        email=f"practitioner{number}@scratch.example", name=f"Practitioner {number}",
    )  # fmt: skip
    always = tuple(
        WeeklyHours(weekday, time(0), time(0), None, None, BERLIN.id, BERLIN.zone)
        for weekday in range(7)
    )
    return PractitionerSeed(
        id=_id("practitioner", number), account=account, slug=f"practitioner-{number}",
        name=account.name, phone=BERLIN.phone, specialties=(GENERAL,), qualifications="",
        licence_number=str(number), years_of_experience=1, languages="en", biography="", place=BERLIN,
        status=ApprovalStatus.APPROVED,
        booking_mode=BookingMode.REQUEST if number == ASKED else BookingMode.INSTANT,
        offers=((_SHORT, 2000), (_LONG, 3000)), hours=always,
    )  # fmt: skip
