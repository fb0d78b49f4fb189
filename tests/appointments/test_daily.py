"""Lists of visits, and the steps of the day."""

from datetime import date

import pytest

from medibook.appointments import rules, service
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.errors import Conflict, Forbidden, NotFound
from medibook.scheduling.service import hold_slot
from tests.support.visits import LORD_HOWE

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"


def advance(clinic, visit, to, *, who="Dr Cho", version=None, reason=""):
    return clinic.perform(
        clinic.who(who),
        service.advance,
        appointment_id=visit.appointment_id,
        to=to,
        version=version or visit.version,
        reason=reason,
    )


def day(clinic, on="2026-04-01", who="Dr Cho"):
    return clinic.perform(clinic.who(who), service.day, on=date.fromisoformat(on)).rows


def test_a_patient_sees_what_is_to_come_and_what_is_over(open_clinic):
    later = open_clinic.books("Ada", "Dr Cho", TEN)
    sooner = open_clinic.books("Ada", "Dr Cho", NINE)
    gone = open_clinic.cancels("Ada", open_clinic.books("Ada", "Dr Diaz", "2026-04-02 09:00"))
    open_clinic.books("Ben", "Dr Cho", "2026-04-01 11:00")
    mine = open_clinic.perform(open_clinic.ada, service.my_visits)
    assert (mine.upcoming, mine.past) == ((sooner, later), (gone,))
    open_clinic.at("2026-04-01 08:20")
    mine = open_clinic.perform(open_clinic.ada, service.my_visits)
    assert (mine.upcoming, mine.past) == ((later,), (gone, sooner))


def test_the_day_shows_who_comes_and_how_to_reach_them(open_clinic):
    open_clinic.books("Ben", "Dr Cho", TEN)
    open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    first, second = day(open_clinic)
    assert (first.visit.patient_name, first.visit.reason) == ("Ada Abara", "a mole")
    assert (first.patient_phone, first.patient_birth_date) == ("+442079460123", "1984-05-17")
    assert second.visit.patient_name == "Ben Brandt"
    assert day(open_clinic, who="Dr Diaz") == ()
    assert day(open_clinic, "2026-04-02") == ()


def test_the_day_is_the_one_on_the_wall(open_clinic):
    open_clinic.opens("Dr Cho", [(3, "00:00", "01:00")], location=LORD_HOWE)
    wish = open_clinic.wish("Dr Cho", "2026-04-02 00:10", "Australia/Lord_Howe")
    held = open_clinic.perform(open_clinic.ada, hold_slot, wish=wish)
    open_clinic.confirms("Ada", held)
    assert held.starts_at.date() == date(2026, 4, 1)
    assert day(open_clinic, "2026-04-01") == ()
    assert len(day(open_clinic, "2026-04-02")) == 1


def test_a_visit_goes_from_arrived_to_done(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:55")
    (row,) = day(open_clinic)
    assert Status.ARRIVED in row.next_steps
    assert Status.NOSHOW not in row.next_steps
    arrived = advance(open_clinic, visit, Status.ARRIVED)
    done = advance(open_clinic, arrived, Status.FULFILLED)
    assert (done.status, done.version) == (Status.FULFILLED, 3)
    assert day(open_clinic)[0].next_steps == ()


def test_a_step_back_is_a_correction_with_history(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:55")
    arrived = advance(open_clinic, visit, Status.ARRIVED)
    assert advance(open_clinic, arrived, Status.BOOKED).status is Status.BOOKED
    rows = open_clinic.rows(
        "SELECT from_status, to_status FROM appointment_change ORDER BY version"
    )
    assert [tuple(r) for r in rows] == [
        ("", "booked"),
        ("booked", "arrived"),
        ("arrived", "booked"),
    ]


def test_a_missed_visit_is_one_only_after_its_start(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:00")
    with pytest.raises(rules.TooEarly):
        advance(open_clinic, visit, Status.NOSHOW)
    open_clinic.at("2026-04-01 08:10")
    missed = advance(open_clinic, visit, Status.NOSHOW)
    with pytest.raises(rules.NoSuchStep):
        advance(open_clinic, missed, Status.FULFILLED, reason="was there")
    done = advance(open_clinic, missed, Status.FULFILLED, who="Gus", reason="was there")
    assert done.status is Status.FULFILLED


def test_two_people_at_the_same_list_do_not_overwrite_each_other(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:10")
    advance(open_clinic, visit, Status.ARRIVED, who="Gus")
    with pytest.raises(Conflict):
        advance(open_clinic, visit, Status.NOSHOW)
    assert advance(open_clinic, visit, Status.ARRIVED).version == 2  # the same click again


@pytest.mark.parametrize("to", [Status.CANCELLED, Status.PENDING, Status.ENTERED_IN_ERROR])
def test_what_is_no_step_of_the_day_is_not_taken_here(open_clinic, to):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:10")
    with pytest.raises(rules.NoSuchStep):
        advance(open_clinic, visit, to)


def test_the_steps_of_the_day_are_the_practitioners_and_the_front_desks(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:10")
    for who, refusal in (("Ada", Forbidden), ("Eve", Forbidden), ("Dr Diaz", NotFound)):
        with pytest.raises(refusal):
            advance(open_clinic, visit, Status.ARRIVED, who=who)
    assert open_clinic.status(visit) == "booked"


@pytest.mark.parametrize("on", [date.min, date.max])
def test_the_day_before_all_days_and_the_last_one_are_empty_days(open_clinic, on):
    assert open_clinic.perform(open_clinic.cho, service.day, on=on).rows == ()
