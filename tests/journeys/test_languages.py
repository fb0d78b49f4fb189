"""The second language from the first page to the booked visit, and nothing left of the first one."""

import re

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from medibook.ui.i18n import CATALOGUES, translator
from tests.journeys.steps import changeable_times, chip, opened, sign_in, sign_in_as_a

_ = translator("de")


def test_a_visit_is_booked_in_german(visitor, somebody):
    page = sign_in(visitor(), somebody())
    opened(page, "/de/")
    page.get_by_label(_("Specialty")).select_option(label=_("Dermatology"))
    page.get_by_label(_("Where")).select_option(label="London")
    page.get_by_role("button", name=_("Search")).click()
    page.get_by_role("link", name="Dr Isla MacLeod").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dr Isla MacLeod")
    chosen = changeable_times(page, 1)[0]
    chip(page, chosen).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Check and book"))
    page.get_by_role("button", name=re.compile(_("Book for {fee}", fee=".*"))).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(_("Booked: ").strip())
    assert page.url.split("/", 3)[3].startswith("de/visit/"), page.url
    assert page.locator("html").get_attribute("lang") == "de"
    opened(page, "/de/visits/")
    expect(page.get_by_role("article").filter(has_text="Dr Isla MacLeod").first).to_be_visible()


def test_the_other_language_shows_the_same_search(visitor):
    page = visitor()
    opened(page, "/find/?specialty=dermatology&city=London")
    page.get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url(re.compile(r"/de/find/\?specialty=dermatology&city=London$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Find a doctor"))
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"[0-9]/find/\?specialty=dermatology&city=London$"))


@pytest.fixture(scope="module")
def english():
    """Every text of ours that has a German one which differs from it."""
    with (CATALOGUES / "de" / "LC_MESSAGES" / "medibook.po").open("rb") as source:
        catalogue = read_po(source, locale="de")
    texts = set()
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        texts |= {one.strip() for one in ids if one and one not in said}
    return texts


WORDS = """() => {
    const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const around = walk.currentNode.parentElement;
        // What somebody wrote, and mail in its reader's language, is not ours to translate.
        if (around.closest('script, style, [lang=en], .mail, .said')) continue;
        said.push(walk.currentNode.textContent);
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-description'])
        for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name));
    return [...said, document.title.split(' · ')[0]].map(text => text.trim()).filter(Boolean);
}"""
PAGES = {
    "stranger": (
        "/", "/find/", "/find/?q=nobody", "/doctor/?id=isla-macleod", "/sign-in/", "/register/",
        "/register/doctor/", "/verify/", "/forgot/", "/reset/", "/book/", "/demo/mailbox/",
    ),
    "patient": ("/visits/", "/visit/", "/account/"),
    "practitioner": ("/day/", "/requests/", "/hours/", "/profile/"),
    "admin": ("/admin/doctors/", "/admin/accounts/"),
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES)
def test_no_english_is_left_on_a_german_page(visitor, english, role):
    page, left = visitor(), []
    if role != "stranger":
        sign_in_as_a(role, page)
    for path in PAGES[role]:
        opened(page, f"/de{path}")
        left += [f"/de{path}: {text!r}" for text in page.evaluate(WORDS) if text in english]
    assert left == [], "\n".join(left)
