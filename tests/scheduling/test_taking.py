"""A time that the clinic takes itself for a patient: freer than a patient, and never by accident."""

from datetime import timedelta
from uuid import UUID

import pytest

from medibook.kernel.actor import anyone
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.use_case import REGISTRY, use_case
from medibook.scheduling import service
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import StaffTerms
from tests.support.visits import BERLIN, add_room, change_service

MINUTE = timedelta(minutes=1)
DAY = "2026-04-01"  # a Wednesday
TEN = f"{DAY} 10:00"


def take(clinic, wall, terms, *, by="Gus", whom="Ada", doctor="Dr Cho"):
    """Take a time and occupy it, as booking at the desk does."""
    wish = clinic.wish(doctor, wall)
    patient_id = clinic.who(whom).patient_id

    def takes(uow):
        held = service.take_time(uow, wish=wish, patient_id=patient_id, terms=terms)
        visit_id = uow.new_id()
        service.occupy(uow, appointment_id=visit_id, held=held, overbooked_by=uow.actor.user_id)
        return held

    marked = use_case(allow=anyone)(takes)
    del REGISTRY[marked.__use_case__.name]
    return clinic.perform(clinic.who(by), marked)


@pytest.mark.parametrize("by", ["Gus", "Dr Cho"])
def test_the_clinic_is_not_bound_by_notice_horizon_and_grid(open_clinic, by):
    for wall in ("2026-03-30 09:07", "2026-09-01 10:00", f"{DAY} 11:38"):
        held = take(open_clinic, wall, StaffTerms(), by=by)
        assert held.starts_at == open_clinic.moment(wall)
        assert (held.outside_hours, held.overbooks) == (False, ())


@pytest.mark.parametrize("by", ["Ada", "Eve", "Dr Diaz"])
def test_the_clinics_freedom_is_nobody_elses(open_clinic, by):
    with pytest.raises(Forbidden):
        take(open_clinic, TEN, StaffTerms(), by=by)
    assert open_clinic.rows("SELECT * FROM busy_time") == []


def test_without_terms_a_time_is_judged_as_the_patients_own_choice(open_clinic):
    with pytest.raises(SlotTaken):
        take(open_clinic, f"{DAY} 11:38", None, by="Ada")
    assert take(open_clinic, f"{DAY} 11:40", None, by="Ada").patient_id


def test_a_visit_that_has_begun_can_be_written_down_until_it_is_over(open_clinic):
    open_clinic.at("2026-03-30 08:10")  # 09:10 in London
    with pytest.raises(SlotTaken):
        take(open_clinic, "2026-03-30 08:50", StaffTerms(outside_hours=True))
    assert take(open_clinic, "2026-03-30 09:00", StaffTerms())


def test_a_length_of_its_own_is_taken_and_must_fit(open_clinic):
    held = take(open_clinic, TEN, StaffTerms(length=45 * MINUTE))
    assert held.ends_at - held.starts_at == 45 * MINUTE
    with pytest.raises(SlotTaken):
        take(open_clinic, f"{DAY} 11:40", StaffTerms(length=25 * MINUTE))
    for odd in (0, 4, -20, 481):
        with pytest.raises(Invalid):
            take(open_clinic, TEN, StaffTerms(length=odd * MINUTE))


def test_outside_the_hours_only_when_it_is_said_and_the_visit_remembers_it(open_clinic):
    evening = f"{DAY} 18:00"
    with pytest.raises(SlotTaken):
        take(open_clinic, evening, StaffTerms())
    held = take(open_clinic, evening, StaffTerms(outside_hours=True))
    assert (held.outside_hours, held.zone) == (True, "Europe/London")
    inside = take(open_clinic, TEN, StaffTerms(outside_hours=True))
    assert not inside.outside_hours


def test_a_day_off_is_outside_the_hours_too(open_clinic):
    open_clinic.is_away("Dr Cho", DAY)
    with pytest.raises(SlotTaken):
        take(open_clinic, TEN, StaffTerms())
    assert take(open_clinic, TEN, StaffTerms(outside_hours=True)).outside_hours


def test_a_visit_elsewhere_is_on_that_walls_zone(open_clinic):
    held = take(open_clinic, TEN, StaffTerms(location_id=BERLIN, outside_hours=True))
    assert (held.location_id, held.zone) == (BERLIN, "Europe/Berlin")


