"""The demo clinic: the same people every time, and nothing that a true clinic could not have."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from medibook.kernel.actor import Role
from medibook.operations.rules.demo import demo_clinic, visitors_accounts
from medibook.operations.rules.places import FOLLOW_UP
from medibook.people.schemas import ApprovalStatus
from medibook.scheduling.schemas import BookingMode

NOW = datetime(2026, 11, 18, 10, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def clinic():
    return demo_clinic(NOW)


def test_the_same_day_makes_the_same_clinic(clinic):
    assert demo_clinic(NOW) == clinic


def test_it_has_what_a_visitor_expects(clinic):
    zones = {place.zone for place in clinic.places}
    assert zones == {"Europe/London", "Europe/Berlin", "Australia/Lord_Howe"}
    assert len(clinic.specialties) == 8
    assert all(specialty.synonyms for specialty in clinic.specialties)
    states = Counter(p.status for p in clinic.practitioners)
    assert states == {ApprovalStatus.APPROVED: 12, ApprovalStatus.PENDING: 1}
    practised = {s.code for p in clinic.practitioners if p.offers for s in p.specialties}
    assert practised == {s.code for s in clinic.specialties}
    assert len(clinic.patients) == 60
    modes = Counter(p.booking_mode for p in clinic.practitioners)
    assert modes[BookingMode.REQUEST] == 3
    assert any(visit.service.is_video for visit in clinic.visits)


def test_there_is_an_account_for_every_role():
    roles = [account.role for account in visitors_accounts()]
    assert roles[:4] == [Role.PATIENT, Role.PRACTITIONER, Role.STAFF, Role.ADMIN]
    assert [a.email.split("@")[0] for a in visitors_accounts()] == [
        "patient",
        "doctor",
        "desk",
        "admin",
        "applicant",
    ]


def test_no_two_accounts_addresses_or_references_are_the_same(clinic):
    people = [p.account for p in (*clinic.practitioners, *clinic.patients)]
    for things in (
        [a.email for a in (*clinic.accounts, *people)],
        [p.slug for p in clinic.practitioners],
        [v.reference for v in clinic.visits],
        [p.phone for p in (*clinic.patients, *clinic.practitioners)],
    ):
        assert len(set(things)) == len(things)


def test_telephone_numbers_are_plausible_and_free_for_fiction(clinic):
    numbers = [p.phone for p in (*clinic.patients, *clinic.practitioners, *clinic.places)]
    assert all(n.startswith(("+442079460", "+493023125", "+61255501")) for n in numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(n)) for n in numbers)


def test_visits_span_eight_weeks_and_every_status_of_a_day(clinic):
    starts = [visit.time.start for visit in clinic.visits]
    assert min(starts) < NOW - timedelta(days=26)
    assert max(starts) > NOW + timedelta(days=25)
    statuses = {visit.status.value for visit in clinic.visits}
    assert statuses >= {"pending", "booked", "fulfilled", "cancelled", "noshow"}
    for visit in clinic.visits:
        assert visit.status in {"fulfilled", "noshow", "cancelled"} or visit.time.end > NOW


def test_what_has_happened_has_happened_before_now_and_in_order(clinic):
    for visit in clinic.visits:
        times = [step.at for step in visit.steps]
        assert times == sorted(times)
        assert times[-1] <= NOW


@pytest.mark.parametrize("whose", ["practitioner", "patient", "room_id"])
def test_nobody_and_no_room_is_in_two_visits_at_once(clinic, whose):
    taken = defaultdict(list)
    for visit in clinic.visits:
        if visit.keeps_its_time and (resource := getattr(visit, whose)):
            taken[getattr(resource, "id", resource)].append(visit.time)
    assert taken
    for times in taken.values():
        assert all(a.end <= b.start for a, b in pairwise(sorted(times)))


def test_at_least_two_practitioners_have_full_days_ahead(clinic):
    ahead = Counter(
        (v.practitioner.slug, v.time.start.date())
        for v in clinic.visits
        if v.is_active and v.time.start > NOW and v.service is FOLLOW_UP
    )
    full = {slug for (slug, _), number in ahead.items() if number >= 15}
    assert {"isla-macleod", "katharina-vogt"} <= full


@pytest.mark.parametrize("weekday", range(7))
def test_the_visitors_practitioner_has_visits_today_on_any_day_of_the_week(weekday):
    now = NOW + timedelta(days=weekday)
    today = now.astimezone(ZoneInfo("Europe/London")).date()
    mine = [v for v in demo_clinic(now).visits if v.practitioner.slug == "amina-rahman"]
    assert any(v.time.start.astimezone(ZoneInfo("Europe/London")).date() == today for v in mine)
    assert any(v.status == "pending" for v in mine)


def test_the_visitor_has_visits_to_come_and_visits_behind(clinic):
    mine = [v for v in clinic.visits if v.patient is clinic.patients[0]]
    assert {v.status.value for v in mine} >= {"booked", "pending", "fulfilled", "cancelled"}
