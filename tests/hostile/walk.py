"""One attacker's walk through every door; what it left in the audit log, the database and the wire.

The guard's pace is the real one, so the walk keeps below it, however slow the machine is: a page
goes on to its next door when the last refusal of this one is audited. The guard sees the events of
a page in order, so that all before it have been judged by then.
"""

import asyncio
import json
from collections import Counter
from time import monotonic

import sqlalchemy as sa
from reflex.state import State

from medibook.kernel.audit import AuditEvent
from medibook.kernel.db import table_of
from tests.hostile import cast as casting
from tests.hostile.misfits import FIELDS, ODD, misfits
from tests.support.events import hostile_socket

_EVENTS = table_of(AuditEvent)
# Pages of one person that are walked through side by side; more would wait for each other.
AT_ONCE = 8
# What the guard allows (ui/guard.py), less what can be under way: one door of each page at once.
OF_A_PAGE, OF_A_PERSON = (80, 18), (300, 92)


class Pace:
    """So many events at once, then so many each second."""

    def __init__(self, at_once, per_second):
        self._credit, self._each, self._next = at_once / per_second, 1 / per_second, 0.0

    async def turn(self):
        now = monotonic()
        self._next = max(self._next, now - self._credit) + self._each
        await asyncio.sleep(max(self._next - now, 0))


class Walk:
    """One role calls everything."""

    def __init__(self, siege, cast, role, doors):
        self.siege, self.cast, self.role, self.doors = siege, cast, role, doors
        self.person, self.column = cast.attackers[role], cast.columns[role]
        self.expected, self.refused = Counter(), Counter()
        self.frames, self.asked = [], Counter()
        self.pace = Pace(*OF_A_PERSON)

    def run(self):
        before, self.first = casting.snapshot(self.siege), self._last_seq()
        asyncio.run(self._all_states())
        self.siege.settle()  # what follows from this walk would else be found in the next one's
        self._read()
        own = casting.own_ids(self.siege, self.person) if self.person.cookie else set()
        self.foreign = casting.foreign_changes(before, casting.snapshot(self.siege), own)
        return self

    def let_in(self, door):
        return (f"event:{door.what}", "forbidden") not in self.refused

    async def _all_states(self):
        states = {}
        for door in self.doors:
            if not door.is_internal:
                states.setdefault(door.state, []).append(door)
        at_once = asyncio.Semaphore(AT_ONCE)
        async with asyncio.timeout(300), asyncio.TaskGroup() as walkers:
            reader = walkers.create_task(self._keeps_reading())
            walks = [walkers.create_task(self._walk(f, at_once)) for f in states.values()]
            await asyncio.wait(walks)
            reader.cancel()

    async def _walk(self, found, at_once):
        found = sorted(found, key=lambda door: door.what.endswith(".setvar"))  # it is the last
        async with (
            at_once,
            hostile_socket(self.siege.url, cookie=self.person.cookie) as socket,
        ):
            await socket.sends(State.hydrate_and_load, {})
            await socket.hears(lambda a: '"is_hydrated_rx_state_": true' in json.dumps(a), 30)
            pace = Pace(*OF_A_PAGE)
            for door in found:
                await self._door(socket, door, pace)
            self.frames.append(json.dumps(socket.answers, ensure_ascii=False))

    async def _door(self, socket, door, pace):
        for payload, path, fault in self._attempts(door):
            refusal = "forbidden" if door.declared else "undeclared"
            why = fault or ("" if self.column in door.may else refusal)
            if why:
                self.expected[f"event:{door.what}", why] += 1
            elif ODD not in payload.values():
                self.asked[door.what] += 1
            await pace.turn()
            await self.pace.turn()
            await socket.sends(door.event, payload, path)
        await self._until_audited(door.what)

    def _attempts(self, door):
        """(arguments, address, the guard's fault with them if it must find one)."""
        first = self._filled(door, self.cast.aim.ids[0])
        yield first, self.cast.aim.paths[0], ""
        if self.column in door.may:
            yield from self._foreign(door, first)
            yield from self._misfits(door, first)

    def _foreign(self, door, first):
        """Every id that is another's, at every address that names another's things."""
        aim = self.cast.aim
        for number, path in enumerate(aim.paths[1:]):
            yield first, path, ""
            if door.open:
                for one in aim.ids[1 + number :: len(aim.paths) - 1]:
                    yield self._filled(door, one), path, ""

    def _misfits(self, door, first):
        aim = self.cast.aim
        for name, kind in door.open:
            for value, fault in misfits(kind):
                yield {**first, name: value}, "/", fault
            yield {k: v for k, v in first.items() if k != name}, "/", "missing_argument"
        for name in door.hidden:
            yield {**first, name: True}, aim.paths[0], "hidden_argument"
        yield {**first, "_actor": str(aim.user)}, aim.paths[0], "hidden_argument"
        # The guard finds a fault with the last one of each door: it closes the walk through it.
        yield {**first, "as_admin": True}, aim.paths[0], "hidden_argument"

    def _filled(self, door, one):
        values = {"str": one, "int": 1, "bool": True}
        filled = {n: values.get(kind, dict.fromkeys(FIELDS, one)) for n, kind in door.open}
        filled |= {n: v for n, v in self.cast.aim.named.items() if n in filled}
        if door.what.endswith(".setvar"):  # Reflex makes one for every state
            filled = {"var_name": "role", "value": "admin"}
        return filled

    async def _until_audited(self, what):
        action = f"event:{what}"
        wanted = sum(n for (name, _), n in self.expected.items() if name == action)
        try:
            async with asyncio.timeout(60):
                while sum(n for (name, _), n in self.refused.items() if name == action) < wanted:
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            missing = self.expected - self.refused
            raise AssertionError(f"{self.role}: not audited in time: {missing}") from error

    async def _keeps_reading(self):
        while True:
            await asyncio.to_thread(self._read)
            await asyncio.sleep(0.05)

    def _read(self):
        rows = self.siege.rows(
            sa.select(_EVENTS.c.action, _EVENTS.c.outcome).where(_EVENTS.c.seq > self.first)
        )
        self.refused = Counter((r.action, r.outcome) for r in rows if r.outcome != "ok")

    def _last_seq(self):
        return self.siege.rows(sa.select(sa.func.coalesce(sa.func.max(_EVENTS.c.seq), 0)))[0][0]
