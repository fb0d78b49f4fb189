"""Somebody should come again: set after a visit, asked once by day, and not when it is settled already."""

from datetime import date
from uuid import UUID

import pytest

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.schemas.desk import DeskBooking
from medibook.kernel.actor import STRANGER, system
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.schemas import Channel, Topic
from medibook.notifications.schemas.reader import Choices
from medibook.notifications.service import change_my_choices, retry_message
from medibook.people import service as people
from medibook.people.access import patients
from medibook.people.schemas import NewDependant, NewPatientRecord
from medibook.people.service.patients import without_account
from medibook.reminders import rules
from medibook.reminders import service as reminders
from medibook.reminders.jobs import write_due_follow_ups
from medibook.reminders.pages.words import next_view
from medibook.reminders.schemas import FollowUpStage, NewFollowUp, Span
from medibook.scheduling.service import hold_slot
from medibook.ui.i18n import translator
from medibook.wiring import STILL_TRUE
from tests.support.visits import at_once

ADA = "ada@example.org"
SEEN = "2026-04-01 09:00"  # a Wednesday
AFTER = "2026-04-01 08:10"  # UTC: while the visit goes on
SIX_WEEKS = NewFollowUp(number=6, span=Span.WEEKS)
DUE = "2026-05-13 09:00"  # UTC: ten in the morning in London


def beat(clinic, wall):
    clinic.at(wall).work_off()
    write_due_follow_ups(clinic.medibook)
    deliver_messages(clinic.medibook, STILL_TRUE)


def asked(clinic, state="accepted"):
    """Who was asked to book again, and by what."""
    return [
        tuple(row)
        for row in clinic.rows(
            "SELECT \"to\", channel FROM message WHERE kind = 'reminder-follow-up' "
            "AND state = :state AND channel <> 'in-app' ORDER BY channel",
            state=state,
        )
    ]


def reasons(clinic):
    return {
        r[0] for r in clinic.rows("SELECT problem FROM message WHERE kind = 'reminder-follow-up'")
    }


@pytest.fixture
def seen(reminding):
    """Ada has been with Dr Cho, who wants to see her again in six weeks."""
    reminding.visit = reminding.books("Ada", "Dr Cho", SEEN)
    reminding.at(AFTER)
    reminding.planned = sets(reminding, "Dr Cho")
    return reminding


def sets(clinic, whom, new=SIX_WEEKS, visit=None):
    which = (visit or clinic.visit).appointment_id
    return clinic.perform(clinic.who(whom), reminders.set_follow_up, appointment_id=which, new=new)


def mine(clinic, whom="Ada"):
    return [card.stage for card in clinic.perform(clinic.who(whom), reminders.my_follow_ups)]


def listed(clinic):
    """What the front desk finds by each choice of its list, as the ends; each row says so itself."""
    found = {}
    for stage in FollowUpStage:
        page = clinic.perform(clinic.gus, reminders.follow_ups, stage=stage)
        assert {row.stage for row in page.rows} <= {stage}
        if page.rows:
            found[stage] = [row.end for row in page.rows]
    return found


def test_the_patient_is_asked_once_in_the_morning_and_told_neither_why_nor_by_whom(seen):
    assert (seen.planned.due_on, seen.planned.stage) == (date(2026, 5, 13), FollowUpStage.PLANNED)
    beat(seen, "2026-05-13 08:59")
    assert asked(seen) == []
    assert mine(seen) == [FollowUpStage.PLANNED]
    beat(seen, DUE)
    beat(seen, "2026-05-13 12:00")
    assert asked(seen) == [(ADA, "email"), ("+442079460123", "sms")]
    assert mine(seen) == [FollowUpStage.TOLD]
    assert listed(seen) == {FollowUpStage.TOLD: [None]}
    letter = next(m for m in seen.mail_to(ADA) if m.kind == "reminder-follow-up")
    ((sms,),) = seen.rows("SELECT body FROM message WHERE kind LIKE '%follow%' AND channel = 'sms'")
    for text in (letter.subject + letter.body, sms):
        assert "Mina" not in text
        assert "Visit" not in text
    token = letter.body.split("/next/")[1].split()[0]
    where = seen.perform(STRANGER, reminders.where_to_book, token=token)
    assert where == f"/doctor/?id=mina-cho&service={seen.service('Dr Cho')}"
    assert len(sms) <= 160


