"""A freed time finds the next in line: who is asked, in which order, and why others are not."""

import pytest

from medibook.kernel.errors import NotFound
from medibook.scheduling.jobs import release_ended_holds
from medibook.waitlist import rules, service
from medibook.waitlist.schemas import NewEntry, Priority
from tests.support.clinic import CARDIOLOGY

DAY = "2026-04-01"  # a Wednesday; the clinic's Monday morning is 2026-03-30 08:00 UTC
NINE, TEN, NEXT = f"{DAY} 09:00", f"{DAY} 10:00", "2026-04-02 09:00"
ADA_AT_NINE, BEN_AT_NINE = "Ada 04-01 09:00", "Ben 04-01 09:00"


@pytest.fixture
def full(waiting):
    """Somebody has Wednesday at nine at Dr Cho's."""
    waiting.notes["visit"] = waiting.fills("Dr Cho", NINE)[0]
    return waiting


def free_it(clinic):
    clinic.cancels("Zoe", clinic.notes["visit"])


def test_a_cancelled_time_is_offered_to_the_one_waiting_longest_and_kept_for_them(full):
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    assert full.asked() == [ADA_AT_NINE]
    assert "09:00" not in full.free("Dr Cho", DAY)
    assert "09:00" not in full.free("Dr Cho", DAY, who="Ada")
    assert full.violations() == []


def test_whoever_accepts_has_the_visit_and_waits_no_longer(full):
    full.waits("Ada")
    free_it(full)
    booked = full.accepts("Ada")
    (row,) = full.rows("SELECT id FROM appointment WHERE status = 'booked'")
    assert str(row.id).replace("-", "") == booked.hex
    assert full.states("waitlist_entry") == ["booked"]
    assert full.states("waitlist_round") == ["refilled"]
    assert full.violations() == []


def test_accepting_twice_books_once(full):
    full.waits("Ada")
    free_it(full)
    offer = full.offer_to("Ada")
    first = full.perform(full.ada, service.accept_offer, offer_id=offer)
    assert full.perform(full.ada, service.accept_offer, offer_id=offer) == first
    assert full.rows("SELECT count(*) FROM appointment WHERE status = 'booked'") == [(1,)]


def test_whoever_declines_keeps_the_place_and_the_next_is_asked_at_once(full):
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.declines("Ada")
    assert full.asked() == [BEN_AT_NINE]
    full.declines("Ben")
    assert full.asked() == []
    assert "09:00" in full.free("Dr Cho", DAY)
    assert full.states("waitlist_entry") == ["waiting"]
    assert full.states("waitlist_round") == ["exhausted"]


def test_an_offer_that_nobody_answers_lapses_and_goes_to_the_next(full):
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.later(minutes=29)
    assert full.beat() == 0
    full.later(minutes=1)
    assert full.beat() == 1
    assert full.offers_made() == [("Ada", "04-01 09:00", "lapsed"), ("Ben", "04-01 09:00", "open")]
    assert full.violations() == []


def test_an_offer_that_has_run_out_cannot_be_accepted_even_before_the_beat(full):
    full.waits("Ada")
    free_it(full)
    full.later(minutes=30)
    with pytest.raises(rules.OfferOver):
        full.accepts("Ada")


def test_a_list_whose_beat_stands_still_is_woken_by_the_sweep_of_holds(full):
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.later(minutes=31, seconds=1)
    release_ended_holds(full.medibook)
    assert full.asked() == [BEN_AT_NINE]


def test_whoever_declined_a_time_is_not_asked_for_it_again(full):
    full.waits("Ada")
    free_it(full)
    full.declines("Ada")
    full.cancels("Zoe", full.books_at_desk("Zoe", "Dr Cho", NINE))
    assert full.asked() == []
    full.cancels("Zoe", full.books_at_desk("Zoe", "Dr Cho", TEN))
    assert full.asked() == ["Ada 04-01 10:00"]


def test_the_exchanged_time_goes_on_to_the_next(full):
    later = full.books("Ada", "Dr Cho", NEXT)
    full.waits("Ada", replaces_id=later.appointment_id)
    full.waits("Ben", first_day="2026-04-02", last_day="2026-04-02")
    free_it(full)
    assert full.asked() == [ADA_AT_NINE]
    assert full.status(later) == "booked"
    full.accepts("Ada")
    assert full.status(later) == "cancelled"
    assert full.asked() == ["Ben 04-02 09:00"]
    assert full.violations() == []


def test_whoever_wants_an_earlier_time_is_offered_none_that_is_later(full):
    mine = full.books("Ada", "Dr Diaz", "2026-03-31 09:00")
    full.waits("Ada", replaces_id=mine.appointment_id)
    full.waits("Ben")
    free_it(full)
    assert full.asked() == [BEN_AT_NINE]
    assert full.passed() == {"Ada": "not-earlier"}


