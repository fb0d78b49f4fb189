"""Two at once: exactly one wins, the other is told so, and nothing is half done. On both engines."""

from pydantic import BaseModel

from medibook.appointments import rules, service
from medibook.appointments.jobs import lapse_due_requests
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.desk import DeskBooking
from medibook.appointments.schemas.series import Scope, SeriesCard, SeriesChoice, SeriesMode
from medibook.clinic.service import offer_service
from medibook.directory.service import rebuild_directory
from medibook.kernel.actor import system
from medibook.kernel.errors import Refusal
from medibook.scheduling.jobs import release_ended_holds
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import HeldSlot, SlotWish
from medibook.scheduling.service import hold_slot, release_hold
from medibook.wiring import IN_TRANSACTION
from tests.support.series import all_is_well, as_move, as_read, book, plan_move
from tests.support.series import wish as weekly
from tests.support.visits import at_once

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
TIMES = ("09:00", "09:40", "10:20", "11:00", "13:00", "13:40")


def kinds_of(answers):
    """``["AppointmentCard", "SlotTaken"]``: what each of them got."""
    return sorted(type(answer).__name__ for answer in answers)


def counted(clinic, table):
    return clinic.rows(f"SELECT count(*) FROM {table}")[0][0]


def test_of_two_patients_who_want_one_time_one_has_it(open_clinic):
    for wall in TIMES:
        wish = f"2026-04-01 {wall}"
        answers = at_once(
            lambda wish=wish: open_clinic.holds("Ada", "Dr Cho", wish),
            lambda wish=wish: open_clinic.holds("Ben", "Dr Cho", wish),
        )
        assert kinds_of(answers) == ["HeldSlot", "SlotTaken"], answers
        (loser,) = [a for a in answers if isinstance(a, SlotTaken)]
        assert len(loser.alternatives) == 3
    assert not open_clinic.overlaps()


def test_of_two_overlapping_times_of_different_visit_types_one_is_held(open_clinic):
    long = open_clinic.offers("Dr Cho", minutes=60, called="Long talk")
    for wall in TIMES:
        short_wish = open_clinic.wish("Dr Cho", f"2026-04-01 {wall}")
        long_wish = short_wish.model_copy(
            update={"service_id": long, "starts_at": short_wish.starts_at}
        )
        answers = at_once(
            lambda wish=short_wish: hold(open_clinic, "Ada", wish),
            lambda wish=long_wish: hold(open_clinic, "Ben", wish),
        )
        assert kinds_of(answers).count("HeldSlot") == 1, answers
        assert all(isinstance(a, HeldSlot | SlotTaken) for a in answers)
        release_all(open_clinic)
    assert not open_clinic.overlaps()


def hold(clinic, who, wish):
    return clinic.perform(clinic.who(who), hold_slot, wish=wish)


def release_all(clinic):
    clinic.later(minutes=61)  # past the hour in which a patient's holds of a time count as one
    release_ended_holds(clinic.medibook)


def test_one_patient_is_not_at_two_doctors_at_once(open_clinic):
    for wall in TIMES:
        wish = f"2026-04-01 {wall}"
        answers = at_once(
            lambda wish=wish: open_clinic.books("Ada", "Dr Cho", wish),
            lambda wish=wish: open_clinic.books("Ada", "Dr Diaz", wish),
        )
        assert all(isinstance(a, AppointmentCard | Refusal) for a in answers), answers
        assert kinds_of(answers).count("AppointmentCard") >= 1, answers
    assert not open_clinic.overlaps()


def test_a_double_submit_books_once_and_gives_the_same_answer(open_clinic):
    for wall in TIMES:
        held = open_clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}")
        answers = at_once(
            *[
                lambda held=held, wall=wall: open_clinic.confirms("Ada", held, key=f"k{wall}")
                for _ in range(3)
            ]
        )
        assert answers[0] == answers[1] == answers[2], answers
        assert isinstance(answers[0], AppointmentCard), answers
    assert counted(open_clinic, "appointment") == len(TIMES)


def test_one_hold_books_once_whatever_the_keys(open_clinic):
    for wall in TIMES:
        held = open_clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}")
        answers = at_once(
            lambda held=held: open_clinic.confirms("Ada", held),
            lambda held=held: open_clinic.confirms("Ada", held),
        )
        assert kinds_of(answers) == ["AppointmentCard", "SlotTaken"], answers
    assert counted(open_clinic, "appointment") == len(TIMES)


