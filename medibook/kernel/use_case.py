"""What a use case is: a story that one actor runs in one transaction, at one fixed instant."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.actor import Actor, Allow, Role, system
from medibook.kernel.errors import Forbidden, SignInNeeded
from medibook.kernel.facts import Fact
from medibook.kernel.ids import Ids
from medibook.kernel.settings import Settings
from medibook.kernel.throttle import Throttle

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class AuditNote:
    """What the running use case wants to be remembered by, besides its own name."""

    entity_type: str = ""
    entity_id: UUID | None = None
    patient_id: UUID | None = None
    reason: str = ""


@dataclass(slots=True)
class UnitOfWork:
    """One transaction: who acts, the one ``now`` (UTC), the session, its facts."""

    actor: Actor
    now: datetime
    session: Session
    ids: Ids
    settings: Settings
    throttle: Throttle
    facts: list[Fact] = field(default_factory=list)
    note: AuditNote = field(default_factory=AuditNote)

    def new_id(self) -> UUID:
        """Draw a new row identity."""
        return self.ids.new_id()

    def new_token(self) -> str:
        """Draw a secret of 256 bits; store only its hash."""
        return self.ids.new_token()

    def record(self, fact: Fact) -> None:
        """Note that something happened; its row and its in-transaction followers commit with it."""
        self.facts.append(fact)

    def audit(
        self,
        entity_type: str,
        entity_id: UUID | None,
        *,
        patient_id: UUID | None = None,
        reason: str = "",
    ) -> None:
        """Say which thing, and whose record, this is about; the audit row will carry it."""
        self.note = AuditNote(entity_type, entity_id, patient_id, reason)

    def lock(self, *keys: UUID) -> None:
        """Let nobody else decide about ``keys`` until this ends; sorted, so no deadlock.

        SQLite's writers are alone anyway; PostgreSQL takes an advisory lock per key.
        """
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for number in sorted({key.int & (2**63 - 1) for key in keys}):
            self.session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})

    def limit(self, what: str, whom: str, *, times: int, within: timedelta) -> None:
        """Count one attempt; raises TooManyAttempts past ``times`` of them ``within``."""
        self.throttle.hit(what, whom, times=times, within=within)

    @property
    def leaves_a_trace(self) -> bool:
        """A person's story always leaves an audit row; a heartbeat's only when it did something."""
        is_machine = self.actor.role is Role.SYSTEM
        return not is_machine or bool(self.facts) or bool(self.note.entity_type)

    @contextmanager
    def acting_as(self, name: str) -> Iterator["UnitOfWork"]:
        """Go on in the same transaction as the named machine actor (followers of a fact)."""
        with self.acting_for(system(name)):
            yield self

    @contextmanager
    def acting_for(self, somebody: Actor) -> Iterator["UnitOfWork"]:
        """Go on in the same transaction as somebody whom the caller has made sure of; rules are theirs."""
        person, self.actor = self.actor, somebody
        try:
            yield self
        finally:
            self.actor = person


@dataclass(frozen=True, slots=True)
class Mark:
    """What the decorator says about a use case."""

    name: str
    allow: Allow
    writes: bool


REGISTRY: dict[str, Mark] = {}

UseCase = Callable[Concatenate[UnitOfWork, P], R]


def use_case(*, allow: Allow) -> Callable[[UseCase[P, R]], UseCase[P, R]]:
    """Mark a story that changes something; it leaves an audit row."""
    return _marked(allow, writes=True)


def query(*, allow: Allow) -> Callable[[UseCase[P, R]], UseCase[P, R]]:
    """Mark a story that only reads; it takes no lock and leaves no audit row."""
    return _marked(allow, writes=False)


def _marked(allow: Allow, *, writes: bool) -> Callable[[UseCase[P, R]], UseCase[P, R]]:
    def decorate(body: UseCase[P, R]) -> UseCase[P, R]:
        mark = Mark(f"{body.__module__.removeprefix('medibook.')}.{body.__name__}", allow, writes)

        @functools.wraps(body)
        def guarded(uow: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> R:
            # Around the body, not in `perform`: it also runs when one story calls another.
            if not allow(uow.actor):
                raise SignInNeeded if uow.actor.is_stranger else Forbidden
            return body(uow, *args, **kwargs)

        guarded.__use_case__ = mark  # type: ignore[attr-defined]  # read back by mark_of
        REGISTRY[mark.name] = mark
        return guarded

    return decorate


def mark_of(act: Callable[..., Any]) -> Mark:
    """Return the mark of ``act``; an unmarked function has no business behind the door."""
    mark = getattr(act, "__use_case__", None)
    if not isinstance(mark, Mark):
        raise TypeError(f"{act!r} is not a use case: mark it with @use_case or @query")
    return mark
