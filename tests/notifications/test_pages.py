"""The demo's mailbox: newest first, and only our own links can be followed."""

from medibook.kernel.settings import Env, Settings
from medibook.notifications.pages.mailbox import Mailbox
from medibook.notifications.pages.text import Part, lines
from medibook.people import service as people
from tests.support.clinic import new_patient
from tests.support.pages import visit

PAGES = {"/demo/mailbox": [Mailbox.load]}
HERE = "http://127.0.0.1:8000"


def test_only_links_to_our_own_pages_can_be_followed():
    (ours,) = lines(f"Open {HERE}/verify/?token=a-b_c.", HERE)
    assert ours.parts == [
        Part(text="Open "),
        Part(text=f"{HERE}/verify/?token=a-b_c", href="/verify/?token=a-b_c"),
        Part(text="."),
    ]
    for foreign in (
        "https://evil.example/verify/",
        f"{HERE}.evil.example/",
        f"{HERE}@evil.example",
    ):
        assert all(part.href == "" for line in lines(foreign, HERE) for part in line.parts)


def test_a_message_is_opened_and_the_newest_comes_first(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    clinic.work_off()
    clinic.later(minutes=1)
    clinic.perform(clinic.stranger, people.ask_password_reset, email="ada@example.org")
    clinic.work_off()

    async def story(stage):
        tab = stage.tab()
        await tab.opens("/demo/mailbox")
        newest, older = await tab.sees(Mailbox, "letters")
        assert (newest.recipient, older.recipient) == ("ada@example.org", "nia@example.org")
        await tab.goes(newest.href)
        opened = await tab.sees(Mailbox, "opened")
        links = [part.href for line in opened.lines for part in line.parts if part.href]
        assert [href.partition("?")[0] for href in links] == ["/reset/"]
        await tab.goes("/demo/mailbox/?to=nia@example.org")
        assert [one.recipient for one in await tab.sees(Mailbox, "letters")] == ["nia@example.org"]

    visit(clinic, story, PAGES)


def test_outside_the_demo_the_mailbox_says_no_in_words(clinic):
    clinic.medibook.settings = Settings(env=Env.TEST, db_url=clinic.medibook.settings.db_url)

    async def story(stage):
        tab = stage.tab()
        await tab.opens("/demo/mailbox")
        assert await tab.sees(Mailbox, "problem") != ""
        assert await tab.sees(Mailbox, "letters") == []

    visit(clinic, story, PAGES)
