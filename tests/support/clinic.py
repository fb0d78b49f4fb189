"""The cast: Ada and Ben, patients; Dr Cho and Dr Diaz; Eve, admin; Fay, who has applied; Gus at the desk.

``clinic`` is a furnished clinic on each engine, with a clock that stands still until it is turned::

    def test_a_freed_time_is_offered(clinic):
        clinic.at("2026-03-30 08:00")
        clinic.perform(clinic.ada, book_appointment, new=...)
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from medibook.kernel.actor import STRANGER, Actor, Role, system
from medibook.kernel.application import MediBook, install
from medibook.kernel.db import Engine, make_engine
from medibook.kernel.ids import RandomIds
from medibook.kernel.settings import Env, Settings
from medibook.kernel.throttle import Throttle
from medibook.notifications import service as notifications
from medibook.notifications.schemas import MailboxMessage
from medibook.people import service as people
from medibook.people.schemas import NewPatient, NewPractitioner, SignedIn
from medibook.wiring import AFTER_COMMIT
from tests.support.engines import lent_engine, sqlite_url
from tests.support.postgres import Server

# A Monday, one day after the clocks of Europe have gone forward.
START = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
PASSWORD = "violet ladder under seven moons"

DERMATOLOGY = UUID("5bec1a17-0000-4000-8000-000000000001")
CARDIOLOGY = UUID("5bec1a17-0000-4000-8000-000000000002")
LONDON = UUID("10ca7104-0000-4000-8000-000000000001")

# Nothing follows within the transaction: the cast offers only what a test lets it offer.
IN_TRANSACTION: dict[type, list[Callable[..., Any]]] = {}


class TurnableClock:
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


@dataclass(frozen=True)
class Cast:
    """Who is who, once they have been taken in."""

    ada: Actor
    ben: Actor
    cho: Actor
    diaz: Actor
    eve: Actor
    fay: Actor
    gus: Actor


@dataclass
class Clinic:
    """A clinic to tell stories in; everything goes through ``perform``, as in real life."""

    medibook: MediBook
    clock: TurnableClock
    cast: Cast
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ada(self) -> Actor:
        return self.cast.ada

    @property
    def ben(self) -> Actor:
        return self.cast.ben

    @property
    def cho(self) -> Actor:
        return self.cast.cho

    @property
    def diaz(self) -> Actor:
        return self.cast.diaz

    @property
    def eve(self) -> Actor:
        return self.cast.eve

    @property
    def fay(self) -> Actor:
        return self.cast.fay

    @property
    def gus(self) -> Actor:
        return self.cast.gus

    @property
    def stranger(self) -> Actor:
        return STRANGER

    def perform(self, actor: Actor, act: Callable[..., Any], **kwargs: Any) -> Any:
        """Let somebody do something; returns the answer or raises the Refusal."""
        return self.medibook.perform(actor, act, **kwargs)

    def at(self, wall: str) -> Clinic:
        """Turn the clock to an instant in UTC: ``clinic.at("2026-03-30 08:00")``."""
        self.clock.time = datetime.fromisoformat(wall).replace(tzinfo=UTC)
        return self

    def later(self, **span: float) -> Clinic:
        """Turn the clock on: ``clinic.later(minutes=31)``."""
        self.clock.time += timedelta(**span)
        return self

    def work_off(self) -> int:
        """Carry out the effects of every committed fact, as the scheduler does."""
        done = 0
        while count := self.medibook.carry_out_due():
            done += count
        return done

    def mail_to(self, address: str) -> list[MailboxMessage]:
        """What has been sent to an address, the newest first; effects are worked off before."""
        self.work_off()
        return list(self.perform(STRANGER, notifications.mailbox, address=address))

    def link_in_mail_to(self, address: str) -> str:
        """The one-time token in the newest message to an address."""
        newest = next(m for m in self.mail_to(address) if "token=" in m.body)
        return newest.body.split("token=")[1].split()[0]

    def signs_in(self, email: str, password: str = PASSWORD, **kwargs: Any) -> SignedIn:
        """Sign in with a password, as the form does."""
        checked = self.perform(
            STRANGER, people.check_password, email=email, password=password, **kwargs
        )
        return self.perform(STRANGER, people.open_session, checked=checked)

    def proves(self, token: str, password: str = PASSWORD, **kwargs: Any) -> SignedIn:
        """Prove an address by its link and the password that was chosen, as the form does."""
        checked = self.perform(
            STRANGER, people.check_link, token=token, password=password, **kwargs
        )
        return self.perform(STRANGER, people.verify_email, token=token, checked=checked)

    def has_tried(self, client: str, times: int) -> None:
        """Count so many attempts from an address; to make each for real takes a tenth of a second."""
        for _ in range(times):
            self.medibook.throttle.hit("client", client, times=100, within=timedelta(minutes=15))

    def actor(self, token: str) -> Actor:
        """Who is behind a session's token."""
        return self.medibook.actor_for(token)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Look into the database itself, past every rule."""
        with self.medibook.engine.connect() as connection:
            return list(connection.execute(sa.text(statement), values).all())

    def audit(self) -> list[tuple[str, str, str]]:
        """The audit log: (action, outcome, role), in order."""
        return [
            tuple(row)
            for row in self.rows("SELECT action, outcome, role FROM audit_event ORDER BY seq")
        ]


def new_patient(
    name: str = "Nia Novak", email: str = "nia@example.org", **other: Any
) -> NewPatient:
    """What Nia types to register."""
    typed = {
        "name": name,
        "email": email,
        "phone": "+44 20 7946 0123",
        "address": "3 Elm Row\nLondon",
        "birth_date": "1984-05-17",
        "password": PASSWORD,
        **other,
    }
    return NewPatient(**typed)


def new_practitioner(name: str, email: str, **other: Any) -> NewPractitioner:
    """What somebody types to apply."""
    typed = {
        "name": name,
        "email": email,
        "phone": "+44 20 7946 0321",
        "specialty_ids": (DERMATOLOGY,),
        "qualifications": "MB BS, London 2009",
        "licence_number": "GMC 7654321",
        "years_of_experience": 12,
        "languages": ("en", "de"),
        "location_id": LONDON,
        "fee_minor": 4500,
        "fee_currency": "GBP",
        "biography": "Looks closely.",
        "password": PASSWORD,
        **other,
    }
    return NewPractitioner(**typed)


def build(
    url: str, settings: Settings | None = None, *, engine: Engine | None = None
) -> tuple[MediBook, TurnableClock]:
    """The application on a database, with a clock that stands still."""
    clock = TurnableClock()
    medibook = MediBook(
        engine=engine or make_engine(url),
        clock=clock,
        ids=RandomIds(),
        settings=settings or Settings(env=Env.DEMO, db_url=url),
        throttle=Throttle(),
        identity=people.identity,
        in_transaction=IN_TRANSACTION,
        after_commit=AFTER_COMMIT,
    )
    install(medibook)
    return medibook, clock


def furnish(medibook: MediBook) -> Cast:
    """Take in the cast; it is done once per engine and copied for each test."""
    with medibook.engine.begin() as connection:
        _lay_places(connection)
    director = system("casting")

    def patient(name: str, email: str, **other: Any) -> Actor:
        user_id, patient_id = medibook.perform(
            director, people.take_in_patient, new=new_patient(name, email, **other)
        )
        return Actor(role=Role.PATIENT, user_id=user_id, patient_id=patient_id, name=name)

    def practitioner(name: str, email: str, *, approved: bool, **other: Any) -> Actor:
        user_id, practitioner_id = medibook.perform(
            director,
            people.take_in_practitioner,
            new=new_practitioner(name, email, **other),
            approved=approved,
        )
        return Actor(
            role=Role.PRACTITIONER,
            user_id=user_id,
            practitioner_id=practitioner_id,
            approved=approved,
            name=name,
        )

    eve = medibook.perform(
        director,
        people.create_admin,
        email="eve@example.org",
        name="Eve Ekwueme",
        password=PASSWORD,
    )
    gus = medibook.perform(
        director, people.create_staff, email="gus@example.org", name="Gus Grau", password=PASSWORD
    )
    return Cast(
        ada=patient("Ada Abara", "ada@example.org"),
        ben=patient("Ben Brandt", "ben@example.org", locale="de"),
        cho=practitioner("Dr Mina Cho", "cho@example.org", approved=True),
        diaz=practitioner(
            "Dr Luis Diaz", "diaz@example.org", approved=True, specialty_ids=(CARDIOLOGY,)
        ),
        eve=Actor(role=Role.ADMIN, user_id=eve, name="Eve Ekwueme"),
        fay=practitioner("Dr Fay Fuchs", "fay@example.org", approved=False),
        gus=Actor(role=Role.STAFF, user_id=gus, name="Gus Grau"),
    )


def _lay_places(connection: sa.Connection) -> None:
    specialty = sa.table(
        "specialty", sa.column("id", sa.Uuid), *map(sa.column, ("code", "name", "synonyms"))
    )
    location = sa.table(
        "location",
        sa.column("id", sa.Uuid),
        *map(sa.column, ("name", "address", "city", "postcode", "country", "zone", "phone")),
    )
    connection.execute(
        sa.insert(specialty),
        [
            {
                "id": DERMATOLOGY,
                "code": "dermatology",
                "name": "Dermatology",
                "synonyms": "skin, rash",
            },
            {"id": CARDIOLOGY, "code": "cardiology", "name": "Cardiology", "synonyms": "heart"},
        ],
    )
    connection.execute(
        sa.insert(location),
        {
            "id": LONDON,
            "name": "Elm Row",
            "address": "1 Elm Row",
            "city": "London",
            "postcode": "E1 1AA",
            "country": "GB",
            "zone": "Europe/London",
            "phone": "+442079460100",
        },
    )


@pytest.fixture(scope="session")
def sqlite_cast(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Cast]:
    """A furnished SQLite file that tests copy and never open."""
    path = tmp_path_factory.mktemp("cast") / "cast.db"
    shutil.copyfile(sqlite_template, path)
    cast = _furnished(sqlite_url(path))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, cast


@pytest.fixture(scope="session")
def postgresql_cast(postgres: Server, postgresql_template: str) -> tuple[str, Cast]:
    """A furnished PostgreSQL database that tests copy and never open."""
    url = postgres.create(template=postgresql_template)
    return url, _furnished(url)


def _furnished(url: str) -> Cast:
    medibook, _ = build(url)
    cast = furnish(medibook)
    while medibook.carry_out_due():
        pass
    with medibook.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM message"))
    medibook.engine.dispose()
    return cast


@pytest.fixture
def furnished_db(
    request: pytest.FixtureRequest, engine_name: str, tmp_path: Path
) -> Iterator[tuple[str, Cast]]:
    """A database of this test's own with the cast in it, on each engine."""
    with copied(request, engine_name, "cast", tmp_path) as database:
        yield database


@contextlib.contextmanager
def copied(
    request: pytest.FixtureRequest, engine_name: str, which: str, folder: Path
) -> Iterator[tuple[str, Cast]]:
    """A copy of one of the session's furnished databases, gone after the test."""
    template, cast = request.getfixturevalue(f"{engine_name}_{which}")
    if engine_name == "sqlite":
        path = folder / "clinic.db"
        shutil.copyfile(template, path)
        yield sqlite_url(path), cast
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create(template=template)
    yield url, cast
    server.drop(url)


@pytest.fixture
def clinic(furnished_db: tuple[str, Cast]) -> Iterator[Clinic]:
    """The clinic with its cast on a Monday morning, on each engine."""
    url, cast = furnished_db
    with lent_engine(url) as engine:
        medibook, clock = build(url, engine=engine)
        yield Clinic(medibook, clock, cast)
