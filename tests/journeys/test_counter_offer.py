"""A patient asks, the doctor offers three other times, the patient takes one: all before their eyes."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import (
    LIVE_SECONDS,
    board,
    changeable_times,
    opened,
    shoot,
    sign_in,
    within,
)
from tests.support.browser import axe

DOCTOR = "owen-pritchard"  # wants to be asked


@pytest.fixture
def doctor(visitor):
    """The doctor before the inbox, at a desk."""
    return opened(sign_in(visitor(), DOCTOR), "/requests/")


def reason_of(what):
    """A reason that no other request has, not even one of an earlier go of the same test."""
    return f"{what} {uuid4().hex[:6]}"


def ask(page, reason, nth=0):
    """Send a request; the time that was asked for, and the address of the visit."""
    opened(page, f"/doctor/?id={DOCTOR}")
    chosen = changeable_times(page, nth + 1)[nth]
    opened(page, chosen.href)
    page.get_by_label("What is it about?").fill(reason)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Request sent: ")
    return chosen, page.url


def card(page, reason):
    return page.get_by_role("article").filter(has_text=reason)


def choose_three(page, mine):
    """Press three times that can be offered; what they say."""
    free = mine.locator(".offer .slot[aria-pressed=false]:not([disabled])")
    said = []
    for _ in range(3):
        while free.count() < 2:
            mine.get_by_role("button", name="Later days").click()
            page.wait_for_timeout(200)
        one = free.nth(1)
        name = one.get_attribute("aria-label")
        one.click()
        expect(mine.locator(".tags li")).to_have_count(len(said) + 1)
        said.append(name)
    return said


def test_a_patient_asks_the_doctor_offers_three_times_and_one_tap_takes_one(
    visitor, somebody, doctor
):
    patient = sign_in(visitor(), somebody())
    knee = reason_of("A knee that clicks")
    asked, visit = ask(patient, knee)
    mine = card(doctor, knee)
    within(LIVE_SECONDS, "the request", mine)
    expect(mine.locator(".beside__line--asked")).to_contain_text(asked.label)
    assert axe(doctor) == []

    mine.get_by_role("button", name="Offer other times").click()
    expect(doctor.get_by_role("heading", name="Offer up to three times")).to_be_focused()
    said = choose_three(doctor, mine)
    expect(mine.locator(".offer .slot[aria-pressed=false]:not([disabled])")).to_have_count(0)
    mine.get_by_label("A word to the patient").fill("I am in theatre that morning.")
    shoot(doctor, "requests-offering")
    assert axe(doctor) == []
    mine.get_by_role("button", name="Offer these times").click()
    expect(doctor.get_by_text("Offered. We have written to the patient.")).to_be_visible()
    expect(
        doctor.get_by_role("heading", name="Offered, the patient has yet to choose")
    ).to_be_visible()
    shoot(doctor, "requests-offered")

    title = patient.get_by_role("heading", name="The doctor offers 3 other times")
    within(LIVE_SECONDS, "the offer", title)
    expect(patient.get_by_text("I am in theatre that morning.")).to_be_visible()
    assert axe(patient) == []
    shoot(patient, "visit-offers")
    opened(patient, "/visits/")
    expect(title).to_be_visible()
    assert axe(patient) == []
    shoot(patient, "visits-offers")

    times = patient.locator(".offers__time")
    expect(times).to_have_count(3)
    wanted = times.nth(1).inner_text().split("\n")[0].strip()
    times.nth(1).click()
    expect(patient.get_by_text("Booked. We have written to you.")).to_be_visible()
    expect(patient.locator(".offers")).to_have_count(0)
    taken = doctor.locator(".ledger li").filter(has_text="An offered time was taken")
    within(LIVE_SECONDS, "what the patient chose", taken)
    assert axe(doctor) == []
    opened(patient, visit)
    expect(patient.locator(".ticket__when")).to_have_text(wanted)
    opened(patient, f"/doctor/?id={DOCTOR}")
    assert asked.key in {one.key for one in board(patient)}, "the time first asked for is free"
    assert len(said) == 3


def test_none_of_these_gives_every_time_back(visitor, somebody, doctor):
    patient = sign_in(visitor(), somebody())
    shoulder = reason_of("A shoulder that creaks")
    _, visit = ask(patient, shoulder)
    mine = card(doctor, shoulder)
    mine.get_by_role("button", name="Offer other times").click()
    choose_three(doctor, mine)
    mine.get_by_role("button", name="Offer these times").click()
    opened(patient, visit)
    patient.get_by_text("None of these").click()
    patient.get_by_label("A word to the doctor").fill("Only Fridays, please.")
    patient.get_by_role("button", name="Give all of them back").click()
    expect(patient.get_by_text("All offered times are given back")).to_be_visible()
    expect(patient.get_by_role("link", name="Book again")).to_have_attribute(
        "href", re.compile("from=")
    )
    row = doctor.locator(".ledger li").filter(has_text="None of the offered times was wanted")
    within(LIVE_SECONDS, "that none was wanted", row)


def test_the_inbox_is_worked_through_by_keys_and_they_can_be_switched_off(
    visitor, somebody, doctor
):
    patient = sign_in(visitor(), somebody())
    reasons = [reason_of("First by keys"), reason_of("Second by keys")]
    for nth, reason in enumerate(reasons):
        ask(patient, reason, nth)
    first, second = (card(doctor, reason) for reason in reasons)
    within(LIVE_SECONDS, "both requests", second)

    doctor.keyboard.press("?")
    keys = doctor.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    shoot(doctor, "requests-keys")
    assert axe(doctor) == []
    keys.get_by_label("Use single keys on this device").uncheck()
    keys.get_by_role("button", name="Close").click()
    doctor.keyboard.press("j")
    expect(doctor.locator("[data-card]:focus")).to_have_count(0)
    doctor.get_by_role("button", name="Keys").click()
    keys.get_by_label("Use single keys on this device").check()
    keys.get_by_role("button", name="Close").click()

    doctor.keyboard.press("j")
    for _ in range(20):
        if first.evaluate("card => card === document.activeElement"):
            break
        doctor.keyboard.press("j")
    expect(first).to_be_focused()
    doctor.keyboard.press("d")
    reason = first.get_by_label("The reason, for the patient")
    expect(reason).to_be_focused()
    doctor.keyboard.type("a day off, jack")  # a, o, d, j, k: letters in a field, no commands
    expect(reason).to_have_value("a day off, jack")
    first.get_by_role("button", name="Decline").click()
    expect(first).to_have_count(0)
    expect(doctor.locator("[data-card]:focus")).to_have_count(1)
    while not second.evaluate("card => card === document.activeElement"):
        doctor.keyboard.press("j")
    doctor.keyboard.press("o")
    expect(doctor.get_by_role("heading", name="Offer up to three times")).to_be_focused()
    doctor.keyboard.press("a")
    expect(second).to_have_count(0)
    expect(doctor.get_by_text("Accepted. We have written to the patient.")).to_be_visible()


def test_a_typed_time_is_offered_or_refused_with_every_reason(visitor, somebody, doctor):
    patient = sign_in(visitor(), somebody())
    typed = reason_of("Typed times")
    asked, _ = ask(patient, typed)
    mine = card(doctor, typed)
    mine.get_by_role("button", name="Offer other times").click()
    mine.get_by_text("Type another time").click()
    mine.get_by_label("Date").fill(asked.day())
    mine.get_by_label("Time", exact=True).fill("03:00")
    mine.get_by_role("button", name="Add this time").click()
    expect(mine.get_by_text("Outside the opening hours.")).to_be_visible()
    mine.get_by_label("Time", exact=True).fill(asked.label)
    mine.get_by_role("button", name="Add this time").click()
    expect(mine.locator(".tags li")).to_have_count(1)
    expect(mine.locator(".tags")).to_contain_text(asked.label)


def test_a_request_that_is_answered_in_one_window_leaves_the_other(visitor, somebody, doctor):
    patient = sign_in(visitor(), somebody())
    both = reason_of("Two windows")
    ask(patient, both)
    other = opened(sign_in(visitor(), DOCTOR), "/requests/")
    card(other, both).get_by_role("button", name=re.compile("^Accept")).click()
    expect(card(other, both)).to_have_count(0)
    within(LIVE_SECONDS, "gone here, too", card(doctor, both), state="detached")