def test_who_has_booked_before_is_not_asked_and_who_cancels_that_is(seen):
    seen.at("2026-05-04 08:00")
    booked = seen.books("Ada", "Dr Cho", "2026-05-20 09:00")
    assert mine(seen) == []
    beat(seen, "2026-05-13 00:00")
    assert asked(seen, "planned") == []
    seen.cancels("Ada", booked)
    assert mine(seen) == [FollowUpStage.PLANNED]
    beat(seen, DUE)
    assert len(asked(seen)) == 2


def test_an_acute_visit_the_day_after_does_not_end_what_was_planned_in_six_weeks(seen):
    seen.books("Ada", "Dr Cho", "2026-04-02 09:00")
    assert mine(seen) == [FollowUpStage.PLANNED]
    beat(seen, DUE)
    assert len(asked(seen)) == 2


@pytest.mark.parametrize(("day", "counts"), [(2, False), (3, True), (30, True)])
def test_a_visit_counts_from_a_quarter_of_the_time_before_the_day_on(day, counts):
    when = {"set_on": date(2026, 4, 1), "due_on": date(2026, 5, 13)}
    assert rules.counts_as_next(date(2026, 5, day), **when) is counts


def test_one_that_cannot_be_written_holds_up_nobody_and_is_tried_again_by_day(
    reminding, monkeypatch
):
    seen = reminding
    seen.visit = seen.books("Ada", "Dr Cho", SEEN)
    poison = seen.books("Ben", "Dr Cho", "2026-04-01 09:20")
    seen.at("2026-04-01 08:30")
    sets(seen, "Dr Cho")
    sets(seen, "Dr Cho", visit=poison)
    real = people.recipients

    def fails(uow, whose):
        return 1 / 0 if whose == seen.ben.patient_id else real(uow, whose)

    monkeypatch.setattr(people, "recipients", fails)
    beat(seen, "2026-05-12 21:00")
    assert len(asked(seen, "planned")) == 2
    monkeypatch.setattr(people, "recipients", real)
    beat(seen, "2026-05-12 22:01")
    beat(seen, DUE)
    assert ("ben@example.org", "email") in asked(seen)


def test_a_visit_with_somebody_else_settles_nothing(seen):
    seen.at("2026-05-04 08:00")
    seen.books("Ada", "Dr Diaz", "2026-05-20 09:00")
    beat(seen, DUE)
    assert len(asked(seen)) == 2


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("books", "a visit is booked"),
        ("is suspended", "nobody can be told"),
        ("is gone", "no longer offered"),
        ("takes back", "taken back"),
    ],
)
def test_what_has_changed_is_noticed_right_before_it_leaves(seen, what, reason):
    """The judge alone where there is one: no follower runs between the writing and the sending."""
    beat(seen, "2026-05-12 21:00")
    assert len(asked(seen, "planned")) == 2
    seen.medibook.in_transaction = {}
    match what:
        case "books":
            seen.books("Ada", "Dr Cho", "2026-05-20 09:00")
        case "is suspended":
            suspend(seen, seen.ada)
        case "is gone":
            suspend(seen, seen.cho)
        case _:
            which = seen.planned.follow_up_id
            seen.perform(seen.gus, reminders.take_follow_up_back, follow_up_id=which)
    beat(seen, DUE)
    assert asked(seen) == []
    assert reasons(seen) == {reason}
    beat(seen, "2026-05-13 12:00")
    stage = FollowUpStage.BOOKED if what == "books" else FollowUpStage.ENDED
    assert listed(seen) == {stage: [reason]}


def suspend(clinic, whom):
    clinic.perform(clinic.eve, people.suspend_account, user_id=whom.user_id, reason="left")


