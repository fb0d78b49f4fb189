"""What was promised about a visit, for the clinic's people; never what it said, and only of their own."""

import pytest

from medibook.appointments import service as appointments
from medibook.appointments.pages.told import Told
from medibook.kernel.errors import Forbidden, NotFound
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.schemas import Channel, MessageState
from medibook.wiring import STILL_TRUE
from tests.support.pages import cookie, visit

NINE = "2026-04-01 09:00"
PAGES = {"/desk/told": [Told.load]}


def told(clinic, actor, appointment):
    card, lines = clinic.perform(
        actor, appointments.messages_of_visit, appointment_id=appointment.appointment_id
    )
    assert card.appointment_id == appointment.appointment_id
    return lines


def test_the_clinic_sees_what_was_promised_about_a_visit(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()
    for actor in (open_clinic.gus, open_clinic.cho, open_clinic.eve):
        lines = told(open_clinic, actor, booked)
        ways = {(line.kind, line.channel) for line in lines}
        assert {("visit-booked", Channel.EMAIL), ("new-visit", Channel.IN_APP)} <= ways
        assert not any(hasattr(line, "body") for line in lines)


def test_nobody_sees_it_of_others(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()
    with pytest.raises(NotFound):
        told(open_clinic, open_clinic.diaz, booked)
    with pytest.raises(Forbidden):
        told(open_clinic, open_clinic.ada, booked)


def test_what_is_no_longer_so_is_not_sent(open_clinic):
    """Booked and at once cancelled, while nobody was there to deliver."""
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.medibook.settings = open_clinic.medibook.settings.model_copy(
        update={"smtp_url": "smtp://127.0.0.1:9"}
    )
    open_clinic.work_off()
    open_clinic.perform(
        open_clinic.ada,
        appointments.cancel_appointment,
        appointment_id=booked.appointment_id,
    )
    deliver_messages(open_clinic.medibook, STILL_TRUE)
    mails = {
        line.kind: (line.state, line.problem)
        for line in told(open_clinic, open_clinic.gus, booked)
        if line.channel is Channel.EMAIL
    }
    assert mails["visit-booked"] == (MessageState.EXPIRED, "cancelled")


def test_the_page_lists_them_in_words(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(f"/desk/told/?id={booked.appointment_id}")
        assert await tab.sees(Told, "patient") == "Ada Abara"
        lines = await tab.sees(Told, "lines")
        assert {"Sent"} <= {line.state for line in lines}
        other = stage.tab(cookie=cookie(open_clinic, "diaz@example.org"))
        await other.opens(f"/desk/told/?id={booked.appointment_id}")
        assert await other.sees(Told, "lines") == []
        assert await other.sees(Told, "problem") != ""

    visit(open_clinic, story, PAGES)
