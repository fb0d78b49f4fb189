"""The year 2027 on eight walls: open from 00:00 to 24:00, what is offered on each day that is not 24 hours.

The table is written by hand, from what each country has decided, not from what the code answers:

Berlin, London     The last Sundays of March and October, 01:00 UTC (Directive 2000/84/EC and the
                   Summer Time Order 2002). 31 March 2027 is a Wednesday, so 28 March; 31 October is a Sunday.
New York           The second Sunday of March and the first of November, 02:00 on the wall (Energy
                   Policy Act of 2005). 1 March and 1 November 2027 are Mondays, so the 14th and the 7th.
Lord Howe          The first Sundays of April (1 April is a Thursday: the 4th) and October (a Friday: the
                   3rd), 02:00 on the wall, and by half an hour only.
Casablanca         +01:00 all year except around Ramadan, when it is +00:00: from the Sunday before it
                   begins (about 8 February) at 03:00, to the Sunday after it ends (about 9 March) at 02:00.
                   The clock goes BACK in February and forward in March.
Kolkata            +05:30 all year since 1945: no day changes.
São Paulo          -03:00 all year since summer time was given up in 2019: no day changes.
Apia               +13:00 all year since summer time was given up in 2021: no day changes.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules import BookingPolicy, Plan, WeeklyHours, free_slots

HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)

# Runs of half-hourly times, first and last, each with its distance from UTC; then how many times
# that is, and the midnights that begin and end the day in UTC.
CHANGES = {
    ("Europe/Berlin", date(2027, 3, 28)): (
        [("00:00", "01:30", "+0100"), ("03:00", "23:30", "+0200")],
        46,
        "2027-03-27T23:00",
        "2027-03-28T22:00",
    ),
    ("Europe/Berlin", date(2027, 10, 31)): (
        [("00:00", "02:30", "+0200"), ("02:00", "23:30", "+0100")],
        50,
        "2027-10-30T22:00",
        "2027-10-31T23:00",
    ),
    ("Europe/London", date(2027, 3, 28)): (
        [("00:00", "00:30", "+0000"), ("02:00", "23:30", "+0100")],
        46,
        "2027-03-28T00:00",
        "2027-03-28T23:00",
    ),
    ("Europe/London", date(2027, 10, 31)): (
        [("00:00", "01:30", "+0100"), ("01:00", "23:30", "+0000")],
        50,
        "2027-10-30T23:00",
        "2027-11-01T00:00",
    ),
    ("America/New_York", date(2027, 3, 14)): (
        [("00:00", "01:30", "-0500"), ("03:00", "23:30", "-0400")],
        46,
        "2027-03-14T05:00",
        "2027-03-15T04:00",
    ),
    ("America/New_York", date(2027, 11, 7)): (
        [("00:00", "01:30", "-0400"), ("01:00", "23:30", "-0500")],
        50,
        "2027-11-07T04:00",
        "2027-11-08T05:00",
    ),
    ("Australia/Lord_Howe", date(2027, 4, 4)): (
        [("00:00", "01:30", "+1100"), ("01:30", "23:30", "+1030")],
        49,
        "2027-04-03T13:00",
        "2027-04-04T13:30",
    ),
    ("Australia/Lord_Howe", date(2027, 10, 3)): (
        [("00:00", "01:30", "+1030"), ("02:30", "23:30", "+1100")],
        47,
        "2027-10-02T13:30",
        "2027-10-03T13:00",
    ),
    ("Africa/Casablanca", date(2027, 2, 7)): (
        [("00:00", "02:30", "+0100"), ("02:00", "23:30", "+0000")],
        50,
        "2027-02-06T23:00",
        "2027-02-08T00:00",
    ),
    ("Africa/Casablanca", date(2027, 3, 14)): (
        [("00:00", "01:30", "+0000"), ("03:00", "23:30", "+0100")],
        46,
        "2027-03-14T00:00",
        "2027-03-14T23:00",
    ),
}
WITHOUT_CHANGES = {"Asia/Kolkata": "+0530", "America/Sao_Paulo": "-0300", "Pacific/Apia": "+1300"}
ZONES = sorted({zone for zone, _ in CHANGES} | set(WITHOUT_CHANGES))


def offered_on(zone, window):
    """The free times of a practitioner who never closes."""
    hours = tuple(
        WeeklyHours(weekday, time(0), time(0), None, None, UUID(int=1), zone)
        for weekday in range(7)
    )
    always = Plan(hours, (), (), BookingPolicy(timedelta(0), timedelta(days=1000), HALF_HOUR))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    return free_slots(always, window, length=HALF_HOUR, now=now)


def the_year(zone):
    """The times of 2027 by their date on the wall."""
    window = Interval(datetime(2026, 12, 30, tzinfo=UTC), datetime(2028, 1, 3, tzinfo=UTC))
    days = defaultdict(list)
    for slot in offered_on(zone, window):
        if slot.wall.year == 2027:
            days[slot.wall.date()].append(slot)
    return days


def written_out(runs):
    """``[("00:00", "01:00", "+0100")]`` as 00:00, 00:30 and 01:00, each with its offset."""
    for first, last, offset in runs:
        reading = datetime.fromisoformat(f"2027-01-01T{first}")
        while reading <= datetime.fromisoformat(f"2027-01-01T{last}"):
            yield f"{reading:%H:%M} {offset}"
            reading += HALF_HOUR


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_the_times_of_a_day_on_which_the_clocks_change(zone, day):
    runs, count, begins, ends = CHANGES[zone, day]
    offered = offered_on(zone, Interval(utc(begins), utc(ends)))
    assert [f"{slot.wall:%H:%M %z}" for slot in offered] == list(written_out(runs))
    assert {slot.wall.date() for slot in offered} == {day}
    assert len(offered) == count
    assert (offered[0].start, offered[-1].end) == (utc(begins), utc(ends))
    assert utc(ends) - utc(begins) == count * HALF_HOUR


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_reading_that_comes_twice_says_so_and_no_other_does(zone, day):
    runs, _, begins, ends = CHANGES[zone, day]
    readings = [written.split()[0] for written in written_out(runs)]
    for slot in offered_on(zone, Interval(utc(begins), utc(ends))):
        assert slot.comes_twice == (readings.count(f"{slot.wall:%H:%M}") == 2)


@pytest.mark.parametrize("zone", ZONES)
def test_every_other_day_of_the_year_has_24_hours(zone):
    days = the_year(zone)
    assert len(days) == 365
    odd = {day for day, slots in days.items() if len(slots) != 48}
    assert odd == {day for changing, day in CHANGES if changing == zone}
    every_half_hour = [f"{n // 2:02}:{n % 2 * 30:02}" for n in range(48)]
    for day in days.keys() - odd:
        assert [f"{slot.wall:%H:%M}" for slot in days[day]] == every_half_hour
        assert len({slot.wall.utcoffset() for slot in days[day]}) == 1


@pytest.mark.parametrize(("zone", "offset"), WITHOUT_CHANGES.items())
def test_where_no_clock_changes_the_whole_year_has_one_offset(zone, offset):
    days = the_year(zone)
    assert {f"{slot.wall:%z}" for slots in days.values() for slot in slots} == {offset}
    assert days[date(2027, 1, 1)][0].start == utc("2027-01-01T00:00") - slot_offset(offset)


def slot_offset(offset):
    hours, minutes = int(offset[:3]), int(offset[0] + offset[3:])
    return timedelta(hours=hours, minutes=minutes)
