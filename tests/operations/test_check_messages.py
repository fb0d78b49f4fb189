"""I7 and I8: messages that came twice, and reminders of what was no longer so, are found out."""

from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from medibook.kernel.db import metadata
from medibook.operations.service.check import check_invariants
from tests.operations.conftest import NOW
from tests.operations.test_check import a_booked_visit

MESSAGE = metadata.tables["message"]
NAMED = metadata.tables["reminded_visit"]
CHANGE = metadata.tables["appointment_change"]
VISIT = metadata.tables["appointment"]
USER = metadata.tables["user_account"]


def names(session):
    return {v.invariant for v in check_invariants(session, NOW)}


def reminded(session, visit, *, left_at, hours=24, channel="email", start=None):
    """A reminder of a visit that was accepted at an instant; returns its id."""
    reminder_id = uuid4()
    who = session.execute(sa.select(USER.c.id).where(USER.c.role == "patient").limit(1)).scalar()
    mark = f"booked|{start or visit.starts_at:%Y%m%dT%H%MZ}|20"
    named = {
        "reminder_id": reminder_id, "appointment_id": visit.id, "version": visit.version,
        "mark": mark, "hours": hours, "written_at": left_at,
    }  # fmt: skip
    session.execute(sa.insert(NAMED), named)
    message(session, reminder_id, who, left_at, kind="reminder", topic="reminders", channel=channel)
    return reminder_id


def message(session, fact_id: UUID, who, at, **other):
    row = {
        "id": uuid4(), "fact_id": fact_id, "kind": "visit-booked", "recipient_id": who,
        "channel": "email", "to": "a@example.org", "subject": "", "body": "", "locale": "en",
        "state": "accepted", "send_at": at, "created_at": at, "settled_at": at, "topic": "visits",
        **other,
    }  # fmt: skip
    session.execute(sa.insert(MESSAGE), row)


def test_a_reminder_in_good_time_breaks_nothing(session):
    visit = a_booked_visit(session)
    reminded(session, visit, left_at=NOW)
    reminded(session, visit, left_at=NOW, channel="sms")
    reminded(session, visit, left_at=NOW, hours=2)
    assert check_invariants(session, NOW) == ()


def test_the_same_reminder_accepted_twice_breaks_i7(session):
    visit = a_booked_visit(session)
    reminded(session, visit, left_at=NOW)
    reminded(session, visit, left_at=NOW)
    assert names(session) == {"I7"}


def test_one_fact_told_twice_to_one_person_breaks_i7(session):
    """The key forbids it; what the check has to find is a database without the key."""
    who = None
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE message DROP CONSTRAINT "
            "uq_message_fact_id_recipient_id_channel_kind"))  # fmt: skip
        who = session.execute(sa.select(USER.c.id).limit(1)).scalar()
    else:  # SQLite drops no constraint of a table, but the key of those without an account is an index
        session.execute(sa.text("DROP INDEX uq_message_without_account"))
    fact = uuid4()
    message(session, fact, who, NOW)
    message(session, fact, who, NOW)
    assert names(session) == {"I7"}


def test_one_fact_told_to_several_people_breaks_nothing(session):
    fact = uuid4()
    who = session.execute(sa.select(USER.c.id).limit(2)).scalars().all()
    message(session, fact, who[0], NOW)
    message(session, fact, who[1], NOW)
    message(session, fact, None, NOW)
    message(session, fact, None, NOW, to="b@example.org")
    assert check_invariants(session, NOW) == ()


def test_a_reminder_after_the_start_breaks_i8(session):
    visit = a_booked_visit(session)
    reminded(session, visit, left_at=visit.starts_at + timedelta(minutes=1))
    assert names(session) == {"I8"}


def test_a_reminder_of_a_cancelled_visit_breaks_i8(session):
    end = session.execute(
        sa.select(CHANGE.c.appointment_id, CHANGE.c.at)
        .where(CHANGE.c.from_status == "booked", CHANGE.c.to_status == "cancelled")
        .order_by(CHANGE.c.at.desc())
    ).first()
    visit = session.execute(sa.select(VISIT).where(VISIT.c.id == end.appointment_id)).one()
    # In the same instant, as far as anybody can say; and then not.
    reminded(session, visit, left_at=end.at + timedelta(seconds=4))
    assert "I8" not in names(session)
    reminded(session, visit, left_at=end.at + timedelta(seconds=6), hours=2)
    assert "I8" in names(session)


def test_a_reminder_of_the_old_time_of_a_moved_visit_breaks_i8(session):
    visit = a_booked_visit(session)
    old = visit.starts_at + timedelta(hours=3)
    reminded(session, visit, left_at=NOW, start=old)
    assert names(session) == {"I8"}
