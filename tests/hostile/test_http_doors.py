"""Every HTTP door of the served clinic: a hostile page, a stranger and another patient knock on it."""

import http.client
import io
import json
import re
import time
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from PIL import Image

from medibook.people import service as people
from tests.hostile import cast as casting
from tests.hostile.siege import PASSWORD, besieged

pytestmark = pytest.mark.proof
EVIL = "https://evil.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FOREIGN = (
    {},
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"},
    {"Origin": EVIL, "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
)
ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", EVIL,
    "javascript:alert(1)", "%09//evil.example", "\t//evil.example", "/%09/evil.example",
    "/%2fevil.example", "/%5cevil.example", "/.//evil.example", "///evil.example",
    "/visits/\r\nSet-Cookie: a=b", "@evil.example", "data:text/html,x",
)  # fmt: skip
CLOSED = (
    "/_upload", "/_upload/x.txt", "/auth-codespace", "/_all_routes", "/docs", "/redoc",
    "/openapi.json", "/.git/config", "/.env", "/.states/", "/rxconfig.py", "/data/medibook.db",
    "/assets/../../rxconfig.py", "/%2e%2e/%2e%2e/rxconfig.py", "/..%2f..%2frxconfig.py",
)  # fmt: skip
GATES = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Knocker:
    """Bare HTTP with any header, no redirect followed."""

    def __init__(self, siege):
        self.siege = siege

    def __call__(self, method, path, body=None, **headers):
        where = urlsplit(self.siege.url)
        wire = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
        try:
            wire.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                wire.putheader(name, value)
            if body is not None and "Transfer-Encoding" not in headers:
                wire.putheader("Content-Length", str(len(body)))
            wire.endheaders()
            if body is not None:
                self._send(wire, body)
            answer = wire.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            wire.close()

    @staticmethod
    def _send(wire, body):
        try:
            wire.send(body)
        except OSError:  # it was refused before it had been read
            return

    def form(self, path, *, trusted=True, cookie="", **fields):
        own = {"Origin": self.siege.url} if trusted else {}
        jar = {"Cookie": cookie} if cookie else {}
        return self("POST", path, urlencode(fields).encode(), **FORM, **own, **jar)


@pytest.fixture(scope="module")
def siege(request, tmp_path_factory):
    with besieged(request, tmp_path_factory.mktemp("doors")) as running:
        yield running


@pytest.fixture(scope="module")
def cast(siege):
    return casting.assemble(siege)


@pytest.fixture(scope="module")
def knock(siege):
    return Knocker(siege)


@pytest.fixture(scope="module")
def doors(siege):
    """(method, path) of every route, and the addresses of pages."""
    found = json.loads(siege.command("endpoints", "--json").stdout)
    routes = [tuple(door["name"].split(" ", 1)) for door in found["routes"]]
    return routes, [page["name"] for page in found["pages"]]


def filled(path, one):
    return re.sub(r"\{\w+\}", str(one), path)


def test_asking_changes_nothing(siege, cast, knock, doors):
    routes, pages = doors
    assert len(routes) >= 11, "the walk has lost its way"
    before, cookie = casting.snapshot(siege), cast.attackers["patient"].cookie
    for one in cast.aim.ids[:8]:
        for method, path in routes:
            query = urlencode(
                {"token": "x" * 43, "id": one, "role": "admin", "email": casting.EMAIL}
            )
            for verb in ("GET", "HEAD"):
                answer = knock(verb, f"{filled(path, one)}?{query}", Cookie=cookie)
                assert answer.status < 500, (verb, path)
                # Looking at an action behind a link leads back to the page that asks.
                # One that has run out leads to the search.
                unopened = (303, 404, 405) if path.startswith(("/a/", "/next/")) else (404, 405)
                looks = method == "GET" or path.startswith("/news/")
                assert looks or answer.status in unopened, (verb, path, answer.status)
                assert not answer.getheader("set-cookie")
    for page in pages:
        assert knock("GET", f"{page.rstrip('/')}/", Cookie=cookie).status in (200, 404), page
    assert casting.foreign_changes(before, casting.snapshot(siege), set()) == []


