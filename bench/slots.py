"""P0: the pure slot function on W1, the free 20-minute times of one practitioner over 30 days.

Run ``python bench/slots.py`` (a table) or ``python bench/slots.py --json``. Each figure is the
median of many rounds, and stands beside the obvious loop measured in the same run: times on noisy
machines mean little, ratios mean something.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules import BookingPolicy, Plan, WeeklyHours, free_slots
from medibook.scheduling.rules.seconds import instant, spans_of

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2025, 3, 10, 5, 0, tzinfo=UTC)
WINDOW = Interval(NOW, NOW + timedelta(days=30))
LENGTH = timedelta(minutes=20)
BERLIN = "Europe/Berlin"
LOADS = (0, 100, 350, 704)
MUST_MS = 0.5
STRETCH_MS = 0.15


def w1(bookings: int) -> Plan:
    """Weekdays 08:00-13:00 and 14:00-19:40 in Berlin, over the change of March."""
    clinic = UUID(int=1)
    hours = tuple(
        WeeklyHours(weekday, opens, closes, None, None, clinic, BERLIN)
        for weekday in range(5)
        for opens, closes in ((time(8), time(13)), (time(14), time(19, 40)))
    )
    policy = BookingPolicy(timedelta(hours=1), timedelta(days=60), LENGTH)
    empty = Plan(hours, (), (), policy)
    slots = free_slots(empty, WINDOW, length=LENGTH, now=NOW)
    # Every other time first: a calendar in pieces is the hardest one.
    taken = [*slots[::2], *slots[1::2]][:bookings]
    return Plan(hours, (), spans_of(Interval(slot.start, slot.end) for slot in taken), policy)


def obvious(plan: Plan) -> list[datetime]:
    """Every tick of every day against every booking: what one writes first."""
    busy = [Interval(instant(begins), instant(ends)) for begins, ends in plan.busy]
    found = []
    first = WINDOW.start.astimezone(ZoneInfo(BERLIN)).date()
    for number in range(32):
        day: date = first + timedelta(days=number)
        for rule in plan.hours:
            if rule.weekday != day.weekday():
                continue
            start = datetime.combine(day, rule.opens, ZoneInfo(rule.zone)).astimezone(UTC)
            closes = datetime.combine(day, rule.closes, ZoneInfo(rule.zone)).astimezone(UTC)
            while start + LENGTH <= closes:
                soon = start < max(NOW + plan.policy.minimum_notice, WINDOW.start)
                visit = Interval(start, start + LENGTH)
                if not soon and start < WINDOW.end and not any(map(visit.overlaps, busy)):
                    found.append(start)
                start += plan.policy.grid
    return found


def median_ms(work: Callable[[], object], *, rounds: int) -> float:
    """The median time of one round in milliseconds, after one round to warm up."""
    work()
    times = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return statistics.median(times) * 1000


def measure(bookings: int, rounds: int) -> dict[str, float | int | bool]:
    """One row of the table: both functions on the same plan, after they agreed on the answer."""
    plan = w1(bookings)
    starts = [slot.start for slot in free_slots(plan, WINDOW, length=LENGTH, now=NOW)]
    slow = obvious(plan)
    if starts != slow:
        message = f"at {bookings} bookings the slot function and the obvious loop disagree"
        raise SystemExit(message)
    fast_ms = median_ms(lambda: free_slots(plan, WINDOW, length=LENGTH, now=NOW), rounds=rounds)
    slow_ms = median_ms(lambda: obvious(plan), rounds=3)
    return {
        "bookings": bookings,
        "free": len(starts),
        "slot_function_ms": round(fast_ms, 4),
        "obvious_loop_ms": round(slow_ms, 3),
        "ratio": round(slow_ms / fast_ms, 1),
        "must": fast_ms <= MUST_MS,
        "stretch": fast_ms <= STRETCH_MS,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--rounds", type=int, default=300, help="rounds for each figure")
    options = parser.parse_args()
    machine = f"CPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    rows = [measure(bookings, options.rounds) for bookings in LOADS]
    if options.json:
        print(json.dumps({"id": "P0", "machine": machine, "must_ms": MUST_MS, "rows": rows}))
        return
    print(f"P0  W1: 20-minute times of one practitioner over 30 days  ({machine})")
    print(f"{'bookings':>9} {'free':>5} {'slots ms':>9} {'obvious ms':>11} {'ratio':>7}  goal")
    for row in rows:
        goal = "stretch" if row["stretch"] else "must" if row["must"] else "MISSED"
        print(
            f"{row['bookings']:>9} {row['free']:>5} {row['slot_function_ms']:>9.3f} "
            f"{row['obvious_loop_ms']:>11.1f} {row['ratio']:>7.0f}  {goal}"
        )


if __name__ == "__main__":
    main()