def test_who_takes_it_back_can_have_it_again_and_the_other_side_cannot(seen):
    which = {"follow_up_id": seen.planned.follow_up_id}
    seen.perform(seen.ada, reminders.take_follow_up_back, **which)
    with pytest.raises(Conflict):
        seen.perform(seen.cho, reminders.restore_follow_up, **which)
    seen.perform(seen.ada, reminders.restore_follow_up, **which)
    beat(seen, "2026-05-12 21:00")
    seen.perform(seen.cho, reminders.take_follow_up_back, **which)
    seen.perform(seen.cho, reminders.restore_follow_up, **which)
    beat(seen, DUE)
    assert len(asked(seen)) == 2


def test_setting_it_anew_asks_once_on_the_new_day(seen):
    sets(seen, "Gus", NewFollowUp(number=2, span=Span.MONTHS))
    beat(seen, DUE)
    assert asked(seen) == []
    beat(seen, "2026-06-01 09:00")
    assert len(asked(seen)) == 2


def test_two_who_set_it_at_once_leave_one(seen):
    answers = at_once(lambda: sets(seen, "Dr Cho"), lambda: sets(seen, "Gus"))
    assert len(answers) == 2
    assert seen.rows("SELECT count(*) FROM follow_up WHERE state = 'active'") == [(1,)]


def test_nobody_else_sets_sees_or_ends_it(seen):
    which = {"follow_up_id": seen.planned.follow_up_id}
    for stranger in (seen.diaz, seen.ben):
        with pytest.raises(NotFound):
            seen.perform(stranger, reminders.take_follow_up_back, **which)
    with pytest.raises(NotFound):
        sets(seen, "Dr Diaz")
    with pytest.raises(Forbidden):
        seen.perform(seen.eve, reminders.follow_ups, stage=FollowUpStage.PLANNED)
    for who, count in ((seen.cho, 1), (seen.gus, 1), (seen.diaz, 0)):
        page = seen.perform(who, reminders.follow_ups, stage=FollowUpStage.PLANNED, text="abar")
        assert len(page.rows) == count
    nobody = seen.perform(
        seen.gus, reminders.follow_ups, stage=FollowUpStage.PLANNED, text="brandt"
    )
    assert nobody.rows == ()


def test_it_is_set_once_the_visit_goes_on(reminding):
    reminding.visit = reminding.books("Ada", "Dr Cho", SEEN)
    with pytest.raises(rules.NotSeenYet):
        sets(reminding, "Dr Cho")


def test_who_did_not_come_to_the_next_visit_is_asked_again(seen):
    seen.at("2026-05-04 08:00")
    later = seen.books("Ada", "Dr Cho", "2026-05-06 09:00")
    seen.at("2026-05-06 10:00")
    missed = {"to": AppointmentStatus.NOSHOW, "version": later.version}
    seen.perform(seen.cho, appointments.advance, appointment_id=later.appointment_id, **missed)
    beat(seen, DUE)
    assert len(asked(seen)) == 2


def test_off_in_the_night_of_the_day_it_waits_for_the_morning(seen):
    beat(seen, "2026-05-14 02:00")
    assert asked(seen) == []
    beat(seen, "2026-05-14 09:00")
    assert len(asked(seen)) == 2


def test_the_guardian_of_a_child_is_asked_as_they_wish(reminding):
    child = reminding.perform(
        reminding.ada,
        people.add_dependant,
        new=NewDependant(name="Amir Abara", birth_date="2018-03-02", relation="child"),
    )
    wish = reminding.wish("Dr Cho", SEEN)
    held = reminding.perform(reminding.ada, hold_slot, wish=wish, for_patient=child)
    reminding.visit = reminding.confirms("Ada", held)
    email_only = Choices(
        wanted=frozenset({(Topic.REMINDERS, Channel.EMAIL)}),
        quiet_from="21:00", quiet_until="08:00",
    )  # fmt: skip
    reminding.perform(reminding.ada, change_my_choices, choices=email_only)
    reminding.at(AFTER)
    sets(reminding, "Dr Cho")
    beat(reminding, DUE)
    assert asked(reminding) == [(ADA, "email")]
    letter = next(m for m in reminding.mail_to(ADA) if m.kind == "reminder-follow-up")
    assert letter.subject == "For Amir Abara: Time to book your next visit"


