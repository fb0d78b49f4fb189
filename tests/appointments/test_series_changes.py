"""Series are changed one visit at a time, from one on, or all to come; the rest stays byte for byte."""

import pytest

from medibook.appointments import service as appointments
from medibook.appointments.rules.series import SeriesMeanwhile
from medibook.appointments.schemas.series import Scope
from medibook.kernel.errors import Invalid, NotFound
from tests.support.series import (
    all_is_well,
    as_move,
    as_read,
    book,
    cancel,
    move,
    plan_move,
    rows_of,
    walls,
    wish,
)
from tests.support.visits import BERLIN, LORD_HOWE


@pytest.fixture
def series(open_clinic):
    """Ada's four Tuesdays at 10:00."""
    return book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-04-07 10:00", 4))


def test_this_and_the_following_move_by_the_same_shift(open_clinic, series):
    before = rows_of(open_clinic)
    moved = move(open_clinic, "Ada", series.visits[2], "2026-04-22 15:00", Scope.FOLLOWING)
    assert walls(moved) == [
        "2026-04-07 10:00",
        "2026-04-14 10:00",
        "2026-04-22 15:00",
        "2026-04-29 15:00",
    ]
    after = rows_of(open_clinic)
    untouched = [visit.appointment_id for visit in series.visits[:2]]
    assert [after[key] for key in untouched] == [before[key] for key in untouched]
    assert all_is_well(open_clinic) == ()


def test_a_visit_moved_alone_leaves_the_others_byte_for_byte_and_stays_when_all_move(
    open_clinic, series
):
    before = rows_of(open_clinic)
    alone = series.visits[1]
    open_clinic.moves("Ada", alone, "Dr Cho", "2026-04-16 09:00")
    after = rows_of(open_clinic)
    assert {key for key in after if after[key] != before[key]} == {alone.appointment_id}
    planned = plan_move(open_clinic, "Ada", series.visits[0], "2026-04-07 11:00", Scope.ALL)
    assert planned.staying == {alone.appointment_id}
    moved = move(open_clinic, "Ada", series.visits[0], "2026-04-07 11:00", Scope.ALL)
    assert walls(moved) == [
        "2026-04-07 11:00",
        "2026-04-16 09:00",
        "2026-04-21 11:00",
        "2026-04-28 11:00",
    ]


def test_a_series_can_move_a_little_or_by_a_week_into_its_own_times(open_clinic, series):
    moved = move(open_clinic, "Ada", series.visits[0], "2026-04-07 10:10", Scope.ALL)
    assert walls(moved)[0] == "2026-04-07 10:10"
    moved = move(open_clinic, "Ada", moved.visits[0], "2026-04-14 10:10", Scope.ALL)
    assert walls(moved) == [f"2026-{day} 10:10" for day in ("04-14", "04-21", "04-28", "05-05")]
    assert open_clinic.overlaps() == []
    assert all_is_well(open_clinic) == ()


def test_a_visit_that_cannot_follow_is_named_before_and_stays(open_clinic, series):
    open_clinic.books("Ben", "Dr Cho", "2026-04-21 15:00")
    first = series.visits[0]
    planned = plan_move(open_clinic, "Ada", first, "2026-04-07 15:00", Scope.ALL)
    assert [bool(step.obstacle) for step in planned.steps] == [False, False, True, False]
    moved = move(open_clinic, "Ada", first, "2026-04-07 15:00", Scope.ALL)
    assert walls(moved)[2] == "2026-04-21 10:00"


def test_a_visit_that_stays_is_in_the_way_of_the_others(open_clinic, series):
    """By a week: the last cannot go on, so the one before it finds its goal taken, and so on."""
    open_clinic.is_away("Dr Cho", "2026-05-05")
    planned = plan_move(open_clinic, "Ada", series.visits[0], "2026-04-14 10:00", Scope.ALL)
    assert len(planned.staying) == 4


def test_what_was_not_read_is_not_done(open_clinic, series):
    first = series.visits[0]
    planned = plan_move(open_clinic, "Ada", first, "2026-04-07 15:00", Scope.ALL)
    open_clinic.books("Ben", "Dr Cho", "2026-04-21 15:00")
    before = rows_of(open_clinic)
    moving = as_move(open_clinic, first, "2026-04-07 15:00", Scope.ALL)
    with pytest.raises(SeriesMeanwhile):
        open_clinic.perform(
            open_clinic.ada,
            appointments.move_series,
            move=moving,
            read=as_read(planned),
        )
    assert rows_of(open_clinic) == before


def test_the_same_click_twice_moves_once(open_clinic, series):
    first = series.visits[0]
    planned = plan_move(open_clinic, "Ada", first, "2026-04-08 10:00", Scope.ALL)
    moving = as_move(open_clinic, first, "2026-04-08 10:00", Scope.ALL)
    answers = [
        open_clinic.perform(
            open_clinic.ada, appointments.move_series, move=moving, read=as_read(planned, "once")
        )
        for _ in range(2)
    ]
    assert walls(answers[0]) == walls(answers[1])
    assert {visit.version for visit in answers[1].visits} == {2}


