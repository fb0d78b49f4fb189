"""Hours of single dates, limits, what new hours would do, and the front desk that changes them."""

from datetime import date, time

import pytest

from medibook.appointments import service as appointments
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.scheduling import service
from medibook.scheduling.schemas import DayHours, HoursRow
from tests.support.clinic import LONDON

WEDNESDAY = "2026-04-01"


def row(weekday, opens, closes):
    return HoursRow(
        weekday=weekday,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        location_id=LONDON,
    )


def on(day, *spans):
    day = date.fromisoformat(day)
    return DayHours(day=day, hours=tuple(row(day.weekday(), *span) for span in spans))


def version_of(clinic):
    return clinic.perform(clinic.cho, service.my_schedule).version


def change_day(clinic, day, *, actor=None, **more):
    actor = actor or clinic.cho
    return clinic.perform(actor, service.change_day, day=day, version=version_of(clinic), **more)


def test_a_date_with_hours_of_its_own_has_these_and_not_those_of_the_week(open_clinic):
    schedule = change_day(open_clinic, on(WEDNESDAY, ("18:00", "19:00")))
    assert schedule.days == (on(WEDNESDAY, ("18:00", "19:00")),)
    assert open_clinic.free("Dr Cho", WEDNESDAY) == ["18:00", "18:10", "18:20", "18:30", "18:40"]
    assert open_clinic.free("Dr Cho", "2026-04-08")[0] == "09:00", "the week after is as usual"


def test_a_date_without_hours_of_its_own_has_the_usual_ones_again(open_clinic):
    change_day(open_clinic, on(WEDNESDAY, ("18:00", "19:00")))
    schedule = change_day(open_clinic, on(WEDNESDAY))
    assert schedule.days == ()
    assert open_clinic.free("Dr Cho", WEDNESDAY)[0] == "09:00"


def test_a_new_weekly_table_leaves_the_dates_alone(open_clinic):
    change_day(open_clinic, on(WEDNESDAY, ("18:00", "19:00")))
    open_clinic.opens("Dr Cho", [(2, "10:00", "11:00")])
    assert open_clinic.free("Dr Cho", WEDNESDAY)[0] == "18:00"
    assert open_clinic.free("Dr Cho", "2026-04-08")[0] == "10:00"


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (on("2026-03-01", ("09:00", "10:00")), "day"),
        (on("2031-01-01", ("09:00", "10:00")), "day"),
        (DayHours(day=date(2026, 4, 1), hours=(row(0, "09:00", "10:00"),)), "day"),
        (on(WEDNESDAY, ("09:00", "10:00"), ("09:30", "11:00")), "hours.1"),
        (on(WEDNESDAY, ("10:00", "09:00")), "hours.0"),
    ],
)
def test_hours_of_a_date_that_cannot_be_kept_are_refused_at_their_place(open_clinic, day, where):
    with pytest.raises(Invalid) as refused:
        change_day(open_clinic, day)
    assert list(refused.value.problems) == [where]


def test_a_practitioners_own_limit_a_day_counts_where_it_is_lower_than_the_clinics(open_clinic):
    limit = service.change_daily_limit
    kept = open_clinic.perform(open_clinic.cho, limit, limit=1, version=version_of(open_clinic))
    assert kept.daily_limit == 1
    open_clinic.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    assert open_clinic.free("Dr Cho", WEDNESDAY) == []
    assert open_clinic.free("Dr Cho", "2026-04-02")
    open_clinic.perform(open_clinic.cho, limit, limit=None, version=version_of(open_clinic))
    assert open_clinic.free("Dr Cho", WEDNESDAY)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_limit_that_makes_no_sense_is_refused(open_clinic, limit):
    with pytest.raises(Invalid):
        open_clinic.perform(
            open_clinic.cho,
            service.change_daily_limit,
            limit=limit,
            version=version_of(open_clinic),
        )


def preview(clinic, *rows, actor=None, **more):
    return clinic.perform(actor or clinic.cho, service.preview_hours, hours=rows, **more)


def test_a_preview_counts_the_times_of_next_week_and_the_visits_that_would_fall_outside(
    open_clinic,
):
    open_clinic.books("Ada", "Dr Cho", "2026-04-08 09:00")
    open_clinic.books("Ben", "Dr Cho", "2026-04-09 15:00")
    mornings = [row(day, "09:00", "12:00") for day in range(5)]
    found = preview(open_clinic, *mornings)
    # 09:00–12:00 has seventeen starts of a visit of twenty minutes every ten, 13:00–17:00 has 23.
    # Ada's visit takes 09:00 and 09:10; Ben's 14:50, 15:00 and 15:10.
    assert found.week == date(2026, 4, 6)
    assert (found.times_then, found.times_now) == (5 * 17 - 2, 5 * 40 - 5)
    assert found.outside == 1
    assert open_clinic.free("Dr Cho", "2026-04-09")[-1] == "16:40", "nothing was kept"


