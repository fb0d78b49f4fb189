"""A clinic of two handlers, served on a real port, so that test_wire can send it real sockets."""

import asyncio
import contextlib
from uuid import UUID

import reflex as rx

from medibook.kernel.actor import Actor, Role, anyone, patient
from medibook.ui.app_state import AppState
from medibook.ui.guard import Guard, allow
from medibook.ui.live import hub
from tests.support.events import kernel

ADA = Actor(role=Role.PATIENT, user_id=UUID(int=1), patient_id=UUID(int=11), name="Ada")
BEN = Actor(role=Role.PATIENT, user_id=UUID(int=2), patient_id=UUID(int=12), name="Ben")
SESSIONS = {"adas": ADA, "bens": BEN}

_life = contextlib.ExitStack()
_life.enter_context(kernel(SESSIONS))  # for as long as the process lives


class Board(AppState, rx.State):
    """A slot board and a patient's name."""

    reader: str = ""
    seen: int = 0

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        self.reader = self._actor().name
        self._follow("practitioner:1")

    @rx.event
    @allow(patient)
    async def book(self) -> None:
        await asyncio.to_thread(hub.publish, "practitioner:1")

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        self.reader, self.seen = self._actor().name, self.seen + 1

    @rx.event
    @allow(anyone)
    async def end_adas_session(self) -> None:
        SESSIONS.pop("adas", None)


app = rx.App(toaster=None, app_wraps={})
app.add_page(lambda: rx.el.p(Board.reader), route="/")
app.add_middleware(Guard())
hub.attach(app)
