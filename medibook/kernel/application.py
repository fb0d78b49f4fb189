"""The one door: authorise, open one transaction, fix one ``now``, run the story, audit, commit."""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from medibook.kernel import audit, outbox
from medibook.kernel.actor import STRANGER, Actor, system
from medibook.kernel.clock import Clock
from medibook.kernel.db import WriterQueue, begin_options, is_lock_timeout, may_retry
from medibook.kernel.errors import Busy, Forbidden, NotFound, Refusal, TooManyAttempts
from medibook.kernel.facts import Fact
from medibook.kernel.ids import Ids
from medibook.kernel.settings import Settings
from medibook.kernel.throttle import Throttle
from medibook.kernel.use_case import Mark, UnitOfWork, mark_of

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("medibook")
_TRIES = 4
# That each door may be tried by a stranger some times over, and be seen to be closed.
STRANGERS_REFUSALS = 2_000
_TEN_MINUTES = timedelta(minutes=10)

Followers = Mapping[type[Fact], Sequence[Callable[..., Any]]]


class Identity(Protocol):
    """Turns session tokens into actors; the people room has it, the root plugs it in."""

    def authenticate(self, uow: UnitOfWork, *, token: str) -> tuple[Actor, bool] | None:
        """Return the actor of a live session, and whether a sign of life is due to be noted."""
        ...

    def keep_alive(self, uow: UnitOfWork, *, session_id: UUID) -> None:
        """Note a sign of life, so that the session does not end from idleness."""
        ...


