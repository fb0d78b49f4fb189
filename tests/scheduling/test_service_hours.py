"""What practitioners say about their time."""

from datetime import date, time
from uuid import UUID

import pytest

from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.scheduling import service
from medibook.scheduling.schemas import BookingMode, HoursRow, NewTimeOff, TimeOffKind
from tests.support.clinic import LONDON
from tests.support.visits import BERLIN


def row(weekday, opens, closes, location=LONDON, **validity):
    return HoursRow(
        weekday=weekday,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        location_id=location,
        **validity,
    )


def change(clinic, *rows, version=None):
    version = version or clinic.perform(clinic.cho, service.my_schedule).version
    return clinic.perform(clinic.cho, service.change_hours, hours=rows, version=version)


def test_new_hours_replace_the_old_ones(clinic):
    change(clinic, row(0, "09:00", "12:00"))
    schedule = change(clinic, row(2, "10:00", "00:00"))
    assert schedule.hours == (row(2, "10:00", "00:00"),)
    assert clinic.perform(clinic.cho, service.my_schedule) == schedule


def test_hours_changed_in_another_window_are_not_overwritten(clinic):
    version = clinic.perform(clinic.cho, service.my_schedule).version
    change(clinic, row(0, "09:00", "12:00"), version=version)
    with pytest.raises(Conflict):
        change(clinic, row(0, "13:00", "17:00"), version=version)


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([row(0, "12:00", "09:00")], "hours.0"),
        ([row(0, "09:00", "09:00")], "hours.0"),
        ([row(7, "09:00", "12:00")], "hours.0"),
        ([row(0, "09:00", "12:00"), row(0, "11:59", "13:00")], "hours.1"),
        ([row(0, "09:00", "00:00"), row(0, "23:00", "23:30")], "hours.1"),
        ([row(0, "09:00", "12:00", UUID(int=5))], "hours.0"),
        (
            [
                row(0, "09:00", "12:00"),
                row(0, "09:00", "12:00", valid_from=date(2026, 5, 1)),
            ],
            "hours.1",
        ),
    ],
)
def test_hours_that_nobody_can_keep_are_refused_row_by_row(clinic, rows, where):
    with pytest.raises(Invalid) as refusal:
        change(clinic, *rows)
    assert list(refusal.value.problems) == [where]


def test_one_cannot_be_at_two_locations_at_once(open_clinic):
    with pytest.raises(Invalid):
        change(open_clinic, row(0, "09:00", "12:00"), row(0, "10:00", "13:00", BERLIN))


def test_hours_of_one_season_may_follow_those_of_another(clinic):
    schedule = change(
        clinic,
        row(0, "09:00", "12:00", valid_until=date(2026, 5, 31)),
        row(0, "10:00", "13:00", valid_from=date(2026, 6, 1)),
    )
    assert len(schedule.hours) == 2


def test_a_day_off_is_not_offered_and_is_again_once_taken_back(open_clinic):
    assert open_clinic.free("Dr Cho", "2026-04-01")
    open_clinic.is_away("Dr Cho", "2026-04-01")
    assert open_clinic.free("Dr Cho", "2026-04-01") == []
    assert open_clinic.free("Dr Cho", "2026-04-02")
    (absence,) = open_clinic.perform(open_clinic.cho, service.my_schedule).time_off
    schedule = open_clinic.perform(
        open_clinic.cho, service.remove_time_off, time_off_id=absence.time_off_id
    )
    assert schedule.time_off == ()
    assert open_clinic.free("Dr Cho", "2026-04-01")


def test_a_day_off_lasts_as_long_as_its_day_also_when_the_clocks_go_back(open_clinic):
    open_clinic.is_away("Dr Cho", "2026-10-25")
    (absence,) = open_clinic.perform(open_clinic.cho, service.my_schedule).time_off
    assert (absence.ends_at - absence.starts_at).total_seconds() == 25 * 3600


def blocked(starts, ends, day="2026-04-01", zone="Europe/London"):
    return NewTimeOff(
        kind=TimeOffKind.BLOCKED,
        first_day=date.fromisoformat(day),
        last_day=date.fromisoformat(day),
        starts=time.fromisoformat(starts) if starts else None,
        ends=time.fromisoformat(ends) if ends else None,
        zone=zone,
    )


def test_a_blocked_time_takes_the_visits_that_would_run_into_it(open_clinic):
    open_clinic.perform(open_clinic.cho, service.add_time_off, new=blocked("09:30", "11:00"))
    assert open_clinic.free("Dr Cho", "2026-04-01")[:3] == ["09:00", "09:10", "11:00"]


@pytest.mark.parametrize(
    "new",
    [
        blocked("11:00", "09:00"),
        blocked("", "09:00"),
        blocked("09:00", "10:00", zone="Mars/Olympus"),
    ],
)
def test_a_blocked_time_that_makes_no_sense_is_refused(open_clinic, new):
    with pytest.raises(Invalid):
        open_clinic.perform(open_clinic.cho, service.add_time_off, new=new)


@pytest.mark.parametrize("day", [date.min, date(26, 4, 1), date.max])
def test_a_day_off_in_a_mistyped_year_is_refused(open_clinic, day):
    new = NewTimeOff(kind=TimeOffKind.DAY_OFF, first_day=day, last_day=day, zone="Europe/London")
    with pytest.raises(Invalid) as refused:
        open_clinic.perform(open_clinic.cho, service.add_time_off, new=new)
    assert set(refused.value.problems) == {"first_day"}


def test_nobody_takes_back_somebody_elses_day_off(open_clinic):
    open_clinic.is_away("Dr Cho", "2026-04-01")
    (absence,) = open_clinic.perform(open_clinic.cho, service.my_schedule).time_off
    with pytest.raises(NotFound):
        open_clinic.perform(
            open_clinic.diaz, service.remove_time_off, time_off_id=absence.time_off_id
        )
    assert open_clinic.free("Dr Cho", "2026-04-01") == []


def test_a_practitioner_may_want_to_be_asked(clinic):
    schedule = clinic.perform(clinic.cho, service.change_booking_mode, mode=BookingMode.REQUEST)
    assert schedule.booking_mode is BookingMode.REQUEST
    assert clinic.perform(clinic.cho, service.my_schedule) == schedule


def test_an_applicant_has_no_schedule(clinic):
    with pytest.raises(Forbidden):
        clinic.perform(clinic.fay, service.my_schedule)