def test_this_and_the_following_are_cancelled_and_their_times_are_free(open_clinic, series):
    before = rows_of(open_clinic)
    cancelled = cancel(open_clinic, "Ada", series.visits[1], Scope.FOLLOWING)
    assert walls(cancelled) == ["2026-04-07 10:00"]
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-14")
    kept = series.visits[0].appointment_id
    assert rows_of(open_clinic)[kept] == before[kept]
    assert all_is_well(open_clinic) == ()


def test_past_visits_and_those_past_the_cutoff_stay(open_clinic, series):
    open_clinic.at("2026-04-13 12:00")  # the first is over, the second is tomorrow
    cancelled = cancel(open_clinic, "Ada", series.visits[3], Scope.ALL)
    assert walls(cancelled) == ["2026-04-07 10:00", "2026-04-14 10:00"]


def test_the_clinic_cancels_with_a_reason_and_no_cutoff(open_clinic, series):
    open_clinic.at("2026-04-13 12:00")
    with pytest.raises(Invalid):
        cancel(open_clinic, "Gus", series.visits[1], Scope.ALL)
    cancelled = cancel(open_clinic, "Gus", series.visits[1], Scope.ALL, reason="The doctor is ill.")
    assert walls(cancelled) == ["2026-04-07 10:00"]


def test_nobody_sees_or_changes_a_series_of_others(open_clinic, series):
    for name in ("Ben", "Dr Diaz"):
        with pytest.raises(NotFound):
            open_clinic.perform(
                open_clinic.who(name), appointments.whole_series, series_id=series.series_id
            )
        with pytest.raises(NotFound):
            cancel(open_clinic, name, series.visits[0], Scope.ALL, reason="No.")


def test_a_move_keeps_the_wall_time_over_the_change_of_the_clocks(open_clinic):
    zone = "Europe/Berlin"
    open_clinic.at("2026-09-28 08:00").opens(
        "Dr Cho", [(day, "00:00", "00:00") for day in range(7)], location=BERLIN
    )
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-10-05 10:00", 4, zone=zone))
    moved = move(open_clinic, "Ada", series.visits[0], "2026-10-11 02:30", Scope.ALL, zone=zone)
    assert [wall[-5:] for wall in walls(moved)] == ["02:30"] * 4
    # 25 October: 02:30 comes twice in Berlin; it is the first, at UTC+2.
    assert moved.visits[2].starts_at == open_clinic.moment("2026-10-25 02:30", zone)
    assert all_is_well(open_clinic) == ()


def test_a_wall_time_that_the_clocks_leave_out_keeps_its_visit_where_it_is(open_clinic):
    zone = "Australia/Lord_Howe"  # on 4 October 2026, 02:00 becomes 02:30
    open_clinic.at("2026-09-14 00:00").opens(
        "Dr Cho", [(day, "00:00", "00:00") for day in range(7)], location=LORD_HOWE
    )
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-09-20 10:00", 4, zone=zone))
    moved = move(open_clinic, "Ada", series.visits[0], "2026-09-20 02:10", Scope.ALL, zone=zone)
    assert walls(moved) == [
        "2026-09-20 02:10",
        "2026-09-27 02:10",
        "2026-10-04 10:00",
        "2026-10-11 02:10",
    ]


def test_one_message_with_one_file_tells_of_the_whole_series(open_clinic, series):
    booked = open_clinic.mail_to("ada@example.org")
    assert [message.subject for message in booked] == ["Your visits are booked"]
    assert booked[0].attachment.count("BEGIN:VEVENT") == 4
    uids = {line for line in booked[0].attachment.splitlines() if line.startswith("UID")}
    open_clinic.later(minutes=1)
    move(open_clinic, "Ada", series.visits[2], "2026-04-22 15:00", Scope.FOLLOWING)
    moved = open_clinic.mail_to("ada@example.org")[0]
    assert moved.subject == "Your visits have moved"
    assert moved.attachment.count("BEGIN:VEVENT") == moved.attachment.count("SEQUENCE:2") == 2
    assert {u for u in moved.attachment.splitlines() if u.startswith("UID")} < uids
    open_clinic.later(minutes=1)
    cancel(open_clinic, "Ada", series.visits[3], Scope.THIS)
    newest, *older = open_clinic.mail_to("ada@example.org")
    assert newest.attachment.count("METHOD:CANCEL") == 1
    assert "SEQUENCE:3" in newest.attachment
    assert len(older) == 2
    assert [m.subject for m in open_clinic.mail_to("cho@example.org")] == [
        "Visits are cancelled",
        "Visits have moved",
        "New visits",
    ]
