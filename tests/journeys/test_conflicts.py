"""When something comes in between: each ends in words, and never in two visits or a lost text."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import (
    CHANGEABLE,
    LIVE_SECONDS,
    board,
    book,
    changeable_times,
    chip,
    opened,
    sign_in,
    sign_in_as_a,
    within,
)
from tests.support.browser import serve

FASTER = "Somebody else was faster"
HELD = "This time is held for you until"
BOOK = re.compile("^Book for")


class Clock:
    """The clinic's clock, turned by a file."""

    def __init__(self, path):
        self.path, self.ahead = path, timedelta(0)

    def turn(self, **span):
        self.ahead += timedelta(**span)
        self.path.write_text((datetime.now(UTC) + self.ahead).isoformat())


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    return Clock(tmp_path_factory.mktemp("clock") / "now.txt")


@pytest.fixture(scope="module")
def served(tmp_path_factory, clock):
    """A clinic of its own, because its clock is turned."""
    with serve(tmp_path_factory.mktemp("late"), MEDIBOOK_CLOCK_FILE=str(clock.path)) as running:
        yield running


def heading(page):
    return page.get_by_role("heading", level=1)


def times_of(page, slug, count=1):
    opened(page, f"/doctor/?id={slug}")
    return changeable_times(page, count)


def hold(page, chosen):
    opened(page, chosen.href)
    expect(page.get_by_text(HELD)).to_be_visible()
    return page


def upcoming(page, chosen):
    """The patient's open visits at that time."""
    opened(page, "/visits/")
    expect(page.get_by_role("heading", name="Upcoming")).to_be_visible()
    return page.get_by_role("article").filter(has_text=chosen.said).filter(has_not_text="Cancelled")


def test_a_held_time_is_refused_to_the_second_patient_with_the_three_nearest(visitor, somebody):
    first, second = sign_in(visitor(), somebody()), sign_in(visitor(), somebody())
    (chosen,) = times_of(first, "chidi-okafor")
    opened(second, "/doctor/?id=chidi-okafor")
    hold(first, chosen)
    within(LIVE_SECONDS, "taken", chip(second, chosen).and_(second.locator(".slot--taken")))
    opened(second, chosen.href)
    expect(heading(second)).to_have_text(FASTER)
    expect(second.get_by_role("main")).to_contain_text("Nothing was booked")
    expect(second.locator("main .times a.slot:not(.slot--more)")).to_have_count(3)


def test_who_comes_too_late_keeps_the_typed_reason_and_books_one_of_the_nearest(
    visitor, somebody, clock
):
    slow, fast = sign_in(visitor(), somebody()), sign_in(visitor(), somebody())
    (chosen,) = times_of(slow, "chidi-okafor")
    hold(slow, chosen).get_by_label("What is it about?").fill("A cough since Tuesday")
    clock.turn(minutes=11)
    book(fast, chosen)
    slow.get_by_role("button", name=BOOK).click()
    expect(heading(slow)).to_have_text(FASTER)
    expect(slow.get_by_role("main")).to_contain_text("What you wrote is kept")
    nearest = slow.locator("main .times a.slot:not(.slot--more)")
    expect(nearest).to_have_count(3)
    nearest.first.click()
    expect(heading(slow)).to_have_text("Check and book")
    expect(slow.get_by_label("What is it about?")).to_have_value("A cough since Tuesday")
    slow.get_by_role("button", name=BOOK).click()
    expect(heading(slow)).to_contain_text("Booked: ")
    expect(slow.get_by_text("A cough since Tuesday")).to_be_visible()


def test_a_hold_that_has_ended_still_books_a_time_that_is_still_free(visitor, somebody, clock):
    page = sign_in(visitor(), somebody())
    (chosen,) = times_of(page, "chidi-okafor")
    hold(page, chosen)
    clock.turn(minutes=11)
    page.get_by_role("button", name=BOOK).click()
    expect(heading(page)).to_contain_text("Booked: ")


def test_a_session_that_has_ended_says_so_and_books_nothing(visitor, somebody, clock):
    me = somebody()
    page = sign_in(visitor(), me)
    (chosen,) = times_of(page, "chidi-okafor")
    hold(page, chosen)
    clock.turn(minutes=31)
    page.get_by_role("button", name=BOOK).click()
    said = page.get_by_role("alert").filter(has_text="Your session has ended")
    expect(said).to_be_visible()
    expect(said.get_by_role("link", name="Sign in")).to_be_visible()
    expect(upcoming(sign_in(visitor(), me), chosen)).to_have_count(0)


def test_two_clicks_are_one_visit_and_the_back_button_says_where_it_is(visitor, somebody):
    page = sign_in(visitor(), somebody())
    (chosen,) = times_of(page, "tan-wei-lin")
    hold(page, chosen)
    page.get_by_role("button", name=BOOK).dblclick()
    expect(heading(page)).to_contain_text("Booked: ")
    page.go_back()
    expect(heading(page)).to_have_text("Dr Tan Wei Lin")
    expect(page.locator(f'[data-board] a.slot[data-key="{chosen.key}"]')).to_have_count(0)
    opened(page, chosen.href)
    expect(heading(page)).to_have_text("This time is yours already")
    page.get_by_role("main").get_by_role("link", name="Look at your visit").click()
    expect(page.get_by_role("main")).to_contain_text(chosen.label)
    expect(upcoming(page, chosen)).to_have_count(1)


