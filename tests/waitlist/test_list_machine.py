"""The waiting list against a simple model: anybody does anything, and both ask the same people.

``MEDIBOOK_STEPS`` says how many steps in all, on each engine, asking one after the other as well as
three at once; the gate takes some dozens.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from medibook.appointments import service as appointments
from medibook.people import service as people
from medibook.waitlist import access, service
from medibook.waitlist.schemas import NewEntry
from medibook.wiring import IN_TRANSACTION
from tests.support.clinic import build
from tests.support.engines import sqlite_url
from tests.waitlist.model import Entry, Line, Person
from tests.waitlist.queue import WaitingClinic, uuid_of

STEPS = int(os.environ.get("MEDIBOOK_STEPS", "80"))
A_STORY = 40
EVERY = 10
NAMES = ("Ada", "Ben", "Cyd", "Dov", "Eli")
PEOPLE = st.sampled_from(NAMES)
DAY = "2026-04-15"
TIMES = ("09:00", "10:00", "11:00", "12:00", "13:00", "14:00")
WHICH = st.integers(0, 5)


class ListMachine(RuleBasedStateMachine):
    """Everybody at once, one after the other, a second apart."""

    fresh: ClassVar[Callable[[], contextlib.AbstractContextManager[WaitingClinic]]]
    asks_everything: ClassVar[bool] = True
    at_once: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self._exit = contextlib.ExitStack()
        self.clinic = self._exit.enter_context(type(self).fresh())
        self.people = {name: Person(name) for name in NAMES}
        self.line = Line(times=list(TIMES), at_once=self.at_once)
        self.ids: dict[int, UUID] = {}
        self.steps = 0
        self.clinic.policy(
            open_per_patient=1_000, cancel_cutoff_hours=0, waitlist_batch=self.at_once
        )
        for time in TIMES:
            self.line.book(time, "Zoe", self._tick())
            self.clinic.fills("Dr Cho", f"{DAY} {time}")

    def teardown(self) -> None:
        left = self.clinic.violations() if self.asks_everything else []
        self._exit.close()
        assert left == []

    def _tick(self) -> int:
        self.clinic.later(seconds=1)
        return int(self.clinic.clock.time.timestamp())

    def _visit(self, time: str) -> UUID:
        start = self.clinic.moment(f"{DAY} {time}")
        rows = self.clinic.rows(
            "SELECT id, starts_at FROM appointment WHERE status = 'booked' ORDER BY id"
        )
        return next(uuid_of(row.id) for row in rows if str(start)[:16] == str(row.starts_at)[:16])

    # ── joining and leaving ─────────────────────────────────────────────────────────────────

    @rule(who=PEOPLE, earlier=st.booleans())
    def join(self, who: str, earlier: bool) -> None:
        """Whoever was drawn joins, or the next of those who can."""
        others = NAMES[NAMES.index(who) :] + NAMES[: NAMES.index(who)]
        able = [
            name
            for name in others
            if self.line.entry_of(name) is None and not self.people[name].is_suspended
        ]
        if not able:
            return
        who = able[0]
        own = self.line.visits_of(who)
        gives_up = own[-1] if own and earlier else None
        since = self._tick()
        new = NewEntry(
            service_id=self.clinic.notes["service"],
            practitioner_ids=(self.clinic.doctor("Dr Cho"),),
            last_day="2026-04-20",
            replaces_id=self._visit(gives_up) if gives_up else None,
        )
        entry_id = self.clinic.perform(self.clinic.who(who), service.join_waitlist, new=new)
        entry = Entry(self.people[who], since, entry_id.int, gives_up=gives_up)
        self.ids[entry_id.int] = entry_id
        self.line.entries.append(entry)

    @rule(who=PEOPLE)
    def leave(self, who: str) -> None:
        entry = self.line.entry_of(who)
        if entry is not None:
            self._tick()
            self.clinic.leaves(who, self.ids[entry.number])
            self.line.leave(entry)

    @rule(who=PEOPLE, priority=st.integers(0, 2))
    def rank(self, who: str, priority: int) -> None:
        entry = self.line.entry_of(who)
        if entry is not None:
            self._tick()
            how = {"entry_id": self.ids[entry.number], "priority": priority, "reason": "asked"}
            self.clinic.perform(self.clinic.gus, service.change_priority, **how)
            entry.priority = priority

    # ── times that become free, or are taken ────────────────────────────────────────────────

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        taken = sorted(self.line.taken)
        if taken:
            time = taken[which % len(taken)]
            self._tick()
            how = {"appointment_id": self._visit(time), "reason": "it cannot be"}
            self.clinic.perform(self.clinic.gus, appointments.cancel_appointment, **how)
            self.line.free(time)

    @rule(which=WHICH, who=st.sampled_from((*NAMES, "Zoe", "Zoe")))
    def book_at_the_desk(self, which: int, who: str) -> None:
        free = [t for t in TIMES if t not in self.line.taken and t not in self.line.offers]
        if free:
            time = free[which % len(free)]
            at = self._tick()
            self.clinic.books_at_desk(who, "Dr Cho", f"{DAY} {time}")
            self.line.book(time, who, at)

    # ── answers ─────────────────────────────────────────────────────────────────────────────

    def _asked(self, which: int) -> str:
        """One of those who consider an offer."""
        asked = sorted(e.who.name for entries in self.line.offers.values() for e in entries)
        return asked[which % len(asked)]

    @rule(which=WHICH)
    @precondition(lambda self: self.line.offers)
    def accept(self, which: int) -> None:
        who = self._asked(which)
        time = self.line.offer_of(who)
        if time is not None and not self.people[who].is_suspended:
            at = self._tick()
            self.clinic.accepts(who)
            self.line.accept(time, who, at)

    @rule(which=WHICH)
    @precondition(lambda self: self.line.offers)
    def decline(self, which: int) -> None:
        who = self._asked(which)
        time = self.line.offer_of(who)
        if time is not None:
            self._tick()
            self.clinic.declines(who)
            self.line.refuse(time, who)

    @rule(which=WHICH, to=PEOPLE)
    @precondition(lambda self: self.line.offers)
    def give_out_of_turn(self, which: int, to: str) -> None:
        who = self._asked(which)
        time, other = self.line.offer_of(who), self.line.entry_of(to)
        if time is None or other is None or to == who or self.line.offer_of(to):
            return
        self._tick()
        how = {"offer_id": self.clinic.offer_to(who), "entry_id": self.ids[other.number]}
        self.clinic.perform(self.clinic.gus, service.give_out_of_turn, **how, reason="called")
        self.line.offers[time] = [other]

    @rule(who=PEOPLE)
    def suspend_or_let_in(self, who: str) -> None:
        person, user = self.people[who], self.clinic.who(who).user_id
        self._tick()
        if person.is_suspended:
            self.clinic.perform(self.clinic.eve, people.reactivate_account, user_id=user)
        else:
            self.clinic.suspends(who)
        person.is_suspended = not person.is_suspended

    # ── what time does ──────────────────────────────────────────────────────────────────────

    @rule()
    @precondition(lambda self: self.line.offers)
    def nobody_answers(self) -> None:
        """Half an hour passes; after half past seven in the evening, the night as well."""
        due = self._in_the_order_of_the_beat()
        self.clinic.later(minutes=30, seconds=5)
        if self.clinic.clock.time.hour >= 18:
            tomorrow = self.clinic.clock.time + timedelta(days=1)
            self.clinic.clock.time = tomorrow.replace(hour=8, minute=0)
        self.clinic.beat()
        for time in due:
            self.line.lapse(time)

    def _in_the_order_of_the_beat(self) -> list[str]:
        """The times that are offered now, as the beat will come to them."""
        rows = self.clinic.rows(
            "SELECT starts_at FROM waitlist_round WHERE state = 'open' ORDER BY next_at, id"
        )
        start = {str(self.clinic.moment(f"{DAY} {time}"))[:16]: time for time in TIMES}
        return [start[str(row.starts_at)[:16]] for row in rows]

    @invariant()
    def both_ask_the_same(self) -> None:
        asked: dict[str, set[str]] = {}
        for who, wall, state in self.clinic.offers_made():
            if state == "open":
                asked.setdefault(wall[-5:], set()).add(who)
        assert asked == {t: {e.who.name for e in es} for t, es in self.line.offers.items()}

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        """Asked of the database itself after some steps, and at the end of each story."""
        self.steps += 1
        if self.asks_everything and self.steps % EVERY == 0:
            assert self.clinic.violations() == []


@pytest.fixture
def machine(request, engine_name, tmp_path) -> type[ListMachine]:
    """The machine on each engine; each story begins in a fresh clinic."""
    number = count()

    @contextlib.contextmanager
    def fresh() -> Iterator[WaitingClinic]:
        if engine_name == "sqlite":
            template, cast = request.getfixturevalue("sqlite_cast")
            path = tmp_path / f"{next(number)}.db"
            shutil.copyfile(template, path)
            url, drop = (
                sqlite_url(path),
                lambda: [f.unlink() for f in tmp_path.glob(f"{path.name}*")],
            )
        else:
            server = request.getfixturevalue("postgres")
            template, cast = request.getfixturevalue("postgresql_cast")
            url = server.create(template=template)
            drop = lambda: server.drop(url)  # noqa: E731 - the same word for both engines
        with in_line(url, cast) as clinic:
            yield clinic
        drop()

    return type("Machine", (ListMachine,), {"fresh": staticmethod(fresh)})


@contextlib.contextmanager
def in_line(url: str, cast: Any) -> Iterator[WaitingClinic]:
    """Dr Cho has six times on one Wednesday, apart from each other, and nobody else has any."""
    medibook, clock = build(url)
    medibook.in_transaction = IN_TRANSACTION
    clinic = WaitingClinic(medibook, clock, cast)
    clinic.offers("Dr Cho", minutes=20, called="Skin check")
    clinic.opens("Dr Cho", [(2, time, f"{time[:2]}:20") for time in TIMES])
    clinic.notes["service"] = clinic.service("Dr Cho")
    for name in NAMES[2:]:
        clinic.comes(name)
    yield clinic
    medibook.engine.dispose()


def settled(stories: int) -> settings:
    return settings(
        max_examples=stories,
        stateful_step_count=A_STORY,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
        print_blob=True,
    )


@pytest.mark.parametrize("at_once", [1, 3])
def test_the_list_asks_whom_a_simple_model_asks(machine, at_once):
    machine.at_once = at_once
    run_state_machine_as_test(machine, settings=settled(max(1, STEPS // A_STORY)))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_model_notices_a_list_that_forgets_who_did_not_want_a_time(machine, monkeypatch):
    monkeypatch.setattr(access.offers, "refused", lambda *_: {})
    machine.asks_everything = False
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=settled(20))