def records(clinic, **known):
    """Olga has no account; she has been with Dr Cho, who wants to see her again."""
    known = {"phone": "", "email": "", **known}
    born = NewPatientRecord(name="Olga Oyelaran", birth_date="1950-02-03", **known)
    olga = clinic.perform(clinic.gus, people.add_patient, new=born)
    new = DeskBooking(patient_id=olga, wish=clinic.wish("Dr Cho", SEEN), booking_key="o")
    clinic.visit = clinic.perform(clinic.gus, appointments.book_for_patient, new=new)
    clinic.at(AFTER)
    sets(clinic, "Gus")


def test_nobody_to_tell_ends_it(reminding):
    records(reminding)
    beat(reminding, DUE)
    assert listed(reminding) == {FollowUpStage.ENDED: ["nobody can be told"]}


def test_what_was_given_up_was_not_told_until_it_is_sent_again(reminding):
    records(reminding, email="olga@example.org")
    beat(reminding, "2026-05-12 21:00")
    refused = "recipient refused: no such user"
    with reminding.medibook.engine.begin() as raw:
        raw.exec_driver_sql(
            f"UPDATE message SET state = 'dead', problem = '{refused}' "
            "WHERE kind = 'reminder-follow-up'"
        )
    beat(reminding, DUE)
    assert listed(reminding) == {FollowUpStage.ENDED: ["nothing has left"]}
    page = reminding.perform(reminding.gus, reminders.follow_ups, stage=FollowUpStage.ENDED)
    shown = next_view(translator("en"), page.rows[0])
    assert shown.why == f"The mail server has refused it. (“{refused}”)"
    ((letter,),) = reminding.rows("SELECT id FROM message WHERE kind LIKE '%follow%'")
    reminding.perform(reminding.gus, retry_message, message_id=UUID(str(letter)))
    beat(reminding, "2026-05-13 12:00")
    beat(reminding, "2026-05-13 12:05")
    assert asked(reminding) == [("olga@example.org", "email")]
    assert listed(reminding) == {FollowUpStage.TOLD: [None]}


@pytest.mark.parametrize(
    ("number", "span", "day"),
    [
        (1, Span.MONTHS, date(2026, 2, 28)),
        (13, Span.MONTHS, date(2027, 2, 28)),
        (24, Span.MONTHS, date(2028, 1, 31)),
        (2, Span.WEEKS, date(2026, 2, 14)),
        (90, Span.DAYS, date(2026, 5, 1)),
    ],
)
def test_a_month_that_is_too_short_gives_its_last_day(number, span, day):
    assert rules.follow_up_day(date(2026, 1, 31), number, span, today=date(2026, 2, 1)) == day


@pytest.mark.parametrize(("number", "span"), [(0, Span.DAYS), (25, Span.MONTHS), (1, Span.DAYS)])
def test_no_day_that_is_over_or_too_far(number, span):
    with pytest.raises(Invalid):
        rules.follow_up_day(date(2026, 1, 31), number, span, today=date(2026, 2, 1))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_practitioner_finds_their_own_among_more_of_that_name_than_anybody_counts(seen):
    sets(seen, "Dr Cho")
    with seen.medibook._transaction(system("test"), writes=True) as uow:
        for _ in range(500):
            other = without_account(uow, name="Aaa Abarant", birth_date=date(1990, 1, 1))
            patients.add_patient(uow, other)
        uow.session.commit()
    page = seen.perform(seen.cho, reminders.follow_ups, stage=FollowUpStage.PLANNED, text="abar")
    assert [row.patient_name for row in page.rows] == ["Ada Abara"]
