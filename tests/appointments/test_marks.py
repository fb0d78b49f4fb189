"""What a message says of a visit, and when it is no longer so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from medibook.appointments.rules import Mark, is_as_said, said_by
from medibook.appointments.schemas import AppointmentStatus as Status

NINE = datetime(2026, 4, 1, 8, tzinfo=UTC)
SAID = Mark(Status.BOOKED, NINE, NINE + timedelta(minutes=20), uuid4(), uuid4())


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.CANCELLED},
        {"starts_at": NINE + timedelta(minutes=10)},
        {"ends_at": NINE + timedelta(minutes=30)},
        {"location_id": uuid4()},
        {"practitioner_id": uuid4()},
    ],
)
def test_another_time_place_practitioner_or_status_is_no_longer_as_it_was_said(change):
    now = replace(SAID, **change)
    assert is_as_said(str(SAID), str(SAID))
    assert not is_as_said(str(SAID), str(now))
    assert not is_as_said(SAID.in_series, now.in_series)


def test_of_a_series_it_makes_no_difference_that_one_visit_has_begun():
    assert is_as_said(SAID.in_series, replace(SAID, status=Status.ARRIVED).in_series)


def test_a_mark_of_before_said_nothing_of_the_place_and_is_still_understood():
    assert is_as_said("booked|20260401T0800Z|20", str(SAID))
    assert not is_as_said("booked|20260401T0800Z|2", str(SAID))
    assert not is_as_said("", str(SAID))
    assert said_by("booked|20260401T0800Z|20") == said_by(str(SAID)) == (Status.BOOKED, NINE)
    assert len(str(replace(SAID, status=Status.ENTERED_IN_ERROR))) <= 64
