"""What a patient's phone has to load, and from whom: little, and only from us."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import opened, sign_in_as_a

JAVASCRIPT_KB, FONTS_KB, DOCUMENT_KB = 260, 72, 15
# Letters such as ğ and ø come in files of their own, where a name on the page needs them.
KINDS = ("script", "font", "further letters", "document")


@pytest.fixture
def loads(visitor, served):
    """Open pages with an empty cache and count what they load."""

    def load(path, page=None):
        page = page or visitor()
        sizes, hosts, types = {}, set(), dict.fromkeys(KINDS, 0)

        def heard(response):
            hosts.add(urlsplit(response.url).netloc)
            kind, path_ = response.request.resource_type, urlsplit(response.url).path
            if path_.endswith((".js", ".mjs")):
                kind = "script"  # also what is fetched ahead
            if kind == "font" and "-ext-" in path_:
                kind = "further letters"
            if response.status == 200 and kind in types and response.url not in sizes:
                sizes[response.url] = (kind, response)

        page.on("response", heard)
        page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
        page.on("requestfailed", lambda request: hosts.add(urlsplit(request.url).netloc))
        opened(page, path)
        page.wait_for_load_state("load")
        page.remove_listener("response", heard)
        for kind, response in list(sizes.values()):
            body = response.body()
            # Fonts are compressed already; the rest travels gzipped or better.
            types[kind] += len(body if ".woff2" in response.url else gzip.compress(body, 9))
        return {kind: size / 1024 for kind, size in types.items()}, hosts

    return load


def patients_pages(page):
    """The pages of a booking, in their order, each at an address that has something to show."""
    opened(page, "/doctor/?id=marama-tawhai")
    slot = page.locator("[data-board] a.slot").last.get_attribute("href")
    opened(page, "/visits/")
    visit = page.get_by_role("article").get_by_role("link").first.get_attribute("href")
    move = visit.replace("/visit/", "/visit/move/")
    return {
        "/": False, "/find/": False, "/doctor/?id=marama-tawhai": False, "/register/": False,
        "/sign-in/": False, slot: True, "/visits/": True, visit: True, move: True,
        "/account/": True,
    }  # fmt: skip


def test_every_page_of_a_patient_is_light_and_loads_from_nobody_else(visitor, loads, served):
    known = sign_in_as_a("patient", visitor())
    wrong = []
    for path, signed_in in patients_pages(known).items():
        page = visitor()
        if signed_in:
            page.context.add_cookies(known.context.cookies())
        sizes, hosts = loads(path, page)
        page.context.close()
        line = f"{path.split('?')[0]}: " + ", ".join(f"{k} {v:.0f} KB" for k, v in sizes.items())
        if sizes["script"] > JAVASCRIPT_KB:
            wrong.append(f"{line}: more than {JAVASCRIPT_KB} KB of JavaScript")
        if sizes["font"] > FONTS_KB:
            wrong.append(f"{line}: more than {FONTS_KB} KB of fonts")
        if sizes["document"] > DOCUMENT_KB:
            wrong.append(f"{line}: more than {DOCUMENT_KB} KB of HTML")
        if hosts != {urlsplit(served.url).netloc}:
            wrong.append(f"{path} asks {hosts}")
    assert wrong == [], "\n".join(wrong)


def test_what_is_typed_before_the_page_is_alive_never_lands_in_the_address(browser, served):
    """A form that is sent before its script has come must not put a password into the address."""
    slow = browser.new_context(base_url=served.url, java_script_enabled=False)
    page = slow.new_page()
    page.goto("/register/")
    page.locator("#password").fill("teapot-orbit-velvet-canyon")
    page.get_by_role("main").get_by_role("button", name="Register").click()
    page.wait_for_load_state()
    assert "teapot" not in page.url, "the password stands in the address, the history and the log"
    slow.close()


def test_the_pages_are_there_without_a_script(browser, served):
    """What a search engine, or a very old browser, gets: a heading, words, and a form that works."""
    still = browser.new_context(base_url=served.url, java_script_enabled=False)
    page = still.new_page()
    page.goto("/sign-in/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/de/find/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Arzt|Ärzt|Praxis"))
    still.close()
