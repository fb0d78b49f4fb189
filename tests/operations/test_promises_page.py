"""The page "Promises", and what stands in the app for its reader."""

from uuid import uuid4

from medibook.kernel.actor import system
from medibook.notifications import service
from medibook.notifications.jobs import beat, deliver_messages
from medibook.notifications.pages.inbox import Inbox
from medibook.notifications.schemas import NewMessage, Topic
from medibook.operations.pages.promises import Promises
from tests.support.pages import cookie, visit

PAGES = {
    "/admin/promises": [Promises.load],
    "/messages": [Inbox.load],
}
WORKER = system("test")


def tells(clinic, subject):
    """Somebody tells Ada something, outside the demo's mailbox too."""
    new = NewMessage(
        fact_id=uuid4(),
        kind="visit-booked",
        recipient_id=clinic.ada.user_id,
        to="ada@example.org",
        subject=subject,
        body="See http://127.0.0.1:8000/visits/",
        topic=Topic.VISITS,
    )
    with clinic.medibook._writers, clinic.medibook._transaction(WORKER, writes=True) as uow:
        service.tell(uow, new)
        uow.session.commit()


def test_a_clinic_that_is_silent_says_so_in_red(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "eve@example.org"))
        await tab.opens("/admin/promises")
        assert "no worker has ever run" in await tab.sees(Promises, "alarm")
        beat(clinic.medibook)
        await tab.opens("/admin/promises")
        assert await tab.sees(Promises, "alarm") == ""
        clinic.later(minutes=3)
        await tab.opens("/admin/promises")
        assert "Last sign of life: 3 minutes ago" in await tab.sees(Promises, "alarm")

    visit(clinic, story, PAGES)


def test_an_admin_sends_a_test_and_reads_the_answer(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "eve@example.org"))
        await tab.opens("/admin/promises")
        await tab.fires(Promises.test, form_data={"channel": "pigeon", "to": "eve@example.org"})
        assert await tab.sees(Promises, "problem") != ""
        await tab.fires(Promises.test, form_data={"channel": "email", "to": "eve@example.org"})
        deliver_messages(clinic.medibook, {})
        await tab.fires(Promises.refresh)
        assert await tab.sees(Promises, "answer") == "Sent."

    visit(clinic, story, PAGES)


def test_what_is_told_stands_in_the_app_and_is_new_once(clinic):
    tells(clinic, "Your visit is booked")

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/messages")
        (note,) = await tab.sees(Inbox, "notes")
        assert (note.subject, note.is_new) == ("Your visit is booked", True)
        assert [part.href for line in note.lines for part in line.parts] == ["", "/visits/"]
        await tab.opens("/messages")
        (note,) = await tab.sees(Inbox, "notes")
        assert not note.is_new
        other = stage.tab(cookie=cookie(clinic, "ben@example.org"))
        await other.opens("/messages")
        assert await other.sees(Inbox, "notes") == []

    visit(clinic, story, PAGES)
