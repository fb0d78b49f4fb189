"""Switched off for 26 hours across the night in which the clocks go forward, and back again.

MEDIBOOK_REMINDERS=5000 pytest tests/reminders/test_outage.py
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from time import perf_counter

import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.db import metadata
from medibook.notifications.jobs import deliver_messages
from medibook.operations.access import messages
from medibook.reminders.jobs import write_due_reminders
from medibook.wiring import STILL_TRUE
from tests.reminders.many import add_visits, size

MESSAGE = metadata.tables["message"]
NAMED = metadata.tables["reminded_visit"]
VISIT = metadata.tables["appointment"]
# London's clocks go forward at 01:00 UTC on the 29th.
OPENED, OFF = datetime(2026, 3, 26, 12, tzinfo=UTC), datetime(2026, 3, 28, 11, tzinfo=UTC)
BACK = OFF + timedelta(hours=26)
VISITS = size("MEDIBOOK_REMINDERS", 250)


def beat(clinic):
    write_due_reminders(clinic.medibook)
    deliver_messages(clinic.medibook, STILL_TRUE)


def letters(clinic):
    """Each accepted letter: which visit, when that begins, of how many hours before, when it left."""
    left = sa.func.coalesce(
        MESSAGE.c.attempted_at, MESSAGE.c.settled_at, type_=MESSAGE.c.settled_at.type
    )
    chosen = (
        sa.select(VISIT.c.id, VISIT.c.starts_at, NAMED.c.hours, left)
        .join_from(MESSAGE, NAMED, NAMED.c.reminder_id == MESSAGE.c.fact_id)
        .join(VISIT, VISIT.c.id == NAMED.c.appointment_id)
        .where(MESSAGE.c.state == "accepted", MESSAGE.c.channel == "email")
    )
    with clinic.medibook.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(chosen)]


def test_after_26_hours_nothing_for_the_past_and_one_reminder_at_most_for_each_visit(reminding):
    reminding.clock.time = OPENED
    span = timedelta(days=5)
    starts = [OPENED + timedelta(hours=20) + span * n / VISITS for n in range(VISITS)]
    add_visits(reminding, starts, booked_at=OPENED)
    while reminding.clock.time < OFF:
        beat(reminding)
        reminding.later(hours=4)
    reminding.clock.time = OFF
    beat(reminding)
    before = len(letters(reminding))
    reminding.clock.time = BACK
    began = perf_counter()
    beat(reminding)
    took = perf_counter() - began
    everything = letters(reminding)
    caught_up = [letter for letter in everything if letter[3] >= BACK]
    assert len(everything) == before + len(caught_up)
    assert took < 300
    assert all(start > BACK for _, start, _, _ in caught_up), "something for the past"
    assert max(Counter(visit for visit, *_ in caught_up).values()) == 1
    # Whoever comes within two hours is told of these, whoever later and has heard nothing, of the day.
    hours = {visit: (start, hours) for visit, start, hours, _ in caught_up}
    wanted = sum(_is_owed(start) for start in starts)
    assert len(caught_up) == wanted > 0
    assert all(h == (2 if s - BACK <= timedelta(hours=3) else 24) for s, h in hours.values())
    with Session(reminding.medibook.engine) as session:
        assert [*messages.told_twice(session), *messages.reminded_twice(session)] == []
        assert list(messages.late_reminders(session)) == []
    print(f"{VISITS} visits, {len(caught_up)} letters after the outage, in {took:.1f} s")  # noqa: T201 - the numbers, for whoever asks for them


def _is_owed(start):
    """Whether a visit is owed a reminder on coming back: by the words of the promise, not the code."""
    ahead = start - BACK
    if timedelta(minutes=5) < ahead <= timedelta(hours=2):
        return True  # the two hours have begun meanwhile, or before
    due_while_off = OFF < start - timedelta(hours=24) <= BACK
    return due_while_off and ahead > timedelta(hours=3)
