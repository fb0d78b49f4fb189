"""What every page's state can do: perform use cases, speak the reader's language, stay live.

    class Visits(AppState, rx.State):
        visits: list[VisitCard] = []

        @rx.event
        @allow(patient)                     # who may call it; also turns refusals into self.problem
        async def load(self) -> None:
            self.visits = await self._perform(my_visits)
            self._follow(f"patient:{self._actor().patient_id}")

        @rx.event
        @allow(patient)
        async def refresh(self) -> None:    # called by the hub when a followed topic changes
            self.visits = await self._perform(my_visits)

        @rx.event
        @allow(patient)
        async def cancel(self, visit: str) -> None:      # a claim: parsed before it is used
            await self._perform(cancel_appointment, appointment_id=claimed_id(visit))
            self.visits = await self._perform(my_visits)

On the page: ``rx.cond(Visits.problem, alert(Visits.problem))``; ``Visits.problems["email"]`` holds
a field's own sentence after an Invalid. A handler needs no try: what it raises is said there.
"""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import reflex as rx
from reflex_base.event.context import EventContext

from medibook.kernel.actor import Actor
from medibook.kernel.application import current
from medibook.kernel.use_case import UnitOfWork
from medibook.ui.i18n import Translator, locale_of_path, translator
from medibook.ui.live import hub
from medibook.ui.passage import passage

P = ParamSpec("P")
R = TypeVar("R")


class AppState(rx.State, mixin=True):
    """Mixin of every page's state. Its methods are private: a public one would be a door."""

    problem: str = ""
    problems: dict[str, str] = {}
    busy: bool = False

    async def _perform(
        self,
        use_case: Callable[Concatenate[UnitOfWork, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case for the person at this page; in a thread, so that nobody else waits."""
        actor = self._actor()
        return await asyncio.to_thread(lambda: current().perform(actor, use_case, *args, **kwargs))

    def _actor(self) -> Actor:
        """Who the guard found behind this event; raises when no guard has judged it."""
        return passage().actor

    def _locale(self) -> str:
        """The language of the page's address."""
        return locale_of_path(self.router.url.path)

    def _words(self) -> Translator:
        """The Translator of the page's language, for texts made at run time."""
        return translator(self._locale())

    def _query(self, name: str) -> str:
        """A parameter of the page's address, "" when absent. It is a claim of the browser."""
        # Without NUL: PostgreSQL refuses it even in a question.
        return str(self.router.url.query_parameters.get(name, "")).replace("\0", "")

    def _follow(self, *topics: str) -> None:
        """Hear of ``topics`` by this state's ``refresh`` until the reader goes to another page.

        Replaces what this state followed before; without topics it stops. Topics name ids that a
        use case has just shown to this person: a claimed id would tell when somebody else is busy.
        """
        hub.follow(EventContext.get().token, self.event_handlers["refresh"], topics)
