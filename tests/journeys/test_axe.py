"""Nothing for axe-core to find, on any page, for anybody who may see it; and no sideways scroll.

Every page of the app is walked by role, so that a new page is judged without a line in here.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import changeable_times, opened, sign_in, sign_in_as_a
from tests.support.browser import ROOT, axe

# Who may see what; a path that is not listed is for everybody.
PATIENTS = {
    "/visits",
    "/visit",
    "/visit/move",
    "/account/family",
    "/series",
    "/series/change",
    "/waitlist",
    "/waitlist/join",
}
PRACTITIONERS = {
    "/listing",
    "/day",
    "/calendar",
    "/requests",
    "/hours",
    "/outside",
    "/profile",
}
ADMINS = {
    "/admin/doctors",
    "/admin/accounts",
    "/admin/places",
    "/admin/place",
    "/admin/visit-types",
    "/admin/visit-type",
    "/admin/specialties",
    "/admin/rules",
    "/admin/closed-days",
    "/admin/promises",
    "/admin/broadcasts",
    "/admin/broadcasts/result",
}
SIGNED_IN = {"/account", "/account/messages", "/messages"}
BY_CLINIC = {"/desk/absence", "/follow-ups", "/follow-up"}
STAFF = {"/desk/told", "/desk", "/desk/book", "/desk/arrivals", "/desk/guardians", "/desk/waitlist"}
STAFF |= {"/desk/messages", "/desk/reach"}
OWN = {
    "stranger": set(),
    "patient": PATIENTS | SIGNED_IN | {"/book", "/book/series"},
    "practitioner": PRACTITIONERS | SIGNED_IN | BY_CLINIC,
    "applicant": {"/profile", "/account", "/account/messages"},
    "staff": STAFF | SIGNED_IN | BY_CLINIC,
    "admin": ADMINS | SIGNED_IN | {"/desk/absence"},
}
ALL_OWN = PATIENTS | PRACTITIONERS | ADMINS | STAFF | SIGNED_IN | BY_CLINIC


@pytest.fixture(scope="module")
def paths(served):
    """Every page of the app in its first language, as it was built."""
    built = ROOT / ".web" / "build" / "client"
    found = {
        "/" + page.parent.relative_to(built).as_posix().replace(".", "")
        for page in built.rglob("index.html")
    }
    return sorted(path for path in found if not re.match(r"/de(/|$)|/404", path))


def seen_by(role, paths):
    if role == "stranger":
        return [path for path in paths if path not in ALL_OWN]
    return [path for path in paths if path in OWN[role]]


def address(page, role, path):
    """The address at which a page has something to show."""
    slash = path if path.endswith("/") else f"{path}/"
    if path in ("/doctor", "/waitlist/join"):
        return f"{slash}?id=marama-tawhai"
    if path in ("/book", "/book/series"):
        opened(page, "/doctor/?id=marama-tawhai")
        href = page.locator("[data-board] a.slot").last.get_attribute("href")
        return href.replace("/book/", slash)
    if path in ("/visit", "/visit/move"):
        opened(page, "/visits/")
        href = page.get_by_role("article").get_by_role("link").first.get_attribute("href")
        return href.replace("/visit/", slash)
    if path in ("/admin/place", "/admin/visit-type"):
        opened(page, f"{path}s/")
        return page.get_by_role("main").locator("li a").first.get_attribute("href")
    if path == "/desk/told":
        opened(page, "/desk/")
        page.locator(".desk__visit").first.click()
        told = page.get_by_role("dialog").get_by_role("link", name="What they were told…")
        return told.get_attribute("href").replace("/desk/told/", slash)
    if path == "/follow-up" and role == "practitioner":
        return after_a_visit(page) or slash
    if path == "/demo/mailbox":
        opened(page, slash)
        first = page.get_by_role("list", name="Messages").get_by_role("link").first
        return first.get_attribute("href") if first.count() else slash
    return slash


def after_a_visit(page):
    """Where it is planned that somebody comes again; "" when nobody has been here today."""
    opened(page, "/day/")
    again = page.get_by_role("link", name="Come again…")
    return again.first.get_attribute("href") if again.count() else ""


def arrive(visitor, role, **options):
    # Without motion: a colour that is on its way from light to dark has no contrast yet.
    page = visitor(reduced_motion="reduce", **options)
    if role == "applicant":
        sign_in(page, "applicant")
    elif role != "stranger":
        sign_in_as_a(role, page)
    return page


def sideways(page):
    """What sticks out of the window, when the page can be scrolled sideways.

    The calendar is laid out anew when the window has changed; what still sticks out two seconds later
    stays so.
    """
    for _ in range(20):
        found = _sticking_out(page)
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def _sticking_out(page):
    return page.evaluate(
        """() => {
            const wide = document.documentElement.scrollWidth - innerWidth;
            if (wide <= 0) return [];
            return [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                          && !e.closest('table, pre, .unheard'))
                .map(e => e.outerHTML.slice(0, 120)).slice(0, 5).concat([`${wide} px too wide`]);
        }"""
    )


def judged(page, where):
    """What is wrong with the page as it stands: at a desk, in the dark, on a phone, on a small one."""
    wrong = [f"{where}: {fault}" for fault in axe(page)]
    page.locator("[data-theme-switch]:visible").first.click()
    page.set_viewport_size({"width": 360, "height": 740})
    wrong += [f"{where}, dark, 360 px: {fault}" for fault in axe(page)]
    wrong += [f"{where}, 360 px: {fault}" for fault in sideways(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    wrong += [f"{where}, 320 px: {fault}" for fault in sideways(page)]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("[data-theme-switch]:visible").first.click()
    return wrong


@pytest.mark.parametrize("role", OWN)
def test_axe_finds_nothing_on_any_page(visitor, paths, role):
    page, wrong = arrive(visitor, role), []
    for path in seen_by(role, paths):
        opened(page, address(page, role, path))
        expect(page.get_by_role("alert").filter(has_text="Please sign in")).to_have_count(0)
        wrong += judged(page, f"{role} at {path}")
    assert wrong == [], "\n".join(wrong)


def test_every_page_is_seen_by_somebody(paths):
    unseen = set(paths) - {path for role in OWN for path in seen_by(role, paths)}
    assert not unseen
    gone = (ALL_OWN | {"/book"}) - set(paths)
    assert not gone, f"no longer pages: {gone}"


@pytest.mark.parametrize("role", ["stranger", "patient", "practitioner", "admin"])
def test_axe_finds_nothing_on_the_german_pages(visitor, paths, role):
    page, wrong = arrive(visitor, role), []
    for path in seen_by(role, paths):
        opened(page, f"/de{address(page, role, path)}")
        expect(page.locator("html")).to_have_attribute("lang", "de")
        wrong += [f"{role} at /de{path}: {fault}" for fault in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{role} at /de{path}, 320 px: {fault}" for fault in sideways(page)]
        page.set_viewport_size({"width": 1280, "height": 800})
    assert wrong == [], "\n".join(wrong)


def test_axe_finds_nothing_where_something_went_wrong(visitor):
    page, wrong = arrive(visitor, "stranger"), []
    for path, button in (("/register/", "Register"), ("/register/doctor/", "Apply")):
        opened(page, path)
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        summary = page.get_by_role("alert").filter(has_text="There is a problem")
        expect(summary).to_be_visible()
        wrong += judged(page, f"{path} sent empty")
    opened(page, "/doctor/?id=nobody")
    wrong += judged(page, "a doctor who is not there")
    opened(page, "/find/?q=nobody-of-this-name")
    wrong += judged(page, "a search that finds nobody")
    patient = arrive(visitor, "patient")
    for path in ("/visit/?id=nobody", "/visit/move/?id=nobody", "/book/?slot=nothing"):
        opened(patient, path)
        wrong += [f"{path}: {fault}" for fault in axe(patient)]
    assert wrong == [], "\n".join(wrong)


def test_axe_finds_nothing_while_a_dialog_is_open(visitor):
    page, wrong = arrive(visitor, "patient"), []
    opened(page, "/doctor/?id=mehmet-aydogan")
    opened(page, changeable_times(page, 1)[0].href)
    page.get_by_role("button", name=re.compile("^Book for")).click()
    page.get_by_role("button", name="Cancel this visit").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong += [f"cancelling: {fault}" for fault in axe(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    wrong += [f"cancelling, 320 px: {fault}" for fault in axe(page) + sideways(page)]
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_text("Your visit is cancelled.")).to_be_visible()

    admin = arrive(visitor, "admin")
    opened(admin, "/admin/doctors/")
    admin.get_by_role("button", name="Ask back").first.click()
    expect(admin.get_by_role("dialog")).to_be_visible()
    wrong += [f"asking back: {fault}" for fault in axe(admin)]
    assert wrong == [], "\n".join(wrong)
