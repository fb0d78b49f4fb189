"""Cancelled or moved at the very instant at which the reminder is claimed.

MEDIBOOK_CHANGES=500 pytest tests/reminders/test_claiming.py
"""

import threading
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments import service as appointments
from medibook.kernel.db import metadata
from medibook.notifications.channels.mailbox import Mailbox
from medibook.notifications.jobs import Postman
from medibook.operations.access import messages
from medibook.reminders.jobs import write_due_reminders
from medibook.wiring import STILL_TRUE
from tests.reminders.many import add_visits, size

MESSAGE, NAMED = metadata.tables["message"], metadata.tables["reminded_visit"]
NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
TIMES = size("MEDIBOOK_CHANGES", 50)
AT_ONCE = 125


class Watch(Mailbox):
    """Takes every message after a while, and notes when: a round of the post lasts some seconds."""

    def __init__(self):
        self.taken = {}

    def send(self, message):
        sleep(0.2)
        self.taken[message.message_id] = monotonic()
        return super().send(message)


def cancels(clinic, visit_id, _number):
    clinic.perform(
        clinic.gus, appointments.cancel_appointment, appointment_id=visit_id, reason="ill"
    )


def moves(clinic, visit_id, number):
    clinic.perform(
        clinic.gus,
        appointments.reschedule_appointment,
        appointment_id=visit_id,
        starts_at=NOW + timedelta(days=2, minutes=30 * number),
        version=1,
        outside_hours=True,
    )


def one_round(clinic, act, first, count):
    """So many visits, due now: postmen deliver while others change each of them; when was what."""
    clinic.clock.time = NOW - timedelta(minutes=30)
    long_ago = NOW - timedelta(days=3)
    visits = add_visits(clinic, [NOW + timedelta(hours=2)] * count, booked_at=long_ago)
    write_due_reminders(clinic.medibook)
    clinic.clock.time = NOW
    watch, changed, problems = Watch(), {}, []
    gate = threading.Barrier(4)

    def deliver():
        gate.wait()
        postman = Postman(clinic.medibook, STILL_TRUE)
        postman._channels = dict.fromkeys(postman._channels, watch)
        for _ in range(3):
            postman.go_round()

    def change(mine):
        gate.wait()
        for number, visit_id in mine:
            try:
                act(clinic, visit_id, first + number)
                changed[visit_id] = monotonic()
            except Exception as error:  # noqa: BLE001 - told below
                problems.append(error)

    numbered = list(enumerate(visits))
    threads = [threading.Thread(target=deliver) for _ in range(2)]
    threads += [threading.Thread(target=change, args=[numbered[half::2]]) for half in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert problems == []
    assert len(changed) == count
    return watch.taken, changed


def visit_of_message(clinic):
    chosen = sa.select(MESSAGE.c.id, NAMED.c.appointment_id).join_from(
        MESSAGE, NAMED, NAMED.c.reminder_id == MESSAGE.c.fact_id
    )
    with clinic.medibook.engine.connect() as connection:
        return dict(map(tuple, connection.execute(chosen)))


@pytest.mark.parametrize("act", [cancels, moves])
def test_no_reminder_leaves_a_second_after_its_visit_was_changed(reminding, act):
    outcome = defaultdict(int)
    for first in range(0, TIMES, AT_ONCE):
        taken, changed = one_round(reminding, act, first, min(AT_ONCE, TIMES - first))
        whose = visit_of_message(reminding)
        for message_id, at in taken.items():
            visit_id = whose.get(message_id)
            if visit_id in changed:
                late = at - changed[visit_id]
                outcome["after" if late > 0 else "before"] += 1
                assert late <= 1, f"accepted {late:.2f} s after the commit"
        forget(reminding)
    with Session(reminding.medibook.engine) as session:
        assert list(messages.late_reminders(session)) == []
    print(f"{act.__name__}: {TIMES} visits, reminders that left {dict(outcome)}")  # noqa: T201 - the numbers, for whoever asks for them


def forget(clinic):
    """Other people and references for the next round; what has left stays."""
    with clinic.medibook.engine.begin() as raw:
        raw.execute(sa.text("UPDATE patient SET email = '', phone = '' WHERE user_id IS NULL"))
        table = metadata.tables["appointment"]
        for row in raw.execute(sa.select(table.c.id)).all():
            raw.execute(
                sa.update(table).where(table.c.id == row.id).values(reference=uuid4().hex[:9])
            )
