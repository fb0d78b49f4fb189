"""An admin says what the clinic is; what patients are offered follows at once."""

import re

from playwright.sync_api import expect

from medibook.operations.rules.staff import practitioners
from tests.journeys.steps import board, changeable_times, opened, sign_in_as_a

DOCTOR = next(p for p in practitioners() if p.slug == "mehmet-aydogan")


def unfolded(page, words):
    """The part of the page that opens under these words."""
    part = page.locator("details").filter(has=page.locator("summary", has_text=words))
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    return part


def says(page, words):
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def adds_a_location_with_a_room(page):
    opened(page, "/admin/places/")
    page.get_by_role("link", name="Add a location").click()
    page.get_by_role("button", name="Add the location").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the location a name.")
    page.get_by_label("Name", exact=True).fill("Harbour Clinic")
    page.get_by_label("Street and number").fill("2 Quay")
    page.get_by_label("Town").fill("Kiel")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Region").select_option("SH")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Add the location").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Clinic")
    rooms = unfolded(page, "Add a room or device")
    rooms.get_by_label("Name").fill("Room 1")
    rooms.get_by_label("Pool").select_option(label="Rooms")
    rooms.get_by_role("button", name="Save the room").click()
    says(page, "Saved.")
    expect(page.get_by_role("listitem").filter(has_text="Room 1")).to_contain_text("Rooms")
    holidays = unfolded(page, "Close on public holidays")
    holidays.get_by_label("Year").select_option(index=1)
    holidays.get_by_label(re.compile("New Year")).check()
    holidays.get_by_role("button", name="Close on these holidays").click()
    says(page, "Closed on 1 holiday.")


def adds_a_visit_type_with_a_rule_of_its_own(page):
    opened(page, "/admin/visit-type/")
    page.get_by_label("Name", exact=True).fill("Harbour talk")
    page.get_by_label("Length, in minutes").fill("45")
    own = unfolded(page, "Rules of its own")
    expect(own).to_contain_text("In the clinic: 60 days")
    own.get_by_label("Horizon, in days").fill("5")
    page.get_by_role("button", name="Add the visit type").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour talk")
    offer = unfolded(page, "Add a doctor, or change fee and locations")
    offer.get_by_label("Doctor").fill(DOCTOR.name)
    offer.get_by_label("Fee").fill("80")
    offer.get_by_role("button", name="Save the offer").click()
    expect(page.get_by_role("listitem").filter(has_text=DOCTOR.name)).to_contain_text("80")


def test_an_admin_says_what_the_clinic_is_and_closes_a_day(visitor):
    admin, stranger = visitor(), visitor()
    sign_in_as_a("admin", admin)
    adds_a_location_with_a_room(admin)
    adds_a_visit_type_with_a_rule_of_its_own(admin)

    profile = f"/doctor/?id={DOCTOR.slug}"
    offered = changeable_times(opened(stranger, profile), 1)[0]
    day = offered.day()
    opened(admin, "/admin/places/")
    admin.get_by_role("link", name=DOCTOR.place.name).click()
    own = unfolded(admin, "Close on other days")
    own.get_by_label("Why").fill("Works outing")
    own.get_by_label("First day").fill(day)
    own.get_by_role("button", name="Close on these days").click()
    says(admin, "Closed. Visits that are booked then stay booked.")
    assert day not in {each.day() for each in board(opened(stranger, profile))}

    # What is booked on that day stands in a list, and nothing was cancelled.
    opened(admin, "/admin/closed-days/")
    expect(admin.get_by_role("heading", level=1)).to_have_text("Visits on closed days")
    admin.go_back()
    row = admin.get_by_role("listitem").filter(has_text="Works outing")
    row.get_by_role("button", name="Open again").click()
    says(admin, "Open again.")
    assert day in {each.day() for each in board(opened(stranger, profile))}
