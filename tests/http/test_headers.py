"""What every answer says to the browser, and what is refused before the application sees it."""

import asyncio
import re

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from medibook.http import security_headers
from medibook.http.any_address import rewrite_addresses
from medibook.http.body_limit import MAX_BODY
from medibook.http.headers import SecurityHeaders
from medibook.http.origins import allowed_origins
from medibook.http.policy import Policies, script_hashes
from medibook.kernel.settings import Settings

PAGE = "<html><script>greet()</script><script src='/a.js'></script></html>"
OTHER = "<html><script type='module'>other()</script></html>"


@pytest.fixture
def built(tmp_path):
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "find").mkdir()
    (tmp_path / "find" / "index.html").write_text(OTHER)
    (tmp_path / "404.html").write_text("<script>lost()</script>")
    return tmp_path


class Browser:
    """Asks the application directly, without a server between."""

    def __init__(self, app):
        self._app = app

    def get(self, path):
        return asyncio.run(self._ask("GET", path))

    def post(self, path, content=b""):
        return asyncio.run(self._ask("POST", path, content=content))

    async def _ask(self, method, path, **options):
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as client:
            return await client.request(method, path, **options)


def browser(built, *, production=False):
    api = FastAPI()

    @api.get("/")
    async def page():
        return HTMLResponse(PAGE, headers={"etag": '"1"'})

    @api.get("/assets/{name}")
    async def asset(name: str):
        return Response("x", media_type="text/javascript", headers={"etag": '"1"'})

    @api.get("/kept")
    async def kept():
        return Response("x", headers={"cache-control": "max-age=7"})

    @api.post("/echo")
    async def echo(request: Request):
        return {"length": len(await request.body())}

    return Browser(security_headers(built, production=production)(api))


def test_every_answer_wears_the_security_headers(built):
    for path in ("/", "/livez-of-nobody", "/assets/root-DbC1FKml.js"):
        headers = browser(built).get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        for own in ("worker-src 'self'", "manifest-src 'self'"):
            assert own in headers["content-security-policy"]


def test_only_production_promises_https_for_years(built):
    assert "strict-transport-security" not in browser(built).get("/").headers
    assert (
        "max-age=" in browser(built, production=True).get("/").headers["strict-transport-security"]
    )


def test_a_page_may_run_its_own_inline_scripts_and_no_others(built):
    policies = Policies.of(built)
    own = policies.at("/", status=200, is_page=True)
    (own_hash,), (other_hash,) = script_hashes(PAGE), script_hashes(OTHER)
    assert own_hash in own
    assert other_hash not in own
    assert other_hash in policies.at("/find/", status=200, is_page=True)
    assert other_hash in policies.at("/find", status=200, is_page=True)


def test_a_page_kept_by_the_browser_keeps_its_policy(built):
    policies = Policies.of(built)
    assert policies.at("/", status=304, is_page=False) == policies.at("/", status=200, is_page=True)


def test_an_address_without_a_page_gets_the_policy_of_the_stand_in(built):
    (lost,) = script_hashes("<script>lost()</script>")
    assert lost in Policies.of(built).at("/nowhere", status=404, is_page=True)
    assert "sha256" not in Policies.of(built).at("/pictures/1", status=200, is_page=False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/assets/root-DbC1FKml.js", "public, max-age=31536000, immutable"),
        ("/assets/plain.js", "no-cache"),
        ("/", "no-cache"),
        ("/nowhere", "no-store"),
        ("/kept", "max-age=7"),
    ],
)
def test_hashed_files_are_kept_pages_are_asked_for_again_and_answers_about_people_never_kept(
    built, path, expected
):
    assert browser(built).get(path).headers["cache-control"] == expected


@pytest.mark.parametrize("path", ["/_upload", "/_upload/x", "/auth-codespace", "/_all_routes"])
def test_doors_that_reflex_leaves_open_are_closed(built, path):
    assert browser(built).get(path).status_code == 404
    assert browser(built).post(path).status_code == 404


def test_a_body_that_says_it_is_too_large_is_refused_unread(built):
    answer = browser(built).post("/echo", content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert browser(built).post("/echo", content=b"x" * MAX_BODY).json() == {"length": MAX_BODY}


def test_a_body_that_hides_its_length_is_refused_when_it_grows_too_large(built):
    async def stream():
        for _ in range(12):
            yield b"x" * (MAX_BODY // 8)

    assert browser(built).post("/echo", content=stream()).status_code == 413


def test_the_socket_passes_untouched(built):
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    wall = SecurityHeaders(inner, {}, None)
    asyncio.run(wall({"type": "websocket", "path": "/_event"}, None, None))
    assert seen == ["websocket"]


def test_the_built_front_end_calls_the_origin_that_served_it(tmp_path):
    chunk = tmp_path / "assets" / "reflex-env-abc.js"
    chunk.parent.mkdir()
    chunk.write_text(
        'var e={PING:"http://localhost:8000/ping",EVENT:`ws://localhost:8000/_event`,T:`websocket`};'
    )
    rewrite_addresses(tmp_path)
    assert chunk.read_text() == (
        'var e={PING:(location.origin+"/ping"),'
        'EVENT:(location.origin.replace(/^http/,"ws")+"/_event"),T:`websocket`};'
    )


def test_a_build_without_the_address_chunk_is_no_build(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape("reflex-env")):
        rewrite_addresses(tmp_path)


def test_a_clinic_on_this_machine_is_reached_by_the_machines_own_names_and_no_others():
    origins = allowed_origins(Settings(base_url="http://127.0.0.1:8123", env="demo"))
    assert set(origins) == {
        "http://127.0.0.1:8123",
        "http://localhost:8123",
        "http://[::1]:8123",
    }


def test_a_production_clinic_is_reached_by_its_configured_origins_alone():
    settings = Settings(
        env="production",
        base_url="https://clinic.example/",
        allowed_origins="https://book.clinic.example",
        secret_key="0123456789abcdef0123456789abcdef",
    )
    assert allowed_origins(settings) == ["https://clinic.example", "https://book.clinic.example"]
