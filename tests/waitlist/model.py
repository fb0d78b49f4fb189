"""The waiting list as one would explain it at the front desk: a few lists, no database, no clock.

It knows who waits since when, which times are whose, and who did not want which time. Whenever a time
is freed, the first in line who can take it is asked; or the first few at once, of whom the fastest has
it, when the clinic wants that. That is all; the house must do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Person:
    """Somebody who may wait."""

    name: str
    is_suspended: bool = False


@dataclass
class Entry:
    """A place in line; ``gives_up`` is the time of the visit that would go."""

    who: Person
    since: int
    number: int
    priority: int = 0
    gives_up: str | None = None


@dataclass
class Line:
    """Who waits, who has what, and who is asked for what."""

    times: list[str]
    entries: list[Entry] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)  # a time, and whose visit it is
    booked_at: dict[str, int] = field(default_factory=dict)  # a time, and when it was booked
    offers: dict[str, list[Entry]] = field(default_factory=dict)  # a time, and who is asked for it
    at_once: int = 1
    refused: set[tuple[str, str]] = field(default_factory=set)  # who did not want which time

    def entry_of(self, who: str) -> Entry | None:
        return next((e for e in self.entries if e.who.name == who), None)

    def offer_of(self, who: str) -> str | None:
        return next((t for t, es in self.offers.items() if who in [e.who.name for e in es]), None)

    def visits_of(self, who: str) -> list[str]:
        return sorted(time for time, whose in self.taken.items() if whose == who)

    def may_ask(self, entry: Entry, time: str) -> bool:
        who, own = entry.who.name, self.visits_of(entry.who.name)
        keeps = entry.gives_up if entry.gives_up in own else None
        return not (
            entry.who.is_suspended
            or any(entry in asked for asked in self.offers.values())
            or (who, time) in self.refused
            or (keeps is not None and time >= keeps)
            or any(v != entry.gives_up and self.booked_at[v] >= entry.since for v in own)
        )

    def free(self, time: str) -> None:
        """A time is nobody's any more: the first in line is asked, or the first few."""
        self.taken.pop(time, None)
        self.offers.pop(time, None)
        line = sorted(self.entries, key=lambda e: (-e.priority, e.since, e.number))
        asked = [entry for entry in line if self.may_ask(entry, time)][: self.at_once]
        if asked:
            self.offers[time] = asked

    def refuse(self, time: str, who: str) -> None:
        """Declined; when they were the last who were asked, others are."""
        self.refused.add((who, time))
        self.answered(time, who)

    def answered(self, time: str, who: str) -> None:
        left = [entry for entry in self.offers[time] if entry.who.name != who]
        self.offers[time] = left
        if not left:
            self.free(time)

    def lapse(self, time: str) -> None:
        """Nobody has answered in time."""
        self.refused |= {(entry.who.name, time) for entry in self.offers[time]}
        self.free(time)

    def accept(self, time: str, who: str, at: int) -> None:
        entry = next(e for e in self.offers.pop(time) if e.who.name == who)
        self.entries.remove(entry)
        self.taken[time], self.booked_at[time] = entry.who.name, at
        if entry.gives_up is not None and self.taken.get(entry.gives_up) == entry.who.name:
            self.free(entry.gives_up)

    def leave(self, entry: Entry) -> None:
        time = self.offer_of(entry.who.name)
        self.entries.remove(entry)
        if time is not None:
            self.answered(time, entry.who.name)

    def book(self, time: str, who: str, at: int) -> None:
        self.taken[time], self.booked_at[time] = who, at
