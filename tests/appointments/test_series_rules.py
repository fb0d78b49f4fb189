"""When a series has its visits, against the calendar library that everybody trusts; no database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from medibook.appointments.rules.series import (
    MOST,
    dates,
    instant_on,
    occurrences,
    problems_of_rule,
    rrule_of,
    rule_of,
)
from medibook.appointments.schemas.series import Rhythm, SeriesRule
from medibook.appointments.service.series.words import rule_words
from medibook.ui.i18n import translator

TUESDAY = date(2026, 11, 24)
ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
)
first_days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
ends = st.one_of(
    st.builds(lambda n: {"count": n}, st.integers(2, MOST)),
    st.builds(lambda n: {"after": timedelta(days=n)}, st.integers(0, 400)),
)


@st.composite
def rules(draw):
    """A first day and a rule that may be kept with it."""
    first, end = draw(first_days), draw(ends)
    rhythms = [Rhythm.WEEKLY, Rhythm.MONTHLY]
    if (first + timedelta(days=7)).month != first.month:
        rhythms.append(Rhythm.MONTHLY_LAST)
    until = first + end["after"] if "after" in end else None
    rule = SeriesRule(
        rhythm=draw(st.sampled_from(rhythms)),
        interval=draw(st.integers(1, 12)),
        count=end.get("count"),
        until=until,
    )
    return first, rule


@given(rules())
def test_the_dates_are_those_that_rfc_5545_means(case):
    first, rule = case
    reference = rrulestr(rrule_of(rule, first), dtstart=datetime.combine(first, time()))
    expected = [when.date() for when, _ in zip(reference, range(MOST), strict=False)]
    assert list(dates(rule, first)) == expected


@given(rules())
def test_a_rule_is_stored_and_read_back(case):
    first, rule = case
    again = rule_of(rrule_of(rule, first))
    assert dates(again, first) == dates(rule, first)
    assert rrule_of(again, first) == rrule_of(rule, first)


@given(rules(), st.times(), st.sampled_from(ZONES), st.integers(0, 1))
def test_the_wall_time_is_the_same_in_every_season(case, reading, zone, fold):
    day, rule = case
    reading = reading.replace(second=0, microsecond=0)
    first = instant_on(day, reading, zone, fold=fold)
    if first is None:
        return
    found = occurrences(rule, first, zone)
    assert found[0].starts_at == first
    for one in found:
        if one.starts_at is not None:
            wall = one.starts_at.astimezone(ZoneInfo(zone))
            assert (wall.date(), wall.time()) == (one.day, reading)
        else:
            skipped = datetime.combine(one.day, reading, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            assert skipped.astimezone(ZoneInfo(zone)).time() != reading
    assert [one.place for one in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("day", "reading", "zone", "instant"),
    [
        (date(2027, 3, 28), time(2, 30), "Europe/Berlin", None),
        (date(2027, 3, 28), time(3, 0), "Europe/Berlin", "2027-03-28T01:00"),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30"),
        (date(2026, 10, 4), time(2, 10), "Australia/Lord_Howe", None),
        (date(2026, 10, 4), time(2, 30), "Australia/Lord_Howe", "2026-10-03T15:30"),
        (date(2027, 4, 4), time(1, 45), "Australia/Lord_Howe", "2027-04-03T14:45"),
        (date(2011, 12, 30), time(10, 0), "Pacific/Apia", None),
    ],
)
def test_the_days_on_which_the_clocks_change(day, reading, zone, instant):
    expected = instant and datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert instant_on(day, reading, zone) == expected


def test_of_a_wall_time_that_comes_twice_it_is_the_first_unless_the_first_visit_is_the_second():
    early = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    weekly = SeriesRule(count=53 - 1)
    for first in (early, early + timedelta(hours=1)):
        found = occurrences(weekly, first, "Europe/Berlin")
        assert found[0].starts_at == first
        assert found[1].starts_at == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (SeriesRule(count=1), "count"),
        (SeriesRule(count=53), "count"),
        (SeriesRule(), "count"),
        (SeriesRule(count=3, until=date(2027, 1, 1)), "count"),
        (SeriesRule(count=3, interval=0), "interval"),
        (SeriesRule(count=3, interval=13), "interval"),
        (SeriesRule(until=TUESDAY), "until"),
        (SeriesRule(until=date(2027, 12, 1)), "until"),
        (SeriesRule(count=3, rhythm=Rhythm.MONTHLY_LAST), ""),
        (SeriesRule(count=3, until=None), ""),
    ],
)
def test_a_rule_that_cannot_be_kept_says_which_field_is_wrong(rule, field):
    assert list(problems_of_rule(rule, TUESDAY)) == ([field] if field else [])


def test_the_last_tuesday_is_refused_for_another_tuesday():
    rule = SeriesRule(count=3, rhythm=Rhythm.MONTHLY_LAST)
    assert list(problems_of_rule(rule, date(2026, 11, 17))) == ["rhythm"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (SeriesRule(count=12), "Every Tuesday at 10:30, 12 times"),
        (SeriesRule(count=12, interval=2), "Every second Tuesday at 10:30, 12 times"),
        (SeriesRule(count=4, interval=3), "Every 3 weeks on Tuesday at 10:30, 4 times"),
        (
            SeriesRule(until=date(2027, 6, 1), rhythm=Rhythm.MONTHLY),
            "On the fourth Tuesday of every month at 10:30, until Tuesday 1 June 2027",
        ),
        (
            SeriesRule(count=6, interval=3, rhythm=Rhythm.MONTHLY_LAST),
            "Every 3 months on the last Tuesday at 10:30, 6 times",
        ),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rule_words(translator("en"), rule, TUESDAY, time(10, 30)) == words
