"""A country's directory is taken in while the clinic is open, and found in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import board, opened, shoot
from tests.support.browser import serve

MAINE = Path(__file__).parents[1] / "data" / "doctors_maine"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A clinic of its own, in which six thousand rows come in while it is served."""
    with serve(tmp_path_factory.mktemp("maine")) as running:
        rows, mapping = str(MAINE / "practitioners.csv"), str(MAINE / "mapping.toml")
        running.medibook("import", "practitioners", rows, "--mapping", mapping)
        yield running


def test_who_came_with_the_directory_is_found_by_specialty_city_and_a_name_with_a_wrong_letter(
    visitor,
):
    page = visitor()
    opened(page, "/find/?q=gastroenterology&city=Bangor")
    people = page.locator("ul.cards > li")
    expect(people.first).to_contain_text("Gastroenterology")
    expect(people.first).to_contain_text("Bangor")
    shoot(page, "find-maine")
    opened(page, "/find/?q=Kathleen+Curry-Sparcks")
    expect(page.get_by_text(re.compile("Showing results for"))).to_be_visible()
    people.first.get_by_role("link", name="Kathleen Curry-Sparks").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kathleen Curry-Sparks")
    assert board(page), "the hours of the mapping are offered"
