"""The front desk's pages: the day, the walk-in in three steps, booking, overbooking, arrivals."""

from uuid import UUID

from medibook.appointments.pages.desk import Desk
from medibook.appointments.pages.desk_arrivals import DeskArrivals
from medibook.appointments.pages.desk_book_state import DeskBook
from tests.support.clinic import LONDON
from tests.support.pages import cookie, visit
from tests.support.visits import change_service

NINE = "2026-04-01 09:00"
PAGES = {
    "/desk": [Desk.load],
    "/desk/book": [DeskBook.load],
    "/desk/arrivals": [DeskArrivals.load],
}


def at_desk(clinic, story, who="gus@example.org"):
    """Let a story happen at the front desk's own tab."""

    async def told(stage):
        await story(stage.tab(cookie=cookie(clinic, who)))

    visit(clinic, told, PAGES)


def query_of(tab):
    """Where the page has sent its reader: the last address, with its query."""
    return next(e for e in reversed(tab.orders) if "path" in e.payload).payload["path"]


async def follow(tab):
    await tab.goes(query_of(tab))


def rows(clinic, columns="count(*)"):
    return clinic.rows(f"SELECT {columns} FROM appointment")


def test_the_day_has_a_column_for_each_doctor_with_visits_and_free_times(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(tab):
        await tab.opens("/desk?on=2026-04-01")
        diaz, cho = await tab.sees(Desk, "columns")
        assert (diaz.name, cho.name, cho.note) == ("Dr Luis Diaz", "Dr Mina Cho", "1 visit")
        (ada,) = [block for block in cho.blocks if block.kind == "visit"]
        assert (ada.title, ada.time, ada.begins, ada.minutes) == ("Ada Abara", "09:00", 0, 20)
        free = [block.time for block in cho.blocks if block.kind == "free"]
        assert free[:3] == ["09:20", "09:30", "10:00"]
        assert await tab.sees(Desk, "place") == str(LONDON)
        assert await tab.sees(Desk, "summary") == "1 visit"

    at_desk(open_clinic, story)


def test_the_day_marks_who_comes_by_video(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), is_video=True)
    open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Diaz", NINE)

    async def story(tab):
        await tab.opens("/desk?on=2026-04-01")
        notes = {
            block.title: block.note
            for column in await tab.sees(Desk, "columns")
            for block in column.blocks
            if block.kind == "visit"
        }
        assert {who: "Video" in note.split(" · ") for who, note in notes.items()} == {
            "Ada Abara": True,
            "Ben Brandt": False,
        }

    at_desk(open_clinic, story)


def test_what_has_passed_is_not_offered_and_the_line_shows_now(open_clinic):
    open_clinic.at("2026-04-01 09:07")  # 10:07 in London

    async def story(tab):
        await tab.opens("/desk")
        column = (await tab.sees(Desk, "columns"))[1]
        assert [b.time for b in column.blocks if b.kind == "free"][:2] == ["10:10", "10:30"]
        assert column.now == 67

    at_desk(open_clinic, story)