@dataclass(kw_only=True)
class MediBook:
    """The application: everything that acts, acts through :meth:`perform`."""

    engine: Engine
    clock: Clock
    ids: Ids
    settings: Settings
    throttle: Throttle
    identity: Identity
    in_transaction: Followers
    after_commit: Followers
    on_commit: list[Callable[[Sequence[Fact]], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._writers = WriterQueue(self.engine)

    def actor_for(self, token: str | None, *, active: bool = True) -> Actor:
        """Return who is behind a session token; the stranger when there is none or it has ended.

        ``active``: a person did something; what the server pushes keeps no session alive.
        """
        if not token or len(token) > 200:
            return STRANGER
        with self._transaction(STRANGER, writes=False) as uow:
            found = self.identity.authenticate(uow, token=token)
        if found is None:
            return STRANGER
        actor, due = found
        if active and due and actor.session_id is not None:
            self._keep_alive(actor, actor.session_id)
        return actor

    def _keep_alive(self, actor: Actor, session_id: UUID) -> None:
        try:
            with self._writing(actor) as uow:
                self.identity.keep_alive(uow, session_id=session_id)
                uow.session.commit()
        except Busy:
            log.info("a sign of life waits: somebody else holds the database, and reading goes on")

    def perform(
        self,
        actor: Actor,
        act: Callable[Concatenate[UnitOfWork, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run one use case; returns its answer once it is durable, or raises its Refusal."""
        mark = mark_of(act)
        for attempt in range(1, _TRIES + 1):
            try:
                return self._run(mark, actor, lambda uow: act(uow, *args, **kwargs))
            except (Forbidden, NotFound) as refusal:
                self.refused(actor, mark.name, refusal.code)
                raise
            except DBAPIError as error:
                if is_lock_timeout(error):
                    raise Busy from error
                if attempt == _TRIES or not may_retry(error):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _run(self, mark: Mark, actor: Actor, body: Callable[[UnitOfWork], R]) -> R:
        if not mark.writes:
            with self._transaction(actor, writes=False) as uow:
                return body(uow)
        with self._writing(actor) as uow:
            answer = body(uow)
            self._settle(uow)
            if uow.leaves_a_trace:
                note = uow.note
                audit.append(
                    uow.session,
                    actor,
                    uow.now,
                    action=mark.name,
                    entity_type=note.entity_type,
                    entity_id=note.entity_id,
                    patient_id=note.patient_id,
                    reason=note.reason,
                )
            self._crash_point(f"{mark.name}:before-commit")
            uow.session.commit()
        self._crash_point(f"{mark.name}:after-commit")
        self._announce(uow.facts)
        return answer

    def _transaction(self, actor: Actor, *, writes: bool) -> AbstractContextManager[UnitOfWork]:
        return _Transaction(self, actor, begin_options(writes=writes))

    @contextmanager
    def _writing(self, actor: Actor) -> Iterator[UnitOfWork]:
        with self._writers as patience:
            options = begin_options(writes=True, patience=patience)
            try:
                with _Transaction(self, actor, options) as uow:
                    yield uow
            except DBAPIError as error:
                if is_lock_timeout(error):
                    raise Busy from error
                raise

    def _settle(self, uow: UnitOfWork) -> None:
        """Write each recorded fact and run what follows from it here, until none is left."""
        done = 0
        while done < len(uow.facts):
            fact = uow.facts[done]
            waits = bool(self.after_commit.get(type(fact)))
            outbox.write(uow.session, fact, row_id=uow.new_id(), now=uow.now, waits=waits)
            for follower in self.in_transaction.get(type(fact), ()):
                with uow.acting_as(f"follows {type(fact).__name__}") as follow:
                    follower(follow, fact=fact)
            done += 1

    def _announce(self, facts: Sequence[Fact]) -> None:
        for listener in self.on_commit if facts else ():
            try:
                listener(facts)
            except (
                Exception
            ):  # the commit stands; a listener is a hint (screens, nudges) and may fail
                log.exception("a listener failed after the commit")

    def refused(self, actor: Actor, what: str, why: str, *, entity_id: UUID | None = None) -> None:
        """Leave an audit row of a refusal, in a transaction of its own.

        Of strangers, so many and no more: each row is a write that stays for ever, and anybody who
        asks for pages that do not exist would fill the disk and hold up whoever books.
        """
        if actor.is_stranger:
            try:
                self.throttle.hit(
                    "refused", "strangers", times=STRANGERS_REFUSALS, within=_TEN_MINUTES
                )
            except TooManyAttempts:
                return
        with self._writing(actor) as uow:
            audit.append(
                uow.session, actor, uow.now, action=what[:80], outcome=why[:40], entity_id=entity_id
            )
            uow.session.commit()

    def carry_out_due(self) -> int:
        """Run the effects of committed facts (messages); returns how many there were."""
        worker = system("outbox")
        with self._writing(worker) as uow:
            claimed = outbox.claim_due(uow.session, uow.now)
            uow.session.commit()
        for row_id, fact in claimed:
            self._carry_out(worker, row_id, fact)
        return len(claimed)

    def _carry_out(self, worker: Actor, row_id: UUID, fact: Fact) -> None:
        problem = ""
        try:
            for follower in self.after_commit.get(type(fact), ()):
                self.perform(worker, follower, fact=fact, fact_id=row_id)
        except Exception as error:  # one poisoned fact must not stop the others
            log.exception("the effects of fact %s failed", row_id)
            problem = error.code if isinstance(error, Refusal) else type(error).__name__
        with self._writing(worker) as uow:
            if problem:
                outbox.postpone(uow.session, row_id, uow.now, problem)
            else:
                outbox.finish(uow.session, row_id, uow.now)
            uow.session.commit()

    def _crash_point(self, name: str) -> None:
        if self.settings.crash_at == name:  # a test proves that a killed process loses nothing
            os.kill(os.getpid(), signal.SIGKILL)


class _Transaction(AbstractContextManager[UnitOfWork]):
    """One database transaction with one ``now``; whatever is not committed is rolled back."""

    def __init__(
        self, medibook: MediBook, actor: Actor, options: Mapping[str, str | float]
    ) -> None:
        self._medibook = medibook
        self._actor = actor
        self._options = dict(options)

    def __enter__(self) -> UnitOfWork:
        m = self._medibook
        self._session = Session(m.engine, expire_on_commit=False)
        try:
            self._session.connection(execution_options=self._options)
        except OperationalError:
            self._session.close()
            raise
        return UnitOfWork(self._actor, m.clock.now(), self._session, m.ids, m.settings, m.throttle)

    def __exit__(self, *_: object) -> None:
        self._session.close()


_installed: list[MediBook] = []


def install(medibook: MediBook) -> None:
    """Make ``medibook`` the application that adapters (pages, routes, jobs) speak to."""
    _installed[:] = [medibook]


def current() -> MediBook:
    """Return the installed application."""
    return _installed[0]