def test_a_preview_of_hours_that_cannot_be_kept_says_why(open_clinic):
    with pytest.raises(Invalid):
        preview(open_clinic, row(0, "12:00", "09:00"))


def test_the_front_desk_changes_the_hours_of_the_practitioner_it_names(open_clinic):
    whose = open_clinic.doctor("Dr Cho")
    change_day(open_clinic, on(WEDNESDAY, ("18:00", "19:00")), actor=open_clinic.gus, whose=whose)
    assert open_clinic.free("Dr Cho", WEDNESDAY)[0] == "18:00"
    assert open_clinic.perform(open_clinic.gus, service.owner_name, whose=whose) == "Dr Mina Cho"
    assert preview(open_clinic, actor=open_clinic.gus, whose=whose).times_then == 0
    found = open_clinic.perform(open_clinic.gus, service.owners_named, text="cho")
    assert found == ((whose, "Dr Mina Cho"),)


def test_nobody_changes_the_hours_of_somebody_else(open_clinic):
    whose = open_clinic.doctor("Dr Cho")
    with pytest.raises(NotFound):
        preview(open_clinic, actor=open_clinic.diaz, whose=whose)
    with pytest.raises(NotFound):
        preview(open_clinic, actor=open_clinic.gus)
    with pytest.raises(NotFound):
        preview(open_clinic, actor=open_clinic.gus, whose=open_clinic.ada.patient_id)
    for nobody in (open_clinic.ada, open_clinic.eve, open_clinic.stranger):
        with pytest.raises(Forbidden):
            preview(open_clinic, actor=nobody, whose=whose)


def test_why_somebody_is_away_is_for_themselves_alone(open_clinic):
    open_clinic.is_away("Dr Cho", WEDNESDAY)
    for statement in ("UPDATE time_off SET reason = 'the dentist'",):
        with open_clinic.medibook.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    own = open_clinic.perform(open_clinic.cho, service.my_schedule)
    assert own.time_off[0].reason == "the dentist"
    whose = open_clinic.doctor("Dr Cho")
    seen = open_clinic.perform(open_clinic.gus, service.my_schedule, whose=whose)
    assert seen.time_off[0].reason == ""


def outside(clinic, actor=None, **more):
    found = clinic.perform(actor or clinic.cho, appointments.visits_outside_hours, **more)
    return [row.visit.appointment_id for row in found]


def test_visits_that_fall_outside_become_a_list_and_stay_booked(open_clinic):
    early = open_clinic.books("Ada", "Dr Cho", "2026-04-08 09:00")
    late = open_clinic.books("Ben", "Dr Cho", "2026-04-09 15:00")
    assert outside(open_clinic) == []
    open_clinic.opens("Dr Cho", [(day, "09:00", "12:00") for day in range(5)])
    assert outside(open_clinic) == [late.appointment_id]
    open_clinic.is_away("Dr Cho", "2026-04-08")
    assert outside(open_clinic) == [early.appointment_id, late.appointment_id]
    assert {open_clinic.status(visit) for visit in (early, late)} == {"booked"}
    whose = open_clinic.doctor("Dr Cho")
    assert len(outside(open_clinic, open_clinic.gus, whose=whose)) == 2
    with pytest.raises(NotFound):
        outside(open_clinic, open_clinic.diaz, whose=whose)


def test_a_visit_that_is_kept_leaves_the_list_and_somebody_answers_for_it(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", "2026-04-09 15:00")
    open_clinic.opens("Dr Cho", [(day, "09:00", "12:00") for day in range(5)])
    keep = appointments.keep_outside_hours
    with pytest.raises(Conflict):
        open_clinic.perform(
            open_clinic.cho, keep, appointment_id=visit.appointment_id, version=visit.version + 1
        )
    with pytest.raises(NotFound):
        open_clinic.perform(
            open_clinic.diaz, keep, appointment_id=visit.appointment_id, version=visit.version
        )
    kept = open_clinic.perform(
        open_clinic.cho, keep, appointment_id=visit.appointment_id, version=visit.version
    )
    assert outside(open_clinic) == []
    assert kept.version == visit.version + 1
    assert str(open_clinic.column("override_by", visit)).replace("-", "") == (
        open_clinic.cho.user_id.hex
    )
