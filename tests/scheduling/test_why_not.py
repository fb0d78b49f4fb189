"""Why a time cannot be had: in full for the clinic, and for a patient nothing about anybody else."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from medibook.directory.pages.profile import Profile
from medibook.kernel.db import UTCDateTime
from medibook.kernel.errors import NotFound
from medibook.scheduling import service
from medibook.scheduling.pages.why import answered
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import Reason
from medibook.ui.i18n import Translator
from tests.support.clinic import LONDON
from tests.support.pages import visit
from tests.support.visits import BERLIN, add_room, change_service

DAY = "2026-04-01"
TEN = f"{DAY} 10:00"


def why(clinic, who, wall, doctor="Dr Cho", **asked):
    actor = clinic.who(who) if who else clinic.stranger
    return clinic.perform(actor, service.why_not, wish=clinic.wish(doctor, wall), **asked)


def reasons(clinic, who, wall, **asked):
    return [obstacle.reason for obstacle in why(clinic, who, wall, **asked)]


def words(clinic, who, wall, **asked):
    """What the clinic is told, with its facts filled in; instants as London shows them."""
    return [
        obstacle.for_staff.format(
            **{
                name: fact.astimezone(UTC).strftime("%H:%M") if isinstance(fact, datetime) else fact
                for name, fact in obstacle.facts.items()
            }
        )
        for obstacle in why(clinic, who, wall, **asked)
    ]


def all_that_is_said(answer):
    return [(o.reason, o.for_patient, o.for_staff, dict(o.facts)) for o in answer]


def insert(clinic, table, **row):
    kinds = {name: sa.Uuid for name in row if name.endswith("id")}
    kinds |= {name: UTCDateTime for name in row if name.endswith("_at")}
    kinds |= {name: sa.Date for name in row if name.endswith("_day")}
    columns = (sa.column(name, kinds.get(name)) for name in row)
    with clinic.medibook.engine.begin() as connection:
        connection.execute(sa.insert(sa.table(table, *columns)).values(**row))


def closes(clinic, day, name, location=LONDON):
    day = date.fromisoformat(day)
    ids = {"id": clinic.medibook.ids.new_id(), "location_id": location}
    insert(clinic, "closure", **ids, first_day=day, last_day=day, name=name)


def breaks_down(clinic, room_id, day):
    start = clinic.moment(f"{day} 00:00")
    insert(
        clinic,
        "room_outage",
        id=clinic.medibook.ids.new_id(),
        room_id=room_id,
        starts_at=start,
        ends_at=start + timedelta(days=1),
        reason="Painted",
    )


def test_nothing_stands_against_a_free_time(open_clinic):
    assert why(open_clinic, "", TEN) == ()


@pytest.mark.parametrize("who", ["", "Ada", "Eve", "Dr Diaz"])
def test_a_patient_cannot_tell_a_visit_from_a_hold_a_day_off_or_a_full_day(open_clinic, who):
    answers = []
    open_clinic.holds("Ben", "Dr Cho", TEN)
    answers.append(why(open_clinic, who, TEN))
    open_clinic.later(hours=1)
    open_clinic.books("Ben", "Dr Cho", TEN)
    answers.append(why(open_clinic, who, TEN))
    open_clinic.policy(daily_limit=1)
    answers.append(why(open_clinic, who, f"{DAY} 11:00"))
    open_clinic.is_away("Dr Cho", "2026-04-02")
    answers.append(why(open_clinic, who, "2026-04-02 10:00"))
    open_clinic.policy()
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True)
    answers.append(why(open_clinic, who, "2026-04-03 10:00"))
    assert [all_that_is_said(answer) for answer in answers] == [
        [(Reason.TAKEN, "This time is not free.", "", {})]
    ] * 5


@pytest.mark.parametrize("who", ["Gus", "Dr Cho"])
def test_the_clinic_hears_every_reason_in_order(open_clinic, who):
    open_clinic.policy(daily_limit=1)
    open_clinic.books("Ben", "Dr Cho", TEN)
    taken, full = "Taken by the visit at 09:00.", "The limit of 1 visits a day is reached."
    assert words(open_clinic, who, f"{DAY} 10:05")[1:] == [taken, full]  # 10:00 in London
    assert reasons(open_clinic, who, f"{DAY} 10:05")[0] is Reason.OFF_GRID
    assert reasons(open_clinic, who, f"{DAY} 12:30") == [Reason.CLOSED]
    assert words(open_clinic, who, f"{DAY} 11:00") == [full]
    open_clinic.is_away("Dr Cho", DAY)
    away = "Time off from 23:00 until 23:00."
    assert words(open_clinic, who, TEN) == [away, taken, full]


def test_the_clinic_hears_whose_buffer_it_is_and_of_whose_hold(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), buffer_after_minutes=10)
    open_clinic.books("Ben", "Dr Cho", TEN)
    assert words(open_clinic, "Gus", f"{DAY} 10:20") == ["In the buffer of the visit at 09:00."]
    assert words(open_clinic, "Gus", f"{DAY} 09:40") == [
        "Its buffer would run into the visit at 09:00."
    ]
    open_clinic.holds("Ada", "Dr Cho", f"{DAY} 11:00")
    assert words(open_clinic, "Gus", f"{DAY} 11:10") == ["Held for somebody at 10:00."]
    assert reasons(open_clinic, "Ada", f"{DAY} 11:10") == []  # her own hold is not in her way


def test_a_closed_location_says_its_name_and_why_to_everybody(open_clinic):
    closes(open_clinic, DAY, "Feast of Elm Row")
    closes(open_clinic, "2026-04-02", "Elsewhere", location=BERLIN)
    assert open_clinic.free("Dr Cho", DAY) == []
    assert open_clinic.free("Dr Cho", "2026-04-02")
    for who in ("", "Gus"):
        (closed,) = why(open_clinic, who, TEN)
        assert closed.reason is Reason.HOLIDAY
        assert closed.facts == {"place": "Elm Row", "name": "Feast of Elm Row"}


def test_a_visit_cannot_run_into_the_day_on_which_the_location_is_closed(open_clinic):
    open_clinic.opens("Dr Cho", [(2, "22:00", "00:00"), (3, "00:00", "02:00")])
    assert "23:50" in open_clinic.free("Dr Cho", DAY)
    closes(open_clinic, "2026-04-02", "Feast of Elm Row")
    assert open_clinic.free("Dr Cho", DAY)[-1] == "23:40"


def test_a_room_that_is_out_of_order_is_not_given_and_is_named_to_the_clinic(open_clinic):
    for name in ("Dr Cho", "Dr Diaz"):
        change_service(open_clinic, open_clinic.service(name), needs_room=True)
    assert words(open_clinic, "Gus", TEN) == ["There is no such room at this location."]
    first, second = add_room(open_clinic, "Room 1"), add_room(open_clinic, "Room 2")
    breaks_down(open_clinic, first, DAY)
    assert open_clinic.holds("Ada", "Dr Diaz", TEN).room_id == second
    (told,) = why(open_clinic, "Gus", TEN)
    assert (told.reason, told.facts) == (
        Reason.NO_ROOM,
        {"taken": ("Room 2",), "broken": ("Room 1",)},
    )
    assert "10:00" not in open_clinic.free("Dr Cho", DAY, who="Ben")
    assert "11:00" in open_clinic.free("Dr Cho", DAY, who="Ben")


def test_a_room_of_another_pool_does_not_do(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True)
    other = open_clinic.medibook.ids.new_id()
    insert(open_clinic, "room_pool", id=other, name="X-ray", kind="equipment")
    add_room(open_clinic, "X-ray 1", pool_id=other)
    assert open_clinic.free("Dr Cho", DAY) == []


def test_a_video_visit_needs_no_room(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), needs_room=True, is_video=True)
    assert open_clinic.holds("Ada", "Dr Cho", TEN).room_id is None


def test_a_visit_type_is_offered_where_its_practitioner_says_so(open_clinic):
    offer = {"practitioner_id": open_clinic.doctor("Dr Cho")}
    offer["service_id"] = open_clinic.service("Dr Cho")
    insert(open_clinic, "service_offer_location", **offer, location_id=BERLIN)
    assert open_clinic.free("Dr Cho", DAY) == []
    (told,) = why(open_clinic, "", TEN)
    assert (told.reason, told.facts) == (Reason.NOT_HERE, {"place": "Elm Row"})


def test_a_retired_visit_type_or_location_is_not_offered(open_clinic):
    retired = open_clinic.moment("2026-04-01 00:00")
    with open_clinic.medibook.engine.begin() as connection:
        place = sa.table("location", sa.column("id", sa.Uuid), sa.column("retired_at", UTCDateTime))
        gone = sa.update(place).where(place.c.id == LONDON).values(retired_at=retired)
        connection.execute(gone)
    assert open_clinic.free("Dr Cho", "2026-03-31")
    assert open_clinic.free("Dr Cho", DAY) == []
    assert reasons(open_clinic, "", TEN) == [Reason.HOLIDAY]


def test_a_patient_sees_one_doctor_no_more_often_in_a_day_than_the_policy_says(open_clinic):
    open_clinic.policy(patient_daily_limit=1)
    open_clinic.books("Ada", "Dr Cho", TEN)
    assert open_clinic.free("Dr Cho", DAY, who="Ada") == []
    assert open_clinic.free("Dr Diaz", DAY, who="Ada")
    assert open_clinic.free("Dr Cho", DAY, who="Ben")
    assert reasons(open_clinic, "Ada", f"{DAY} 11:00") == [Reason.OFTEN_ENOUGH]
    with pytest.raises(SlotTaken):
        open_clinic.holds("Ada", "Dr Cho", f"{DAY} 11:00")
    assert open_clinic.free("Dr Cho", "2026-04-02", who="Ada")


def test_nobody_learns_of_anothers_visits_by_asking_in_their_name(open_clinic):
    open_clinic.books("Ben", "Dr Diaz", TEN)
    ben = open_clinic.ben.patient_id
    assert reasons(open_clinic, "Ada", TEN, patient_id=ben) == []
    assert reasons(open_clinic, "", TEN, patient_id=ben) == []
    assert reasons(open_clinic, "Gus", TEN, patient_id=ben) == [Reason.OWN_VISIT]
    assert reasons(open_clinic, "Ben", TEN) == [Reason.OWN_VISIT]


def ask(clinic, day, reading, who="", **whose):
    return clinic.perform(
        clinic.who(who) if who else clinic.stranger,
        service.ask_about_time,
        practitioner_id=clinic.doctor("Dr Cho"),
        service_id=clinic.service("Dr Cho"),
        day=date.fromisoformat(day),
        reading=time.fromisoformat(reading),
        **whose,
    )


def test_who_asks_for_a_time_is_offered_the_nearest_free_one(open_clinic):
    open_clinic.books("Ben", "Dr Cho", TEN)
    answer = ask(open_clinic, DAY, "10:10")
    assert [told.reason for told in answer.obstacles] == [Reason.TAKEN]
    assert [free.starts_at for free in answer.nearest] == [open_clinic.moment(f"{DAY} 10:20")]
    assert (ask(open_clinic, DAY, "10:20").obstacles, answer.zone) == ((), "Europe/London")


def test_a_time_that_the_clocks_skip_and_one_that_comes_twice_are_told_apart(open_clinic):
    open_clinic.at("2026-03-27 08:00")
    open_clinic.opens("Dr Cho", [(6, "00:00", "04:00")])
    (skipped,) = ask(open_clinic, "2026-03-29", "01:30").obstacles
    assert skipped.reason is Reason.SKIPPED
    open_clinic.at("2026-10-20 08:00")
    first = ask(open_clinic, "2026-10-25", "01:00")
    assert first.starts_at == open_clinic.moment("2026-10-25 01:00")
    open_clinic.books("Ben", "Dr Cho", "2026-10-25 01:00")
    second = ask(open_clinic, "2026-10-25", "01:00")
    assert second.obstacles == ()
    assert second.starts_at == open_clinic.moment("2026-10-25 01:00", fold=1)


def test_what_is_told_reads_like_speech_and_shows_the_locations_clock(open_clinic):
    open_clinic.policy(minimum_notice_minutes=90)
    english, german = Translator("en"), Translator("de")
    open_clinic.books("Ben", "Dr Cho", TEN)
    closes(open_clinic, "2026-04-02", "Feast of Elm Row")
    at_desk = ask(open_clinic, DAY, "10:15", who="Gus")
    assert answered(english, at_desk) == (
        "Wednesday 1 April, 10:15: Off the grid of 10 minutes. Taken by the visit at 10:00."
    )
    closed = ask(open_clinic, "2026-04-02", "10:00")
    assert answered(english, closed) == (
        "Thursday 2 April, 10:00: Elm Row is closed then: Feast of Elm Row."
    )
    soon = ask(open_clinic, "2026-03-30", "10:00")
    assert "at least 90 minutes before" in answered(english, soon)
    assert answered(english, ask(open_clinic, DAY, "11:00")) == "Wednesday 1 April, 11:00 is free."
    assert answered(german, closed).startswith("Donnerstag, 2. April, 10:00")


def test_one_asks_for_oneself_and_those_one_books_for_and_for_nobody_else(open_clinic):
    whose = {"for_patient": open_clinic.ben.patient_id}
    open_clinic.books("Ben", "Dr Diaz", TEN)
    with pytest.raises(NotFound):
        ask(open_clinic, DAY, "10:00", who="Ada", **whose)
    with pytest.raises(NotFound):
        ask(open_clinic, DAY, "10:00", **whose)
    (told,) = ask(open_clinic, DAY, "10:00", who="Gus", **whose).obstacles
    assert told.reason is Reason.OWN_VISIT


def test_the_board_answers_why_a_time_is_not_on_it(open_clinic):
    open_clinic.at("2026-03-30 08:00")
    ((slug,),) = open_clinic.rows("SELECT slug FROM practitioner WHERE name = 'Dr Mina Cho'")

    async def story(stage):
        tab = stage.tab()
        await tab.opens(f"/doctor?id={slug}")
        await tab.fires(Profile.ask_why, claim={"why_day": DAY, "why_time": "12:30"})
        assert await tab.sees(Profile, "why") == (
            "Wednesday 1 April, 12:30: There are no opening hours for this visit then."
        )
        assert await tab.sees(Profile, "why_label") == "Nearest free time: Wed 1 Apr, 13:00"
        await tab.fires(Profile.ask_why, claim={"why_day": "", "why_time": "25:99"})
        assert await tab.sees(Profile, "why") == "Please enter a day and a time."
        assert await tab.sees(Profile, "why_href") == ""

    visit(open_clinic, story, {"/doctor": [Profile.load]})