def test_a_visit_is_opened_goes_a_step_moves_and_is_cancelled(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:50")

    async def story(tab):
        await tab.opens("/desk")
        await tab.fires(Desk.open_visit, key=str(booked.appointment_id))
        panel = await tab.sees(Desk, "panel")
        assert (panel.patient, panel.born, panel.phone) == (
            "Ada Abara", "born 17 May 1984", "+442079460123",
        )  # fmt: skip
        for day, time in (("9999-12-31", "23:59"), ("0026-04-01", "10:40"), ("", "10:40")):
            await tab.fires(Desk.reschedule, form_data={"day": day, "time": time})
            assert set(await tab.sees(Desk, "problems")) == {"time"}
        await tab.fires(Desk.reschedule, form_data={"day": "2026-04-01", "time": "10:40"})
        assert await tab.sees(Desk, "problem") == ""
        assert (await tab.sees(Desk, "panel")).time == "10:40"
        panel = await tab.sees(Desk, "panel")
        await tab.fires(Desk.step, key=panel.key, to="arrived", version=panel.version)
        assert (await tab.sees(Desk, "panel")).status == "arrived"
        assert await tab.sees(Desk, "waiting") == "1 person waiting"
        await tab.fires(Desk.cancel, form_data={"reason": ""})
        assert "reason" in await tab.sees(Desk, "problem") or await tab.sees(Desk, "problems")
        await tab.fires(Desk.cancel, form_data={"reason": "went home"})
        assert await tab.sees(Desk, "panel_open") is False
        assert rows(open_clinic, "status, cancel_reason") == [("cancelled", "went home")]

    at_desk(open_clinic, story)


def test_a_walk_in_is_typed_entered_and_entered(open_clinic):
    open_clinic.at("2026-04-01 08:03")

    async def story(tab):
        await tab.opens("/desk/book?walkin=1")
        await tab.fires(DeskBook.look, text="aba")
        assert [h.born for h in await tab.sees(DeskBook, "hits")] == ["17 May 1984"]
        await tab.fires(DeskBook.enter, form_data={"patient": "aba"})
        await follow(tab)
        assert (await tab.sees(DeskBook, "whom")).name == "Ada Abara"
        first = (await tab.sees(DeskBook, "firsts"))[0]
        assert (first.when, first.practitioner) == ("09:10", "Dr Luis Diaz")
        await tab.fires(DeskBook.add_walk_in, form_data={"first": first.key})
        done = await tab.sees(DeskBook, "done")
        assert (done.arrived, done.practitioner) == (True, "Dr Luis Diaz")
        await tab.fires(DeskBook.enter, form_data={"patient": "nobody at all"})

    at_desk(open_clinic, story)
    assert rows(open_clinic, "status") == [("arrived",)]


def test_a_new_patient_is_written_down_and_booked_by_phone(open_clinic):
    async def story(tab):
        await tab.opens("/desk/book")
        await tab.fires(DeskBook.look, text="Zoe Zander")
        assert await tab.sees(DeskBook, "hits") == []
        await tab.fires(DeskBook.begin_new)
        assert await tab.sees(DeskBook, "typed_name") == "Zoe Zander"
        await tab.fires(DeskBook.add, form_data={"name": "Zoe Zander"})
        assert "birth_date" in await tab.sees(DeskBook, "problems")
        born = {"birth_day": "2", "birth_month": "3", "birth_year": "1999"}
        await tab.fires(DeskBook.add, form_data={"name": "Zoe Zander", "phone": "", **born})
        await follow(tab)
        whom = await tab.sees(DeskBook, "whom")
        assert (whom.name, whom.told[:17]) == ("Zoe Zander", "No e-mail address")
        assert [f.practitioner for f in await tab.sees(DeskBook, "firsts")]
        await tab.fires(DeskBook.choose_whom, key=str(open_clinic.doctor("Dr Cho")))
        await follow(tab)
        days = await tab.sees(DeskBook, "days")
        await tab.goes(days[2].chips[1].href)
        check = await tab.sees(DeskBook, "check")
        assert (check.practitioner, check.against) == ("Dr Mina Cho", [])
        await tab.fires(DeskBook.book, form_data={"reason": "a rash", "room": None})
        assert (await tab.sees(DeskBook, "done")).arrived is False

    at_desk(open_clinic, story)
    assert rows(open_clinic, "reason") == [("a rash",)]
    assert open_clinic.work_off() >= 0  # nobody can be written to, and nothing fails


def test_overbooking_says_what_it_clashes_with_and_needs_a_reason(open_clinic):
    open_clinic.books("Ben", "Dr Cho", NINE)
    start = int(open_clinic.moment(NINE).timestamp())
    who, by = open_clinic.ada.patient_id, open_clinic.doctor("Dr Cho")

    async def story(tab):
        await tab.opens(f"/desk/book?who={who}&by={by}&start={start}")
        check = await tab.sees(DeskBook, "check")
        assert check.against
        assert check.clashes == ["09:00 Ben Brandt, with Dr Mina Cho"]
        await tab.fires(DeskBook.book, form_data={})
        assert "taken" in await tab.sees(DeskBook, "problem")
        await tab.fires(DeskBook.ask_overbook, yes=True)
        await tab.fires(DeskBook.overbook, form_data={"why": "  "})
        assert await tab.sees(DeskBook, "overbooking") is True
        assert rows(open_clinic) == [(1,)]
        await tab.fires(DeskBook.overbook, form_data={"why": "sent by the nurse"})
        assert await tab.sees(DeskBook, "step") == "done"

    at_desk(open_clinic, story)
    assert rows(open_clinic) == [(2,)]


def test_arrivals_are_touched_through_and_say_how_long_somebody_waits(open_clinic):
    ada = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Cho", "2026-04-01 09:20")
    open_clinic.at("2026-04-01 07:50")

    async def story(tab):
        await tab.opens("/desk/arrivals")
        first, second = await tab.sees(DeskArrivals, "due")
        assert (first.patient, first.to_step, second.patient) == (
            "Ada Abara", "arrived", "Ben Brandt",
        )  # fmt: skip
        await tab.fires(DeskArrivals.step, key=first.key, to=first.to_step, version=first.version)
        open_clinic.later(minutes=12)
        await tab.goes("/desk/arrivals")
        (here,) = await tab.sees(DeskArrivals, "here")
        assert (here.key, here.waited) == (str(ada.appointment_id), "waiting 12 min")
        assert here.to_step == "checked-in"
        assert "1 person waiting" in await tab.sees(DeskArrivals, "summary")

    at_desk(open_clinic, story)


def test_nobody_else_sees_the_desk(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(tab):
        for path in ("/desk?on=2026-04-01", "/desk/book", "/desk/arrivals"):
            await tab.opens(path)
        assert await tab.sees(Desk, "columns") == []
        assert await tab.sees(DeskBook, "ready") is False
        await tab.fires(DeskBook.look, text="aba")
        assert await tab.sees(DeskBook, "hits") == []

    for who in ("ada@example.org", "cho@example.org"):
        at_desk(open_clinic, story, who)


def test_an_admin_may_look_but_not_touch(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:50")

    async def story(tab):
        await tab.opens("/desk")
        assert len(await tab.sees(Desk, "columns")) == 2
        await tab.fires(Desk.step, key=str(booked.appointment_id), to="arrived", version=1)

    at_desk(open_clinic, story, "eve@example.org")
    assert rows(open_clinic, "status") == [("booked",)]


def test_an_address_that_is_made_up_finds_nobody(open_clinic):
    async def story(tab):
        await tab.opens(f"/desk/book?who={UUID(int=7)}")
        assert await tab.sees(DeskBook, "problem")
        await tab.opens("/desk/book?who=nonsense&start=x")
        assert await tab.sees(DeskBook, "problem")
        await tab.opens("/desk?on=9999-12-31&at=nowhere&columns=77")
        assert await tab.sees(Desk, "problem") == ""

    at_desk(open_clinic, story)