def test_what_is_taken_stays_taken_until_somebody_answers_for_it(open_clinic):
    open_clinic.books("Ben", "Dr Cho", TEN)
    with pytest.raises(SlotTaken) as refused:
        take(open_clinic, TEN, StaffTerms())
    assert len(refused.value.alternatives) == 3
    held = take(open_clinic, TEN, StaffTerms(overbook_reason="In pain"))
    assert held.overbooks == (open_clinic.doctor("Dr Cho"),)
    rows = open_clinic.rows("SELECT resource_kind FROM busy_time WHERE overbooked_by IS NOT NULL")
    assert [kind for (kind,) in rows] == ["practitioner"]


def test_a_reason_that_was_not_needed_leaves_the_time_guarded(open_clinic):
    held = take(open_clinic, TEN, StaffTerms(overbook_reason="In pain"))
    assert held.overbooks == ()
    assert open_clinic.rows("SELECT * FROM busy_time WHERE overbooked_by IS NOT NULL") == []
    with pytest.raises(SlotTaken):
        open_clinic.holds("Ben", "Dr Cho", TEN)


def test_nobody_is_put_in_two_places_at_once(open_clinic):
    open_clinic.books("Ada", "Dr Diaz", TEN)
    with pytest.raises(SlotTaken):
        take(open_clinic, TEN, StaffTerms(overbook_reason="In pain"))


def test_a_full_day_is_overbooked_with_a_reason(open_clinic):
    open_clinic.policy(daily_limit=1)
    open_clinic.books("Ben", "Dr Cho", TEN)
    with pytest.raises(SlotTaken):
        take(open_clinic, f"{DAY} 11:00", StaffTerms())
    assert take(open_clinic, f"{DAY} 11:00", StaffTerms(overbook_reason="In pain"))


def test_a_patients_own_hold_makes_way_for_the_visit_that_the_desk_books(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", TEN)
    assert take(open_clinic, TEN, StaffTerms())
    assert not open_clinic.overlaps()


def test_the_desk_chooses_the_room_and_overbooks_one_only_when_none_is_free(open_clinic):
    for name in ("Dr Cho", "Dr Diaz"):
        change_service(open_clinic, open_clinic.service(name), needs_room=True)
    first, second = add_room(open_clinic, "Room 1"), add_room(open_clinic, "Room 2")
    assert take(open_clinic, TEN, StaffTerms(room_id=second)).room_id == second
    with pytest.raises(SlotTaken):
        take(open_clinic, TEN, StaffTerms(room_id=second), whom="Ben", doctor="Dr Diaz")
    urgent = StaffTerms(overbook_reason="In pain")
    assert take(open_clinic, TEN, urgent, whom="Ben", doctor="Dr Diaz").room_id == first


def test_a_visit_moves_over_its_own_time(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", TEN)
    wish = open_clinic.wish("Dr Cho", f"{DAY} 10:10")

    def moves(uow):
        terms = StaffTerms(moves=visit.appointment_id)
        held = service.take_time(uow, wish=wish, patient_id=open_clinic.ada.patient_id, terms=terms)
        service.vacate(uow, visit.appointment_id)
        service.occupy(uow, appointment_id=visit.appointment_id, held=held)
        return held

    marked = use_case(allow=anyone)(moves)
    del REGISTRY[marked.__use_case__.name]
    held = open_clinic.perform(open_clinic.gus, marked)
    assert (held.starts_at, held.overbooks) == (wish.starts_at, ())
    assert not open_clinic.overlaps()


def test_what_is_cleared_away_before_it_is_handed_over_is_taken_anew(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", TEN)
    open_clinic.later(minutes=11)  # it has ended: on PostgreSQL the sweep may come in between

    def books(uow):
        taken, _ = service.take_hold(uow, held.hold_id)
        service.vacate(uow, held.hold_id)
        visit_id = uow.new_id()
        service.occupy(uow, appointment_id=visit_id, held=taken)
        return taken.is_taken, visit_id

    marked = use_case(allow=anyone)(books)
    del REGISTRY[marked.__use_case__.name]
    was_taken, visit_id = open_clinic.perform(open_clinic.ada, marked)
    assert was_taken
    assert {UUID(str(row[0])) for row in open_clinic.rows("SELECT source_id FROM busy_time")} == {
        visit_id
    }