def test_a_move_and_a_booking_meet_at_one_time_and_nobody_loses_what_they_had(open_clinic):
    for number, wall in enumerate(TIMES):
        old = f"2026-04-02 {wall}"
        visit = open_clinic.books("Ada", "Dr Cho", old)
        target = f"2026-04-01 {wall}"
        answers = at_once(
            lambda visit=visit, t=target: open_clinic.moves("Ada", visit, "Dr Cho", t),
            lambda t=target: open_clinic.books("Ben", "Dr Cho", t),
        )
        assert kinds_of(answers) == ["AppointmentCard", "SlotTaken"], answers
        assert open_clinic.status(visit) == "booked"
        assert counted(open_clinic, "busy_time") >= 2 * (number + 1)
        assert not open_clinic.overlaps()


def test_a_request_is_accepted_or_withdrawn_but_never_both(open_clinic):
    open_clinic.is_asked("Dr Cho")
    for wall in TIMES:
        visit = open_clinic.books("Ada", "Dr Cho", f"2026-04-01 {wall}")
        accepted, cancelled = at_once(
            lambda v=visit: open_clinic.perform(
                open_clinic.cho, service.accept_request, appointment_id=v.appointment_id
            ),
            lambda v=visit: open_clinic.cancels("Ada", v),
        )
        # Withdrawn first, it cannot be accepted; accepted first, it is cancelled by the policy.
        assert isinstance(cancelled, AppointmentCard), cancelled
        assert isinstance(accepted, AppointmentCard | rules.AlreadyAnswered), accepted
        assert open_clinic.status(visit) == "cancelled"
        history = history_of(open_clinic, visit)
        assert history in (
            ["pending", "cancelled"],
            ["pending", "booked", "cancelled"],
        )
    assert counted(open_clinic, "busy_time") == 0


def history_of(clinic, visit):
    rows = clinic.rows(
        "SELECT c.to_status FROM appointment_change c JOIN appointment a "
        "ON a.id = c.appointment_id WHERE a.reference = :reference ORDER BY c.version",
        reference=visit.reference,
    )
    return [row[0] for row in rows]


def test_a_request_is_answered_or_lapses_but_never_both(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visits = [open_clinic.books("Ada", "Dr Cho", f"2026-04-01 {wall}") for wall in TIMES]
    open_clinic.clock.time = visits[0].lapses_at  # only the first is due
    answers = at_once(
        lambda: open_clinic.perform(
            open_clinic.cho, service.accept_request, appointment_id=visits[0].appointment_id
        ),
        lambda: lapse_due_requests(open_clinic.medibook),
        lambda: lapse_due_requests(open_clinic.medibook),
    )
    assert isinstance(answers[0], rules.AlreadyAnswered)
    assert sorted(answers[1:]) == [0, 1]
    assert history_of(open_clinic, visits[0]) == ["pending", "cancelled"]


def test_a_hold_that_ends_at_the_commit_books_or_is_lost_but_never_both(open_clinic):
    for wall in TIMES:
        held = open_clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}")
        open_clinic.clock.time = held.expires_at
        answers = at_once(
            lambda held=held: open_clinic.confirms("Ada", held),
            lambda wall=wall: open_clinic.books("Ben", "Dr Cho", f"2026-04-01 {wall}"),
            lambda: release_ended_holds(open_clinic.medibook),
        )
        assert kinds_of(answers[:2]) == ["AppointmentCard", "SlotTaken"], answers
    assert counted(open_clinic, "appointment") == len(TIMES)
    assert not open_clinic.overlaps()


def test_two_moves_of_one_visit_leave_it_at_one_place(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    held = [
        open_clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}", moves=visit.appointment_id)
        for wall in ("10:20", "11:00")
    ]
    answers = at_once(
        *[
            lambda h=h: open_clinic.perform(
                open_clinic.ada,
                service.move_appointment,
                appointment_id=visit.appointment_id,
                hold_id=h.hold_id,
            )
            for h in held
        ]
    )
    assert kinds_of(answers) == ["AppointmentCard"] * 2  # one after the other
    assert counted(open_clinic, "busy_time") == 2
    assert open_clinic.column("version", visit) == 3


def test_of_many_who_want_one_time_one_has_it(open_clinic):
    answers = at_once(
        *[lambda who=who: open_clinic.books(who, "Dr Cho", TEN) for who in ["Ada", "Ben"] * 10]
    )
    assert kinds_of(answers).count("AppointmentCard") == 1, kinds_of(answers)
    assert all(isinstance(answer, AppointmentCard | Refusal) for answer in answers)
    assert counted(open_clinic, "appointment") == 1
    assert not open_clinic.overlaps()


