"""The graph of status, the terms, and who may change what until when."""

from datetime import UTC, datetime, timedelta

import pytest

from medibook.appointments import rules
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.clinic.schemas import ClinicPolicy
from medibook.kernel.actor import Role
from medibook.kernel.errors import Invalid
from medibook.kernel.money import Money

START = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = ClinicPolicy(
    minimum_notice=2 * HOUR,
    horizon=timedelta(days=60),
    cancel_cutoff=24 * HOUR,
    late_cancel_allowed=False,
    daily_limit=None,
    open_per_patient=10,
    request_lapses=72 * HOUR,
    hold=timedelta(minutes=10),
    grid=timedelta(minutes=10),
)


def step(status, to, *, now=START + HOUR, role=Role.PRACTITIONER, reason=""):
    rules.check_step(
        status=status, to=to, starts_at=START, zone="Europe/London", now=now, role=role,
        reason=reason,
    )  # fmt: skip


ALLOWED = {
    (Status.BOOKED, Status.ARRIVED),
    (Status.BOOKED, Status.CHECKED_IN),
    (Status.BOOKED, Status.FULFILLED),
    (Status.BOOKED, Status.NOSHOW),
    (Status.ARRIVED, Status.CHECKED_IN),
    (Status.ARRIVED, Status.FULFILLED),
    (Status.ARRIVED, Status.BOOKED),
    (Status.CHECKED_IN, Status.FULFILLED),
    (Status.CHECKED_IN, Status.ARRIVED),
    (Status.NOSHOW, Status.BOOKED),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("to", Status)
def test_the_steps_of_the_day_go_along_the_graph_and_one_step_back(status, to):
    if (status, to) in ALLOWED:
        step(status, to, reason="pressed the wrong button")
    else:
        with pytest.raises(rules.NoSuchStep):
            step(status, to, reason="please")


@pytest.mark.parametrize("status", Status)
def test_the_steps_that_are_offered_are_those_that_are_allowed(status):
    offered = rules.next_steps(
        status=status, starts_at=START, zone="Europe/London", now=START + HOUR,
        role=Role.PRACTITIONER,
    )  # fmt: skip
    assert set(offered) == {to for begins, to in ALLOWED if begins is status}


def test_a_visit_is_not_missed_before_it_begins():
    with pytest.raises(rules.TooEarly):
        step(Status.BOOKED, Status.NOSHOW, now=START)
    step(Status.BOOKED, Status.NOSHOW, now=START + timedelta(seconds=1))


def test_nobody_arrives_the_day_before():
    with pytest.raises(rules.TooEarly):
        step(Status.BOOKED, Status.ARRIVED, now=START - 10 * HOUR)
    step(Status.BOOKED, Status.ARRIVED, now=START - 8 * HOUR)


def test_only_the_front_desk_calls_a_missed_visit_done_and_says_why():
    with pytest.raises(rules.NoSuchStep):
        step(Status.NOSHOW, Status.FULFILLED, reason="was there")
    with pytest.raises(Invalid):
        step(Status.NOSHOW, Status.FULFILLED, role=Role.STAFF)
    step(Status.NOSHOW, Status.FULFILLED, role=Role.STAFF, reason="was there")


def may_change(status=Status.BOOKED, *, now, late=False):
    rules.check_patient_may_change(
        status=status,
        starts_at=START,
        cancel_until=START - 24 * HOUR,
        late_allowed=late,
        now=now,
        phone="1",
    )


def test_until_the_cut_off_a_patient_may_change_and_after_it_not():
    may_change(now=START - 24 * HOUR)
    with pytest.raises(rules.TooLate) as refusal:
        may_change(now=START - 24 * HOUR + timedelta(seconds=1))
    assert refusal.value.facts == {"hours": 24, "phone": "1"}


def test_where_the_clinic_allows_it_a_patient_may_change_until_the_start():
    may_change(now=START - timedelta(minutes=1), late=True)
    with pytest.raises(rules.VisitBegun):
        may_change(now=START, late=True)


def test_an_unanswered_request_can_be_withdrawn_after_the_cut_off():
    may_change(Status.PENDING, now=START - HOUR)


@pytest.mark.parametrize(
    "status", [Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED, Status.NOSHOW]
)
def test_a_visit_under_way_or_over_is_not_the_patients_to_change(status):
    with pytest.raises(rules.NotOpen):
        may_change(status, now=START - 48 * HOUR)


def lapse(now):
    return rules.lapses_at(starts_at=START, now=now, policy=POLICY)


def test_a_request_lapses_after_three_days_or_when_the_notice_begins():
    assert lapse(START - timedelta(days=10)) == START - timedelta(days=7)
    assert lapse(START - timedelta(days=2)) == START - 2 * HOUR


def test_a_request_that_was_held_just_before_the_notice_can_still_be_answered():
    now = START - 2 * HOUR + timedelta(minutes=2)
    assert now < lapse(now) < START


def test_the_terms_say_until_when_cancelling_is_free():
    terms = rules.terms_of(starts_at=START, fee=Money(4500, "GBP"), by_request=False, policy=POLICY)
    assert terms.cancel_until == START - 24 * HOUR


def test_as_many_visits_as_the_policy_allows_and_not_one_more():
    rules.check_may_book(open_visits=9, policy=POLICY, phone="1")
    with pytest.raises(rules.TooManyVisits):
        rules.check_may_book(open_visits=10, policy=POLICY, phone="1")


def test_the_clinic_owes_a_reason_of_readable_length():
    assert rules.needed_reason(" ill ") == "ill"
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(Invalid):
            rules.needed_reason(reason)
