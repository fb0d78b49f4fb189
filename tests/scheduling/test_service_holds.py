"""Keeping a time for one person."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from medibook.kernel.db import UTCDateTime
from medibook.kernel.errors import Forbidden
from medibook.people import service as people
from medibook.scheduling import service
from medibook.scheduling.jobs import release_ended_holds
from medibook.scheduling.rules import HoldGone, NotBookable, SlotTaken, TooFar, TooSoon
from medibook.scheduling.schemas import SlotWish
from tests.support.visits import add_room, change_service

BUSY = sa.table(
    "busy_time",
    sa.column("resource_kind"),
    sa.column("starts_at", UTCDateTime),
    sa.column("ends_at", UTCDateTime),
)
NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"


def busy_rows(clinic):
    return clinic.rows("SELECT count(*) FROM busy_time")[0][0]


def test_a_held_time_is_kept_for_ten_minutes(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    assert held.expires_at - open_clinic.clock.now() == timedelta(minutes=10)
    with pytest.raises(SlotTaken):
        open_clinic.holds("Ben", "Dr Cho", NINE)


def test_whoever_is_too_late_is_told_the_three_nearest_times(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", TEN)
    with pytest.raises(SlotTaken) as refusal:
        open_clinic.holds("Ben", "Dr Cho", "2026-04-01 10:10")
    nearest = [free.starts_at for free in refusal.value.alternatives]
    assert nearest == [open_clinic.moment(f"2026-04-01 {t}") for t in ("09:40", "10:20", "10:30")]


def test_the_nearest_times_may_be_weeks_away(open_clinic):
    open_clinic.is_away("Dr Cho", "2026-04-02", "2026-05-03")
    open_clinic.at("2026-04-01 14:00")  # 15:00 in London: the notice ends after closing
    with pytest.raises(SlotTaken) as refusal:
        open_clinic.holds("Ada", "Dr Cho", "2026-04-02 09:00")
    assert refusal.value.alternatives[0].starts_at == open_clinic.moment("2026-05-04 09:00")


@pytest.mark.parametrize(
    ("wall", "refusal"),
    [
        ("2026-03-30 09:00", TooSoon),
        ("2026-03-29 09:00", TooSoon),
        ("2026-06-02 09:00", TooFar),
        ("2026-04-01 09:05", SlotTaken),
        ("2026-04-01 12:30", SlotTaken),
        ("2026-04-01 11:50", SlotTaken),
        ("2026-04-04 10:00", SlotTaken),
    ],
)
def test_a_time_that_the_rules_do_not_offer_cannot_be_held(open_clinic, wall, refusal):
    with pytest.raises(SlotTaken) as said:
        open_clinic.holds("Ada", "Dr Cho", wall)
    assert type(said.value) is refusal
    assert len(said.value.alternatives) == 3
    assert busy_rows(open_clinic) == 0


def test_holding_the_same_time_again_keeps_the_hold(open_clinic):
    first = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=4)
    again = open_clinic.holds("Ada", "Dr Cho", NINE)
    assert again.hold_id == first.hold_id
    assert again.expires_at == first.expires_at + timedelta(minutes=4)


def test_a_time_cannot_be_kept_from_others_for_ever(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    start = open_clinic.clock.now()
    for minute in (9, 18, 27):
        open_clinic.clock.time = start + timedelta(minutes=minute)
        last = open_clinic.holds("Ada", "Dr Cho", NINE)
    assert (last.hold_id, last.expires_at) == (held.hold_id, start + timedelta(minutes=30))
    open_clinic.clock.time = start + timedelta(minutes=30)
    assert open_clinic.holds("Ben", "Dr Cho", NINE)


def test_letting_a_time_go_and_holding_it_again_does_not_keep_it_for_ever(open_clinic):
    start = open_clinic.clock.now()
    for minute in range(0, 60, 9):
        open_clinic.clock.time = start + timedelta(minutes=minute)
        held = open_clinic.holds("Ada", "Dr Cho", NINE)
        assert held.expires_at <= start + timedelta(minutes=max(30, minute))
        if minute < 30:
            open_clinic.later(minutes=2)
            open_clinic.perform(open_clinic.ada, service.release_hold, hold_id=held.hold_id)
    # It is hers while nobody else wants it, and theirs who do: nothing keeps it from them.
    assert held.expires_at == open_clinic.clock.now()
    assert open_clinic.confirms("Ada", held)


def test_choosing_another_time_nearby_lets_the_first_go(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", TEN)
    open_clinic.holds("Ada", "Dr Cho", "2026-04-01 10:10")
    assert "09:50" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")
    assert not open_clinic.overlaps()


def test_two_tabs_may_hold_two_times_but_not_at_once_with_two_doctors(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", TEN)
    open_clinic.holds("Ada", "Dr Diaz", TEN)
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")
    assert "10:00" not in open_clinic.free("Dr Diaz", "2026-04-01", who="Ben")


def test_of_more_than_three_holds_the_oldest_is_let_go(open_clinic):
    for minute, wall in enumerate(("09:00", "10:00", "11:00", "13:00")):
        open_clinic.at(f"2026-03-30 08:0{minute}")
        open_clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}")
    free = open_clinic.free("Dr Cho", "2026-04-01", who="Ben")
    assert [t for t in ("09:00", "10:00", "11:00", "13:00") if t in free] == ["09:00"]


def test_a_hold_that_has_ended_is_in_nobodys_way(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=10)
    held = open_clinic.holds("Ben", "Dr Cho", "2026-04-01 09:10")
    assert held.patient_id == open_clinic.ben.patient_id
    assert not open_clinic.overlaps()


def test_an_ended_hold_can_be_kept_while_its_time_is_free(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=20)
    again = open_clinic.perform(open_clinic.ada, service.keep_hold, hold_id=held.hold_id)
    assert again.starts_at == held.starts_at
    assert again.expires_at > open_clinic.clock.now()


def test_an_ended_hold_cannot_be_kept_once_somebody_else_has_the_time(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=30)
    open_clinic.holds("Ben", "Dr Cho", NINE)
    with pytest.raises(SlotTaken):
        open_clinic.perform(open_clinic.ada, service.keep_hold, hold_id=held.hold_id)


def test_a_hold_is_its_patients_alone(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    for act in (service.keep_hold, service.release_hold):
        with pytest.raises(HoldGone):
            open_clinic.perform(open_clinic.ben, act, hold_id=held.hold_id)
    assert "09:00" not in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")


def test_a_time_that_is_let_go_is_free_for_everybody(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    for _ in range(2):
        open_clinic.perform(open_clinic.ada, service.release_hold, hold_id=held.hold_id)
    assert "09:00" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")
    facts = [r[0] for r in open_clinic.rows("SELECT kind FROM outbox_event ORDER BY created_at")]
    assert facts.count("SlotFreed") == 1


def test_a_hold_takes_practitioner_patient_and_room(open_clinic):
    change_service(
        open_clinic,
        open_clinic.service("Dr Cho"),
        needs_room=True,
        buffer_before_minutes=5,
        buffer_after_minutes=10,
    )
    add_room(open_clinic, "Room 1")
    open_clinic.holds("Ada", "Dr Cho", TEN)
    with open_clinic.medibook.engine.connect() as connection:
        rows = connection.execute(sa.select(BUSY).order_by(BUSY.c.resource_kind)).all()
    start = open_clinic.moment(TEN)
    before, after = start - timedelta(minutes=5), start + timedelta(minutes=30)
    assert [tuple(row) for row in rows] == [
        ("patient", start, start + timedelta(minutes=20)),
        ("practitioner", before, after),
        ("room", before, after),
    ]


def test_the_first_free_room_is_taken_and_then_the_next(open_clinic):
    for name in ("Dr Cho", "Dr Diaz"):
        change_service(open_clinic, open_clinic.service(name), needs_room=True)
    first, second = add_room(open_clinic, "Room 1"), add_room(open_clinic, "Room 2")
    assert open_clinic.holds("Ada", "Dr Cho", TEN).room_id == first
    assert open_clinic.holds("Ben", "Dr Diaz", TEN).room_id == second


def test_the_job_gives_back_ended_holds_and_may_run_twice(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.holds("Ben", "Dr Cho", TEN)
    assert release_ended_holds(open_clinic.medibook) == 0
    open_clinic.later(minutes=10)
    assert release_ended_holds(open_clinic.medibook) == 2
    assert release_ended_holds(open_clinic.medibook) == 0
    assert busy_rows(open_clinic) == 0


def test_the_job_forgets_holds_after_a_day(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(hours=25)
    release_ended_holds(open_clinic.medibook)
    assert open_clinic.rows("SELECT count(*) FROM hold")[0][0] == 0


def test_who_cannot_be_booked_cannot_be_held(open_clinic):
    wish = open_clinic.wish("Dr Cho", NINE)
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=open_clinic.cho.user_id, reason="Left"
    )
    with pytest.raises(NotBookable):
        open_clinic.perform(open_clinic.ada, service.hold_slot, wish=wish)


def test_an_unapproved_practitioner_cannot_be_held(open_clinic):
    wish = open_clinic.wish("Dr Cho", NINE)
    nobody = wish.model_copy(update={"practitioner_id": open_clinic.fay.practitioner_id})
    with pytest.raises(NotBookable):
        open_clinic.perform(open_clinic.ada, service.hold_slot, wish=nobody)


@pytest.mark.parametrize("who", ["cho", "eve", "gus", "stranger"])
def test_only_patients_hold_times(open_clinic, who):
    with pytest.raises(Forbidden):
        open_clinic.perform(
            getattr(open_clinic, who), service.hold_slot, wish=open_clinic.wish("Dr Cho", NINE)
        )


@pytest.mark.parametrize("epoch", [253402300799, -62135596800, 10**30, "1e9", ""])
def test_a_time_at_the_end_of_time_is_no_time(open_clinic, epoch):
    address = open_clinic.wish("Dr Cho", "2026-04-01 09:00").address
    assert SlotWish.from_address(address)
    assert SlotWish.from_address(f"{address.rpartition('.')[0]}.{epoch}") is None