def test_days_and_hours_that_were_not_wished_for_are_passed_with_a_reason(full):
    full.waits("Ada", weekdays={0, 1})
    full.waits("Ben", not_before="13:00")
    full.comes("Cyd")
    full.waits("Cyd", weekdays={2}, not_before="09:00", not_after="09:20")
    free_it(full)
    assert full.asked() == ["Cyd 04-01 09:00"]
    assert full.passed() == {"Ada": "other-time", "Ben": "other-time"}


def test_a_visit_that_is_too_long_for_the_time_is_passed(waiting):
    long = waiting.offers("Dr Cho", minutes=60)
    *_, last = waiting.fills("Dr Cho", *(f"{DAY} 11:{m}" for m in ("00", "20", "40")))
    waiting.waits("Ada", service_id=long)
    waiting.waits("Ben")
    waiting.cancels("Zoe", last)
    assert waiting.asked() == ["Ben 04-01 11:40"]
    assert waiting.passed() == {"Ada": "too-short"}


def test_priority_goes_before_since(full):
    full.waits("Ada")
    urgent = full.waits("Ben")
    how = {"entry_id": urgent, "priority": Priority.URGENT, "reason": "in pain"}
    full.perform(full.gus, service.change_priority, **how)
    free_it(full)
    assert full.asked() == [BEN_AT_NINE]
    assert full.violations() == []


def test_whoever_cannot_be_reached_is_passed_with_the_reason(full):
    full.comes("Cyd")
    full.waits("Cyd")
    full.waits("Ada")
    full.suspends("Cyd")
    free_it(full)
    assert full.asked() == [ADA_AT_NINE]
    assert full.passed() == {"Cyd": "out-of-reach"}


def test_whoever_has_booked_it_meanwhile_is_passed_with_the_reason(full):
    full.waits("Ada")
    full.waits("Ben")
    full.later(minutes=1)
    full.books("Ada", "Dr Cho", "2026-04-07 09:00")
    free_it(full)
    assert full.asked() == [BEN_AT_NINE]
    assert full.passed() == {"Ada": "booked-elsewhere"}


def test_whoever_has_something_else_then_is_passed_with_the_reason(full):
    full.books("Ada", "Dr Diaz", NINE)
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    assert full.asked() == [BEN_AT_NINE]
    assert full.passed() == {"Ada": "busy-then"}


def test_whoever_has_as_many_visits_as_one_may_is_passed_with_the_reason(full):
    full.policy(open_per_patient=1)
    full.books("Ada", "Dr Diaz", TEN)
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    assert full.asked() == [BEN_AT_NINE]
    assert full.passed() == {"Ada": "enough-visits"}


def test_nobody_considers_two_offers_for_one_wish(full):
    (other,) = full.fills("Dr Cho", TEN)
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.cancels("Zoe", other)
    assert full.asked() == [ADA_AT_NINE, "Ben 04-01 10:00"]
    assert full.passed() == {"Ada": "other-offer"}


def test_leaving_takes_back_what_is_offered_and_asks_the_next(full):
    entry = full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.leaves("Ada", entry)
    full.leaves("Ada", entry)
    assert sorted(state for _, _, state in full.offers_made()) == ["open", "withdrawn"]
    assert full.asked() == [BEN_AT_NINE]


def test_a_time_is_at_its_end_when_the_last_who_waits_leaves(waiting):
    (visit,) = waiting.fills("Dr Cho", NINE)
    entry = waiting.waits("Ada")
    waiting.calls_off(visit)
    waiting.leaves("Ada", entry)
    assert waiting.states("waitlist_round") == ["exhausted"]
    assert "09:00" in waiting.free("Dr Cho", DAY, who="Ben")


def test_an_overbooked_time_is_taken_back_and_offered_to_nobody(full):
    full.waits("Ada")
    free_it(full)
    full.books_at_desk("Ben", "Dr Cho", NINE, overbook="an emergency")
    assert full.offers_made() == [("Ada", "04-01 09:00", "withdrawn")]
    assert full.states("waitlist_round") == ["gone"]
    assert full.violations() == []


def test_an_offer_is_taken_back_when_the_practitioner_is_away(full):
    full.waits("Ada")
    free_it(full)
    full.is_away("Dr Cho", DAY)
    assert full.offers_made() == [("Ada", "04-01 09:00", "withdrawn")]


