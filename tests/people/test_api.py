"""The doors that the browser itself opens: forms that set cookies, links, portraits."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from medibook.kernel.application import install
from medibook.kernel.settings import Env, Settings
from medibook.people import rules
from medibook.people import service as people
from medibook.people.api import router
from medibook.people.rules import client_address, kept_link, own_path, sentence_of, typed_address
from tests.people.test_profiles_and_pictures import picture
from tests.support.clinic import PASSWORD, new_patient

HOME = "http://127.0.0.1:8000"
OURS = {"origin": HOME, "sec-fetch-site": "same-origin"}


class Browser:
    """A browser without scripts: it keeps cookies and follows nothing by itself."""

    def __init__(self, origin=HOME):
        api = FastAPI()
        api.include_router(router)
        self.transport = httpx.ASGITransport(api, client=("203.0.113.7", 4711))
        self.cookies, self.origin = httpx.Cookies(), origin

    def send(self, method, path, headers=OURS, **kwargs):
        async def call():
            async with httpx.AsyncClient(
                transport=self.transport, base_url=self.origin, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, headers=headers, **kwargs)
                self.cookies = client.cookies
                return answer

        return asyncio.run(call())

    def post(self, path, **data):
        return self.send("POST", path, data=data)


@pytest.fixture
def browser(clinic):
    return Browser()


def where(answer):
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_signing_in_sets_a_cookie_that_no_script_reads_and_leads_on(clinic, browser):
    answer = browser.post(
        "/auth/sign-in", email="ada@example.org", password=PASSWORD, go_to="/book/?slot=a.b.1"
    )
    assert answer.headers["location"] == "/book/?slot=a.b.1"
    session = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("mb_session="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in session.split(";")}
    assert clinic.actor(browser.cookies["mb_session"]).patient_id == clinic.ada.patient_id


@pytest.mark.parametrize(
    ("email", "home"),
    [
        ("ada@example.org", "/visits/"),
        ("ben@example.org", "/de/visits/"),
        ("cho@example.org", "/day/"),
        ("fay@example.org", "/profile/"),
        ("eve@example.org", "/admin/doctors/"),
        ("gus@example.org", "/desk/"),
    ],
)
def test_everybody_comes_home_to_their_own_page_in_their_language(browser, email, home):
    assert where(browser.post("/auth/sign-in", email=email, password=PASSWORD))[0] == home


def test_a_wrong_password_returns_to_the_form_with_the_address_still_in_it_but_not_in_the_url(
    browser,
):
    answer = browser.post(
        "/auth/sign-in",
        email="ada@example.org",
        password="wrong words here, sorry",
        go_to="/book/?slot=x",
        locale="de",
    )
    path, told = where(answer)
    assert (path, told) == (
        "/de/sign-in/",
        {"problem": "wrong_credentials", "go_to": "/book/?slot=x"},
    )
    flash = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("mb_flash="))
    assert "Max-Age=60" in flash
    assert "HttpOnly" in flash
    assert typed_address(flash.split(";")[0]) == "ada@example.org"
    assert "mb_session" not in browser.cookies


def test_known_and_unknown_addresses_get_the_same_answer(browser):
    one, other = (
        browser.post("/auth/sign-in", email=email, password="wrong words here, sorry")
        for email in ("ada@example.org", "xyz@example.org")
    )
    kept = ("location", "content-length")
    assert [one.headers.get(k) for k in kept] == [other.headers.get(k) for k in kept]
    assert (one.status_code, one.text) == (other.status_code, other.text)


def test_the_session_of_before_ends_when_somebody_signs_in(clinic, browser):
    browser.post("/auth/sign-in", email="ada@example.org", password=PASSWORD)
    before = browser.cookies["mb_session"]
    browser.post("/auth/sign-in", email="ben@example.org", password=PASSWORD)
    assert browser.cookies["mb_session"] != before
    assert clinic.actor(before).is_stranger


def test_signing_out_ends_the_session_and_takes_the_cookie_away(clinic, browser):
    browser.post("/auth/sign-in", email="ada@example.org", password=PASSWORD)
    token = browser.cookies["mb_session"]
    assert where(browser.post("/auth/sign-out", locale="de"))[0] == "/de/"
    assert "mb_session" not in browser.cookies
    assert clinic.actor(token).is_stranger


def test_a_link_from_a_message_is_used_by_a_form_and_never_by_following_it(clinic, browser):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient(go_to="/book/?slot=x"))
    token = clinic.link_in_mail_to("nia@example.org")
    assert browser.send("GET", f"/auth/verify?token={token}").status_code == 405
    answer = browser.post("/auth/verify", token=token, password=PASSWORD)
    assert where(answer) == ("/book/", {"slot": "x"})
    again = browser.post("/auth/verify", token=token, password=PASSWORD)
    assert where(again) == ("/verify/", {"problem": "link_spent"})


def test_a_link_with_a_wrong_password_is_kept_out_of_the_address_and_stays_good(clinic, browser):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")
    answer = browser.post("/auth/verify", token=token, password="another one than she chose")
    assert where(answer) == ("/verify/", {"problem": "not_the_chosen_password"})
    assert "mb_session" not in browser.cookies
    kept = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("mb_link="))
    assert {"Max-Age=60", "HttpOnly"} <= {part.strip() for part in kept.split(";")}
    assert kept_link(kept.split(";")[0]) == token
    signed_in = browser.post("/auth/verify", token=token, password=PASSWORD)
    assert where(signed_in)[0] == "/visits/"
    assert "mb_link" not in browser.cookies


def test_a_new_password_is_set_and_a_bad_one_comes_back_with_the_link(clinic, browser):
    clinic.perform(clinic.stranger, people.ask_password_reset, email="ada@example.org")
    token = clinic.link_in_mail_to("ada@example.org")
    bad = browser.post("/auth/reset", token=token, password="short")
    assert where(bad) == ("/reset/", {"problem": "password_short"})
    assert token not in bad.headers["location"]
    assert kept_link(f"mb_link={browser.cookies['mb_link']}") == token
    good = where(browser.post("/auth/reset", token=token, password="eleven copper herons at dawn"))
    assert good == ("/sign-in/", {"done": "reset"})
    again = where(browser.post("/auth/reset", token=token, password="eleven copper herons at dusk"))
    assert again == ("/forgot/", {"problem": "link_spent"})


@pytest.mark.parametrize(
    "code",
    [
        "wrong_credentials",
        "not_verified",
        "not_the_chosen_password",
        "suspended",
        "link_spent",
        "too_many_attempts",
        "unfit_picture",
        "password_short",
        "password_long",
        "password_common",
        "password_personal",
        "busy",
    ],
)
def test_every_problem_that_an_address_carries_has_its_words(code):
    assert sentence_of(code)
    assert sentence_of("<script>") == ""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": HOME, "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/auth/sign-in",
        "/auth/sign-out",
        "/auth/verify",
        "/auth/reset",
        "/auth/demo",
        "/account/picture",
    ],
)
def test_a_form_from_elsewhere_is_refused(browser, path, headers):
    answer = browser.send("POST", path, headers=headers, data={"role": "admin"})
    assert answer.status_code == 403
    assert not browser.cookies


@pytest.mark.parametrize(
    "claim",
    [
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%09//evil.example",
        "/%5cevil.example",
        "/%2fevil.example",
        "\t//evil.example",
        "/\tevil",
        "///evil.example",
        "/..//evil.example",
        "evil",
        "",
        "/ok\r\nSet-Cookie: a=b",
        "/auth/sign-out",
        "/de/sign-in/",
        "/x" * 200,
        "/@evil.example//x",
    ],
)
def test_nobody_is_sent_anywhere_but_to_our_pages(browser, claim):
    assert own_path(claim) == ""
    answer = browser.post("/auth/sign-in", email="ada@example.org", password=PASSWORD, go_to=claim)
    if answer.status_code == 303:
        assert where(answer)[0] == "/visits/"
    else:
        assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/book/?slot=amina-rahman.0b2c-4d.1774861200",
        "/de/find/?city=London&when=today",
        "/doctor/?id=x",
    ],
)
def test_our_own_pages_are_kept(path):
    assert own_path(path) == path


def test_the_demo_door_is_shut_outside_the_demo(clinic, browser):
    assert where(browser.post("/auth/demo", role="admin"))[0] == "/admin/doctors/"
    clinic.medibook.settings = Settings(env=Env.TEST)
    assert browser.post("/auth/demo", role="admin").status_code == 404
    with pytest.raises(rules.DemoOnly):
        clinic.perform(clinic.stranger, people.demo_sign_in, role="admin")


def test_by_https_cookies_are_bound_to_this_very_host(clinic):
    clinic.medibook.settings = Settings(env=Env.TEST, base_url="https://clinic.example")
    install(clinic.medibook)
    browser = Browser("https://clinic.example")
    answer = browser.send(
        "POST",
        "/auth/sign-in",
        headers={"origin": "https://clinic.example"},
        data={"email": "ada@example.org", "password": PASSWORD},
    )
    session = next(c for c in answer.headers.get_list("set-cookie") if "mb_session" in c)
    assert session.startswith("__Host-mb_session=")
    assert "Secure" in session
    assert "Domain" not in session


def test_a_forwarded_address_counts_only_as_far_as_proxies_are_trusted(clinic, browser):
    def guess(number):
        headers = {**OURS, "x-forwarded-for": f"198.51.100.{number % 250}"}
        return where(
            browser.send("POST", "/auth/verify", headers=headers, data={"token": f"guess{number}"})
        )[1]["problem"]

    clinic.has_tried("203.0.113.7", 98)
    assert [guess(n) for n in range(3)] == ["link_spent", "link_spent", "too_many_attempts"]
    clinic.medibook.settings = Settings(env=Env.DEMO, trusted_proxy_hops=1)
    assert guess(7) == "link_spent"


def test_a_portrait_is_sent_shown_and_refused_in_words(clinic, browser):
    browser.post("/auth/sign-in", email="ada@example.org", password=PASSWORD)

    def sends(content, name="me.jpg"):
        return where(
            browser.send(
                "POST", "/account/picture", files={"picture": (name, content, "image/jpeg")}
            )
        )

    assert sends(picture()) == ("/account/", {"done": "picture"})
    kept = clinic.perform(clinic.ada, people.my_patient_profile).picture_id
    shown = browser.send("GET", f"/portraits/{kept}", headers={})
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in shown.headers["cache-control"]
    assert Browser().send("GET", f"/portraits/{kept}", headers={}).status_code == 404
    assert sends(b"<svg onload=alert(1)>", "../../me.svg") == (
        "/account/",
        {"problem": "unfit_picture"},
    )
    assert where(browser.post("/account/picture", remove="1")) == ("/account/", {"done": "picture"})


def test_a_stranger_who_sends_a_portrait_is_asked_to_sign_in(browser):
    assert where(browser.post("/account/picture"))[0] == "/sign-in/"


@pytest.mark.parametrize(
    ("direct", "forwarded", "hops", "counted"),
    [
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "not an address", 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:0db8:0001:0002::/64"),
    ],
)
def test_attempts_are_counted_by_the_address_that_a_trusted_proxy_saw(
    direct, forwarded, hops, counted
):
    assert client_address(direct=direct, forwarded=forwarded, hops=hops) == counted


def test_a_proxy_that_adds_a_header_of_its_own_is_believed_not_the_askers(clinic, browser):
    clinic.medibook.settings = Settings(env=Env.DEMO, trusted_proxy_hops=1)

    def guess(number):
        asker, proxy = ("x-forwarded-for", f"192.0.2.{number}"), ("x-forwarded-for", "203.0.113.9")
        headers = [*OURS.items(), asker, proxy]
        answer = browser.send("POST", "/auth/verify", headers=headers, data={"token": "guess"})
        return where(answer)[1]["problem"]

    clinic.has_tried("203.0.113.9", 98)
    assert [guess(n) for n in range(3)] == ["link_spent", "link_spent", "too_many_attempts"]


def test_nobody_keeps_the_clinic_busy_with_pictures(browser):
    browser.post("/auth/sign-in", email="ada@example.org", password=PASSWORD)

    def sends():
        files = {"picture": ("me.jpg", b"\xff\xd8\xff", "image/jpeg")}
        return where(browser.send("POST", "/account/picture", files=files))[1]["problem"]

    assert [sends() for _ in range(21)] == ["unfit_picture"] * 20 + ["too_many_attempts"]