def test_two_tabs_with_one_time_are_one_visit(visitor, somebody):
    page = sign_in(visitor(), somebody())
    (chosen,) = times_of(page, "tan-wei-lin")
    other = page.context.new_page()
    hold(page, chosen)
    hold(other, chosen)
    page.get_by_role("button", name=BOOK).click()
    expect(heading(page)).to_contain_text("Booked: ")
    other.get_by_role("button", name=BOOK).click()
    expect(heading(other)).to_contain_text("Booked: ")
    assert page.url.split("id=")[1] == other.url.split("id=")[1]
    expect(upcoming(page, chosen)).to_have_count(1)


def test_two_tabs_with_overlapping_times_book_one_and_say_so(visitor, somebody):
    page = sign_in(visitor(), somebody())
    opened(page, "/doctor/?id=tan-wei-lin")
    short = {t.starts_at: t for t in board(page)}
    page.get_by_role("navigation", name="Visit type").get_by_role("link").nth(1).click()
    expect(
        page.locator(f'[data-board] [data-key="{next(iter(short.values())).key}"]')
    ).to_have_count(0)
    start, long = next(
        (t.starts_at, t)
        for t in board(page)
        if t.starts_at in short and t.starts_at > datetime.now(UTC) + CHANGEABLE
    )
    other = page.context.new_page()
    hold(page, short[start])
    hold(other, long)
    other.get_by_role("button", name=BOOK).click()
    expect(heading(other)).to_contain_text("Booked: ")
    page.get_by_role("button", name=BOOK).click()
    expect(page.get_by_role("heading", name=FASTER)).to_be_visible()


def ask(page, slug, reason):
    """Send a request to a doctor who wants to be asked; the time that was asked for."""
    (chosen,) = times_of(page, slug)
    expect(page.get_by_text("The doctor confirms each visit")).to_be_visible()
    hold(page, chosen).get_by_label("What is it about?").fill(reason)
    page.get_by_role("button", name="Send request").click()
    expect(heading(page)).to_contain_text("Request sent: ")
    return chosen


def test_a_request_is_accepted_and_another_declined_before_the_patients_eyes(visitor, somebody):
    patient, doctor = sign_in(visitor(), somebody()), sign_in(visitor(), "owen-pritchard")
    opened(doctor, "/requests/")
    ask(patient, "owen-pritchard", "Palpitations at night")
    card = doctor.get_by_role("article").filter(has_text="Palpitations at night")
    within(LIVE_SECONDS, "the request arrives", card)
    card.get_by_role("button", name="Accept").click()
    expect(doctor.get_by_text("Accepted. We have written to the patient.")).to_be_visible()
    pill = patient.get_by_role("main").get_by_text("Booked", exact=True)
    within(LIVE_SECONDS, "the patient sees that it is accepted", pill)

    ask(patient, "owen-pritchard", "The same again")
    card = doctor.get_by_role("article").filter(has_text="The same again")
    within(LIVE_SECONDS, "the second request arrives", card)
    card.get_by_text("Decline…").click()
    card.get_by_label("The reason, for the patient").fill("Please see your family doctor first")
    card.get_by_role("button", name="Decline", exact=True).click()
    expect(doctor.get_by_text("Declined. We have written to the patient.")).to_be_visible()
    why = patient.get_by_text("Please see your family doctor first")
    within(LIVE_SECONDS, "the patient reads why", why)


def apply(page, name, email):
    opened(page, "/register/doctor/")
    for label, value in {
        "Full name": name,
        "Phone number": "+44 20 7946 0388",
        "E-mail address": email,
        "Qualifications": "MB BS 2009",
        "Licence number": "DEMO-GB-9001",
        "Years of experience": "12",
        "Fee of a visit": "55",
    }.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Cardiology").check()
    page.get_by_label("English").check()
    page.get_by_label("Location").select_option(label="Riverside Clinic, London")
    page.get_by_label("Currency").select_option("GBP")
    page.locator("#password").fill("teapot-orbit-velvet-canyon")
    page.get_by_role("main").get_by_role("button", name="Apply", exact=True).click()
    expect(heading(page)).to_have_text("Look into your mail")
    page.locator("#main").get_by_role("link", name="Read the demo's mail").click()
    page.get_by_role("list", name="Messages").get_by_role("link").first.click()
    page.locator("#letter").get_by_role("link", name=re.compile("verify")).click()
    chosen = page.get_by_label("The password you chose when you registered")
    chosen.fill("teapot-orbit-velvet-canyon")
    page.get_by_role("button", name="Confirm and sign in").click()


def test_a_doctor_is_found_only_once_an_admin_has_approved_and_hours_are_set(visitor):
    name = "Dr Hedda Quist"
    doctor, admin, patient = visitor(), sign_in_as_a("admin", visitor()), visitor()
    opened(admin, "/admin/doctors/")
    apply(doctor, name, f"hedda-{uuid4().hex[:8]}@people.example")
    expect(heading(doctor)).to_be_visible()
    application = admin.get_by_role("listitem").filter(has_text=name).first
    within(LIVE_SECONDS, "the application arrives", application)
    opened(patient, "/find/?q=Quist")
    expect(patient.get_by_text("No doctor matches.").first).to_be_visible()

    admin.get_by_role("button", name=f"Approve {name}").click()
    expect(admin.get_by_text(f"{name} has been approved.")).to_be_visible()
    opened(doctor, "/hours/")
    doctor.locator("summary").filter(has_text="Monday").click()
    doctor.get_by_role("button", name="Add hours Monday").click()
    expect(doctor.get_by_role("button", name="Remove these hours")).to_have_count(1)
    doctor.get_by_role("button", name="Save hours").click()
    expect(doctor.get_by_text("Your hours are saved.")).to_be_visible()

    opened(patient, "/find/?q=Quist")
    patient.get_by_role("link", name=name).click()
    expect(heading(patient)).to_have_text(name)
    assert board(patient), "the new doctor has free times"
