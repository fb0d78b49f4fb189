"""From a first look to a cancelled visit, while the doctor and another patient look on."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys.steps import (
    LIVE_SECONDS,
    board,
    changeable_times,
    chip,
    moved,
    opened,
    shoot,
    sign_in,
    watch_shifts,
    within,
)

PASSWORD = "teapot-orbit-velvet-canyon"


def find_a_doctor(page):
    """Search by specialty and city; end on the doctor's board."""
    opened(page, "/")
    shoot(page, "start")
    page.get_by_label("Specialty").select_option(label="Orthopaedics")
    page.get_by_label("Where").select_option(label="London")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status").filter(has_text="1 doctor")).to_be_visible()
    shoot(page, "results")
    page.get_by_role("link", name="Dr Tan Wei Lin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dr Tan Wei Lin")
    shoot(page, "doctor")


def register(page, name, email):
    """Fill in the registration and confirm the address with the link in the demo's mailbox."""
    page.get_by_role("link", name="I am new here").click()
    expect(page.get_by_text("Your time stays chosen")).to_be_visible()
    for label, value in {
        "Full name": name,
        "E-mail address": email,
        "Phone number": "+44 20 7946 0321",
        "Address": "3 Kite Street, SE1 0ZZ London",
        "Day": "7",
        "Month": "11",
        "Year": "1988",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("#password").fill(PASSWORD)
    shoot(page, "register")
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.locator("#main").get_by_role("link", name="Read the demo's mail").click()
    page.get_by_role("list", name="Messages").get_by_role("link").first.click()
    shoot(page, "mailbox")
    page.locator("#letter").get_by_role("link", name=re.compile("verify")).click()
    page.get_by_label("The password you chose when you registered").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and sign in").click()


def test_a_new_patient_books_moves_and_cancels_and_everybody_sees_it_live(visitor, somebody):
    patient, doctor, other = visitor(), visitor(), visitor()
    name, email = "Ilse Kornblum", f"ilse-{uuid4().hex[:8]}@people.example"

    find_a_doctor(patient)
    chosen, later = changeable_times(patient)
    opened(sign_in(doctor, "tan-wei-lin"), f"/day/?on={chosen.day()}")
    row = doctor.get_by_role("article").filter(has_text=name)
    opened(sign_in(other, somebody()), patient.url.split("#")[0])
    assert chip(other, chosen).evaluate("one => one.localName") == "a"
    watch_shifts(other)

    # The time is chosen before anybody knows who it is for, and it is not lost on the way.
    chip(patient, chosen).click()
    expect(patient.get_by_role("heading", level=1)).to_have_text("Almost there")
    expect(patient.get_by_role("main")).to_contain_text(chosen.label)
    register(patient, name, email)
    expect(patient.get_by_role("heading", level=1)).to_have_text("Check and book")
    expect(patient.get_by_role("main")).to_contain_text(chosen.label)
    expect(patient.get_by_text("This time is held for you until")).to_be_visible()
    taken = chip(other, chosen).and_(other.locator(".slot--taken"))
    within(LIVE_SECONDS, "the other patient's board says that the time is held", taken)
    expect(taken).to_contain_text("taken")
    shoot(patient, "check")

    patient.get_by_label("What is it about?").fill("A knee that clicks")
    patient.get_by_role("button", name=re.compile("^Book for")).click()
    within(LIVE_SECONDS, "the doctor's day shows the visit", row)
    expect(row).to_contain_text(chosen.label)
    expect(row).to_contain_text("A knee that clicks")
    expect(patient.get_by_role("heading", level=1)).to_contain_text("Booked: ")
    shoot(patient, "booked")
    with patient.expect_download() as kept:
        patient.get_by_role("link", name="Add to calendar").click()
    assert "BEGIN:VEVENT" in kept.value.path().read_text()

    opened(patient, "/visits/")
    mine = patient.get_by_role("article").filter(has_text="Dr Tan Wei Lin")
    expect(mine).to_contain_text(chosen.label)
    shoot(patient, "visits")

    mine.get_by_role("link", name=re.compile(chosen.label)).click()
    patient.get_by_role("link", name="Move", exact=True).click()
    expect(patient.get_by_role("heading", name="Choose a new time")).to_be_visible()
    shoot(patient, "move")
    chip(patient, later).click()
    expect(patient.get_by_role("heading", name="Move it to this time?")).to_be_visible()
    shoot(patient, "move-confirm")
    patient.get_by_role("button", name="Yes, move it").click()
    within(LIVE_SECONDS, "the doctor's day shows the new time", row.filter(has_text=later.label))
    expect(row).to_have_count(1)
    expect(patient.get_by_role("heading", level=1)).to_contain_text("Moved to: ")
    free_again = chip(other, chosen).and_(other.locator("a"))
    within(LIVE_SECONDS, "the old time is free again on the other patient's board", free_again)
    expect(chip(other, later)).to_contain_text("taken")

    patient.get_by_role("button", name="Cancel this visit").click()
    patient.get_by_label("Why?").fill("It stopped clicking")
    shoot(patient, "cancel")
    patient.get_by_role("button", name="Yes, cancel it").click()
    within(
        LIVE_SECONDS,
        "the doctor's day shows that the visit is cancelled",
        row.filter(has_text="Cancelled by the patient. It stopped clicking"),
    )
    expect(patient.get_by_text("Your visit is cancelled.")).to_be_visible()
    shoot(patient, "cancelled")
    shoot(doctor, "day")

    within(
        LIVE_SECONDS, "the moved time is free again", chip(other, later).and_(other.locator("a"))
    )
    assert moved(other) <= 0.02, f"the other patient's board moved under the finger: {moved(other)}"
    assert chosen in board(other)
