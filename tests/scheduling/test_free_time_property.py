"""Free time against a slow, obvious reference: look at the wall clock every minute.

The reference knows no arithmetic of zones. It asks ``zoneinfo`` what the wall says at each minute
of the line of time, and counts minutes that are open, off, closed or taken. Windows lie around the
real changes of the clock in ``tests/data/time_zones``.

A few hundred examples each time; this looks at twenty thousand::

    MEDIBOOK_EXAMPLES=20000 pytest tests/scheduling/test_free_time_property.py
"""

import json
import os
from collections import Counter
from dataclasses import replace
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
from medibook.scheduling.rules.bars import Visit, free_room
from medibook.scheduling.rules.plan import RoomTime
from medibook.scheduling.rules.seconds import spans_of

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
EXAMPLES = int(os.environ.get("MEDIBOOK_EXAMPLES", "400"))

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
        self.own = self.minutes_of(plan.own)
        self.closed = {at: self.minutes_of(plan.closed.get(at, ())) for at in (CLINIC, BRANCH)}
        self.rooms = [
            (room.location_id, self.minutes_of(room.busy + room.out_of_order))
            for room in plan.rooms or ()
        ]
        self.other_days = {rule.on_date for rule in plan.hours}
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

    def minutes_of(self, spans):
        change = int(self.change.timestamp())
        return {
            m for start, end in spans for m in range((start - change) // 60, (end - change) // 60)
        }

    def minute_of_rule(self, rule, reading):
        """Minutes since opening by the wall, or None while the rule says closed."""
        weekday, day, minute = reading
        opens = rule.opens.hour * 60 + rule.opens.minute
        closes = rule.closes.hour * 60 + rule.closes.minute or 24 * 60
        if rule.on_date is None:
            valid = (rule.valid_from or day) <= day <= (rule.valid_until or day)
            is_its_day = weekday == rule.weekday and valid and day not in self.other_days
        else:
            is_its_day = day == rule.on_date
        return minute - opens if is_its_day and opens <= minute < closes else None

    def minutes_open(self, m):
        """Each rule that is open then, with the minutes since its opening and the date on its wall."""
        for rule in self.plan.hours:
            reading = readings(rule.zone, self.change)[m - FIRST]
            since = self.minute_of_rule(rule, reading)
            if since is not None:
                yield rule, since, reading[1]

    def visit(self, m):
        return range(m, m + self.length)

    def needed(self, m):
        return range(m - self.before, m + self.length + self.after)

    def questions(self, m):
        """What the place is asked, with who passes: a rule, its minutes since opening, its date."""
        plan, grid = self.plan, self.plan.policy.grid // MINUTE
        yield (
            Reason.NOT_HERE,
            lambda r, _s, _d: plan.offered_at is None or r.location_id in plan.offered_at,
        )
        yield Reason.HOLIDAY, lambda r, _s, _d: self.closed[r.location_id].isdisjoint(self.visit(m))
        yield Reason.OFF_GRID, lambda _r, since, _d: since % grid == 0
        yield (
            Reason.NO_ROOM,
            lambda r, _s, _d: (
                plan.rooms is None
                or any(
                    at == r.location_id and taken.isdisjoint(self.needed(m))
                    for at, taken in self.rooms
                )
            ),
        )
        policy = plan.policy
        yield (
            Reason.DAY_FULL,
            lambda _r, _s, day: (
                policy.daily_limit is None or plan.booked_per_day.get(day, 0) < policy.daily_limit
            ),
        )
        yield (
            Reason.OFTEN_ENOUGH,
            lambda _r, _s, day: (
                policy.patient_daily_limit is None
                or plan.own_per_day.get(day, 0) < policy.patient_daily_limit
            ),
        )

    def open_throughout(self, m):
        return [
            found
            for found in self.minutes_open(m)
            if all(k in self.open[found[0].location_id] for k in self.visit(m))
        ]

    def reasons_of_the_place(self, m):
        left = self.open_throughout(m)
        if not left:
            weekly = tuple(rule for rule in self.plan.hours if rule.on_date is None)
            as_ever = replace(self.plan, hours=weekly)
            usual = Reference(self.change, as_ever, self.now, (self.length, 0, 0))
            return {Reason.OTHER_HOURS if usual.open_throughout(m) else Reason.CLOSED}
        against = set()
        for reason, passes in self.questions(m):
            passed = [found for found in left if passes(*found)]
            if not passed:
                against.add(reason)
            left = passed or left
        return against

    def reasons_everywhere(self, m):
        policy, start = self.plan.policy, self.change + m * MINUTE
        said = {
            Reason.PAST: start < self.now,
            Reason.TOO_SOON: self.now <= start < self.now + policy.minimum_notice,
            Reason.TOO_FAR: start > self.now + policy.horizon,
            Reason.TIME_OFF: any(k in self.off for k in self.needed(m)),
            Reason.TAKEN: any(k in self.taken for k in self.needed(m)),
            Reason.OWN_VISIT: any(k in self.own for k in self.visit(m)),
        }
        return {reason for reason, true in said.items() if true}

    def reasons(self, m):
        against = self.reasons_everywhere(m) | self.reasons_of_the_place(m)
        return tuple(reason for reason in Reason if reason in against)

    def free(self, since, until):
        for m in range(since, until):
            for rule, gone, day in self.minutes_open(m):
                if (
                    all(passes(rule, gone, day) for _, passes in self.questions(m))
                    and not self.reasons_everywhere(m)
                    and all(k in self.open[rule.location_id] for k in self.visit(m))
                ):
                    start = self.change + m * MINUTE
                    yield start, start + self.length * MINUTE, rule.location_id, rule.zone
                    break


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
# Half of them begin on a quarter of an hour, so that things often touch without overlapping.
begins = st.one_of(
    st.integers(FIRST, LAST - 1), st.integers(FIRST // 15, LAST // 15 - 1).map(lambda n: n * 15)
)
spans = st.tuples(begins, st.sampled_from([1, 15, 20, 45, 60, 180]))
policies = st.tuples(
    st.sampled_from([0, 0, 1, 60, 180]),
    st.sampled_from([300, 600, 100_000, 100_000, 100_000, 100_000]),
    st.sampled_from([5, 7, 15, 20, 30, 45, 60, 90]),
    st.sampled_from([None, None, None, None, 1, 2]),
    st.sampled_from([None, None, None, 1]),
)
rooms = st.tuples(
    st.sampled_from([CLINIC, CLINIC, BRANCH]),
    st.lists(spans, max_size=2),
    st.lists(spans, max_size=2),
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


def hours_of_one_date(drawn, zones, day):
    """What is open on one date, instead of the hours of its weekday."""
    away, *rule = drawn
    return replace(
        weekly_hours((away, *rule[:2], None, None, rule[2]), zones, day),
        on_date=day + timedelta(days=away),
    )


@pytest.mark.parametrize("zone", ZONES)
def test_free_time_is_what_one_sees_on_the_wall_minute_by_minute(zone):
    changes = [datetime.fromisoformat(row["utc"]) for row in CHANGES if row["zone"] == zone]

    @settings(
        max_examples=max(1, EXAMPLES // len(ZONES)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        change=st.sampled_from(changes),
        hours=st.lists(weekly, min_size=2, max_size=4),
        dated=st.lists(
            st.tuples(
                st.sampled_from([-1, 0, 0, 1]),
                minutes_of_day,
                st.integers(60, 24 * 60),
                st.booleans(),
            ),
            max_size=2,
        ),
        taken=st.tuples(*[st.lists(spans, max_size=n) for n in (1, 4, 1, 1, 1)]),
        pool=st.one_of(
            st.none(), st.lists(rooms, min_size=1, max_size=2), st.lists(rooms, max_size=3)
        ),
        offered_at=st.sampled_from([None, None, None, {CLINIC}, {BRANCH}]),
        policy=policies,
        booked=st.lists(st.integers(0, 2), min_size=4, max_size=4),
        visit=visits,
        window=windows,
        now=st.one_of(hours_away, st.integers(-30 * 60, -6 * 60), st.integers(-6 * 60, 6 * 60)),
        asked=st.integers(0, 8 * 60),
    )
    def agrees(change, hours, taken, policy, booked, visit, window, now, asked, **other):
        zones, day = (zone, ZONES[zone]), change.astimezone(ZoneInfo(zone)).date()
        by_day = {day + timedelta(days=n - 2): count for n, count in enumerate(booked)}
        off, busy, own, clinic_closed, branch_closed = (
            spans_of(interval(change, *drawn) for drawn in each) for each in taken
        )
        plan = Plan(
            tuple(
                [weekly_hours(drawn, zones, day) for drawn in hours]
                + [hours_of_one_date(drawn, zones, day) for drawn in other["dated"]]
            ),
            off,
            busy,
            BookingPolicy(*(part * MINUTE for part in policy[:3]), *policy[3:]),
            by_day,
            own=own,
            own_per_day={date: count // 2 for date, count in by_day.items()},
            closed={CLINIC: clinic_closed, BRANCH: branch_closed},
            rooms=pool_of(change, other["pool"]),
            offered_at=other["offered_at"] and frozenset(other["offered_at"]),
        )
        compare(change, plan, visit, window, change + now * MINUTE, window[0] + asked)

    agrees()


def pool_of(change, drawn):
    return (
        drawn
        if drawn is None
        else tuple(
            RoomTime(
                UUID(int=number),
                at,
                spans_of(interval(change, *span) for span in busy),
                spans_of(interval(change, *span) for span in broken),
            )
            for number, (at, busy, broken) in enumerate(drawn)
        )
    )


def interval(change, start, minutes):
    return Interval(change + start * MINUTE, change + (start + minutes) * MINUTE)


def compare(change, plan, visit, window, now, asked):
    reference = Reference(change, plan, now, visit)
    length, before, after = (part * MINUTE for part in visit)
    buffers = {"buffer_before": before, "buffer_after": after}
    offered = free_slots(plan, interval(change, *window), length=length, now=now, **buffers)
    assert list(map(tuple, offered)) == list(reference.free(window[0], window[0] + window[1]))
    for slot in offered:
        wall = slot.wall.replace(tzinfo=None, fold=0)
        times = Counter(readings(slot.zone, change))[
            wall.weekday(), wall.date(), wall.hour * 60 + wall.minute
        ]
        near = abs(slot.start - change) <= timedelta(hours=4)
        assert slot.comes_twice == (times == 2) or not near
        if slot is offered[0]:
            assert is_free(plan, Interval(slot.start, slot.end), now=now, **buffers) == slot
            check_room(reference, plan, slot, Visit.of(length, before, after))
    start = change + asked * MINUTE
    against = all_reasons_against(plan, start, length=length, now=now, **buffers)
    assert against == reference.reasons(asked)
    booked = is_free(plan, Interval(start, start + length), now=now, **buffers)
    assert (booked is None) == bool(against)


def check_room(reference, plan, slot, visit):
    """The room that would be booked is of the place, and free from buffer to buffer."""
    room = free_room(plan, slot.location_id, visit, int(slot.start.timestamp()))
    if plan.rooms is None:
        assert room is None
        return
    needed = reference.needed((slot.start - reference.change) // MINUTE)
    assert room.location_id == slot.location_id
    assert reference.minutes_of(room.busy + room.out_of_order).isdisjoint(needed)


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