def test_a_series_and_one_of_its_visits_are_moved_at_once_without_waiting_in_a_ring(open_clinic):
    """Who moves locks the rows of the visits first and then the people, whether one or all."""
    card = book(open_clinic, "Ada", weekly(open_clinic, "Dr Cho", "2026-04-07 10:00", 8))
    for hour in (11, 10, 11, 10, 11, 10):
        shown = open_clinic.perform(
            open_clinic.ada, service.whole_series, series_id=card.series_id
        ).visits
        first, last = shown[0], shown[-1]
        wall = f"2026-04-07 {hour}:00"
        planned = plan_move(open_clinic, "Ada", first, wall, Scope.ALL)
        moving = as_move(open_clinic, first, wall, Scope.ALL)
        answers = at_once(
            lambda m=moving, p=planned: open_clinic.perform(
                open_clinic.ada, service.move_series, move=m, read=as_read(p)
            ),
            *(
                lambda v=last, by=by, h=hour: open_clinic.perform(
                    by,
                    service.reschedule_appointment,
                    appointment_id=v.appointment_id,
                    starts_at=open_clinic.moment(f"2026-05-26 {h}:40"),
                    version=v.version,
                )
                for by in (open_clinic.cho, open_clinic.gus)
            ),
        )
        assert all(isinstance(a, AppointmentCard | SeriesCard | Refusal) for a in answers), answers
    assert all_is_well(open_clinic) == ()
    assert deadlocks(open_clinic) == 0


def test_a_hold_is_let_go_and_replaced_at_once_without_waiting_in_a_ring(open_clinic):
    for number in range(10):
        held = open_clinic.holds("Ada", "Dr Cho", NINE)
        answers = at_once(
            lambda h=held: open_clinic.perform(open_clinic.ada, release_hold, hold_id=h.hold_id),
            lambda: open_clinic.holds("Ada", "Dr Cho", "2026-04-01 09:10"),
            lambda h=held: open_clinic.confirms("Ada", h),
        )
        assert all(isinstance(a, Refusal | BaseModel | None) for a in answers), answers
        for visit in open_clinic.perform(open_clinic.ada, service.my_visits).upcoming:
            open_clinic.cancels("Ada", visit)
        open_clinic.at("2026-03-30 08:00").later(minutes=3 * number)
    assert all_is_well(open_clinic) == ()
    assert deadlocks(open_clinic) == 0


def test_two_series_that_meet_at_two_doctors_are_cancelled_at_once(open_clinic):
    """The directory hears of what each of them frees, and does not wait in a ring."""
    open_clinic.medibook.in_transaction = IN_TRANSACTION
    check = open_clinic.service("Dr Cho")
    terms = {"fee_minor": 4500, "fee_currency": "GBP"}
    open_clinic.perform(open_clinic.diaz, offer_service, service_id=check, **terms)
    open_clinic.perform(system("test"), rebuild_directory)
    for _ in range(4):
        both = [("Ada", "Dr Cho", "Dr Diaz"), ("Ben", "Dr Diaz", "Dr Cho")]
        answers = at_once(*[cancelling(open_clinic, check, *one) for one in both])
        assert kinds_of(answers) == ["SeriesCard", "SeriesCard"], answers
    assert all_is_well(open_clinic) == ()
    assert deadlocks(open_clinic) == 0


def cancelling(clinic, check, who, first, other):
    """Book a series of which one visit is with another doctor; returns how all of it is cancelled."""

    def with_(doctor, wall):
        return SlotWish(
            practitioner_id=clinic.doctor(doctor), service_id=check, starts_at=clinic.moment(wall)
        )

    wished = weekly(clinic, "Dr Cho", "2026-04-07 10:00", 4)
    wished = wished.model_copy(update={"first": with_(first, "2026-04-07 10:00")})
    elsewhere = SeriesChoice(place=2, time=with_(other, "2026-04-15 10:00"))
    card = book(clinic, who, wished, SeriesMode.REPLACE, choices=(elsewhere,), left_out=frozenset())
    which = {"appointment_id": card.visits[0].appointment_id, "scope": Scope.ALL}
    read = as_read(clinic.perform(clinic.who(who), service.plan_series_cancel, **which))
    return lambda: clinic.perform(clinic.who(who), service.cancel_series, **which, read=read)


def test_one_key_of_the_desk_for_two_patients_books_one_visit(open_clinic):
    for day in ("01", "02", "03", "07"):
        wishes = {
            who: open_clinic.wish(doctor, f"2026-04-{day} 09:00")
            for who, doctor in (("Ada", "Dr Cho"), ("Ben", "Dr Diaz"))
        }
        answers = at_once(
            *[
                lambda who=who, wish=wish, day=day: open_clinic.perform(
                    open_clinic.gus,
                    service.book_for_patient,
                    new=DeskBooking(
                        patient_id=open_clinic.who(who).patient_id, wish=wish, booking_key=day
                    ),
                )
                for who, wish in wishes.items()
            ]
        )
        assert answers[0] == answers[1], answers
    assert counted(open_clinic, "appointment") == 4


def deadlocks(clinic):
    """How often PostgreSQL had to end a transaction because two waited for each other."""
    if clinic.medibook.engine.dialect.name != "postgresql":
        return 0
    clinic.medibook.engine.dispose()  # a connection tells what it has counted when it closes
    counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return clinic.rows(counted)[0][0]
