"""Where a visit is: a place with its address, or by video and then at none."""

import pytest
from icalendar import Calendar

from medibook.appointments import service
from medibook.appointments.pages.choice import choice_of
from medibook.appointments.pages.day import Day
from medibook.appointments.pages.desk_words import done_view
from medibook.appointments.pages.series_views import summary_of
from medibook.appointments.pages.visit_words import visit_view
from medibook.ui.i18n import translator
from tests.support.pages import cookie, visit
from tests.support.series import book, preview, wish
from tests.support.visits import change_service

NINE = "2026-04-01 09:00"
HINT = "The clinic will tell you how to join."


@pytest.fixture
def by_video(open_clinic):
    """Dr Cho sees people by video."""
    change_service(open_clinic, open_clinic.service("Dr Cho"), is_video=True)
    return open_clinic


def booked(clinic, who="Ada"):
    return clinic.books(who, "Dr Cho", NINE)


def body_to(clinic, address):
    return clinic.mail_to(address)[0].body


def test_a_message_about_a_video_visit_names_no_street_and_says_how_it_goes_on(by_video):
    booked(by_video)
    to_ada, to_cho = body_to(by_video, "ada@example.org"), body_to(by_video, "cho@example.org")
    assert f"09:00 (London time)\nBy video. {HINT}\n" in to_ada
    assert "09:00 (London time)\nBy video\n" in to_cho
    assert "Elm Row" not in to_ada + to_cho


def test_a_video_visit_is_said_in_the_readers_language(by_video):
    booked(by_video, "Ben")
    assert "Per Video. Die Praxis sagt Ihnen, wie Sie teilnehmen." in body_to(
        by_video, "ben@example.org"
    )


def test_nobody_is_told_how_to_join_a_visit_that_is_cancelled(by_video):
    asked = booked(by_video)
    by_video.cancels("Ada", asked)
    assert HINT not in body_to(by_video, "ada@example.org")
    cancelled = by_video.perform(by_video.ada, service.visit, appointment_id=asked.appointment_id)
    view = visit_view(translator("en"), cancelled, by_video.clock.now())
    assert (view.place, view.address) == ("By video", "")


def test_the_calendar_file_of_a_video_visit_has_no_street(by_video):
    key = booked(by_video).appointment_id
    text = by_video.perform(by_video.ada, service.calendar_file, appointment_id=key)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["location"] == "By video"
    assert "Elm Row" not in text


def test_before_the_click_a_video_visit_has_no_street_but_its_clock(by_video):
    offered = by_video.perform(
        by_video.ada, service.offered_time, wish=by_video.wish("Dr Cho", NINE)
    )
    words = choice_of(translator("en"), offered, who="Ada", now=by_video.clock.now())
    assert (words.place, words.address, words.zone) == ("By video", HINT, "London time")


def test_the_page_of_a_visit_says_that_it_is_by_video(by_video):
    view = visit_view(translator("en"), booked(by_video), by_video.clock.now())
    assert (view.place, view.address, view.zone) == ("By video", HINT, "London time")


def test_a_visit_at_a_place_keeps_its_street(open_clinic):
    view = visit_view(translator("en"), booked(open_clinic), open_clinic.clock.now())
    assert (view.place, view.address) == ("Elm Row", "1 Elm Row, E1 1AA London")


def test_a_series_by_video_names_no_street_before_and_after(by_video):
    wished = wish(by_video, "Dr Cho", NINE, count=2)
    shown = preview(by_video, "Ada", wished)
    words = summary_of(translator("en"), shown, by_video.clock.now(), for_clinic=False)
    assert (words.place, words.address) == ("By video", HINT)
    words = summary_of(translator("en"), shown, by_video.clock.now(), for_clinic=True)
    assert (words.place, words.address) == ("By video", "")
    book(by_video, "Ada", wished)
    body = body_to(by_video, "ada@example.org")
    assert body.count(f"By video. {HINT}") == 1
    assert "Elm Row" not in body


def test_the_clinics_own_lists_mark_a_video_visit_and_keep_where_the_doctor_is(by_video):
    booked(by_video)

    async def story(stage):
        tab = stage.tab(cookie=cookie(by_video, "cho@example.org"))
        await tab.opens("/day?on=2026-04-01")
        (line,) = await tab.sees(Day, "lines")
        assert (line.is_video, line.place) == (True, "Elm Row")

    visit(by_video, story, {"/day": [Day.load]})


def test_the_front_desk_reads_to_the_caller_that_it_is_by_video(by_video):
    assert done_view(translator("en"), booked(by_video)).place == "By video"
