"""Somebody looks for a doctor: filters with counts, a wrong letter, a place, a phone, and nothing moves."""

import re

from playwright.sync_api import expect

from tests.journeys.steps import moved, opened, shoot, watch_shifts

DESK = {"width": 1280, "height": 900}


def cards(page):
    return page.locator("ul.cards > li")


def test_a_search_is_narrowed_widened_and_kept_in_the_address(visitor):
    page = visitor(viewport=DESK)
    opened(page, "/find/")
    shoot(page, "find")
    everybody = page.get_by_role("status").inner_text()
    assert re.match(r"\d+ doctors, soonest ", everybody)

    # Beside the results at a desk; each choice says how many it would leave.
    skin = page.get_by_label("Specialty").locator("option[value=dermatology]")
    expect(skin).to_have_text(re.compile(r"^Dermatology \(\d+\)$"))
    page.get_by_label("Specialty").select_option("dermatology")
    page.get_by_label("City").select_option("London")
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile(r"specialty=dermatology.*city=London"))
    opened(page)
    chosen = page.get_by_role("list", name="Filters in force")
    expect(chosen.get_by_role("link")).to_have_count(2)
    expect(cards(page).first).to_contain_text("Dermatology")
    shoot(page, "find-narrow")

    # One by one they are taken away again, and the back button knows each step.
    chosen.get_by_role("link", name=re.compile("London")).click()
    expect(chosen.get_by_role("link")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/find/\?specialty=dermatology$"))
    page.get_by_role("navigation", name="Order of the results").get_by_text("Lowest fee").click()
    expect(page).to_have_url(re.compile("sort=fee"))


def test_a_name_with_a_letter_wrong_finds_its_doctor_and_says_so(visitor):
    page = visitor()
    opened(page, "/find/?q=Tan+Wie+Lin")
    expect(page.get_by_text(re.compile("Showing results for “Tan Wei Lin”"))).to_be_visible()
    expect(cards(page)).to_have_count(1)


def test_a_postcode_brings_the_nearest_first_and_says_how_far_it_is(visitor):
    page = visitor()
    opened(page, "/find/?near=SE1+0ZZ&sort=nearest")
    expect(cards(page).first).to_contain_text("0 km")
    opened(page, "/find/?near=SE1+0ZZ&within=25&city=Berlin")
    expect(page.get_by_text("No doctor matches everything you asked for.")).to_be_visible()
    page.get_by_role("link", name="Try any distance").click()
    expect(cards(page).first).to_contain_text("Berlin")


def test_on_a_phone_the_filters_are_folded_and_nothing_jumps(visitor):
    page = visitor(viewport={"width": 360, "height": 740})
    opened(page, "/find/?city=London")
    watch_shifts(page)
    page.wait_for_load_state("networkidle")
    assert moved(page) <= 0.02
    page.get_by_text("Filters (1)").click()
    expect(page.get_by_label("Evening")).to_be_visible()
    shoot(page, "find-phone")
    page.get_by_label("Evening").check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile("parts.evening=yes"))
    opened(page)
    expect(page.get_by_role("list", name="Filters in force")).to_contain_text("Evening")
