"""Why a time cannot be had: in full for the clinic, and for a patient nothing about anybody else."""

import pytest

from medibook.scheduling import service
from medibook.scheduling.schemas import Reason

DAY = "2026-04-01"
TEN = f"{DAY} 10:00"


def why(clinic, who, wall, doctor="Dr Cho", **asked):
    actor = clinic.who(who) if who else clinic.stranger
    return clinic.perform(actor, service.why_not, wish=clinic.wish(doctor, wall), **asked)


def reasons(clinic, who, wall, **asked):
    return [obstacle.reason for obstacle in why(clinic, who, wall, **asked)]


def test_nothing_stands_against_a_free_time(open_clinic):
    assert why(open_clinic, "", TEN) == ()


@pytest.mark.parametrize("who", ["", "Ada", "Eve", "Dr Diaz"])
def test_a_patient_cannot_tell_a_visit_from_a_hold_a_day_off_or_a_full_day(open_clinic, who):
    said = []
    open_clinic.holds("Ben", "Dr Cho", TEN)
    said.append(why(open_clinic, who, TEN))
    open_clinic.later(hours=1)
    open_clinic.books("Ben", "Dr Cho", TEN)
    said.append(why(open_clinic, who, TEN))
    open_clinic.policy(daily_limit=1)
    said.append(why(open_clinic, who, f"{DAY} 11:00"))
    open_clinic.is_away("Dr Cho", "2026-04-02")
    said.append(why(open_clinic, who, "2026-04-02 10:00"))
    assert set(map(str, said)) == {str(said[0])}
    assert len(said[0]) == 1
    assert said[0][0].for_staff == ""


@pytest.mark.parametrize("who", ["Gus", "Dr Cho"])
def test_the_clinic_hears_every_reason_in_order(open_clinic, who):
    open_clinic.policy(daily_limit=1)
    open_clinic.books("Ben", "Dr Cho", TEN)
    assert reasons(open_clinic, who, f"{DAY} 10:05") == [Reason.OFF_GRID, Reason.TAKEN]
    assert reasons(open_clinic, who, f"{DAY} 12:30") == [Reason.CLOSED]
    assert reasons(open_clinic, who, f"{DAY} 11:00") == [Reason.DAY_FULL]
    open_clinic.is_away("Dr Cho", DAY)
    assert reasons(open_clinic, who, TEN) == [Reason.TIME_OFF, Reason.TAKEN, Reason.DAY_FULL]
    assert all(obstacle.for_staff for obstacle in why(open_clinic, who, TEN))


def test_nobody_learns_of_anothers_visits_by_asking_in_their_name(open_clinic):
    open_clinic.books("Ben", "Dr Diaz", TEN)
    ben = open_clinic.ben.patient_id
    assert reasons(open_clinic, "Ada", TEN, patient_id=ben) == []
    assert reasons(open_clinic, "", TEN, patient_id=ben) == []
    assert reasons(open_clinic, "Gus", TEN, patient_id=ben) == [Reason.TAKEN]
