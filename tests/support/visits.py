"""The clinic in business: hours, services and bookings, in the words of the front desk.

    def test_a_cancelled_time_is_free_again(open_clinic):
        visit = open_clinic.books("Ada", "Dr Cho", "2026-04-01 09:00")
        open_clinic.cancels("Ada", visit)
        assert "09:00" in open_clinic.free("Dr Cho", "2026-04-01")

Dr Cho sees people in London, Monday to Friday 09:00 to 12:00 and 13:00 to 17:00, for 20 minutes; Dr
Diaz too, for 30 minutes. Times in these words are on the location's wall.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard, NewAppointment
from medibook.clinic import service as clinic_service
from medibook.kernel.actor import Actor, system
from medibook.kernel.errors import Refusal
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import (
    BookingMode,
    HeldSlot,
    HoursRow,
    NewTimeOff,
    SlotBoard,
    SlotWish,
    TimeOffKind,
)
from medibook.wiring import AFTER_COMMIT
from tests.support.clinic import LONDON, Cast, Clinic, build, copied
from tests.support.engines import lent_engine, sqlite_url
from tests.support.postgres import Server

BERLIN = UUID("10ca7104-0000-4000-8000-000000000002")
LORD_HOWE = UUID("10ca7104-0000-4000-8000-000000000003")
NEW_YORK = UUID("10ca7104-0000-4000-8000-000000000004")
ROOMS = UUID("10ca7104-0000-4000-8000-0000000000f1")
ZONES = {
    LONDON: "Europe/London",
    BERLIN: "Europe/Berlin",
    LORD_HOWE: "Australia/Lord_Howe",
    NEW_YORK: "America/New_York",
}
WORKING_WEEK = tuple(
    (weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in (("09:00", "12:00"), ("13:00", "17:00"))
)
_keys = itertools.count(1)


@dataclass
class OpenClinic(Clinic):
    """A clinic in which people book."""

    def who(self, name: str) -> Actor:
        """``"Ada"``, ``"Dr Cho"``, ``"the system"``."""
        if name == "the system":
            return system("test")
        return getattr(self.cast, name.removeprefix("Dr ").lower())

    def doctor(self, name: str) -> UUID:
        found = self.who(name).practitioner_id
        assert found is not None
        return found

    def service(self, name: str) -> UUID:
        """The first visit type that somebody offers."""
        return self.perform(self.who(name), clinic_service.my_services)[0].service_id

    def offers(self, name: str, *, minutes: int, called: str = "", fee: int = 4500) -> UUID:
        """Let somebody offer a visit type; returns its id."""
        called = called or f"Visit of {minutes}"
        cards = self.perform(
            self.who(name),
            clinic_service.offer_service,
            name=called,
            minutes=minutes,
            fee_minor=fee,
            fee_currency="GBP",
        )
        return next(card.service_id for card in cards if card.name == called)

    def opens(
        self,
        name: str,
        week: Sequence[tuple[int, str, str]] = WORKING_WEEK,
        *,
        location: UUID = LONDON,
    ) -> None:
        """Give somebody these weekly hours: (weekday, opens, closes)."""
        schedule = self.perform(self.who(name), scheduling.my_schedule)
        rows = [
            HoursRow(
                weekday=weekday,
                opens=time.fromisoformat(opens),
                closes=time.fromisoformat(closes),
                location_id=location,
            )
            for weekday, opens, closes in week
        ]
        self.perform(self.who(name), scheduling.change_hours, hours=rows, version=schedule.version)

    def is_away(self, name: str, day: str, until: str = "") -> None:
        """Give somebody whole days off."""
        new = NewTimeOff(
            kind=TimeOffKind.DAY_OFF,
            first_day=date.fromisoformat(day),
            last_day=date.fromisoformat(until or day),
            zone="Europe/London",
        )
        self.perform(self.who(name), scheduling.add_time_off, new=new)

    def is_asked(self, name: str) -> None:
        """Let somebody be booked by request."""
        self.perform(self.who(name), scheduling.change_booking_mode, mode=BookingMode.REQUEST)

    def policy(self, **columns: Any) -> None:
        """Change the clinic's rules in the database, as an admin will one day."""
        table = sa.table("policy", sa.column("id"), *map(sa.column, POLICY))
        with self.medibook.engine.begin() as connection:
            connection.execute(sa.delete(table))
            connection.execute(sa.insert(table), {"id": 1, **POLICY, **columns})

    def moment(self, wall: str, zone: str = "Europe/London", *, fold: int = 0) -> datetime:
        """The instant at which a wall shows ``2026-04-01 09:00``."""
        there = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
        return there.astimezone(UTC)

    def wish(self, name: str, wall: str, zone: str = "Europe/London") -> SlotWish:
        return SlotWish(
            practitioner_id=self.doctor(name),
            service_id=self.service(name),
            starts_at=self.moment(wall, zone),
        )

    def holds(self, who: str, doctor: str, wall: str, *, moves: UUID | None = None) -> HeldSlot:
        return self.perform(
            self.who(who), scheduling.hold_slot, wish=self.wish(doctor, wall), moves=moves
        )

    def confirms(
        self, who: str, held: HeldSlot, *, key: str = "", reason: str = ""
    ) -> AppointmentCard:
        new = NewAppointment(
            hold_id=held.hold_id, reason=reason, booking_key=key or f"key-{next(_keys)}"
        )
        booked = self.perform(self.who(who), appointments.book_appointment, new=new)
        return self.perform(self.who(who), appointments.visit, appointment_id=booked)

    def books(self, who: str, doctor: str, wall: str, *, reason: str = "") -> AppointmentCard:
        """Hold a time and book it."""
        return self.confirms(who, self.holds(who, doctor, wall), reason=reason)

    def moves(self, who: str, visit: AppointmentCard, doctor: str, wall: str) -> AppointmentCard:
        """Hold another time for a visit and move it there."""
        held = self.holds(who, doctor, wall, moves=visit.appointment_id)
        return self.perform(
            self.who(who),
            appointments.move_appointment,
            appointment_id=visit.appointment_id,
            hold_id=held.hold_id,
        )

    def cancels(self, who: str, visit: AppointmentCard, reason: str = "") -> AppointmentCard:
        return self.perform(
            self.who(who),
            appointments.cancel_appointment,
            appointment_id=visit.appointment_id,
            reason=reason,
        )

    def board(self, doctor: str, first_day: str, *, days: int = 1, who: str = "") -> SlotBoard:
        return self.perform(
            self.who(who) if who else self.stranger,
            scheduling.slot_board,
            practitioner_id=self.doctor(doctor),
            service_id=self.service(doctor),
            first_day=date.fromisoformat(first_day),
            days=days,
        )

    def free(self, doctor: str, day: str, *, who: str = "") -> list[str]:
        """The free times of a day as the wall shows them."""
        return [
            f"{free.starts_at.astimezone(ZoneInfo(free.zone)):%H:%M}"
            for row in self.board(doctor, day, who=who).days
            for free in row.times
        ]

    def status(self, visit: AppointmentCard) -> str:
        """How a visit stands in the database itself."""
        return self.column("status", visit)

    def column(self, name: str, visit: AppointmentCard) -> Any:
        table = sa.table("appointment", sa.column("id", sa.Uuid), sa.column(name))
        with self.medibook.engine.connect() as connection:
            chosen = sa.select(table.c[name]).where(table.c.id == visit.appointment_id)
            return connection.execute(chosen).scalar_one()

    def overlaps(self) -> list[Any]:
        """Pairs of busy rows of one resource that overlap, found the slow and obvious way."""
        return self.rows(
            "SELECT a.id FROM busy_time a JOIN busy_time b ON a.resource_id = b.resource_id "
            "AND a.id <> b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
            "AND a.overbooked_by IS NULL AND b.overbooked_by IS NULL"
        )


