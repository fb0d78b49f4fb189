"""A patient without an account is told by what the front desk has noted, and by nothing else."""

import pytest

from medibook.appointments import service as appointments
from medibook.appointments.schemas.desk import DeskBooking
from medibook.kernel.errors import Forbidden, Invalid
from medibook.notifications import service as notifications
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.pages.reach import DeskReach
from medibook.notifications.rules import ChoosesThemselves
from medibook.notifications.schemas import Channel
from medibook.notifications.schemas.reach import Reach
from medibook.people import service as people
from medibook.people.schemas import NewDependant, NewPatientRecord
from medibook.reminders.jobs import write_due_reminders
from medibook.wiring import IN_TRANSACTION, STILL_TRUE
from tests.support.pages import cookie, visit

OLGA, NUMBER = "olga@example.org", "+442079460555"
DAY_BEFORE = "2026-03-31 09:00"


@pytest.fixture
def with_olga(open_clinic):
    open_clinic.medibook.in_transaction = IN_TRANSACTION
    new = NewPatientRecord(name="Olga Oyelaran", birth_date="1950-02-03", phone=NUMBER, email=OLGA)
    open_clinic.notes["olga"] = open_clinic.perform(open_clinic.gus, people.add_patient, new=new)
    return open_clinic


def wants(clinic, *, locale="en", **said):
    which = {"patient_id": clinic.notes["olga"], "locale": locale}
    clinic.perform(clinic.gus, notifications.change_reach, reach=Reach(**said), **which)


def booked(clinic):
    wish = clinic.wish("Dr Cho", "2026-04-01 09:00")
    new = DeskBooking(patient_id=clinic.notes["olga"], wish=wish, booking_key="o")
    clinic.perform(clinic.gus, appointments.book_for_patient, new=new)
    clinic.work_off()


def told(clinic, state="accepted"):
    return {
        tuple(row)
        for row in clinic.rows(
            'SELECT kind, channel FROM message WHERE "to" IN (:mail, :number) AND state = :state',
            mail=OLGA, number=NUMBER, state=state,
        )
    }  # fmt: skip


def reminded(clinic, wall=DAY_BEFORE):
    clinic.at(wall)
    write_due_reminders(clinic.medibook)
    deliver_messages(clinic.medibook, STILL_TRUE)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {("visit-booked", "email"), ("reminder", "email"), ("reminder", "sms")}),
        ({"by_sms": False}, {("visit-booked", "email"), ("reminder", "email")}),
        ({"by_email": False}, {("visit-booked", "sms"), ("reminder", "sms")}),
        ({"wants_reminders": False}, {("visit-booked", "email")}),
        ({"by_email": False, "by_sms": False}, set()),
    ],
)
def test_she_is_told_as_she_wants(with_olga, said, expected):
    wants(with_olga, **said)
    booked(with_olga)
    reminded(with_olga)
    assert told(with_olga) == expected


def test_what_is_written_already_is_not_sent_against_her_wish(with_olga):
    booked(with_olga)
    reminded(with_olga, "2026-03-30 20:00")
    assert told(with_olga, "planned") == {("reminder", "email"), ("reminder", "sms")}
    wants(with_olga, by_sms=False)
    reminded(with_olga)
    assert ("reminder", "email") in told(with_olga)
    assert told(with_olga, "expired") == {("reminder", "sms")}
    assert with_olga.rows("SELECT problem FROM message WHERE state = 'expired'") == [
        ("not wanted",)
    ]


def test_she_is_written_to_in_her_language(with_olga):
    wants(with_olga, locale="de")
    booked(with_olga)
    assert with_olga.mail_to(OLGA)[0].subject == "Ihr Termin ist gebucht"
    with pytest.raises(Invalid):
        wants(with_olga, locale="xx")


def test_stop_holds_whatever_the_desk_notes(with_olga):
    with with_olga.medibook.engine.begin() as raw:
        raw.exec_driver_sql(
            "INSERT INTO opt_out (channel, address, since) "
            f"VALUES ('{Channel.SMS.value}', '{NUMBER}', '2026-03-01 00:00:00+00:00')"
        )
    wants(with_olga, by_email=False)
    which = {"patient_id": with_olga.notes["olga"]}
    sheet = with_olga.perform(with_olga.gus, notifications.reach_of_patient, **which)
    assert sheet.has_stopped_sms
    booked(with_olga)
    reminded(with_olga, "2026-03-30 20:00")
    reminded(with_olga)
    assert ("reminder", "sms") not in told(with_olga)
    assert told(with_olga, "dead") == {("reminder", "sms")}


def test_only_the_desk_notes_it_and_not_for_who_has_an_account(with_olga):
    with pytest.raises(ChoosesThemselves):
        with_olga.perform(
            with_olga.gus, notifications.change_reach, reach=Reach(), locale="en",
            patient_id=with_olga.ada.patient_id,
        )  # fmt: skip
    for other in (with_olga.cho, with_olga.eve, with_olga.ben):
        with pytest.raises(Forbidden):
            with_olga.perform(
                other, notifications.change_reach, reach=Reach(), locale="en",
                patient_id=with_olga.notes["olga"],
            )  # fmt: skip
    wants(with_olga)
    assert ("notifications.service.at_the_desk.change_reach", "ok", "staff") in with_olga.audit()


def test_of_a_child_it_says_that_the_guardian_is_told_and_chooses(open_clinic):
    child = open_clinic.perform(
        open_clinic.ada, people.add_dependant,
        new=NewDependant(name="Amir Abara", birth_date="2018-03-02", relation="child"),
    )  # fmt: skip

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "gus@example.org"))

        async def shows():
            await tab.opens(f"/desk/reach?patient={child}")
            return [
                await tab.sees(DeskReach, name) for name in ("guardians", "addresses", "no_way")
            ]

        assert await shows() == [
            "Who books for them is told, and chooses how: Ada Abara.",
            "They have no address of their own.",
            "Without any way ticked nothing is sent to the patient; who books is told.",
        ]
        who = {"user_id": open_clinic.ada.user_id, "reason": "left"}
        open_clinic.perform(open_clinic.eve, people.suspend_account, **who)
        assert await shows() == [
            "",
            "No address is known.",
            "Without any way ticked nothing is sent: please call them.",
        ]

    visit(open_clinic, story, {"/desk/reach": [DeskReach.load]})
