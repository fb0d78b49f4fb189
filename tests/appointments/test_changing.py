"""Moving and cancelling."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from medibook.appointments import rules, service
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.scheduling.rules import HoldGone, SlotTaken
from medibook.scheduling.service import hold_slot
from tests.support.visits import BERLIN, add_room, change_service

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"


def kinds(clinic):
    return [row[0] for row in clinic.rows("SELECT kind FROM outbox_event")]


def test_a_visit_moves_and_its_old_time_is_free_again(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    assert (moved.appointment_id, moved.version) == (visit.appointment_id, 2)
    assert moved.starts_at == open_clinic.moment(TEN)
    assert moved.cancel_until == moved.starts_at - timedelta(hours=24)
    assert open_clinic.column("wall_start", moved) == "2026-04-01T10:00"
    free = open_clinic.free("Dr Cho", "2026-04-01")
    assert "09:00" in free
    assert "10:00" not in free
    assert {"AppointmentMoved", "SlotFreed"} <= set(kinds(open_clinic))


def test_the_old_time_is_kept_until_the_new_one_is_sure(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    held = open_clinic.holds("Ada", "Dr Cho", TEN, moves=visit.appointment_id)
    assert not {"09:00", "10:00"} & set(open_clinic.free("Dr Cho", "2026-04-01", who="Ben"))
    open_clinic.later(minutes=20)
    open_clinic.books("Ben", "Dr Cho", TEN)
    with pytest.raises(SlotTaken) as refusal:
        open_clinic.perform(
            open_clinic.ada,
            service.move_appointment,
            appointment_id=visit.appointment_id,
            hold_id=held.hold_id,
        )
    assert len(refusal.value.alternatives) == 3
    assert open_clinic.status(visit) == "booked"
    assert "09:00" not in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")


def test_a_visit_may_move_into_its_own_time(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = open_clinic.moves("Ada", visit, "Dr Cho", "2026-04-01 09:10")
    assert moved.starts_at == open_clinic.moment("2026-04-01 09:10")
    back = open_clinic.moves("Ada", moved, "Dr Cho", NINE)
    assert back.starts_at == open_clinic.moment(NINE)
    assert not open_clinic.overlaps()
    assert "09:20" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")


def test_a_visit_moves_into_its_own_time_with_buffers_and_room(open_clinic):
    change_service(
        open_clinic,
        open_clinic.service("Dr Cho"),
        needs_room=True,
        buffer_before_minutes=10,
        buffer_after_minutes=10,
    )
    add_room(open_clinic, "Room 1")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.moves("Ada", visit, "Dr Cho", "2026-04-01 09:20")
    assert not open_clinic.overlaps()
    assert open_clinic.rows("SELECT count(*) FROM busy_time")[0][0] == 3


def test_nobody_makes_room_by_naming_somebody_elses_visit(open_clinic):
    theirs = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(SlotTaken):
        open_clinic.holds("Ben", "Dr Cho", NINE, moves=theirs.appointment_id)
    own = open_clinic.books("Ben", "Dr Cho", TEN)
    held = open_clinic.holds("Ben", "Dr Cho", "2026-04-01 11:00", moves=theirs.appointment_id)
    for visit, refusal in ((theirs, NotFound), (own, HoldGone)):
        with pytest.raises(refusal):
            open_clinic.perform(
                open_clinic.ben,
                service.move_appointment,
                appointment_id=visit.appointment_id,
                hold_id=held.hold_id,
            )
    assert open_clinic.status(theirs) == "booked"


def test_a_visit_moves_by_a_hold_that_was_made_for_it(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    held = open_clinic.holds("Ada", "Dr Cho", TEN)
    with pytest.raises(HoldGone):
        open_clinic.perform(
            open_clinic.ada,
            service.move_appointment,
            appointment_id=visit.appointment_id,
            hold_id=held.hold_id,
        )


def test_a_visit_does_not_move_to_another_practitioner(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(HoldGone):
        open_clinic.moves("Ada", visit, "Dr Diaz", TEN)


def test_a_move_that_is_sent_twice_moves_once(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    held = open_clinic.holds("Ada", "Dr Cho", TEN, moves=visit.appointment_id)
    claim = {"appointment_id": visit.appointment_id, "hold_id": held.hold_id}
    first = open_clinic.perform(open_clinic.ada, service.move_appointment, **claim)
    assert open_clinic.perform(open_clinic.ada, service.move_appointment, **claim) == first
    assert kinds(open_clinic).count("AppointmentMoved") == 1


def test_a_move_to_where_it_is_changes_nothing(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert open_clinic.moves("Ada", visit, "Dr Cho", NINE) == visit
    assert "AppointmentMoved" not in kinds(open_clinic)


def test_after_the_cut_off_a_visit_is_not_moved_online(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-03-31 08:01")
    with pytest.raises(rules.TooLate):
        open_clinic.moves("Ada", visit, "Dr Cho", "2026-04-02 09:00")


def test_a_clinic_may_allow_late_changes(open_clinic):
    open_clinic.policy(late_cancel="allowed")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:59")
    assert open_clinic.moves("Ada", visit, "Dr Cho", "2026-04-02 09:00").version == 2


def test_a_request_that_is_moved_waits_anew(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = open_clinic.moves("Ada", visit, "Dr Cho", "2026-03-31 10:00")
    assert moved.status is Status.PENDING
    assert moved.lapses_at == moved.starts_at - timedelta(hours=2)


def test_a_visit_moves_over_the_change_of_clocks_to_the_same_wall_time(open_clinic):
    open_clinic.at("2026-10-20 08:00")
    open_clinic.opens("Dr Cho", [(4, "09:00", "12:00"), (0, "09:00", "12:00")], location=BERLIN)
    visit = open_clinic.confirms(
        "Ada",
        open_clinic.perform(
            open_clinic.ada,
            hold_slot,
            wish=open_clinic.wish("Dr Cho", "2026-10-23 09:00", "Europe/Berlin"),
        ),
    )
    held = open_clinic.perform(
        open_clinic.ada,
        hold_slot,
        wish=open_clinic.wish("Dr Cho", "2026-10-26 09:00", "Europe/Berlin"),
        moves=visit.appointment_id,
    )
    moved = open_clinic.perform(
        open_clinic.ada,
        service.move_appointment,
        appointment_id=visit.appointment_id,
        hold_id=held.hold_id,
    )
    assert moved.starts_at - visit.starts_at == timedelta(days=3, hours=1)
    assert open_clinic.column("wall_start", moved) == "2026-10-26T09:00"


def test_a_cancelled_visit_gives_its_time_back(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    cancelled = open_clinic.cancels("Ada", visit, "better now")
    assert (cancelled.status, cancelled.cancelled_by_patient) == (Status.CANCELLED, True)
    assert "09:00" in open_clinic.free("Dr Cho", "2026-04-01")
    assert {"AppointmentCancelled", "SlotFreed"} <= set(kinds(open_clinic))


def test_cancelling_twice_is_cancelling_once(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    first = open_clinic.cancels("Ada", visit)
    assert open_clinic.cancels("Ada", visit) == first
    assert kinds(open_clinic).count("AppointmentCancelled") == 1


def test_what_the_clinic_has_cancelled_the_patient_cannot(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.cancels("Dr Cho", visit, "ill")
    with pytest.raises(rules.NotOpen):
        open_clinic.cancels("Ada", visit)


def test_after_the_cut_off_a_visit_is_not_cancelled_online(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-03-31 08:00")
    open_clinic.at("2026-03-31 08:01")
    with pytest.raises(rules.TooLate):
        open_clinic.cancels("Ada", visit)
    assert open_clinic.status(visit) == "booked"


@pytest.mark.parametrize("who", ["Dr Cho", "Gus"])
def test_the_clinic_cancels_at_any_time_but_owes_a_reason(open_clinic, who):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:59")
    with pytest.raises(Invalid):
        open_clinic.cancels(who, visit)
    cancelled = open_clinic.cancels(who, visit, "the power is out")
    assert cancelled.cancelled_by_patient is False
    seen = open_clinic.perform(open_clinic.ada, service.visit, appointment_id=visit.appointment_id)
    assert seen.cancel_reason == "the power is out"


@pytest.mark.parametrize("who", ["Ben", "Dr Diaz"])
def test_nobody_cancels_somebody_elses_visit(open_clinic, who):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(NotFound):
        open_clinic.cancels(who, visit, "because")
    assert open_clinic.status(visit) == "booked"


@pytest.mark.parametrize("who", ["Eve", "Fay"])
def test_admins_and_applicants_cancel_nothing(open_clinic, who):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(Forbidden):
        open_clinic.cancels(who, visit, "because")


def test_history_tells_who_did_what_and_is_never_changed(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    open_clinic.cancels("Dr Cho", moved, "ill")
    rows = open_clinic.rows(
        "SELECT version, by_role, from_status, to_status, reason FROM appointment_change "
        "ORDER BY version"
    )
    assert [tuple(row) for row in rows] == [
        (1, "patient", "", "booked", ""),
        (2, "patient", "booked", "booked", ""),
        (3, "practitioner", "booked", "cancelled", "ill"),
    ]
    with pytest.raises(DBAPIError, match="history"), open_clinic.medibook.engine.begin() as raw:
        raw.exec_driver_sql("DELETE FROM appointment_change")


def test_the_history_of_a_visit_is_not_written_over_and_not_emptied(open_clinic):
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 09:00")
    on_sqlite = open_clinic.medibook.engine.dialect.name == "sqlite"
    replace = "INSERT OR REPLACE INTO appointment_change SELECT * FROM appointment_change"
    statement = replace if on_sqlite else "TRUNCATE appointment_change"
    with (
        pytest.raises(DBAPIError, match="is history"),
        open_clinic.medibook.engine.begin() as opened,
    ):
        opened.execute(sa.text(statement))
