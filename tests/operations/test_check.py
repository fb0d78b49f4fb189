"""Each invariant: a clinic that breaks it is found out, by name."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.db import metadata
from medibook.operations.service.check import check_invariants
from tests.operations.conftest import NOW

VISIT = metadata.tables["appointment"]
CHANGE = metadata.tables["appointment_change"]
BUSY = metadata.tables["busy_time"]
HOLD = metadata.tables["hold"]
KEY = metadata.tables["booking_key"]
OUTBOX = metadata.tables["outbox_event"]
USER = metadata.tables["user_account"]
PRACTITIONER = metadata.tables["practitioner"]
AUDIT = metadata.tables["audit_event"]


def named(session: Session) -> set[str]:
    return {violation.invariant for violation in check_invariants(session, NOW)}


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def run(session: Session, *, sqlite: str, postgresql: str) -> None:
    session.execute(sa.text(postgresql if is_postgresql(session) else sqlite))


def without_time_guard(session: Session) -> None:
    if is_postgresql(session):
        session.execute(sa.text("ALTER TABLE busy_time DROP CONSTRAINT busy_time_no_overlap"))
        return
    for verb in ("insert", "update"):
        session.execute(sa.text(f"DROP TRIGGER busy_time_no_overlap_{verb}"))


def without_history_guard(session: Session, table: str) -> None:
    run(
        session,
        sqlite=f"DROP TRIGGER {table}_keeps_delete",
        postgresql=f"ALTER TABLE {table} DISABLE TRIGGER {table}_keeps",
    )
    if not is_postgresql(session):
        session.execute(sa.text(f"DROP TRIGGER {table}_keeps_update"))


def a_booked_visit(session: Session, *, room: bool = False) -> sa.Row:
    """Some visit that is still to come and booked."""
    wanted = [VISIT.c.status == "booked", VISIT.c.starts_at > NOW + timedelta(days=1)]
    if room:
        wanted.append(VISIT.c.room_id.is_not(None))
    return session.execute(
        sa.select(VISIT).where(*wanted).order_by(VISIT.c.starts_at, VISIT.c.id).limit(1)
    ).one()


def change(session: Session, visit: UUID, **values: object) -> None:
    session.execute(sa.update(VISIT).where(VISIT.c.id == visit).values(**values))


def test_the_demo_clinic_breaks_nothing(session):
    assert check_invariants(session, NOW) == ()


def test_two_rows_of_busy_time_that_overlap_break_i1(session):
    without_time_guard(session)
    row = session.execute(sa.select(BUSY).limit(1)).one()
    session.execute(sa.insert(BUSY), {**row._mapping, "id": uuid4()})
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I1"]
    assert any("busy time" in what and str(row.resource_id) in what for what in told)


def test_two_visits_that_overlap_break_i1_even_when_busy_time_does_not_show_it(session):
    one = a_booked_visit(session)
    twin = {**one._mapping, "id": uuid4(), "reference": "TWIN-0000"}
    session.execute(sa.insert(VISIT), twin)
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I1"]
    assert any(w.startswith("visits and holds") and str(one.id) in w for w in told)


def test_a_live_hold_over_a_visit_breaks_i1(session):
    session.execute(sa.insert(HOLD), hold_over(a_booked_visit(session), minutes=5))
    assert "I1" in named(session)


def test_a_hold_that_has_ended_or_moves_that_very_visit_is_no_overlap(session):
    visit = a_booked_visit(session)
    session.execute(sa.insert(HOLD), hold_over(visit, minutes=-5))
    moving = {**hold_over(visit, minutes=5), "moves_appointment_id": visit.id}
    session.execute(sa.insert(HOLD), moving)
    assert check_invariants(session, NOW) == ()


def hold_over(visit: sa.Row, *, minutes: int) -> dict[str, object]:
    same = ("practitioner_id", "patient_id", "service_id", "location_id", "starts_at", "ends_at")
    return {
        "id": uuid4(),
        **{name: visit._mapping[name] for name in same},
        "room_id": visit.room_id,
        "expires_at": NOW + timedelta(minutes=minutes),
        "created_at": NOW,
        "moves_appointment_id": None,
    }


def test_an_overbooking_that_says_so_breaks_nothing(session):
    visit = a_booked_visit(session)
    rows = session.execute(sa.select(BUSY).where(BUSY.c.source_id == visit.id)).all()
    staff = session.execute(sa.select(USER.c.id).where(USER.c.role == "staff")).scalar_one()
    twin = {**visit._mapping, "id": uuid4(), "reference": "TWIN-0000"}
    session.execute(sa.insert(VISIT), twin)
    for row in rows:
        mine = {"id": uuid4(), "source_id": twin["id"], "overbooked_by": staff}
        session.execute(sa.insert(BUSY), {**row._mapping, **mine})
    assert "I1" not in named(session)


def test_a_visit_that_lacks_its_busy_time_breaks_i1(session):
    visit = a_booked_visit(session)
    session.execute(
        sa.delete(BUSY).where(BUSY.c.source_id == visit.id, BUSY.c.resource_kind == "patient")
    )
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I1"]
    assert told == [f"appointment {visit.id} has 0 rows of busy time for its patient, not one"]


def test_busy_time_of_a_cancelled_visit_breaks_i1(session):
    cancelled = session.execute(
        sa.select(VISIT.c.id).where(VISIT.c.status == "cancelled").limit(1)
    ).scalar_one()
    visit = a_booked_visit(session)
    session.execute(sa.update(BUSY).where(BUSY.c.source_id == visit.id).values(source_id=cancelled))
    told = " ".join(v.what for v in check_invariants(session, NOW) if v.invariant == "I1")
    assert f"appointment {cancelled}, which has no claim to it" in told


def test_a_missing_guard_breaks_i1(session):
    without_time_guard(session)
    assert named(session) == {"I1"}


def test_a_visit_outside_the_opening_hours_breaks_i2(session):
    visit = a_booked_visit(session)
    hours = metadata.tables["available_time"]
    session.execute(sa.delete(hours).where(hours.c.practitioner_id == visit.practitioner_id))
    assert named(session) == {"I2"}


def test_a_visit_that_was_booked_before_the_hours_changed_does_not_break_i2(session):
    visit = a_booked_visit(session)
    hours = metadata.tables["available_time"]
    session.execute(sa.delete(hours).where(hours.c.practitioner_id == visit.practitioner_id))
    session.execute(
        sa.insert(OUTBOX),
        {
            "id": uuid4(),
            "kind": "HoursChanged",
            "created_at": NOW,
            "due_at": NOW,
            "attempts": 0,
            "problem": "",
            "payload": f'{{"practitioner_id": "{visit.practitioner_id}"}}',
        },
    )
    assert named(session) == set()


def test_a_status_that_history_does_not_lead_to_breaks_i3(session):
    change(session, a_booked_visit(session).id, status="arrived")
    assert named(session) == {"I3"}


def test_a_step_that_the_graph_does_not_know_breaks_i3(session):
    without_history_guard(session, "appointment_change")
    ended = session.execute(
        sa.select(VISIT.c.id, VISIT.c.version).where(VISIT.c.status == "fulfilled").limit(1)
    ).one()
    session.execute(
        sa.update(CHANGE)
        .where(CHANGE.c.appointment_id == ended.id, CHANGE.c.version == 1)
        .values(to_status="cancelled")
    )
    session.execute(
        sa.update(CHANGE)
        .where(CHANGE.c.appointment_id == ended.id, CHANGE.c.version == 2)
        .values(from_status="cancelled")
    )
    assert "I3" in named(session)


def test_a_removed_line_of_history_breaks_i3(session):
    without_history_guard(session, "appointment_change")
    visit = session.execute(sa.select(VISIT.c.id).where(VISIT.c.version > 2).limit(1)).scalar_one()
    session.execute(
        sa.delete(CHANGE).where(CHANGE.c.appointment_id == visit, CHANGE.c.version == 2)
    )
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I3"]
    assert f"appointment {visit}: its history has gaps" in told


def test_two_booking_keys_of_one_visit_break_i5(session):
    key = session.execute(sa.select(KEY).limit(1)).one()
    session.execute(sa.insert(KEY), {**key._mapping, "id": uuid4(), "key": "another"})
    assert named(session) == {"I5"}


def test_a_booking_key_of_somebody_else_breaks_i5(session):
    key = session.execute(sa.select(KEY).limit(1)).one()
    other = session.execute(sa.select(USER.c.id).where(USER.c.role == "admin")).scalar_one()
    session.execute(sa.update(KEY).where(KEY.c.id == key.id).values(user_id=other))
    assert named(session) == {"I5"}


def test_a_change_that_the_outbox_does_not_tell_breaks_i9(session):
    session.execute(sa.delete(OUTBOX).where(OUTBOX.c.kind == "AppointmentMoved"))
    assert named(session) == {"I9"}


@pytest.mark.parametrize("harm", ["changed", "removed", "tail removed"])
def test_tampering_with_the_audit_log_breaks_i10(session, harm):
    without_history_guard(session, "audit_event")
    if harm == "changed":
        session.execute(sa.update(AUDIT).where(AUDIT.c.seq == 2).values(action="nothing"))
    else:
        gone = 2 if harm == "removed" else 3
        session.execute(sa.delete(AUDIT).where(AUDIT.c.seq == gone))
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I10"]
    assert any("audit" in what and "guard" not in what for what in told)


def test_a_fee_below_nothing_or_in_no_currency_breaks_i13(session):
    change(session, a_booked_visit(session).id, fee_minor=-1, fee_currency="ZZZ")
    assert named(session) == {"I13"}


def test_a_clinic_without_an_active_admin_breaks_i16(session):
    session.execute(sa.update(USER).where(USER.c.role == "admin").values(status="suspended"))
    assert named(session) == {"I16"}


def test_a_visit_with_somebody_whom_no_admin_approved_breaks_i16(session):
    visit = a_booked_visit(session)
    session.execute(
        sa.update(PRACTITIONER)
        .where(PRACTITIONER.c.id == visit.practitioner_id)
        .values(status="pending")
    )
    assert named(session) == {"I16"}


def test_a_reference_to_nothing_breaks_i17(session):
    run(
        session,
        sqlite="PRAGMA defer_foreign_keys = ON",
        postgresql="ALTER TABLE booking_key DROP CONSTRAINT fk_booking_key_appointment_id",
    )
    key = session.execute(sa.select(KEY).limit(1)).one()
    session.execute(sa.update(KEY).where(KEY.c.id == key.id).values(appointment_id=uuid4()))
    told = [v.what for v in check_invariants(session, NOW) if v.invariant == "I17"]
    assert told == ["booking_key.appointment_id: 1 rows point nowhere"]


def test_a_wall_clock_that_will_not_say_what_was_promised_is_found(session):
    change(session, a_booked_visit(session).id, wall_start="2026-11-24T03:33")
    assert named(session) == {"WALL"}


def test_a_zone_that_is_not_the_locations_is_found(session):
    change(session, a_booked_visit(session).id, zone="Asia/Kolkata")
    assert named(session) == {"WALL"}
