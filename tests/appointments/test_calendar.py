"""The practitioner's calendar, as it is looked at."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from medibook.appointments import service
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.scheduling.schemas import NewTimeOff, TimeOffKind
from medibook.scheduling.service import add_time_off
from tests.support.visits import LORD_HOWE, change_service

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
MONDAY, FRIDAY = date(2026, 3, 30), date(2026, 4, 3)


def calendar(clinic, first=MONDAY, last=FRIDAY, *, who="Dr Cho", **other):
    return clinic.perform(
        clinic.who(who), service.practitioner_calendar, first=first, last=last, **other
    )


def blocks(clinic, *, note):
    """Dr Cho blocks an hour."""
    blocked = NewTimeOff(
        kind=TimeOffKind.BLOCKED,
        first_day=date(2026, 4, 1),
        last_day=date(2026, 4, 1),
        starts="11:00",
        ends="12:00",
        zone="Europe/London",
        reason=note,
    )
    clinic.perform(clinic.cho, add_time_off, new=blocked)


@contextmanager
def statements(clinic):
    """The statements that reach the database meanwhile."""
    seen = []

    def heard(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(clinic.medibook.engine, "before_cursor_execute", heard)
    yield seen
    sa.event.remove(clinic.medibook.engine, "before_cursor_execute", heard)


def test_the_calendar_shows_visits_with_their_buffers(open_clinic):
    change_service(
        open_clinic,
        open_clinic.service("Dr Cho"),
        buffer_before_minutes=10,
        buffer_after_minutes=5,
    )
    visit = open_clinic.books("Ada", "Dr Cho", NINE.replace("09:00", "09:10"))
    (shown,) = calendar(open_clinic).visits
    for fact in (
        "appointment_id",
        "status",
        "patient_name",
        "service_name",
        "starts_at",
        "ends_at",
    ):
        assert getattr(shown.visit, fact) == getattr(visit, fact)
    assert shown.busy_from == visit.starts_at - timedelta(minutes=10)
    assert shown.busy_until == visit.ends_at + timedelta(minutes=5)
    assert shown.may_move
    assert shown.may_stretch


def test_a_request_stands_in_the_calendar_but_is_answered_not_moved(open_clinic):
    open_clinic.is_asked("Dr Cho")
    open_clinic.books("Ada", "Dr Cho", NINE)
    (shown,) = calendar(open_clinic).visits
    assert (str(shown.visit.status), shown.may_move, shown.may_stretch) == ("pending", False, False)


def test_only_the_visible_days_are_loaded(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Cho", "2026-04-02 09:00")
    assert len(calendar(open_clinic).visits) == 2
    first = date(2026, 4, 1)
    assert [v.visit.patient_name for v in calendar(open_clinic, first, first).visits] == [
        "Ada Abara"
    ]


def test_a_cancelled_visit_leaves_the_calendar(open_clinic):
    open_clinic.cancels("Ada", open_clinic.books("Ada", "Dr Cho", NINE))
    assert calendar(open_clinic).visits == ()


def test_a_hold_shows_until_it_ends_and_does_not_say_whose(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    (shown,) = calendar(open_clinic).held
    assert (shown.starts_at, shown.ends_at) == (held.starts_at, held.ends_at)
    open_clinic.later(minutes=11)
    assert calendar(open_clinic).held == ()


def test_hours_and_absences_are_its_background(open_clinic):
    blocks(open_clinic, note="school play")
    shown = calendar(open_clinic)
    assert len(shown.open) == 10
    assert shown.open[0].starts_at == open_clinic.moment("2026-03-30 09:00")
    (away,) = shown.away
    assert (away.starts_at, away.reason) == (open_clinic.moment("2026-04-01 11:00"), "school play")


def test_the_front_desk_sees_the_block_but_not_the_note(open_clinic):
    blocks(open_clinic, note="school play")
    own_id = open_clinic.doctor("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", "2026-04-02 09:00", reason="a mole")
    shown = calendar(open_clinic, who="Gus", practitioner_id=own_id)
    assert [row.reason for row in shown.away] == [""]
    assert [v.visit.appointment_id for v in shown.visits] == [visit.appointment_id]
    assert "a mole" not in repr(shown)


def test_nobody_looks_into_a_colleagues_calendar(open_clinic):
    with pytest.raises(NotFound):
        calendar(open_clinic, practitioner_id=open_clinic.doctor("Dr Diaz"))
    with pytest.raises(Forbidden):
        calendar(open_clinic, who="Ada", practitioner_id=open_clinic.doctor("Dr Cho"))
    with pytest.raises(NotFound):
        calendar(open_clinic, who="Gus")


def test_six_weeks_can_be_seen_at_once_and_no_more(open_clinic):
    assert calendar(open_clinic, MONDAY, MONDAY + timedelta(days=41)).visits == ()
    for last in (MONDAY + timedelta(days=42), MONDAY - timedelta(days=1)):
        with pytest.raises(Invalid):
            calendar(open_clinic, MONDAY, last)


def test_the_days_are_those_of_the_location(open_clinic):
    open_clinic.opens("Dr Cho", [(3, "00:00", "01:00")], location=LORD_HOWE)
    thursday = date(2026, 4, 2)
    shown = calendar(open_clinic, thursday, thursday)
    assert shown.zone == "Australia/Lord_Howe"
    assert [row.starts_at for row in shown.open] == [
        open_clinic.moment("2026-04-02 00:00", "Australia/Lord_Howe")
    ]


def test_a_full_week_takes_as_many_queries_as_one_visit(open_clinic):
    open_clinic.policy(open_per_patient=100)
    open_clinic.books("Ada", "Dr Cho", NINE)
    with statements(open_clinic) as few:
        calendar(open_clinic)
    for hour in (10, 11, 13, 14):
        open_clinic.books("Ada", "Dr Cho", f"2026-04-01 {hour}:00")
        open_clinic.books("Ben", "Dr Cho", f"2026-04-02 {hour}:00")
        open_clinic.is_away("Dr Cho", f"2026-04-{hour}")
    with statements(open_clinic) as many:
        assert len(calendar(open_clinic).visits) == 9
    assert len(many) == len(few)
    assert len(many) <= 12, many
