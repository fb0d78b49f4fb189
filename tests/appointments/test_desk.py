"""Booking at the front desk: for a patient, for who walks in, and twice on purpose, with a reason."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from medibook.appointments import service
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.desk import DeskBooking, WalkIn
from medibook.clinic import service as clinic
from medibook.clinic.schemas import BookingRules, NewVisitType
from medibook.kernel.errors import Forbidden, NotFound, Refusal, SignInNeeded
from medibook.operations.service.check import check_invariants
from medibook.scheduling.rules import NotBookable, SlotTaken
from tests.support.visits import add_room, at_once, change_service

DAY = "2026-04-01"  # a Wednesday
NINE, TEN = f"{DAY} 09:00", f"{DAY} 10:00"


def book(clinic, wall, *, who="Gus", whom="Ada", doctor="Dr Cho", key="", **said):
    new = DeskBooking(
        patient_id=clinic.who(whom).patient_id,
        wish=clinic.wish(doctor, wall),
        booking_key=key or uuid4().hex,
        **said,
    )
    return clinic.perform(clinic.who(who), service.book_for_patient, new=new)


def walks_in(clinic, whom="Ada", *, who="Gus", doctor="Dr Cho", key="", **said):
    new = WalkIn(
        patient_id=clinic.who(whom).patient_id,
        practitioner_id=clinic.doctor(doctor),
        service_id=clinic.service(doctor),
        booking_key=key or uuid4().hex,
        **said,
    )
    return clinic.perform(clinic.who(who), service.add_walk_in, new=new)


def wall(clinic, visit):
    return f"{visit.starts_at + timedelta(hours=1):%H:%M}"  # London, in summer


def violations(clinic):
    """What the check of every invariant finds."""
    with Session(clinic.medibook.engine) as session:
        return check_invariants(session, clinic.clock.now())


def history(clinic, visit):
    return [
        tuple(row)
        for row in clinic.rows(
            "SELECT c.to_status, c.by_role, c.reason FROM appointment_change c "
            "JOIN appointment a ON a.id = c.appointment_id "
            "WHERE a.reference = :reference ORDER BY c.version",
            reference=visit.reference,
        )
    ]


def test_the_desk_books_for_a_patient_and_the_patient_is_told(open_clinic):
    visit = book(open_clinic, NINE, reason="asked by phone")
    assert (visit.patient_name, visit.status) == ("Ada Abara", "booked")
    assert visit.reason == ""  # what it is about is not the desk's to read back
    (letter,) = open_clinic.mail_to("ada@example.org")
    assert letter.subject == "Your visit is booked"
    assert open_clinic.mail_to("cho@example.org")
    mine = open_clinic.perform(open_clinic.ada, service.my_visits).upcoming
    assert [(v.reference, v.reason) for v in mine] == [(visit.reference, "asked by phone")]
    assert not violations(open_clinic)


def test_the_desk_asks_nobody_and_is_not_bound_by_notice(open_clinic):
    open_clinic.is_asked("Dr Cho")
    open_clinic.policy(open_per_patient=1)
    assert book(open_clinic, NINE).status == "booked"
    assert book(open_clinic, "2026-03-30 09:20").status == "booked"  # in twenty minutes
    assert not violations(open_clinic)


def test_a_time_that_is_taken_is_refused_with_the_nearest_ones(open_clinic):
    open_clinic.books("Ben", "Dr Cho", NINE)
    with pytest.raises(SlotTaken) as refused:
        book(open_clinic, NINE)
    assert len(refused.value.alternatives) == 3
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 1


def test_overbooking_needs_a_reason_which_stays_in_the_history(open_clinic):
    first = open_clinic.books("Ben", "Dr Cho", NINE)
    for nothing in ("", "   "):
        with pytest.raises(SlotTaken):
            book(open_clinic, NINE, overbook_reason=nothing)
    visit = book(open_clinic, NINE, overbook_reason="sent by the school nurse")
    assert history(open_clinic, visit) == [("booked", "staff", "sent by the school nurse")]
    assert open_clinic.column("override_by", visit) is not None
    overbooked = open_clinic.rows(
        "SELECT resource_kind FROM busy_time WHERE overbooked_by IS NOT NULL"
    )
    assert [kind for (kind,) in overbooked] == ["practitioner"]
    cho = columns(open_clinic)["Dr Mina Cho"]
    assert {row.appointment_id for row in cho.visits} == {
        first.appointment_id,
        visit.appointment_id,
    }
    assert cho.workday.overbooked == {visit.appointment_id}
    assert not violations(open_clinic)


def columns(clinic, on=DAY):
    day = clinic.perform(clinic.gus, service.clinic_day, on=date.fromisoformat(on))
    return {column.practitioner_name: column for column in day.columns}


def test_a_patient_is_not_at_two_places_whatever_the_reason(open_clinic):
    book(open_clinic, NINE)
    with pytest.raises(SlotTaken):
        book(open_clinic, NINE, doctor="Dr Diaz", overbook_reason="in a hurry")


def test_outside_the_hours_the_desk_says_so_and_why(open_clinic):
    with pytest.raises(SlotTaken):
        book(open_clinic, f"{DAY} 18:00")
    visit = book(open_clinic, f"{DAY} 18:00", overbook_reason="the doctor agreed on the phone")
    assert open_clinic.column("override_by", visit) is not None
    assert not violations(open_clinic)


def test_a_room_is_chosen_or_picked(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True)
    north, south = add_room(open_clinic, "North"), add_room(open_clinic, "South")
    book(open_clinic, NINE, room_id=south)
    book(open_clinic, TEN, whom="Ben")
    rooms = open_clinic.rows("SELECT room_id FROM appointment ORDER BY starts_at")
    assert [str(room).replace("-", "") for (room,) in rooms] == [south.hex, north.hex]


def test_a_double_click_at_the_desk_books_once(open_clinic):
    once, again = (book(open_clinic, NINE, key="k1") for _ in range(2))
    assert once == again
    first, second = (walks_in(open_clinic, "Ben", key="k2") for _ in range(2))
    assert first == second
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 2


def test_who_walks_in_has_the_first_free_time_and_has_arrived(open_clinic):
    open_clinic.at("2026-04-01 08:03")  # 09:03 in London
    visit = walks_in(open_clinic)
    assert (wall(open_clinic, visit), visit.status) == ("09:10", "arrived")
    assert [step[:2] for step in history(open_clinic, visit)] == [
        ("booked", "staff"),
        ("arrived", "staff"),
    ]
    second = walks_in(open_clinic, "Ben")
    assert wall(open_clinic, second) == "09:30"
    arrivals = open_clinic.perform(open_clinic.gus, service.arrivals)
    assert [w.row.visit.patient_name for w in arrivals.waiting] == ["Ada Abara", "Ben Brandt"]
    assert open_clinic.perform(open_clinic.gus, service.count_waiting) == 2
    assert not violations(open_clinic)


def test_who_walks_in_long_before_there_is_time_is_booked_and_told(open_clinic):
    open_clinic.at("2026-04-01 11:05")  # 12:05 in London: the break
    visit = walks_in(open_clinic)
    assert (wall(open_clinic, visit), visit.status) == ("13:00", "booked")
    assert open_clinic.mail_to("ada@example.org")


def test_who_walks_in_can_be_squeezed_in_now_with_a_reason(open_clinic):
    open_clinic.books("Ben", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:03")
    visit = walks_in(open_clinic, overbook_reason="bleeding")
    assert (wall(open_clinic, visit), visit.status) == ("09:00", "arrived")
    assert history(open_clinic, visit)[0][2] == "bleeding"
    assert not violations(open_clinic)


def test_without_free_time_a_walk_in_is_refused(open_clinic):
    open_clinic.opens("Dr Cho", [])
    with pytest.raises(SlotTaken):
        walks_in(open_clinic)


@pytest.mark.parametrize("who", ["Ada", "Dr Cho", "Dr Fay", "Eve", "stranger"])
def test_booking_for_others_is_for_the_front_desk_alone(open_clinic, who):
    open_clinic.cast.__dict__.setdefault("stranger", open_clinic.stranger)
    refusal = SignInNeeded if who == "stranger" else Forbidden
    for act in (
        lambda: book(open_clinic, NINE, who=who),
        lambda: walks_in(open_clinic, who=who),
        lambda: open_clinic.perform(open_clinic.who(who), service.choices_at_desk),
        lambda: open_clinic.perform(
            open_clinic.who(who), service.first_times, patient_id=open_clinic.ada.patient_id
        ),
        lambda: open_clinic.perform(
            open_clinic.who(who),
            service.check_at_desk,
            wish=open_clinic.wish("Dr Cho", NINE),
            patient_id=open_clinic.ada.patient_id,
        ),
    ):
        with pytest.raises(refusal):
            act()
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 0


def test_rows_of_nowhere_are_refused(open_clinic):
    new = DeskBooking(patient_id=uuid4(), wish=open_clinic.wish("Dr Cho", NINE), booking_key="k")
    with pytest.raises(NotFound):
        open_clinic.perform(open_clinic.gus, service.book_for_patient, new=new)
    wish = open_clinic.wish("Dr Cho", NINE).model_copy(
        update={"practitioner_id": open_clinic.who("Dr Fay").practitioner_id}
    )
    new = DeskBooking(patient_id=open_clinic.ada.patient_id, wish=wish, booking_key="k")
    with pytest.raises(NotBookable):
        open_clinic.perform(open_clinic.gus, service.book_for_patient, new=new)


def test_the_desk_sees_the_first_time_of_everybody(open_clinic):
    open_clinic.at("2026-04-01 08:03")
    book(open_clinic, "2026-04-01 09:10", whom="Ben")
    first = open_clinic.perform(
        open_clinic.gus, service.first_times, patient_id=open_clinic.ada.patient_id
    )
    assert [(f.practitioner_name, wall(open_clinic, f.free)) for f in first] == [
        ("Dr Luis Diaz", "09:10"),
        ("Dr Mina Cho", "09:30"),
    ]
    own = open_clinic.perform(
        open_clinic.gus, service.first_times, patient_id=open_clinic.ben.patient_id
    )
    assert [wall(open_clinic, f.free) for f in own] == ["09:30", "09:30"]  # Ben is with Dr Cho


def test_the_first_time_keeps_to_the_rules_of_its_own_visit_type(open_clinic):
    sheet = next(
        sheet
        for sheet in open_clinic.perform(open_clinic.eve, clinic.visit_types)
        if sheet.service_id == open_clinic.service("Dr Cho")
    )
    minutes = sheet.length.seconds // 60
    rules = BookingRules(patient_daily_limit=1)
    once_a_day = NewVisitType(name=sheet.name, minutes=minutes, rules=rules)
    open_clinic.perform(
        open_clinic.eve,
        clinic.change_visit_type,
        service_id=sheet.service_id,
        new=once_a_day,
        version=sheet.version,
    )
    open_clinic.at("2026-04-01 08:03")
    book(open_clinic, "2026-04-01 09:10")
    first = {
        f.practitioner_name: f"{f.free.starts_at:%d}"
        for f in open_clinic.perform(
            open_clinic.gus, service.first_times, patient_id=open_clinic.ada.patient_id
        )
    }
    assert first["Dr Mina Cho"] == "02"


def test_before_it_is_given_away_a_time_says_what_it_clashes_with(open_clinic):
    ben = open_clinic.books("Ben", "Dr Cho", NINE)

    def check(wall_time):
        return open_clinic.perform(
            open_clinic.gus,
            service.check_at_desk,
            wish=open_clinic.wish("Dr Cho", wall_time),
            patient_id=open_clinic.ada.patient_id,
        )

    taken = check(f"{DAY} 09:10")
    assert [o.reason for o in taken.against] == ["taken"]
    assert [c.reference for c in taken.clashes] == [ben.reference]
    free = check(f"{DAY} 10:05")  # off the grid, which binds patients alone
    assert (free.against, free.clashes, free.place.name) == ((), (), "Elm Row")


def test_twenty_who_walk_in_at_once_have_twenty_times(open_clinic):
    open_clinic.at("2026-04-01 08:00")
    patients = [open_clinic.cast.ada, open_clinic.cast.ben]
    people = [patients[n % 2].patient_id for n in range(20)]

    def walk_in(number):
        new = WalkIn(
            patient_id=people[number],
            practitioner_id=open_clinic.doctor("Dr Cho"),
            service_id=open_clinic.service("Dr Cho"),
            booking_key=f"walk-{number}",
        )
        return open_clinic.perform(open_clinic.gus, service.add_walk_in, new=new)

    answers = at_once(*[lambda n=n: walk_in(n) for n in range(20)])
    assert all(isinstance(a, AppointmentCard | Refusal) for a in answers), answers
    booked = [a for a in answers if isinstance(a, AppointmentCard)]
    assert len({visit.starts_at for visit in booked}) == len(booked) == 20
    assert not open_clinic.overlaps()
    assert not violations(open_clinic)
