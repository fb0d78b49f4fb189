"""When a visit's patient is reminded; pure, in real hours."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medibook.clinic.rules.booking import hours_of_reminders
from medibook.notifications.rules import after_quiet, out_of_quiet
from medibook.reminders.rules import next_reminder, reminders_of

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
HOURS = st.sets(st.integers(1, 336), min_size=1, max_size=3).map(tuple)
INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda n: LONG_AGO + timedelta(minutes=n))
ZONES = st.sampled_from(
    [
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kolkata",
    ]
)


def due(now, *, hours=(24, 2), since=LONG_AGO, told=None, start=NOON):
    found = next_reminder(start, hours, since=since, told_hours=told, now=now)
    return found and found.hours


def test_the_first_is_a_day_before_and_the_second_two_hours():
    assert due(NOON - timedelta(days=3)) == 24
    assert due(NOON - timedelta(hours=5), told=24) == 2
    assert due(NOON - timedelta(hours=5), told=2) is None
    assert due(NOON - timedelta(days=3), hours=()) is None


def test_a_day_before_is_24_hours_also_when_the_clocks_change():
    for start in ("2026-03-29 12:00", "2026-10-25 12:00"):
        at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/London"))
        (first, _) = reminders_of(at.astimezone(UTC), (24, 2))
        assert at.astimezone(UTC) - first.at == timedelta(hours=24)
        assert first.at.astimezone(ZoneInfo("Europe/London")).hour != 12


def test_what_was_due_before_it_was_booked_is_not_made_up_for():
    booked = NOON - timedelta(hours=20)
    assert due(booked, since=booked) == 2
    assert due(NOON - timedelta(hours=1), since=NOON - timedelta(hours=1)) is None


def test_after_an_outage_only_the_nearest_is_of_use():
    assert due(NOON - timedelta(hours=20)) == 24  # late, and still of use
    assert due(NOON - timedelta(hours=3)) == 2  # not both within the hour
    assert due(NOON - timedelta(minutes=90)) == 2
    assert due(NOON - timedelta(minutes=4)) is None
    assert due(NOON + timedelta(hours=1)) is None


@given(INSTANTS, HOURS)
def test_each_is_of_use_until_before_the_next_and_none_until_the_start(start, hours):
    every = reminders_of(start, hours)
    assert [each.hours for each in every] == sorted(hours, reverse=True)
    for one, following in pairwise(every):
        assert one.at < one.useful_until < following.at
    assert every[-1].at < every[-1].useful_until < start


@given(INSTANTS, HOURS, st.integers(0, 400))
def test_at_most_one_is_to_be_sent_at_any_instant(start, hours, before):
    now = start - timedelta(hours=before)
    useful = [each for each in reminders_of(start, hours) if each.at <= now < each.useful_until]
    assert len(useful) <= 1


@given(INSTANTS, ZONES, st.integers(1, 24 * 60), st.integers(0, 48 * 60))
def test_a_telephone_rings_outside_quiet_hours_before_the_end_and_never_not_at_all(
    at, zone, useful, ahead
):
    before, now = at + timedelta(minutes=useful), at - timedelta(minutes=ahead)
    shifted = out_of_quiet(at, zone, before=before, now=now)
    assert now <= shifted < before
    is_quiet = after_quiet(shifted, zone) != shifted
    # Only when it is too late to bring it forward, it rings all the same.
    if is_quiet:
        wall = at.astimezone(ZoneInfo(zone))
        assert shifted == at
        assert now.astimezone(ZoneInfo(zone)) > wall - timedelta(hours=12)


@pytest.mark.parametrize(
    ("due_at", "useful_until", "leaves"),
    [
        ("2026-04-01 22:30", "2026-04-02 18:30", "2026-04-02 08:00"),
        ("2026-04-02 05:30", "2026-04-02 07:25", "2026-04-01 20:59"),
        ("2026-04-02 06:00", "2026-04-02 08:00", "2026-04-01 20:59"),
        ("2026-04-02 09:00", "2026-04-02 10:55", "2026-04-02 09:00"),
    ],
)
def test_it_is_shifted_after_them_or_else_before_them(due_at, useful_until, leaves):
    london = ZoneInfo("Europe/London")
    at, until, wanted = (
        datetime.fromisoformat(t).replace(tzinfo=london).astimezone(UTC)
        for t in (due_at, useful_until, leaves)
    )
    now = at - timedelta(hours=13)
    assert out_of_quiet(at, "Europe/London", before=until, now=now) == wanted


def test_own_quiet_hours_by_day_and_none_at_all():
    at = datetime(2026, 4, 1, 13, 30, tzinfo=UTC)
    kept = {"before": at + timedelta(hours=1), "now": at - timedelta(hours=6)}
    assert out_of_quiet(at, "UTC", time(13), time(15), **kept) == at - timedelta(minutes=31)
    assert out_of_quiet(at, "UTC", time(13), time(13), **kept) == at


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24,2", (24, 2)), ("2, 24", (24, 2)), ("168; 24 2", (168, 24, 2)), ("0", ()),
        ("", None), ("0,2", None), ("24,24", None), ("337", None), ("1,2,3,4", None),
        ("two", None), ("2.5", None), ("-2", None), ("²", None), ("9" * 9, None),
    ],
)  # fmt: skip
def test_the_hours_of_reminders_are_read_as_one_writes_them(text, hours):
    assert hours_of_reminders(text) == hours