def test_nobody_is_asked_at_night_but_first_thing_in_the_morning(full):
    full.waits("Ada")
    full.at("2026-03-30 20:30")  # half past nine in London
    free_it(full)
    assert full.asked() == []
    assert "09:00" in full.free("Dr Cho", DAY)
    full.at("2026-03-31 06:59").beat()
    assert full.asked() == []
    full.at("2026-03-31 07:00").beat()
    assert full.asked() == [ADA_AT_NINE]
    assert full.violations() == []


def test_what_was_taken_in_the_night_is_offered_to_nobody(full):
    full.waits("Ada")
    full.at("2026-03-30 20:30")
    free_it(full)
    full.books("Ben", "Dr Cho", NINE)
    full.at("2026-03-31 07:00").beat()
    assert full.asked() == []
    assert full.states("waitlist_round") == ["gone"]


def test_near_the_time_the_offer_is_shorter_and_then_there_is_none(waiting):
    early, late = waiting.fills("Dr Cho", "2026-03-30 11:40", "2026-03-30 11:20")
    waiting.waits("Ada")
    waiting.at("2026-03-30 08:25")  # 09:25 in London: two hours and a quarter before
    waiting.calls_off(early)
    assert waiting.asked() == ["Ada 03-30 11:40"]
    waiting.later(minutes=14)
    assert waiting.beat() == 0
    waiting.later(minutes=1)
    assert waiting.beat() == 1
    waiting.comes("Cyd")
    waiting.waits("Cyd")
    waiting.calls_off(late)
    assert waiting.asked() == []


def test_an_opening_that_nobody_announced_is_found(waiting):
    waiting.opens("Dr Cho", ((4, "09:00", "09:20"),))
    waiting.books("Ben", "Dr Cho", "2026-04-03 09:00")
    waiting.waits("Ada", last_day="2026-04-08")
    assert waiting.looks_for_openings() == 0
    waiting.opens("Dr Cho", ((2, "14:00", "14:20"), (4, "09:00", "09:20")))
    assert waiting.looks_for_openings() == 1
    assert waiting.asked() == ["Ada 04-01 14:00"]
    waiting.declines("Ada")
    waiting.looks_for_openings()
    assert waiting.asked() == ["Ada 04-08 14:00"]
    assert waiting.violations() == []


def test_somebody_who_waits_for_a_specialty_is_offered_any_of_its_practitioners(waiting):
    visit = waiting.books("Ben", "Dr Diaz", NINE)
    waiting.waits("Ada", "", specialty_id=CARDIOLOGY)
    waiting.cancels("Ben", visit)
    assert waiting.asked() == [ADA_AT_NINE]


def test_nobody_sees_or_answers_what_is_not_theirs(full):
    entry = full.waits("Ada")
    free_it(full)
    offer = full.offer_to("Ada")
    for act in (service.accept_offer, service.decline_offer):
        with pytest.raises(NotFound):
            full.perform(full.ben, act, offer_id=offer)
    with pytest.raises(NotFound):
        full.perform(full.ben, service.leave_waitlist, entry_id=entry)
    new = NewEntry(service_id=full.service("Dr Cho"), for_patient=full.ada.patient_id)
    with pytest.raises(NotFound):
        full.perform(full.ben, service.join_waitlist, new=new)


def test_one_waits_for_the_same_once(waiting):
    waiting.waits("Ada")
    with pytest.raises(rules.AlreadyWaiting):
        waiting.waits("Ada")


def test_an_entry_ends_with_its_last_day(waiting):
    waiting.waits("Ada", last_day="2026-03-31")
    waiting.at("2026-04-01 11:59").beat()
    assert waiting.states("waitlist_entry") == ["waiting"]
    waiting.at("2026-04-01 12:00").beat()
    assert waiting.states("waitlist_entry") == ["ended"]


def test_the_front_desk_gives_a_time_out_of_turn_with_a_reason(full):
    full.waits("Ada")
    last = full.waits("Ben", weekdays={0})
    free_it(full)
    how = {"offer_id": full.offer_to("Ada"), "entry_id": last, "reason": "called, can come"}
    full.perform(full.gus, service.give_out_of_turn, **how)
    assert full.asked() == [BEN_AT_NINE]
    assert "overridden" in full.states("waitlist_offer")
    full.declines("Ben")
    assert full.asked() == [ADA_AT_NINE]
    assert full.violations() == []


def test_whoever_is_taken_off_is_asked_no_more(full):
    entry = full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    how = {"entry_id": entry, "reason": "moved away"}
    full.perform(full.gus, service.remove_from_waitlist, **how)
    assert full.asked() == [BEN_AT_NINE]
    with pytest.raises(rules.NotWaiting):
        full.perform(full.gus, service.change_priority, **how, priority=1)
