"""Whole days on a wall: also where the clocks change, and where a day was left out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medibook.clinic.rules.days import time_of_days
from medibook.clinic.rules.holidays import public_holidays, regions

ZONES = (
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Havana",
    "Atlantic/Azores",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        ("Europe/Berlin", "2026-03-28", "2026-03-27 23:00", "2026-03-28 23:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"),  # 23 hours
        ("Europe/Berlin", "2026-10-25", "2026-10-24 22:00", "2026-10-25 23:00"),  # 25 hours
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03 13:30", "2026-10-04 13:00"),  # 23:30
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04 13:00", "2026-04-05 13:30"),  # 24:30
        ("Pacific/Apia", "2027-01-01", "2026-12-31 11:00", "2027-01-01 11:00"),
        # Midnight itself was skipped: the day began at 01:00.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00", "2018-11-05 02:00"),
        # Midnight came twice: the day began with the first.
        ("America/Havana", "2026-11-01", "2026-11-01 04:00", "2026-11-02 05:00"),
    ],
)
def test_a_closed_day_is_as_long_as_it_is_on_the_wall(zone, day, start, end):
    closed = time_of_days(date.fromisoformat(day), date.fromisoformat(day), zone)
    assert closed is not None
    assert (closed.start, closed.end) == (at(start), at(end))


def test_a_day_that_the_wall_never_showed_closes_nothing():
    assert time_of_days(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia") is None
    around = time_of_days(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia")
    assert around is not None
    assert around.length == timedelta(days=2)


@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2011, 12, 1), date(2028, 12, 31)),
    days=st.integers(0, 20),
)
def test_closed_days_hold_every_moment_of_their_dates_and_no_other(zone, first, days):
    last = first + timedelta(days=days)
    closed = time_of_days(first, last, zone)
    if closed is None:
        assert (zone, first, last) == ("Pacific/Apia", date(2011, 12, 30), date(2011, 12, 30))
        return
    moment, step, wall = closed.start - timedelta(hours=30), timedelta(minutes=30), ZoneInfo(zone)
    while moment < closed.end + timedelta(hours=30):
        on_the_wall = moment.astimezone(wall).date()
        inside = closed.contains(moment)
        # Where midnight comes twice the wall shows the day before again for an hour.
        if inside != (first <= on_the_wall <= last):
            assert zone in ("America/Havana", "America/Sao_Paulo", "Atlantic/Azores")
            assert abs((on_the_wall - first).days) == 1 or abs((on_the_wall - last).days) == 1
        moment += step


def test_days_that_follow_each_other_leave_no_gap():
    for zone in ZONES:
        for n in range(800):
            day = date(2026, 1, 1) + timedelta(days=n)
            one, two = (time_of_days(d, d, zone) for d in (day, day + timedelta(days=1)))
            assert one is not None
            assert two is not None
            assert one.end == two.start, (zone, day)


def test_public_holidays_are_those_of_the_region_in_the_readers_language():
    berlin = dict(public_holidays("DE", "BE", year=2027, locale="de"))
    assert berlin[date(2027, 3, 8)] == "Frauentag"
    bavaria = dict(public_holidays("DE", "BY", year=2027, locale="en"))
    assert bavaria[date(2027, 1, 6)] == "Epiphany"
    assert date(2027, 3, 8) not in bavaria
    assert dict(public_holidays("GB", "ENG", year=2026, locale="en"))[date(2026, 12, 28)]
    assert "ENG" in regions("GB")


def test_a_country_that_nobody_knows_proposes_nothing():
    assert public_holidays("XX", "", year=2027, locale="en") == ()
    assert regions("XX") == ()
    whole_country = public_holidays("DE", "nonsense", year=2027, locale="en")
    assert whole_country == public_holidays("DE", "", year=2027, locale="en")