POLICY = {
    "minimum_notice_minutes": 120,
    "horizon_days": 60,
    "cancel_cutoff_hours": 24,
    "late_cancel": "ask-clinic",
    "daily_limit": None,
    "open_per_patient": 10,
    "request_lapses_hours": 72,
    "hold_minutes": 10,
    "grid_minutes": 10,
    "patient_daily_limit": None,
    "reminder_hours": "24,2",
    "change_grace_minutes": 10,
    "waitlist_batch": 1,
}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread; returns each answer, or the Refusal instead."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers[number] = act()
        except (Refusal, SQLAlchemyError) as said:  # an error is no refusal, and no answer either
            answers[number] = said

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def _lay_more_places(connection: sa.Connection) -> None:
    names = ("name", "address", "city", "postcode", "country", "zone", "phone")
    location = sa.table("location", sa.column("id", sa.Uuid), *map(sa.column, names))
    blank = {"address": "1 Side Street", "postcode": "", "phone": "", "country": "XX"}
    for place, zone in ZONES.items():
        if place != LONDON:
            city = zone.split("/")[1].replace("_", " ")
            row = {"id": place, "name": city, "city": city, "zone": zone, **blank}
            connection.execute(sa.insert(location), row)


def add_pool(clinic: Clinic, pool_id: UUID = ROOMS, name: str = "Rooms") -> UUID:
    """A pool of rooms that do for each other, straight into the database, unless it is there."""
    pool = sa.table("room_pool", sa.column("id", sa.Uuid), sa.column("name"), sa.column("kind"))
    with clinic.medibook.engine.begin() as connection:
        if not connection.execute(sa.select(pool.c.id).where(pool.c.id == pool_id)).first():
            row = {"id": pool_id, "name": name, "kind": "room"}
            connection.execute(sa.insert(pool), row)
    return pool_id


