"""Whom the attack is aimed at, and who attacks: a patient with unmistakable data, and one of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard, NewAppointment
from medibook.appointments.schemas.series import (
    NewSeries,
    SeriesCard,
    SeriesMode,
    SeriesRule,
    SeriesWish,
)
from medibook.appointments.tables import Appointment
from medibook.kernel.db import table_of
from medibook.people import service as people
from medibook.people.schemas import NewDependant, NewPatient, NewPractitioner, Relation
from medibook.people.tables import Practitioner
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import (
    BookingMode,
    FreeTime,
    HeldSlot,
    NewTimeOff,
    SlotWish,
    TimeOffKind,
)
from medibook.scheduling.tables import PractitionerSchedule
from tests.hostile.siege import PASSWORD, Person, Siege, let_in

NAME = "Vera Kanarienvogel"
EMAIL = "vera.canary@siege.example"
PHONE = "+44 20 7946 9731"
STREET = "77 Canary Wharf Lane"
REASON = "canary-reason-51f2"
REQUEST_REASON = "canary-request-88d0"
AWAY = "canary-away-3c7e"
BORN = "1961-07-23"
CHILD = "Kolibri Kanarienvogel"

# What nobody may read who has nothing to do with Vera; a phone number is written in many ways.
CONTACT = ("Kanarienvogel", EMAIL, "7946 9731", "79469731", "7946-9731", STREET, BORN)
# What a visit is about stays between patient and doctor, why a doctor is away is their own, and
# nobody at the clinic rings at a patient's door.
_NOT_FOR_THE_CLINIC = (REASON, REQUEST_REASON, AWAY, STREET)
SECRETS = {
    "practitioner": (REQUEST_REASON,),  # her doctor: not what she asks of another one
    # The front desk finds patients by name and birthday, and rings or writes to them.
    "staff": _NOT_FOR_THE_CLINIC,
    # Admins look at the desk's day and at the visit that is open there, and change nothing.
    "admin": _NOT_FOR_THE_CLINIC,
}
ALL_SECRETS = (*CONTACT, REASON, REQUEST_REASON, AWAY)
NOT_COMPARED = {
    "heartbeat",  # the clinic's own signs of life
    "audit_event", "audit_head",  # the log grows with each attack, and that is its purpose
    # Derived rows: the clinic's own background jobs mend and drop them whenever time passes. That
    # they still say what the true tables say is asked of the whole directory instead.
    "directory_entry", "directory_offer", "directory_kind", "directory_place",
    "directory_listing", "directory_word", "directory_spelling",
}  # fmt: skip


@dataclass(frozen=True)
class Aim:
    """What belongs to others, by the ids under which a socket may ask for it."""

    visit: AppointmentCard
    request: AppointmentCard
    offered: AppointmentCard  # other times are offered for it
    hold: HeldSlot
    series: SeriesCard
    time_off: UUID
    user: UUID
    patient: UUID
    child: UUID
    applicant: UUID

    @property
    def ids(self) -> tuple[str, ...]:
        visits = (self.visit, self.request, self.offered, self.series.visits[0])
        found = (self.hold.hold_id, self.time_off, self.user, self.patient, self.child,
                 self.applicant, self.visit.practitioner_id, self.visit.service_id,
                 self.series.series_id)  # fmt: skip
        return tuple(map(str, (*(visit.appointment_id for visit in visits), *found)))

    @property
    def named(self) -> dict[str, str]:
        """Arguments that are no ids, or that go with one: with these a story is reached."""
        when = {"start": self.visit.starts_at.isoformat(), "end": self.visit.ends_at.isoformat()}
        return {"to": "arrived", "offer": str(self.offered.offers[0].offer_id), **when}

    @property
    def paths(self) -> tuple[str, ...]:
        """A visit of a series, a change of it, and the series: each with everything else of hers."""
        slot, start = _wish(self.hold).address, int(self.hold.starts_at.timestamp())
        asked = urlencode({
            "slot": slot, "on": self.visit.starts_at.date(), "q": "Vera", "role": "patient",
            "next": "//evil.example", "page": 1, "new": 1, "for": self.child, "of": self.child,
            "change": self.child, "patient": self.patient, "who": self.patient,
            "by": self.hold.practitioner_id, "whose": self.visit.practitioner_id,
        })  # fmt: skip
        one, all_ = self.series.visits[0].appointment_id, self.series.series_id
        change = f"/visit/?id={one}&do=move&to={start}&scope=all&start={start}&{asked}"
        return (f"/visit/?id={one}&{asked}", change, f"/visit/?id={all_}&{asked}")


@dataclass(frozen=True)
class Cast:
    """The aim, and the attackers by role."""

    aim: Aim
    attackers: dict[str, Person]
    columns: dict[str, str]  # which column of the matrix a role stands in


def assemble(siege: Siege) -> Cast:
    """Let everybody in, and give Vera two visits, a request and a held time."""
    doctor, other = _doctors(siege, BookingMode.INSTANT)[:2]
    asked = _doctors(siege, BookingMode.REQUEST)[0]
    vera = _patient(siege, NAME, EMAIL, PHONE, STREET, BORN)
    times = siege.free_times(*doctor[1:])
    visit = _book(siege, vera, times[len(times) // 2], REASON)
    hold = _hold(siege, vera, times[len(times) // 2 + 20])
    wanted = siege.free_times(*asked[1:])
    request = _book(siege, vera, wanted[30], REQUEST_REASON)
    offered = _offer(siege, asked[0], _book(siege, vera, wanted[40], REQUEST_REASON), wanted[50])
    treats = siege.perform(let_in, user_id=doctor[0])
    aim = Aim(
        visit, request, offered, hold, _series(siege, vera, times[5]), _away(siege, treats),
        vera.user_id, siege.actor(vera).patient_id, _child(siege, vera),
        _applicant(siege, "vera.applies@siege.example")[1],
    )  # fmt: skip
    own = _applicant(siege, "other.applies@siege.example")[0]
    admin = siege.perform(
        people.create_admin, email="a@siege.example", name="Ada Admin", password=PASSWORD
    )
    desk = siege.perform(
        people.create_staff, email="s@siege.example", name="Sam Desk", password=PASSWORD
    )
    attackers = {
        "stranger": Person("", UUID(int=0)),
        "patient": siege.crowd(1, "Mallory")[0],
        "applicant": siege.perform(let_in, user_id=own),
        "other practitioner": siege.perform(let_in, user_id=other[0]),
        # These may change something of hers: what they do, nobody after them finds as it was.
        "admin": siege.perform(let_in, user_id=admin),
        "staff": siege.perform(let_in, user_id=desk),
        "practitioner": treats,
    }
    siege.settle()  # or the messages would be written during the attack
    columns = {role: role.removeprefix("other ") for role in attackers}
    return Cast(aim, attackers, columns)


def _doctors(siege: Siege, mode: BookingMode) -> list[tuple[UUID, UUID, UUID]]:
    """(account, practitioner, service), one of each practitioner with enough free times."""
    who, plan = table_of(Practitioner), table_of(PractitionerSchedule)
    users = dict(siege.rows(sa.select(who.c.id, who.c.user_id)))
    found = {}
    for practitioner, service in siege.offers(mode):
        if practitioner not in found and len(siege.free_times(practitioner, service)) > 80:
            found[practitioner] = (users[practitioner], practitioner, service)
    assert plan is not None
    return list(found.values())


def _patient(siege: Siege, name: str, email: str, phone: str, street: str, born: str) -> Person:
    new = NewPatient(
        name=name, email=email, phone=phone, address=street, birth_date=born, password=PASSWORD
    )
    user_id, patient_id = siege.perform(people.take_in_patient, new=new)
    return Person(siege.perform(let_in, user_id=user_id).cookie, user_id, patient_id)


def _applicant(siege: Siege, email: str) -> tuple[UUID, UUID]:
    model = siege.rows(sa.select(table_of(Practitioner).c.location_id).limit(1))[0][0]
    specialty = siege.rows(sa.text("SELECT specialty_id FROM practitioner_specialty LIMIT 1"))[0][0]
    new = NewPractitioner(
        name="Dr Ines Aspirant", email=email, phone="+44 20 7946 0321",
        specialty_ids=(UUID(str(specialty)),), qualifications="MD", licence_number="GMC 1234567",
        years_of_experience=3, languages=("en",), location_id=model, fee_minor=4500,
        fee_currency="GBP", biography="Waits.", password=PASSWORD,
    )  # fmt: skip
    return siege.perform(people.take_in_practitioner, new=new, approved=False)


def _wish(free: FreeTime | HeldSlot) -> SlotWish:
    return SlotWish(
        practitioner_id=free.practitioner_id, service_id=free.service_id, starts_at=free.starts_at
    )


def _hold(siege: Siege, who: Person, free: FreeTime) -> HeldSlot:
    return siege.perform(scheduling.hold_slot, actor=siege.actor(who), wish=_wish(free))


def _book(siege: Siege, who: Person, free: FreeTime, reason: str) -> AppointmentCard:
    held = _hold(siege, who, free)
    new = NewAppointment(hold_id=held.hold_id, reason=reason, booking_key=held.hold_id.hex)
    booked = siege.perform(appointments.book_appointment, actor=siege.actor(who), new=new)
    return siege.perform(appointments.visit, actor=siege.actor(who), appointment_id=booked)


def _offer(
    siege: Siege, user_id: UUID, request: AppointmentCard, free: FreeTime
) -> AppointmentCard:
    doctor = siege.perform(let_in, user_id=user_id)
    return siege.perform(
        appointments.offer_other_times, actor=siege.actor(doctor),
        appointment_id=request.appointment_id, times=[free.starts_at], version=request.version,
    )  # fmt: skip


def _series(siege: Siege, who: Person, free: FreeTime) -> SeriesCard:
    wish = SeriesWish(first=_wish(free), rule=SeriesRule(count=3))
    new = NewSeries(wish=wish, mode=SeriesMode.SKIP, reason=REASON, booking_key="canary-series")
    return siege.perform(appointments.book_series, actor=siege.actor(who), new=new)


def _child(siege: Siege, who: Person) -> UUID:
    born = f"{datetime.now(UTC).year - 8}-03-02"
    new = NewDependant(name=CHILD, birth_date=born, relation=Relation.CHILD)
    return siege.perform(people.add_dependant, actor=siege.actor(who), new=new)


def _away(siege: Siege, doctor: Person) -> UUID:
    day = (datetime.now(UTC) + timedelta(days=50)).date()
    new = NewTimeOff(
        kind=TimeOffKind.DAY_OFF, first_day=day, last_day=date.fromordinal(day.toordinal() + 1),
        zone="Europe/London", reason=AWAY,
    )  # fmt: skip
    kept = siege.perform(scheduling.add_time_off, actor=siege.actor(doctor), new=new)
    return next(row.time_off_id for row in kept.time_off if row.reason == AWAY)


def snapshot(siege: Siege) -> dict[tuple[str, str], str]:
    """Every row of every table as text, by table and key; ids without dashes.

    What was committed before is carried out first: a message written meanwhile is nobody's attack.
    """
    siege.settle()
    found = {}
    with siege.medibook.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in NOT_COMPARED or ("." not in table.fullname and not _is_ours(table)):
                continue
            for row in connection.execute(sa.select(table)).mappings():
                key = repr([row[column] for column in table.primary_key.columns])
                found[table.name, key] = repr(dict(row)).replace("-", "")
    return found


def _is_ours(table: sa.Table) -> bool:
    return any(
        mapper.local_table is table and mapper.class_.__module__.startswith("medibook")
        for mapper in SQLModel._sa_registry.mappers
    )


def foreign_changes(
    before: dict[tuple[str, str], str], after: dict[tuple[str, str], str], own: set[str]
) -> list[str]:
    """Rows that changed, came or went and do not belong to whoever bears one of ``own`` ids."""
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return [
        f"{key[0]}: {before.get(key)} → {after.get(key)}"
        for key in changed
        for versions in [[v for v in (before.get(key), after.get(key)) if v]]
        if not all(any(one in version for one in own) for version in versions)
    ]


def own_ids(siege: Siege, person: Person) -> set[str]:
    """The ids that make a row somebody's own: theirs, and those of the visits that they have now."""
    actor: Any = siege.actor(person)
    visit = table_of(Appointment)
    mine = sa.or_(
        visit.c.patient_id == actor.patient_id, visit.c.practitioner_id == actor.practitioner_id
    )
    visits = [row.id for row in siege.rows(sa.select(visit.c.id).where(mine))]
    found = (actor.user_id, actor.patient_id, actor.practitioner_id, *visits)
    return {one.hex for one in found if one is not None}