def test_no_form_from_elsewhere_is_taken(siege, cast, knock, doors):
    before, posts = casting.snapshot(siege), [path for method, path in doors[0] if method == "POST"]
    assert len(posts) >= 6
    fields = {"email": casting.EMAIL, "password": PASSWORD, "role": "admin", "remove": "1"}
    for path in posts:
        for foreign in FOREIGN:
            headers = {**FORM, "Cookie": cast.attackers["patient"].cookie, **foreign}
            answer = knock("POST", filled(path, uuid4()), urlencode(fields).encode(), **headers)
            # Behind a link the token is the key, wherever the form comes from: here it is a wrong one.
            # So many of them were tried by now that the next has to wait.
            behind_a_link = path.startswith(("/a/", "/news/"))
            refused = (403, 404, 429) if behind_a_link else (403,)
            assert answer.status in refused, (path, foreign, answer.status)
            assert not answer.getheader("set-cookie")
    assert casting.foreign_changes(before, casting.snapshot(siege), set()) == []


def test_other_verbs_open_nothing(siege, knock, doors):
    for _, path in doors[0]:
        for verb in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO"):
            status = knock(verb, filled(path, uuid4()), Origin=siege.url).status
            assert status in (400, 404, 405, 501), (verb, path, status)


def test_nobody_is_sent_to_another_site(siege, cast, knock):
    for claim in ELSEWHERE:
        for path, fields in (
            ("/auth/sign-in", {"email": casting.EMAIL, "password": PASSWORD}),
            ("/auth/sign-in", {"email": "nobody@siege.example", "password": "wrong"}),
            ("/auth/demo", {"role": "patient"}),
        ):
            answer = knock.form(path, **fields, go_to=claim, next=claim, locale=claim)
            there = answer.getheader("location", "")
            assert answer.status == 303, (path, claim, answer.status)
            assert re.match(r"/(?![/\\])", there), (path, claim, there)
            assert "evil" not in there.partition("?")[0], (path, claim, there)
            assert "a=b" not in str(answer.getheader("set-cookie"))


def test_other_peoples_files_are_not_there(siege, cast, knock):
    vera = siege.perform(casting.let_in, user_id=cast.aim.user)
    picture = portrait(siege, vera)
    doors = (f"/visits/{cast.aim.visit.appointment_id}/calendar.ics", f"/portraits/{picture}")
    for path in doors:
        own = knock("GET", path, Cookie=vera.cookie)
        assert (own.status, "no-store" in own.getheader("cache-control")) == (200, True)
        for role in ("stranger", "patient", "applicant", "other practitioner", "staff", "admin"):
            answer = knock("GET", path, Cookie=cast.attackers[role].cookie)
            absent = knock("GET", re.sub(r"[0-9a-f-]{36}", str(uuid4()), path),
                           Cookie=cast.attackers[role].cookie)  # fmt: skip
            assert answer.status in (401, 403, 404), (role, path)
            assert (answer.status, answer.content) == (absent.status, absent.content), role
    assert knock("GET", doors[0], Cookie=vera.cookie).content.count(b"BEGIN:VEVENT") == 1


def portrait(siege, who):
    drawn = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")
    return siege.perform(people.keep_picture, actor=siege.actor(who), content=drawn.getvalue())


def test_too_much_is_refused_and_the_clinic_lives_on(siege, knock):
    large, origin = b"a" * (2 * 1024 * 1024), {"Origin": siege.url, **FORM}
    assert knock("POST", "/auth/sign-in", large, **origin).status == 413
    chunked = b"".join([b"%x\r\n" % 65536 + b"a" * 65536 + b"\r\n"] * 40) + b"0\r\n\r\n"
    hidden = knock("POST", "/auth/sign-in", chunked, **origin, **{"Transfer-Encoding": "chunked"})
    assert hidden.status == 413
    assert knock("POST", "/account/picture", b"a" * 9 * 1024 * 1024, **origin).status == 413
    ranges = ",".join(f"{n}-{n}" for n in range(1500))
    began = time.monotonic()
    assert knock("GET", "/", Range=f"bytes={ranges}").status < 500
    assert time.monotonic() - began < 2
    assert knock("GET", "/livez").status == 200


