"""From a held time to a booked visit."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from medibook.appointments import rules, service
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.appointments.schemas import NewAppointment
from medibook.clinic import service as clinic_service
from medibook.kernel.db import table_of
from medibook.kernel.errors import Forbidden, NotFound
from medibook.kernel.money import Money
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import HoldGone, NotBookable, SlotTaken
from medibook.scheduling.tables import BusyTime
from tests.support.visits import BERLIN, add_room, change_service

BUSY = table_of(BusyTime)
NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"


def test_a_held_time_becomes_a_visit_with_its_terms_frozen(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    assert visit.status is Status.BOOKED
    assert visit.starts_at == open_clinic.moment(NINE)
    assert (visit.fee, visit.reason) == (Money(4500, "GBP"), "a mole")
    assert visit.cancel_until == visit.starts_at - timedelta(hours=24)
    assert (visit.patient_name, visit.practitioner_name) == ("Ada Abara", "Dr Mina Cho")
    open_clinic.policy(cancel_cutoff_hours=1)
    open_clinic.offers("Dr Cho", minutes=20, called="Skin check", fee=9900)
    again = open_clinic.perform(open_clinic.ada, service.visit, appointment_id=visit.appointment_id)
    assert again == visit


def test_a_visit_keeps_the_wall_time_and_the_zone_that_were_promised(open_clinic):
    open_clinic.at("2026-10-20 08:00")
    open_clinic.opens("Dr Cho", [(6, "02:00", "04:00")], location=BERLIN)
    first, second = (
        open_clinic.perform(
            who,
            scheduling.hold_slot,
            wish=open_clinic.wish("Dr Cho", NINE).model_copy(
                update={
                    "starts_at": open_clinic.moment("2026-10-25 02:30", "Europe/Berlin", fold=f)
                }
            ),
        )
        for who, f in ((open_clinic.ada, 0), (open_clinic.ben, 1))
    )
    one, other = open_clinic.confirms("Ada", first), open_clinic.confirms("Ben", second)
    assert other.starts_at - one.starts_at == timedelta(hours=1)
    for visit in (one, other):
        assert open_clinic.column("wall_start", visit) == "2026-10-25T02:30"
        assert open_clinic.column("zone", visit) == "Europe/Berlin"


def test_the_page_before_the_click_says_everything(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    page = open_clinic.perform(open_clinic.ada, service.check_and_book, hold_id=held.hold_id)
    assert page.held.expires_at == held.expires_at
    assert (page.practitioner.name, page.service.name) == ("Dr Mina Cho", "Skin check")
    assert (page.location.city, page.terms.fee) == ("London", Money(4500, "GBP"))
    with pytest.raises(HoldGone):
        open_clinic.perform(open_clinic.ben, service.check_and_book, hold_id=held.hold_id)


def test_a_stranger_sees_what_a_chosen_time_would_be(open_clinic):
    offered = open_clinic.perform(
        open_clinic.stranger, service.offered_time, wish=open_clinic.wish("Dr Cho", NINE)
    )
    assert (offered.practitioner_slug, offered.zone) == ("mina-cho", "Europe/London")
    open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(SlotTaken):
        open_clinic.perform(
            open_clinic.stranger, service.offered_time, wish=open_clinic.wish("Dr Cho", NINE)
        )


def test_the_same_key_gives_the_same_visit(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    first = open_clinic.confirms("Ada", held, key="click")
    assert open_clinic.confirms("Ada", held, key="click") == first
    other = open_clinic.holds("Ada", "Dr Cho", TEN)
    assert open_clinic.confirms("Ada", other, key="click") == first
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 1


def test_a_key_is_ones_own(open_clinic):
    ada = open_clinic.confirms("Ada", open_clinic.holds("Ada", "Dr Cho", NINE), key="click")
    ben = open_clinic.confirms("Ben", open_clinic.holds("Ben", "Dr Cho", TEN), key="click")
    assert ada.appointment_id != ben.appointment_id


def test_a_hold_books_once(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.confirms("Ada", held, key="one")
    with pytest.raises(SlotTaken):
        open_clinic.confirms("Ada", held, key="two")


def test_an_ended_hold_still_books_while_the_time_is_free(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=45)
    assert open_clinic.confirms("Ada", held).status is Status.BOOKED
    assert not open_clinic.overlaps()


def test_an_ended_hold_books_nothing_once_somebody_else_has_the_time(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.later(minutes=45)
    open_clinic.books("Ben", "Dr Cho", "2026-04-01 09:10")
    with pytest.raises(SlotTaken) as refusal:
        open_clinic.confirms("Ada", held, key="again")
    assert len(refusal.value.alternatives) == 3
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 1


def test_the_notice_is_reckoned_from_when_the_time_was_held(open_clinic):
    open_clinic.at("2026-04-01 06:59")
    held = open_clinic.holds("Ada", "Dr Cho", TEN)
    open_clinic.at("2026-04-01 07:05")
    assert open_clinic.confirms("Ada", held).status is Status.BOOKED


def test_a_day_off_taken_meanwhile_refuses_the_held_time(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.is_away("Dr Cho", "2026-04-01")
    with pytest.raises(SlotTaken):
        open_clinic.confirms("Ada", held)


def test_a_practitioner_suspended_meanwhile_is_not_booked(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=open_clinic.cho.user_id, reason="Left"
    )
    with pytest.raises(NotBookable):
        open_clinic.confirms("Ada", held)


def test_nobody_books_somebody_elses_hold(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    with pytest.raises(HoldGone):
        open_clinic.confirms("Ben", held)
    new = NewAppointment(hold_id=UUID(int=3), booking_key="made up")
    with pytest.raises(HoldGone):
        open_clinic.perform(open_clinic.ada, service.book_appointment, new=new)


def test_a_hold_for_moving_does_not_book(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    held = open_clinic.holds("Ada", "Dr Cho", TEN, moves=visit.appointment_id)
    with pytest.raises(HoldGone):
        open_clinic.confirms("Ada", held)


def test_a_patient_has_as_many_visits_to_come_as_the_policy_allows(open_clinic):
    open_clinic.policy(open_per_patient=2)
    open_clinic.books("Ada", "Dr Cho", NINE)
    second = open_clinic.books("Ada", "Dr Cho", TEN)
    with pytest.raises(rules.TooManyVisits):
        open_clinic.books("Ada", "Dr Cho", "2026-04-01 11:00")
    open_clinic.cancels("Ada", second)
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 11:00")
    open_clinic.books("Ben", "Dr Cho", "2026-04-01 13:00")


def test_a_request_waits_for_its_answer_and_takes_its_time_meanwhile(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert visit.status is Status.PENDING
    assert visit.lapses_at == visit.starts_at - timedelta(hours=2)
    assert "09:00" not in open_clinic.free("Dr Cho", "2026-04-01")


def test_a_reference_that_is_in_use_is_drawn_again(open_clinic):
    first = open_clinic.books("Ada", "Dr Cho", NINE)
    drawn = iter([first.reference, first.reference, "AAAA-BBBB"])

    class Loaded(type(open_clinic.medibook.ids)):
        def new_reference(self):
            return next(drawn)

    open_clinic.medibook.ids = Loaded()
    assert open_clinic.books("Ben", "Dr Cho", TEN).reference == "AAAA-BBBB"


def test_every_booking_leaves_history_fact_and_audit(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    rows = open_clinic.rows(
        "SELECT version, by_role, from_status, to_status FROM appointment_change"
    )
    assert [tuple(row) for row in rows] == [(1, "patient", "", "booked")]
    kinds = [row[0] for row in open_clinic.rows("SELECT kind FROM outbox_event")]
    assert kinds.count("AppointmentBooked") == 1
    assert "SlotFreed" not in kinds
    assert open_clinic.audit()[-1] == (
        "appointments.service.booking.book_appointment",
        "ok",
        "patient",
    )
    assert visit.version == 1


def test_a_room_is_booked_with_the_visit(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True)
    add_room(open_clinic, "Room 1")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert open_clinic.column("room_id", visit) is not None


def taken(open_clinic):
    """All busy time: which row, whose, and how many minutes."""
    with open_clinic.medibook.engine.connect() as connection:
        rows = connection.execute(sa.select(BUSY).order_by(BUSY.c.id)).all()
    return {row.id: (row.source_id, (row.ends_at - row.starts_at).seconds // 60) for row in rows}


def test_what_a_hold_has_taken_is_handed_over_to_the_visit(open_clinic):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    before = taken(open_clinic)
    visit = open_clinic.confirms("Ada", held)
    after = taken(open_clinic)
    assert after.keys() == before.keys(), "no row went and came"
    assert set(after.values()) == {(visit.appointment_id, 20)}


@pytest.mark.parametrize("since", ["buffers have changed", "it was cleared away"])
def test_where_a_hold_has_not_all_that_the_visit_takes_the_time_is_taken_anew(open_clinic, since):
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    if since == "buffers have changed":
        change_service(open_clinic, open_clinic.service("Dr Cho"), buffer_after_minutes=10)
    else:
        open_clinic.later(minutes=11)
        open_clinic.perform(open_clinic.who("the system"), scheduling.release_expired_holds)
        assert taken(open_clinic) == {}
    visit = open_clinic.confirms("Ada", held)
    minutes = {20, 30} if since == "buffers have changed" else {20}
    assert set(taken(open_clinic).values()) == {(visit.appointment_id, m) for m in minutes}


def test_a_room_that_is_no_longer_needed_is_given_back_when_the_hold_becomes_a_visit(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True)
    add_room(open_clinic, "Room 1")
    held = open_clinic.holds("Ada", "Dr Cho", NINE)
    assert len(taken(open_clinic)) == 3
    change_service(open_clinic, open_clinic.service("Dr Cho"), pool_id=None)
    visit = open_clinic.confirms("Ada", held)
    assert open_clinic.column("room_id", visit) is None
    assert len(taken(open_clinic)) == 2


@pytest.mark.parametrize("who", ["cho", "eve", "gus", "stranger"])
def test_only_patients_book(open_clinic, who):
    new = NewAppointment(hold_id=UUID(int=3), booking_key="k")
    with pytest.raises(Forbidden):
        open_clinic.perform(getattr(open_clinic, who), service.book_appointment, new=new)


def test_a_visit_is_seen_by_its_patient_its_practitioner_and_the_clinic_only(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    reasons = {}
    for name in ("ada", "ben", "cho", "diaz", "fay", "gus", "eve", "stranger"):
        try:
            seen = open_clinic.perform(
                getattr(open_clinic, name), service.visit, appointment_id=visit.appointment_id
            )
        except (NotFound, Forbidden):
            continue
        reasons[name] = seen.reason
    assert reasons == {"ada": "a mole", "cho": "a mole", "gus": "", "eve": ""}


@pytest.mark.parametrize("change", ["fee", "mode"])
def test_nobody_is_bound_to_terms_that_they_have_not_read(open_clinic, change):
    held = open_clinic.holds("Ada", "Dr Cho", "2026-04-01 09:00")
    read = open_clinic.perform(open_clinic.ada, service.check_and_book, hold_id=held.hold_id).terms
    if change == "fee":
        open_clinic.perform(
            open_clinic.cho,
            clinic_service.offer_service,
            service_id=held.service_id,
            fee_minor=99_900,
            fee_currency="GBP",
        )
    else:
        open_clinic.is_asked("Dr Cho")

    def books(terms):
        new = NewAppointment(hold_id=held.hold_id, booking_key="once", agreed=terms)
        booked = open_clinic.perform(open_clinic.ada, service.book_appointment, new=new)
        return open_clinic.perform(open_clinic.ada, service.visit, appointment_id=booked)

    with pytest.raises(rules.TermsChanged):
        books(read)
    assert open_clinic.rows("SELECT count(*) FROM appointment") == [(0,)]
    now = open_clinic.perform(open_clinic.ada, service.check_and_book, hold_id=held.hold_id).terms
    assert books(now).fee == now.fee
