"""Free time against a slow, obvious reference: look at the wall clock every minute.

The reference knows no arithmetic of zones. It asks ``zoneinfo`` what the wall says at each minute
of the line of time, and counts minutes that are open, off or taken. Windows lie around the real
changes of the clock in ``tests/data/time_zones``.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules import (
    BookingPolicy,
    Plan,
    Reason,
    WeeklyHours,
    all_reasons_against,
    free_slots,
    is_free,
    open_time,
)

CHANGES = json.loads(
    (Path(__file__).parents[1] / "data/time_zones/edge_cases.json").read_text("utf-8")
)
# Each with a second clinic elsewhere, so that a plan over two zones is common.
ZONES = {
    "Africa/Cairo": "Europe/London",
    "Africa/Casablanca": "Europe/Berlin",
    "America/Havana": "America/New_York",
    "America/New_York": "America/St_Johns",
    "America/Sao_Paulo": "Asia/Kolkata",
    "Antarctica/Casey": "Pacific/Chatham",
    "Antarctica/Troll": "Europe/Berlin",
    "Australia/Lord_Howe": "Pacific/Chatham",
    "Europe/Berlin": "Europe/Dublin",
    "Pacific/Apia": "Pacific/Chatham",
}
EXAMPLES = 10_000 if settings.get_current_profile_name() == "ci" else 500

CLINIC, BRANCH = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)
FIRST, LAST = -8 * 60, 18 * 60
"""The minutes around a change that the reference can see."""


@lru_cache(maxsize=128)
def readings(zone, change):
    """(weekday, date, minute of the day) on the wall for every minute around a change."""
    clock = ZoneInfo(zone)
    walls = ((change + MINUTE * m).astimezone(clock) for m in range(FIRST, LAST))
    return [(w.weekday(), w.date(), w.hour * 60 + w.minute) for w in walls]


class Reference:
    """The same question, answered by counting minutes from the change."""

    def __init__(self, change, plan, now, visit):
        self.change, self.plan, self.now = change, plan, now
        self.length, self.before, self.after = visit
        self.off = self.minutes_of(plan.time_off)
        self.taken = self.minutes_of(plan.busy)
        self.open = {
            at: {
                m
                for rule in plan.hours
                if rule.location_id == at
                for m, reading in enumerate(readings(rule.zone, change), FIRST)
                if self.minute_of_rule(rule, reading) is not None
            }
            for at in (CLINIC, BRANCH)
        }

    def minutes_of(self, intervals):
        return {
            m
            for interval in intervals
            for m in range(
                (interval.start - self.change) // MINUTE, (interval.end - self.change) // MINUTE
            )
        }

    @staticmethod
    def minute_of_rule(rule, reading):
        """Minutes since opening by the wall, or None while the rule says closed."""
        weekday, day, minute = reading
        opens = rule.opens.hour * 60 + rule.opens.minute
        closes = rule.closes.hour * 60 + rule.closes.minute or 24 * 60
        valid = (rule.valid_from or day) <= day <= (rule.valid_until or day)
        is_open = weekday == rule.weekday and valid and opens <= minute < closes
        return minute - opens if is_open else None

    def rules_open_throughout(self, m):
        for rule in self.plan.hours:
            reading = readings(rule.zone, self.change)[m - FIRST]
            since_opening = self.minute_of_rule(rule, reading)
            stays_open = all(k in self.open[rule.location_id] for k in range(m, m + self.length))
            if since_opening is not None and stays_open:
                yield rule, since_opening * MINUTE, reading[1]

    def reasons(self, m):
        policy, start = self.plan.policy, self.change + m * MINUTE
        needed = range(m - self.before, m + self.length + self.after)
        rules = list(self.rules_open_throughout(m))
        ticks = [day for _, since, day in rules if since % policy.grid == timedelta(0)]
        said = {
            Reason.PAST: start < self.now,
            Reason.TOO_SOON: self.now <= start < self.now + policy.minimum_notice,
            Reason.TOO_FAR: start > self.now + policy.horizon,
            Reason.CLOSED: not rules,
            Reason.OFF_GRID: bool(rules) and not ticks,
            Reason.TIME_OFF: any(k in self.off for k in needed),
            Reason.TAKEN: any(k in self.taken for k in needed),
            Reason.DAY_FULL: bool(ticks) and all(map(self.is_full, ticks)),
        }
        return tuple(reason for reason, true in said.items() if true)

    def is_full(self, day):
        limit = self.plan.policy.daily_limit
        return limit is not None and self.plan.booked_per_day.get(day, 0) >= limit

    def free(self, since, until):
        found = []
        for m in range(since, until):
            on_tick = any(
                (gone := self.minute_of_rule(rule, readings(rule.zone, self.change)[m - FIRST]))
                is not None
                and gone * MINUTE % self.plan.policy.grid == timedelta(0)
                for rule in self.plan.hours
            )
            if on_tick and not self.reasons(m):
                rule = next(
                    rule
                    for rule, gone, day in self.rules_open_throughout(m)
                    if gone % self.plan.policy.grid == timedelta(0) and not self.is_full(day)
                )
                start = self.change + m * MINUTE
                found.append((start, start + self.length * MINUTE, rule.location_id, rule.zone))
        return found


minutes_of_day = st.one_of(
    st.sampled_from([0, 0, 60, 90, 120, 150, 180]),
    st.integers(0, 23).map(lambda hour: hour * 60),
    st.integers(0, 24 * 60 - 1),
)
weekly = st.tuples(
    st.sampled_from([0, 0, 0, -1, 1]),  # days from the day of the change
    minutes_of_day,
    st.one_of(st.just(24 * 60), st.integers(60, 24 * 60), st.integers(1, 180)),  # how long
    st.sampled_from([None, None, None, None, None, -1, 0, 1]),
    st.sampled_from([None, None, None, None, None, -1, 0, 1]),
    st.booleans(),
)
spans = st.tuples(st.integers(FIRST, LAST - 1), st.sampled_from([1, 15, 20, 45, 60, 180]))
policies = st.tuples(
    st.sampled_from([0, 0, 1, 60, 180]),
    st.sampled_from([300, 600, 100_000, 100_000, 100_000, 100_000]),
    st.sampled_from([5, 7, 15, 20, 30, 45, 60, 90]),
    st.sampled_from([None, None, None, None, 1, 2]),
)
visits = st.tuples(
    st.sampled_from([1, 5, 15, 20, 20, 30, 30, 45, 60, 180]),
    st.sampled_from([0, 0, 0, 5, 30]),
    st.sampled_from([0, 0, 0, 10, 45]),
)
hours_away = st.integers(-12, 6).map(lambda hours: hours * 60)
windows = st.tuples(st.integers(-6 * 60, 2 * 60), st.integers(60, 8 * 60))


def weekly_hours(drawn, zones, day):
    away, opens, minutes, since, until, branch = drawn
    closes = min(opens + minutes, 24 * 60) % (24 * 60)
    first, last = (
        None if offset is None else day + timedelta(days=offset) for offset in (since, until)
    )
    if first and last and last < first:
        first, last = last, first
    return WeeklyHours(
        (day.weekday() + away) % 7,
        time(opens // 60, opens % 60),
        time(closes // 60, closes % 60),
        first,
        last,
        BRANCH if branch else CLINIC,
        zones[branch],
    )


@pytest.mark.parametrize("zone", ZONES)
def test_free_time_is_what_one_sees_on_the_wall_minute_by_minute(zone):
    changes = [datetime.fromisoformat(row["utc"]) for row in CHANGES if row["zone"] == zone]

    @settings(
        max_examples=EXAMPLES // len(ZONES),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        change=st.sampled_from(changes),
        hours=st.lists(weekly, min_size=2, max_size=4),
        time_off=st.lists(spans, max_size=1),
        busy=st.lists(spans, max_size=4),
        policy=policies,
        booked=st.lists(st.integers(0, 2), min_size=4, max_size=4),
        visit=visits,
        window=windows,
        now=st.one_of(hours_away, st.integers(-30 * 60, -6 * 60), st.integers(-6 * 60, 6 * 60)),
        asked=st.integers(0, 8 * 60),
    )
    def agrees(change, hours, time_off, busy, policy, booked, visit, window, now, asked):
        day = change.astimezone(ZoneInfo(zone)).date()
        plan = Plan(
            tuple(weekly_hours(drawn, (zone, ZONES[zone]), day) for drawn in hours),
            tuple(interval(change, *drawn) for drawn in time_off),
            tuple(interval(change, *drawn) for drawn in busy),
            BookingPolicy(*(part * MINUTE for part in policy[:3]), policy[3]),
            {day + timedelta(days=n - 2): count for n, count in enumerate(booked)},
        )
        compare(change, plan, visit, window, change + now * MINUTE, window[0] + asked)

    agrees()


def interval(change, start, minutes):
    return Interval(change + start * MINUTE, change + (start + minutes) * MINUTE)


def compare(change, plan, visit, window, now, asked):
    reference = Reference(change, plan, now, visit)
    length, before, after = (part * MINUTE for part in visit)
    buffers = {"buffer_before": before, "buffer_after": after}
    offered = free_slots(plan, interval(change, *window), length=length, now=now, **buffers)
    assert list(map(tuple, offered)) == reference.free(window[0], window[0] + window[1])
    for slot in offered:
        wall = slot.wall.replace(tzinfo=None, fold=0)
        times = Counter(readings(slot.zone, change))[
            wall.weekday(), wall.date(), wall.hour * 60 + wall.minute
        ]
        near = abs(slot.start - change) <= timedelta(hours=4)
        assert slot.comes_twice == (times == 2) or not near
        if slot is offered[0]:
            assert is_free(plan, Interval(slot.start, slot.end), now=now, **buffers) == slot
    start = change + asked * MINUTE
    against = all_reasons_against(plan, start, length=length, now=now, **buffers)
    assert against == reference.reasons(asked)
    booked = is_free(plan, Interval(start, start + length), now=now, **buffers)
    assert (booked is None) == bool(against)


@pytest.mark.parametrize("zone", sorted({row["zone"] for row in CHANGES}))
def test_every_change_of_the_clock_is_seen_to_the_second(zone):
    """Around the clock is one stretch over every change, and its length is the day's."""
    always = [
        WeeklyHours(weekday, time(0), time(0), None, None, CLINIC, zone) for weekday in range(7)
    ]
    for row in (row for row in CHANGES if row["zone"] == zone and row["utc"] < "2025"):
        change = datetime.fromisoformat(row["utc"])
        window = Interval(change - timedelta(days=3), change + timedelta(days=3))
        assert open_time(always, window) == [(window, CLINIC, zone)]
        day = (datetime.fromisoformat(row["local_before"]) - timedelta(seconds=1)).date()
        only = [WeeklyHours(day.weekday(), time(0), time(0), day, day, CLINIC, zone)]
        open_seconds = sum(
            (span.length for span, _, _ in open_time(only, window)), start=timedelta(0)
        )
        assert open_seconds == length_of(day, zone, window)


def length_of(day: date, zone: str, window: Interval) -> timedelta:
    minutes = window.length // MINUTE
    walls = ((window.start + MINUTE * m).astimezone(ZoneInfo(zone)).date() for m in range(minutes))
    return sum(wall == day for wall in walls) * MINUTE


def test_the_reference_sees_the_day_that_apia_skipped():
    change = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert {day for _, day, _ in readings("Pacific/Apia", change)} == {
        date(2011, 12, 29),
        date(2011, 12, 31),
    }