def test_the_host_header_moves_nothing(siege, cast, knock):
    for host in ("x?", "x/admin", "x#", "evil.example", "evil.example:80@x", "[", ""):
        for path in ("/livez", "/", "/find/"):
            answer = knock("GET", path, Host=host)
            assert answer.status in (200, 400), (host, path, answer.status)
            assert b"evil.example" not in answer.content
        answer = knock("GET", "/find", Host=host)  # may be sent on to /find/
        assert "evil" not in answer.getheader("location", "")
        body = urlencode({"email": casting.EMAIL, "password": PASSWORD}).encode()
        answer = knock("POST", "/auth/sign-in", body, Host=host, Origin=siege.url, **FORM)
        assert answer.status in (303, 400)
        assert "evil" not in answer.getheader("location", "")


def test_every_answer_is_dressed(siege, knock):
    for method, path in (
        ("GET", "/"), ("GET", "/livez"), ("GET", "/nowhere"), ("PUT", "/auth/sign-in"),
        ("POST", "/auth/sign-in"), ("GET", "/_upload"), ("GET", "/api/openapi.json"),
    ):  # fmt: skip
        answer = knock(method, path)
        for name, value in GATES.items():
            assert answer.getheader(name) == value, (path, name)
        policy = answer.getheader("content-security-policy")
        for rule in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'self'"):
            assert rule in policy, path
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2]
        assert answer.getheader("access-control-allow-origin") is None
        assert answer.getheader("server", "").lower() in ("", "granian")


def test_doors_that_should_not_be_there_are_not(knock):
    for path in CLOSED:
        for method in ("GET", "POST"):
            assert knock(method, path).status in (400, 404, 405), (method, path)


def test_the_session_cookie_is_out_of_reach_of_scripts(knock):
    (session, *_) = cookies(knock.form("/auth/demo", role="patient"))
    assert session.startswith("mb_session=")
    assert {"HttpOnly", "Path=/"} <= set(session.split("; "))
    assert "samesite=lax" in session.lower()
    assert "domain" not in session.lower()


def cookies(answer):
    return [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]


def test_in_production_cookies_are_bound_to_https_and_the_demos_doors_are_shut(
    request, tmp_path_factory
):
    home = "https://clinic.example"
    settings = {
        "MEDIBOOK_ENV": "production",
        "MEDIBOOK_BASE_URL": home,
        "MEDIBOOK_SECRET_KEY": "k" * 40,
    }
    folder = tmp_path_factory.mktemp("production")
    with besieged(request, folder, seeded=False, settings=settings) as siege:
        siege.crowd(1)
        knock = Knocker(siege)
        form = urlencode({"email": "patient.number.0@siege.example", "password": PASSWORD}).encode()
        signed_in = knock("POST", "/auth/sign-in", form, Origin=home, **FORM)
        assert signed_in.status == 303
        for cookie in cookies(signed_in):
            if "Max-Age=0" in cookie:
                continue
            assert cookie.startswith("__Host-"), cookie.partition("=")[0]
            assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
            assert "domain" not in cookie.lower()
        assert knock("POST", "/auth/sign-in", form, Origin=siege.url, **FORM).status == 403
        assert "max-age" in knock("GET", "/").getheader("strict-transport-security")
        demo = urlencode({"role": "admin"}).encode()
        assert knock("POST", "/auth/demo", demo, Origin=home, **FORM).status == 404
        assert siege.alarms() == []


def test_no_knock_was_a_surprise_to_the_server(siege):
    assert siege.alarms() == []
