"""Reminders from booking to the mailbox: who, when, what, and what no longer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.notifications.jobs import deliver_messages
from medibook.people import service as people
from medibook.people.schemas import NewDependant
from medibook.reminders.jobs import write_due_reminders
from medibook.scheduling.service import hold_slot
from medibook.wiring import STILL_TRUE
from tests.support.clinic import LONDON
from tests.support.visits import at_once

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"  # a Wednesday; 08:00 and 09:00 UTC
ADA, BEN = "ada@example.org", "ben@example.org"


def beat(clinic):
    """What the heartbeats do: write what is due before long, and send what is due."""
    clinic.work_off()
    write_due_reminders(clinic.medibook)
    deliver_messages(clinic.medibook, STILL_TRUE)


def reminders(clinic, state="accepted", channel="email"):
    """Whose reminders there are in a state, as (address, subject)."""
    return [
        tuple(row)
        for row in clinic.rows(
            "SELECT \"to\", subject FROM message WHERE kind = 'reminder' AND state = :state "
            "AND channel = :channel ORDER BY send_at, created_at",
            state=state,
            channel=channel,
        )
    ]


def at_their_hours(clinic, *walls):
    """Let the heart beat at these times, and count the letters that have left after each."""
    counts = []
    for wall in walls:
        clinic.at(wall)
        beat(clinic)
        counts.append(len(reminders(clinic)))
    return counts


def test_a_visit_is_reminded_of_a_day_before_and_two_hours_before(reminding):
    visit = reminding.books("Ada", "Dr Cho", NINE)
    beat(reminding)
    counts = at_their_hours(
        reminding, "2026-03-31 07:59", "2026-03-31 08:00", "2026-04-01 05:59", "2026-04-01 06:00",
        "2026-04-01 09:00",
    )  # fmt: skip
    assert counts == [0, 1, 1, 2, 2]
    message = next(m for m in reminding.mail_to(ADA) if m.kind == "reminder")
    assert message.subject == "Reminder of your visit on Wed 1 Apr, 09:00"
    for part in (
        "Wednesday 1 April 2026, 09:00 (London time)",
        "1 Elm Row",
        visit.reference,
        "/a/",
    ):
        assert part in message.body
    assert "Cho" not in message.body


def test_booking_adds_one_statement_for_all_of_it(reminding):
    held = reminding.holds("Ada", "Dr Cho", NINE)
    said = []
    sa.event.listen(
        reminding.medibook.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: said.append(statement),
    )
    reminding.confirms("Ada", held)
    writes = ("INSERT INTO re", "INSERT INTO message", "UPDATE re", "UPDATE message")
    mine = [text for text in said if text.startswith(writes)]
    assert len(mine) == 1, mine
    assert mine[0].startswith("INSERT INTO reminder_plan")


def test_the_sms_is_short_and_says_how_to_answer(reminding):
    reminding.books("Ada", "Dr Cho", TEN)
    reminding.books("Ben", "Dr Cho", NINE)
    at_their_hours(reminding, "2026-03-31 09:00")
    bodies = [r[0] for r in reminding.rows("SELECT body FROM message WHERE channel = 'sms'")]
    assert len(bodies) == 2
    assert all(len(body) <= 160 for body in bodies)
    english, german = sorted(bodies, key=lambda body: "Reply" not in body)
    assert english == (
        "MediBook: visit Wed 1 Apr, 10:00, Elm Row. Reply C to confirm, X to cancel, "
        "STOP to end all SMS."
    )
    assert "Antwort" in german
    assert "Mi., 1. Apr., 09:00" in german


def test_who_moves_is_reminded_of_the_new_time_alone(reminding):
    visit = reminding.books("Ada", "Dr Cho", "2026-04-02 09:00")
    at_their_hours(reminding, "2026-03-31 20:00")  # the letter of tomorrow is written
    assert len(reminders(reminding, "planned")) == 1
    reminding.moves("Ada", visit, "Dr Cho", "2026-04-03 10:00")
    assert reminders(reminding, "planned") == []
    assert at_their_hours(reminding, "2026-04-01 08:00", "2026-04-02 08:59", "2026-04-02 09:00") == [
        0, 0, 1,
    ]  # fmt: skip


def test_who_cancels_is_not_reminded(reminding):
    visit = reminding.books("Ada", "Dr Cho", "2026-04-02 09:00")
    at_their_hours(reminding, "2026-04-01 00:00")
    reminding.cancels("Ada", visit)
    assert reminders(reminding, "expired") != []
    assert at_their_hours(reminding, "2026-04-01 08:00", "2026-04-02 07:00") == [0, 0]
    assert reminding.rows("SELECT count(*) FROM reminder_plan") == [(0,)]


def test_a_request_is_reminded_of_once_it_is_accepted(reminding):
    reminding.is_asked("Dr Cho")
    visit = reminding.books("Ada", "Dr Cho", "2026-04-02 09:00")
    assert reminding.rows("SELECT count(*) FROM reminder_plan") == [(0,)]
    which = {"appointment_id": visit.appointment_id}
    reminding.perform(reminding.cho, appointments.accept_request, **which)
    assert at_their_hours(reminding, "2026-04-01 08:00") == [1]


def test_several_visits_of_a_day_are_one_reminder(reminding):
    reminding.books("Ada", "Dr Cho", NINE)
    reminding.books("Ada", "Dr Diaz", "2026-04-01 15:00")
    counts = at_their_hours(
        reminding, "2026-03-31 08:00", "2026-03-31 14:00", "2026-04-01 06:00", "2026-04-01 13:00"
    )
    assert counts == [1, 1, 2, 2]
    (message, _) = [m for m in reminding.mail_to(ADA) if m.kind == "reminder"]
    assert message.subject == "Reminder of your visits on Wed 1 Apr"
    assert "09:00 (London time)" in message.body
    assert "15:00 (London time)" in message.body
    assert message.body.count("/a/") == 2


def test_a_visit_that_is_booked_later_joins_a_reminder_that_has_not_left(reminding):
    reminding.books("Ada", "Dr Cho", NINE)
    at_their_hours(reminding, "2026-03-30 20:00")
    reminding.books("Ada", "Dr Diaz", "2026-04-01 15:00")
    counts = at_their_hours(reminding, "2026-03-30 20:01", "2026-03-31 08:00", "2026-03-31 15:00")
    assert counts == [0, 1, 1]
    (message,) = [m for m in reminding.mail_to(ADA) if m.kind == "reminder" and "15:00" in m.body]
    assert message.state == "accepted"


def test_when_one_of_two_is_cancelled_the_other_is_reminded_of_alone(reminding):
    reminding.books("Ada", "Dr Cho", NINE)
    later = reminding.books("Ada", "Dr Diaz", "2026-04-01 15:00")
    at_their_hours(reminding, "2026-03-30 20:00")
    reminding.cancels("Ada", later)
    assert reminders(reminding, "planned") == []
    assert at_their_hours(reminding, "2026-03-30 20:01", "2026-03-31 08:00", "2026-03-31 14:00") == [
        0, 1, 1,
    ]  # fmt: skip
    assert reminders(reminding)[0][1] == "Reminder of your visit on Wed 1 Apr, 09:00"


def test_a_change_that_nobody_was_told_of_is_noticed_right_before_it_leaves(reminding):
    """The judge alone, without the follower: both visits of one reminder are asked about."""
    reminding.books("Ada", "Dr Cho", NINE)
    later = reminding.books("Ada", "Dr Diaz", "2026-04-01 15:00")
    at_their_hours(reminding, "2026-03-30 20:00")
    reminding.medibook.in_transaction = {}
    reminding.cancels("Ada", later)
    reminding.at("2026-03-31 08:00")
    deliver_messages(reminding.medibook, STILL_TRUE)
    assert reminders(reminding) == []
    assert set(reminding.rows("SELECT problem FROM message WHERE kind = 'reminder'")) == {
        ("cancelled",)
    }


def test_half_sent_and_then_changed_goes_only_by_the_channel_that_has_not_left(reminding):
    reminding.books("Ada", "Dr Cho", NINE)
    later = reminding.books("Ada", "Dr Diaz", "2026-04-01 15:00")
    with reminding.medibook.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE policy SET reminder_hours = '12'")
        if not raw.exec_driver_sql("SELECT count(*) FROM policy").scalar():
            raw.exec_driver_sql("INSERT INTO policy (id, minimum_notice_minutes, horizon_days, "
                "cancel_cutoff_hours, late_cancel, open_per_patient, request_lapses_hours, "
                "hold_minutes, grid_minutes, reminder_hours) "
                "VALUES (1, 120, 60, 1, 'allowed', 10, 72, 10, 10, '12')")  # fmt: skip
    # Twelve hours before 08:00 UTC is 21:00 in London: the letter leaves, the telephone waits.
    assert at_their_hours(reminding, "2026-03-31 20:00") == [1]
    waiting = reminders(reminding, "planned", "sms")
    assert len(waiting) == 1
    reminding.cancels("Gus", later, "ill")
    assert reminders(reminding, "planned", "sms") == []
    assert at_their_hours(reminding, "2026-03-31 20:01", "2026-04-01 07:00") == [1, 1]
    assert len(reminders(reminding, "accepted", "sms")) == 1
    ((text,),) = reminding.rows(
        "SELECT body FROM message WHERE channel = 'sms' AND state = 'accepted'"
    )
    assert "15:00" not in text


def test_off_for_a_day_nobody_is_told_twice_or_of_what_is_past(reminding):
    reminding.books("Ada", "Dr Cho", NINE)
    reminding.books("Ben", "Dr Cho", TEN)
    at_their_hours(reminding, "2026-03-30 20:00")  # written, not left
    assert at_their_hours(reminding, "2026-04-01 08:30") == [1]
    assert [address for address, _ in reminders(reminding)] == [BEN]


def test_guardians_and_those_without_an_account_are_reminded(reminding):
    child = reminding.perform(
        reminding.ada,
        people.add_dependant,
        new=NewDependant(name="Amir Abara", birth_date="2018-03-02", relation="child"),
    )
    wish = reminding.wish("Dr Cho", NINE)
    held = reminding.perform(reminding.ada, hold_slot, wish=wish, for_patient=child)
    reminding.confirms("Ada", held)
    assert at_their_hours(reminding, "2026-03-31 08:00") == [1]
    assert reminders(reminding) == [
        (ADA, "For Amir Abara: Reminder of your visit on Wed 1 Apr, 09:00")
    ]


def test_no_reminders_for_a_visit_type_that_wants_none(reminding):
    service = reminding.service("Dr Cho")
    table = sa.table(
        "service_policy", sa.column("service_id", sa.Uuid), sa.column("reminder_hours")
    )
    with reminding.medibook.engine.begin() as raw:
        raw.execute(sa.insert(table), {"service_id": service, "reminder_hours": "0"})
    reminding.books("Ada", "Dr Cho", NINE)
    reminding.books("Ben", "Dr Diaz", NINE)
    at_their_hours(reminding, "2026-03-31 08:00")
    assert [address for address, _ in reminders(reminding)] == [BEN]


def test_several_workers_write_each_reminder_once(reminding):
    for day in ("1", "2", "3"):
        reminding.books("Ada", "Dr Cho", f"2026-04-0{day} 09:00")
        reminding.books("Ben", "Dr Diaz", f"2026-04-0{day} 09:00")
    reminding.at("2026-04-01 08:00")
    answers = at_once(*[lambda: write_due_reminders(reminding.medibook)] * 3)
    assert all(isinstance(answer, int) for answer in answers), answers
    at_once(*[lambda: deliver_messages(reminding.medibook, STILL_TRUE)] * 3)
    twice = reminding.rows(
        "SELECT patient_id FROM message WHERE kind = 'reminder' AND channel = 'email' "
        "GROUP BY patient_id, about_id HAVING count(*) > 1"
    )
    assert twice == []
    assert len(reminders(reminding)) == 2


def test_a_visit_in_another_zone_is_a_day_of_its_own_wall(reminding):
    assert LONDON  # the usual place
    reminding.books("Ada", "Dr Cho", "2026-04-01 09:00")
    reminding.books("Ada", "Dr Cho", "2026-04-02 09:00")
    at_their_hours(reminding, "2026-03-31 08:00", "2026-04-01 08:00")
    subjects = [subject for _, subject in reminders(reminding)]
    assert subjects.count("Reminder of your visit on Wed 1 Apr, 09:00") >= 1
    assert "Reminder of your visit on Thu 2 Apr, 09:00" in subjects


def test_the_later_reminder_is_told_even_when_the_earlier_still_waits(reminding):
    """A reminder that could not leave in time makes way for the next; never both."""
    reminding.books("Ada", "Dr Cho", NINE)
    at_their_hours(reminding, "2026-03-30 20:00")
    reminding.at("2026-04-01 06:30")
    write_due_reminders(reminding.medibook)
    deliver_messages(reminding.medibook, STILL_TRUE)
    assert len(reminders(reminding)) == 1
    assert reminding.clock.time < reminding.moment(NINE) - timedelta(minutes=30)


@pytest.mark.parametrize("correct", [False, True])
def test_who_has_arrived_is_not_reminded(reminding, correct):
    visit = reminding.books("Ada", "Dr Cho", NINE)
    at_their_hours(reminding, "2026-04-01 05:00")
    with reminding.medibook.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE appointment SET status = 'arrived'")
        if correct:
            raw.exec_driver_sql("UPDATE appointment SET status = 'booked'")
    counts = at_their_hours(reminding, "2026-04-01 06:00")
    assert counts == [1 if correct else 0]
    assert visit
