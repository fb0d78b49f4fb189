"""What is free on the ugly days, written down by hand."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules import (
    BookingPolicy,
    ImpossibleHours,
    Plan,
    Reason,
    Slot,
    WeeklyHours,
    all_reasons_against,
    free_slots,
    is_free,
    open_time,
    why_not_free,
)
from medibook.scheduling.rules.seconds import spans_of

CLINIC = UUID(int=1)
BRANCH = UUID(int=2)
MIDNIGHT = time(0)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
YEARS = timedelta(days=20_000)


def hours(zone, opens, closes, *, on=range(7), since=None, until=None, at=CLINIC):
    return tuple(WeeklyHours(day, opens, closes, since, until, at, zone) for day in on)


def plan(*open_hours, grid=HOUR, notice=timedelta(0), horizon=YEARS, limit=None, **rest):
    policy = BookingPolicy(notice, horizon, grid, limit)
    times = {name: spans_of(rest.pop(name, ())) for name in ("time_off", "busy", "own")}
    return Plan(
        tuple(rule for rules in open_hours for rule in rules), policy=policy, **times, **rest
    )


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start, end):
    return Interval(utc(start), utc(end))


def walls(slots):
    """What the screen shows: the reading, with ' again' for the second of two."""
    return [f"{s.wall:%H:%M}" + (" again" if s.comes_twice and s.wall.fold else "") for s in slots]


def starts(slots):
    return [f"{slot.start:%H:%M}" for slot in slots]


def free(of, window, *, length=HOUR, now=LONG_AGO, **buffers):
    return free_slots(of, window, length=length, now=now, **buffers)


# ── the days that are not 24 hours long ──────────────────────────────────────────────────────────


def test_berlin_loses_the_hour_from_two_to_three_in_march():
    night = plan(hours("Europe/Berlin", MIDNIGHT, time(6)))
    offered = free(night, span("2025-03-29T23:00", "2025-03-30T22:00"))
    assert walls(offered) == ["00:00", "01:00", "03:00", "04:00", "05:00"]
    assert starts(offered) == ["23:00", "00:00", "01:00", "02:00", "03:00"]
    assert not any(slot.comes_twice for slot in offered)


def test_berlin_offers_two_o_clock_twice_in_october_and_says_which():
    night = plan(hours("Europe/Berlin", MIDNIGHT, time(5)))
    offered = free(night, span("2025-10-25T22:00", "2025-10-26T23:00"))
    assert walls(offered) == ["00:00", "01:00", "02:00", "02:00 again", "03:00", "04:00"]
    assert starts(offered) == ["22:00", "23:00", "00:00", "01:00", "02:00", "03:00"]
    assert [slot.comes_twice for slot in offered] == [False, False, True, True, False, False]


def test_open_around_the_clock_is_23_hours_in_march_and_25_in_october():
    always = plan(hours("Europe/Berlin", MIDNIGHT, MIDNIGHT))
    march = free(always, span("2025-03-29T23:00", "2025-03-30T22:00"))
    october = free(always, span("2025-10-25T22:00", "2025-10-26T23:00"))
    assert len(march) == 23
    assert len(october) == 25
    assert {slot.wall.date() for slot in march} == {date(2025, 3, 30)}
    assert {slot.wall.date() for slot in october} == {date(2025, 10, 26)}


def test_a_long_visit_over_the_change_lasts_by_the_stopwatch_not_by_the_wall():
    night = plan(hours("Europe/Berlin", MIDNIGHT, time(5)))
    march = free(night, span("2025-03-29T23:00", "2025-03-30T04:00"), length=3 * HOUR)
    assert walls(march) == ["00:00", "01:00"]
    assert [f"{slot.end:%H:%M}" for slot in march] == ["02:00", "03:00"]  # 04:00 and 05:00 there


def test_hours_that_start_within_the_skipped_hour_open_after_it():
    early = plan(hours("Europe/Berlin", time(2, 30), time(4)), grid=20 * MINUTE)
    offered = free(early, span("2025-03-30T00:00", "2025-03-30T22:00"), length=20 * MINUTE)
    assert walls(offered) == ["03:10", "03:30"]  # 02:30, 02:50 and every 20 minutes, as always


def test_hours_within_the_repeated_hour_are_open_both_times():
    short = hours("Europe/Berlin", time(2), time(2, 30))
    window = span("2025-10-25T22:00", "2025-10-26T23:00")
    assert open_time(short, window) == [
        (span("2025-10-26T00:00", "2025-10-26T00:30"), CLINIC, "Europe/Berlin"),
        (span("2025-10-26T01:00", "2025-10-26T01:30"), CLINIC, "Europe/Berlin"),
    ]


def test_new_york_in_march_and_november():
    night = plan(hours("America/New_York", time(1), time(4)), grid=30 * MINUTE)
    march = free(night, span("2025-03-09T05:00", "2025-03-10T04:00"), length=30 * MINUTE)
    assert walls(march) == ["01:00", "01:30", "03:00", "03:30"]
    assert starts(march) == ["06:00", "06:30", "07:00", "07:30"]
    november = free(night, span("2025-11-02T04:00", "2025-11-02T08:00"), length=30 * MINUTE)
    assert walls(november) == [
        "01:00", "01:30", "01:00 again", "01:30 again", "02:00", "02:30",
    ]  # fmt: skip
    assert starts(november) == ["05:00", "05:30", "06:00", "06:30", "07:00", "07:30"]


def test_kolkata_is_five_and_a_half_hours_ahead_all_year():
    morning = plan(hours("Asia/Kolkata", time(9), time(11)))
    for day in ("2025-03-30", "2025-07-01", "2025-10-26"):
        offered = free(morning, span(f"{day}T00:00", f"{day}T23:00"))
        assert starts(offered) == ["03:30", "04:30"]
        assert walls(offered) == ["09:00", "10:00"]


def test_lord_howe_skips_half_an_hour_and_the_grid_of_the_wall_goes_on():
    night = plan(hours("Australia/Lord_Howe", time(1, 20), time(3, 20)), grid=20 * MINUTE)
    offered = free(night, span("2025-10-04T14:00", "2025-10-04T18:00"), length=20 * MINUTE)
    assert walls(offered) == ["01:20", "01:40", "02:40", "03:00"]
    assert starts(offered) == ["14:50", "15:10", "15:40", "16:00"]


def test_lord_howe_repeats_half_an_hour():
    night = plan(hours("Australia/Lord_Howe", time(1), time(2, 30)), grid=30 * MINUTE)
    offered = free(night, span("2025-04-05T13:00", "2025-04-05T17:00"), length=30 * MINUTE)
    assert walls(offered) == ["01:00", "01:30", "01:30 again", "02:00"]
    assert starts(offered) == ["14:00", "14:30", "15:00", "15:30"]


def test_apia_had_no_friday_the_30th_of_december_2011():
    always = hours("Pacific/Apia", time(9), time(11))
    week = span("2011-12-29T00:00", "2011-12-31T12:00")
    offered = free(plan(always), week)
    assert [f"{slot.wall:%a %d %H:%M}" for slot in offered] == [
        "Thu 29 09:00", "Thu 29 10:00", "Sat 31 09:00", "Sat 31 10:00",
    ]  # fmt: skip
    assert starts(offered) == ["19:00", "20:00", "19:00", "20:00"]
    fridays = hours("Pacific/Apia", time(9), time(11), on=[4])
    assert free(plan(fridays), week) == []


def test_a_skipped_midnight_does_not_move_the_grid():
    """Cairo went from 00:00 to 01:00 on Friday, 25 April 2025."""
    early = plan(hours("Africa/Cairo", MIDNIGHT, time(3), on=[4]))
    assert walls(free(early, span("2025-04-24T20:00", "2025-04-25T03:00"))) == ["01:00", "02:00"]


# ── hours ────────────────────────────────────────────────────────────────────────────────────────


def test_a_visit_may_span_midnight_when_the_night_is_open_on_both_sides():
    night = plan(
        hours("Europe/Berlin", time(22), MIDNIGHT, on=[0]),
        hours("Europe/Berlin", MIDNIGHT, time(2), on=[1]),
    )
    offered = free(night, span("2025-01-06T12:00", "2025-01-07T12:00"), length=2 * HOUR)
    assert walls(offered) == ["22:00", "23:00", "00:00"]


def test_adjoining_hours_of_two_locations_are_not_one_room():
    day = plan(
        hours("Europe/Berlin", time(9), time(10), on=[0]),
        hours("Europe/Berlin", time(10), time(11), on=[0], at=BRANCH),
        grid=30 * MINUTE,
    )
    offered = free(day, span("2025-01-06T00:00", "2025-01-07T00:00"))
    assert [(f"{slot.wall:%H:%M}", slot.location_id) for slot in offered] == [
        ("09:00", CLINIC),
        ("10:00", BRANCH),
    ]


def test_a_break_belongs_to_nobody():
    day = plan(
        hours("Europe/Berlin", time(9), time(11), on=[0]),
        hours("Europe/Berlin", time(11, 30), time(13), on=[0]),
    )
    offered = free(day, span("2025-01-06T00:00", "2025-01-07T00:00"))
    assert walls(offered) == ["09:00", "10:00", "11:30"]


def test_overlapping_hours_offer_each_start_once_and_the_first_rule_keeps_it():
    day = plan(
        hours("Europe/Berlin", time(10), time(12), on=[0], at=BRANCH),
        hours("Europe/Berlin", time(9), time(12), on=[0]),
    )
    offered = free(day, span("2025-01-06T00:00", "2025-01-07T00:00"))
    assert [(f"{slot.wall:%H:%M}", slot.location_id) for slot in offered] == [
        ("09:00", CLINIC),
        ("10:00", BRANCH),
        ("11:00", BRANCH),
    ]


def test_the_validity_of_hours_includes_both_of_its_dates():
    spell = plan(
        hours("Europe/Berlin", time(9), time(10), since=date(2025, 1, 7), until=date(2025, 1, 9))
    )
    offered = free(spell, span("2025-01-01T00:00", "2025-02-01T00:00"))
    assert [f"{slot.wall:%d}" for slot in offered] == ["07", "08", "09"]


def test_two_clinics_in_two_zones_stand_in_the_order_of_time():
    both = plan(
        hours("America/New_York", time(9), time(10), on=[0], at=BRANCH),
        hours("Europe/Berlin", time(14), time(16), on=[0]),
    )
    offered = free(both, span("2025-01-06T00:00", "2025-01-07T00:00"))
    assert [(f"{slot.start:%H:%M}", slot.zone) for slot in offered] == [
        ("13:00", "Europe/Berlin"),
        ("14:00", "America/New_York"),  # the Berlin 15:00, said by the rule that stands first
    ]


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "since", "until"),
    [
        (0, time(22), time(6), None, None),
        (0, time(9), time(9), None, None),
        (7, time(9), time(10), None, None),
        (0, time(9, 0, 30), time(10), None, None),
        (0, time(9, tzinfo=UTC), time(10), None, None),
        (0, time(9), time(10), date(2025, 2, 1), date(2025, 1, 1)),
    ],
)
def test_hours_that_no_clinic_can_keep_are_refused(weekday, opens, closes, since, until):
    with pytest.raises(ImpossibleHours):
        WeeklyHours(weekday, opens, closes, since, until, CLINIC, "Europe/Berlin")


@pytest.mark.parametrize("grid", [timedelta(0), -HOUR, timedelta(seconds=90)])
def test_a_grid_is_whole_minutes(grid):
    with pytest.raises(ImpossibleHours):
        BookingPolicy(timedelta(0), YEARS, grid)


def test_closing_at_midnight_means_the_end_of_the_day():
    late = plan(hours("Europe/Berlin", time(22), MIDNIGHT, on=[0]))
    assert walls(free(late, span("2025-01-06T00:00", "2025-01-08T00:00"))) == ["22:00", "23:00"]


# ── what stands in the way ───────────────────────────────────────────────────────────────────────

MONDAY = span("2025-01-06T00:00", "2025-01-07T00:00")
OFFICE = hours("Europe/London", time(9), time(13), on=[0])
NINE = utc("2025-01-06T09:00")


def test_a_visit_may_follow_another_without_a_gap():
    taken = plan(OFFICE, busy=(span("2025-01-06T10:00", "2025-01-06T11:00"),))
    assert walls(free(taken, MONDAY)) == ["09:00", "11:00", "12:00"]


def test_a_booking_by_the_half_minute_bars_the_whole_tick():
    a_little_late = Interval(NINE + HOUR, NINE + 2 * HOUR + timedelta(microseconds=1))
    assert walls(free(plan(OFFICE, busy=(a_little_late,)), MONDAY)) == ["09:00", "12:00"]


def test_buffers_need_free_time_on_both_sides():
    taken = plan(OFFICE, busy=(span("2025-01-06T10:00", "2025-01-06T11:00"),))
    assert walls(free(taken, MONDAY, buffer_after=MINUTE)) == ["11:00", "12:00"]
    assert walls(free(taken, MONDAY, buffer_before=MINUTE)) == ["09:00", "12:00"]


def test_buffers_may_lie_outside_the_opening_hours_but_not_in_time_off():
    buffers = {"buffer_before": HOUR, "buffer_after": HOUR}
    assert walls(free(plan(OFFICE), MONDAY, **buffers)) == ["09:00", "10:00", "11:00", "12:00"]
    away = plan(OFFICE, time_off=(span("2025-01-06T13:00", "2025-01-06T14:00"),))
    assert walls(free(away, MONDAY, **buffers)) == ["09:00", "10:00", "11:00"]


def test_the_notice_and_the_horizon_themselves_are_still_offered():
    strict = plan(OFFICE, notice=2 * HOUR, horizon=3 * HOUR)
    eight = NINE - HOUR
    assert walls(free(strict, MONDAY, now=eight)) == ["10:00", "11:00"]
    assert walls(free(strict, MONDAY, now=eight + timedelta(microseconds=1))) == ["11:00"]


def test_a_full_day_offers_nothing_and_the_date_is_the_one_on_the_wall():
    """23:00 in London is the next day in Kolkata."""
    night = hours("Asia/Kolkata", MIDNIGHT, time(2), on=[0, 1])
    full = plan(night, limit=3, booked_per_day={date(2025, 1, 6): 3, date(2025, 1, 7): 2})
    offered = free(full, span("2025-01-05T00:00", "2025-01-08T00:00"))
    assert [f"{slot.wall:%d %H:%M}" for slot in offered] == ["07 00:00", "07 01:00"]


def test_a_time_belongs_to_the_window_in_which_it_starts():
    ten_thirty = span("2025-01-06T10:00", "2025-01-06T10:30")
    assert walls(free(plan(OFFICE), ten_thirty)) == ["10:00"]


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2025-01-06T09:00", None),
        ("2025-01-06T10:00", Reason.TAKEN),
        ("2025-01-06T11:00", Reason.TIME_OFF),
        ("2025-01-06T12:00", None),
        ("2025-01-06T12:30", Reason.CLOSED),
        ("2025-01-06T09:01", Reason.OFF_GRID),
        ("2025-01-06T13:00", Reason.CLOSED),
        ("2025-01-13T09:00", Reason.DAY_FULL),
        ("2025-01-05T06:00", Reason.PAST),
        ("2025-01-05T07:30", Reason.TOO_SOON),
        ("2026-01-05T09:00", Reason.TOO_FAR),
    ],
)
def test_every_refusal_has_its_reason(start, reason):
    day = plan(
        OFFICE,
        busy=(span("2025-01-06T10:30", "2025-01-06T11:00"),),
        time_off=(span("2025-01-06T11:00", "2025-01-06T12:00"),),
        notice=HOUR,
        horizon=timedelta(days=60),
        limit=1,
        booked_per_day={date(2025, 1, 13): 1},
    )
    now = utc("2025-01-05T07:00")
    at = utc(start)
    assert why_not_free(day, at, length=HOUR, now=now) is reason
    slot = is_free(day, Interval(at, at + HOUR), now=now)
    assert slot == (Slot(at, at + HOUR, CLINIC, "Europe/London") if reason is None else None)


def test_all_reasons_are_told_in_order():
    day = plan(
        OFFICE,
        busy=(span("2025-01-06T09:00", "2025-01-06T11:00"),),
        time_off=(span("2025-01-06T09:00", "2025-01-06T11:00"),),
        limit=0,
    )
    against = all_reasons_against(day, NINE, length=HOUR, now=NINE + MINUTE)
    assert against == (Reason.PAST, Reason.TIME_OFF, Reason.TAKEN, Reason.DAY_FULL)


def test_a_start_between_two_seconds_is_off_the_grid():
    crooked = NINE + timedelta(microseconds=1)
    assert why_not_free(plan(OFFICE), crooked, length=HOUR, now=LONG_AGO) is Reason.OFF_GRID
    assert is_free(plan(OFFICE), Interval(crooked, crooked + HOUR), now=LONG_AGO) is None


def test_a_visit_without_length_is_refused():
    with pytest.raises(ImpossibleHours):
        free(plan(OFFICE), MONDAY, length=timedelta(0))
    with pytest.raises(ImpossibleHours):
        free(plan(OFFICE), MONDAY, buffer_after=-MINUTE)
