"""A served clinic that tests attack, kill and start again; everything stays on this machine's loopback.

The demo clinic is seeded and people are let in straight through the services, in this process, on
the database that the served process uses: the attack itself comes through sockets and HTTP alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.clinic.tables import ServiceOffer
from medibook.kernel import application
from medibook.kernel.actor import STRANGER, Role, system, system_only
from medibook.kernel.application import MediBook
from medibook.kernel.crypto import hash_password
from medibook.kernel.db import table_of
from medibook.kernel.outbox import OutboxEvent
from medibook.kernel.settings import Env, Settings
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.operations.service.check import check_invariants
from medibook.operations.service.demo import seed_demo
from medibook.people.access import accounts, patients
from medibook.people.service.registration import new_user
from medibook.people.service.sessions import start_session
from medibook.people.tables import Patient
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import BookingMode, FreeTime
from medibook.scheduling.tables import PractitionerSchedule
from medibook.wiring import build_medibook
from tests.support import browser
from tests.support.engines import ENGINES, sqlite_url
from tests.support.events import apart

READY_SECONDS = 60
PASSWORD = "copper lantern over nine hills"
DIRECTOR = system("siege")
# What a server says when something went wrong that nobody had foreseen.
ALARMS = ("Traceback", "ERROR", "CRITICAL", "unexpected")


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in: their cookie, and who they are."""

    cookie: str
    user_id: UUID
    patient_id: UUID | None = None


with apart():

    @use_case(allow=system_only)
    def crowd(uow: UnitOfWork, *, names: Sequence[str]) -> list[Person]:
        """Make patients who have all signed in; one password hash for all, which is what costs."""
        hashed, people = hash_password(PASSWORD), []
        for name in names:
            address = f"{name.lower().replace(' ', '.')}@siege.example"
            user = accounts.add(uow, new_user(uow, address, Role.PATIENT, name, hashed, "en"))
            user.email_verified_at = uow.now
            row = Patient(
                id=uow.new_id(), user_id=user.id, name=name, phone="+442079460100",
                address="1 Siege Row", birth_date=date(1980, 1, 1),
            )  # fmt: skip
            patients.add_patient(uow, row)
            token = start_session(uow, user, device="", go_to="").token
            people.append(Person(f"mb_session={token}", user.id, row.id))
        return people

    @use_case(allow=system_only)
    def let_in(uow: UnitOfWork, *, user_id: UUID) -> Person:
        """Sign somebody in who has an account."""
        token = start_session(uow, accounts.find(uow, user_id), device="", go_to="").token
        return Person(f"mb_session={token}", user_id)


@dataclass
class Siege:
    """One clinic on a database of its own."""

    data_dir: Path
    db_url: str
    settings: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("-m", "medibook")
    port: int = field(default_factory=browser._free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
        return inherited | {
            "MEDIBOOK_ENV": "demo",
            "MEDIBOOK_DATA_DIR": str(self.data_dir),
            "MEDIBOOK_DB_URL": self.db_url,
            "MEDIBOOK_BASE_URL": self.url,
            **self.settings,
        }

    @cached_property
    def medibook(self) -> MediBook:
        """The application on the same database, in this process."""
        env = Env.DEMO if self.settings.get("MEDIBOOK_ENV") == Env.DEMO else Env.TEST
        installed = list(application._installed)
        try:
            return build_medibook(Settings(env=env, db_url=self.db_url))
        finally:
            application._installed[:] = installed

    def perform(self, act: Any, /, *, actor: Any = DIRECTOR, **words: Any) -> Any:
        return self.medibook.perform(actor, act, **words)

    def actor(self, person: Person) -> Any:
        """Who somebody is, as the clinic finds it out."""
        return self.medibook.actor_for(person.cookie.partition("=")[2])

    def crowd(self, count: int, name: str = "Patient") -> list[Person]:
        return self.perform(crowd, names=[f"{name} Number {n}" for n in range(count)])

    def rows(self, statement: sa.Executable) -> list[Any]:
        """Look into the database itself, past every rule."""
        with self.medibook.engine.connect() as connection:
            return list(connection.execute(statement).all())

    def change(self, statement: sa.Executable) -> None:
        with self.medibook.engine.begin() as connection:
            connection.execute(statement)

    def settle(self) -> None:
        """Come back when what was committed has been carried out, here or by the served process."""
        facts = table_of(OutboxEvent)
        undone = sa.select(facts.c.kind, facts.c.problem).where(facts.c.done_at.is_(None))
        until = time.monotonic() + 60
        while waiting := self.rows(undone):
            assert time.monotonic() < until, waiting
            self.medibook.carry_out_due()
            time.sleep(0.05)

    def violations(self) -> list[Any]:
        """What `medibook check` would say."""
        with Session(self.medibook.engine) as session:
            return list(check_invariants(session, self.medibook.clock.now()))

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "medibook", *arguments],
            cwd=browser.ROOT, env=self.env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self) -> None:
        """Serve, and come back when the clinic is ready for patients."""
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, "run", "--port", str(self.port)],
                cwd=browser.ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"the clinic did not get ready:\n{self.said()[-4000:]}")

    def kill(self) -> None:
        """End it as a power cut would: no handler runs, nothing is closed in order."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            browser._stop(self.process)
        self.medibook.engine.dispose()

    def free_times(self, practitioner_id: UUID, service_id: UUID, days: int = 28) -> list[FreeTime]:
        """What a stranger is offered, the soonest first."""
        board = self.perform(
            scheduling.slot_board, actor=STRANGER,
            practitioner_id=practitioner_id, service_id=service_id, first_day=None, days=days,
        )  # fmt: skip
        return [free for day in board.days for free in day.times]

    def offers(self, mode: BookingMode = BookingMode.INSTANT) -> list[tuple[UUID, UUID]]:
        """Who can be booked in this mode, with the visit types: (practitioner, service)."""
        offer, plan = table_of(ServiceOffer), table_of(PractitionerSchedule)
        return [
            (row.practitioner_id, row.service_id)
            for row in self.rows(
                sa.select(offer)
                .join(plan, plan.c.practitioner_id == offer.c.practitioner_id)
                .where(plan.c.booking_mode == mode)
                .order_by(offer.c.practitioner_id, offer.c.service_id)
            )
        ]

    @property
    def log(self) -> Path:
        return self.data_dir / "served.log"

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def alarms(self) -> list[str]:
        """Lines of the log that no attack may cause; a refused foreign origin is loud by design."""
        lines = self.said().splitlines()
        return [n for n in lines if any(a in n for a in ALARMS) and "engineio.server" not in n]


@contextlib.contextmanager
def besieged(
    request: pytest.FixtureRequest,
    folder: Path,
    engine: str = ENGINES[0],
    *,
    seeded: bool = True,
    **wishes: Any,
) -> Iterator[Siege]:
    """A served clinic on an engine, with the demo's people, for as long as the block runs."""
    browser._built()
    url, drop = _database(request, folder, engine)
    siege = Siege(folder, url, **wishes)
    try:
        if seeded:
            siege.perform(seed_demo)
        siege.start()
        yield siege
    finally:
        siege.stop()
        drop()


def _database(request: pytest.FixtureRequest, folder: Path, engine: str) -> tuple[str, Any]:
    if engine == "sqlite":
        path = folder / "medibook.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return sqlite_url(path), lambda: None
    server = request.getfixturevalue("postgres")
    url = server.create(template=request.getfixturevalue("postgresql_template"))
    return url, lambda: server.drop(url)
