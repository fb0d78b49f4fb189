"""I14: a series whose visits are not where it says is found out."""

import pytest
import sqlalchemy as sa

from medibook.appointments.schemas.series import Scope
from tests.support.series import all_is_well, book, cancel, move, wish


@pytest.fixture
def series(open_clinic):
    card = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-04-07 10:00", 4))
    move(open_clinic, "Ada", card.visits[1], "2026-04-15 11:00", Scope.FOLLOWING)
    return cancel(open_clinic, "Ada", card.visits[3], Scope.THIS)


def harm(clinic, statement, **values):
    with clinic.medibook.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def named(clinic):
    return {violation.invariant for violation in all_is_well(clinic)}


def test_a_series_that_was_moved_and_cancelled_in_part_breaks_nothing(open_clinic, series):
    assert all_is_well(open_clinic) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE series_visit SET wall_start = '2026-04-07T10:30' WHERE place = 1",
        "UPDATE series_visit SET place = 9 WHERE place = 1",
        "UPDATE series_visit SET wall_start = '2026-04-15T11:30' WHERE place = 2",
        "UPDATE series_visit SET version = 9 WHERE place = 2",
        "UPDATE appointment_series SET rule = 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=4', "
        "wall_start = '2026-04-06T10:00'",
    ],
)
def test_a_series_that_says_something_else_breaks_i14(open_clinic, series, statement):
    harm(open_clinic, statement)
    assert "I14" in named(open_clinic)