def add_room(
    clinic: Clinic, name: str, location: UUID = LONDON, *, pool_id: UUID | None = None
) -> UUID:
    """A room at a location, straight into the database; in the usual pool unless another is named."""
    room = sa.table(
        "room",
        *(sa.column(column, sa.Uuid) for column in ("id", "location_id", "pool_id")),
        sa.column("name"),
    )
    room_id, pool_id = uuid4(), pool_id or add_pool(clinic)
    with clinic.medibook.engine.begin() as connection:
        row = {"id": room_id, "location_id": location, "name": name, "pool_id": pool_id}
        connection.execute(sa.insert(room), row)
    return room_id


def change_service(clinic: Clinic, service_id: UUID, **columns: Any) -> None:
    """Give a visit type buffers or a room, straight in the database."""
    if columns.pop("needs_room", False):
        columns["pool_id"] = add_pool(clinic)
    kinds = {"pool_id": sa.Uuid, "retired_at": sa.DateTime}
    table = sa.table(
        "service",
        sa.column("id", sa.Uuid),
        *(sa.column(name, kinds.get(name)) for name in columns),
    )
    with clinic.medibook.engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == service_id).values(**columns))


@pytest.fixture(scope="session")
def sqlite_open(
    sqlite_cast: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Cast]:
    """The clinic in business, as a SQLite file that tests copy and never open."""
    template, cast = sqlite_cast
    path = tmp_path_factory.mktemp("open") / "open.db"
    shutil.copyfile(template, path)
    _open(sqlite_url(path), cast)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, cast


@pytest.fixture(scope="session")
def postgresql_open(postgres: Server, postgresql_cast: tuple[str, Cast]) -> tuple[str, Cast]:
    """The clinic in business, as a PostgreSQL database that tests copy and never open."""
    template, cast = postgresql_cast
    url = postgres.create(template=template)
    _open(url, cast)
    return url, cast


def _open(url: str, cast: Cast) -> None:
    """Let Dr Cho and Dr Diaz offer a visit type each, and open on weekdays."""
    medibook, clock = build(url)
    medibook.after_commit = AFTER_COMMIT  # as the house itself is wired
    with medibook.engine.begin() as connection:
        _lay_more_places(connection)
    opened = OpenClinic(medibook, clock, cast)
    opened.offers("Dr Cho", minutes=20, called="Skin check")
    opened.offers("Dr Diaz", minutes=30, called="Heart check")
    opened.opens("Dr Cho")
    opened.opens("Dr Diaz")
    medibook.engine.dispose()


@pytest.fixture
def open_clinic(
    request: pytest.FixtureRequest, engine_name: str, tmp_path: Path
) -> Iterator[OpenClinic]:
    """The clinic in business on a Monday morning, on each engine."""
    with (
        copied(request, engine_name, "open", tmp_path) as (url, cast),
        lent_engine(url) as engine,
    ):
        medibook, clock = build(url, engine=engine)
        medibook.after_commit = AFTER_COMMIT  # as the house itself is wired
        yield OpenClinic(medibook, clock, cast)


__all__ = ["OpenClinic", "add_pool", "add_room", "at_once", "change_service", "open_clinic"]
