"""Stretches of time, by example and against counting seconds one by one."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medibook.kernel.intervals import Interval, intersected, merged, subtracted

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def between(start, end):
    return Interval(NOON + start * SECOND, NOON + end * SECOND)


def seconds(intervals):
    return {
        n
        for interval in intervals
        for n in range((interval.start - NOON) // SECOND, (interval.end - NOON) // SECOND)
    }


spans = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda s: between(s[0], sum(s)))
some = st.lists(spans, max_size=8)


def test_a_visit_until_ten_and_one_from_ten_do_not_touch():
    assert not between(0, 10).overlaps(between(10, 20))
    assert between(0, 11).overlaps(between(10, 20))
    assert between(10, 20).overlaps(between(0, 11))


def test_the_start_is_inside_and_the_end_is_not():
    assert between(0, 10).contains(NOON)
    assert not between(0, 10).contains(NOON + 10 * SECOND)
    assert between(0, 10).contains(between(0, 10))
    assert not between(0, 10).contains(between(5, 11))


@pytest.mark.parametrize("minutes", [0, -1])
def test_an_interval_ends_after_it_starts(minutes):
    with pytest.raises(ValueError, match="ends after it starts"):
        Interval(NOON, NOON + timedelta(minutes=minutes))


def test_a_time_without_a_zone_is_refused():
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        Interval(naive, naive + SECOND)
    with pytest.raises(ValueError, match="without a zone"):
        Interval(NOON, naive + SECOND)


def test_other_zones_are_turned_into_utc_so_that_lengths_are_of_the_stopwatch():
    berlin = ZoneInfo("Europe/Berlin")
    night = Interval(
        datetime(2025, 3, 30, 1, tzinfo=berlin), datetime(2025, 3, 30, 4, tzinfo=berlin)
    )
    assert night.length == timedelta(hours=2)
    assert night.start.tzinfo is UTC
    assert Interval(NOON.astimezone(timezone(SECOND * 3600)), NOON + SECOND) == between(0, 1)


def test_touching_stretches_become_one():
    assert merged([between(5, 9), between(0, 5), between(20, 30), between(22, 25)]) == [
        between(0, 9),
        between(20, 30),
    ]


def test_a_hole_in_the_middle_leaves_two_ends():
    assert subtracted([between(0, 10)], [between(4, 6)]) == [between(0, 4), between(6, 10)]


@given(some)
def test_merging_loses_nothing_and_leaves_gaps(intervals):
    result = merged(intervals)
    assert seconds(result) == seconds(intervals)
    assert all(a.end < b.start for a, b in pairwise(result))


@given(some, some)
def test_subtract_and_intersect_are_what_counting_says(a, b):
    assert seconds(subtracted(a, b)) == seconds(a) - seconds(b)
    assert seconds(intersected(a, b)) == seconds(a) & seconds(b)
    assert seconds(merged([*subtracted(a, b), *intersected(a, b)])) == seconds(a)


@given(some, some)
def test_the_results_are_in_order_and_apart(a, b):
    for result in (subtracted(a, b), intersected(a, b)):
        assert all(x.end <= y.start for x, y in pairwise(result))
