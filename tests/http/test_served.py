"""The served clinic against strangers: foreign sites, noisy clients, one process on one port."""

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit

import psutil
import pytest
import socketio

from medibook.http.policy import script_hashes
from tests.support.browser import ROOT

CANARY = "canary-7f3a"


def handshake(url, origin):
    """Ask for the live connection with bare bytes; the first line of the answer."""
    where = urlsplit(url)
    lines = [
        "GET /_event/?EIO=4&transport=websocket&token=t HTTP/1.1",
        f"Host: {where.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Origin: {origin}",
    ]
    with socket.create_connection((where.hostname, where.port), timeout=10) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        return wire.recv(200).split(b"\r\n")[0].decode()


def test_a_foreign_site_cannot_open_the_live_connection(served):
    port = urlsplit(served.url).port
    for own in (served.url, f"http://localhost:{port}"):
        assert " 101 " in handshake(served.url, own)
    for foreign in (
        "https://evil.example",
        f"http://evil.example:{port}",
        "null",
        "http://localhost:1",
    ):
        assert " 101 " not in handshake(served.url, foreign), foreign


def test_a_foreign_site_cannot_read_an_answer_either(served):
    request = urllib.request.Request(
        f"{served.url}/livez", headers={"Origin": "https://evil.example"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["access-control-allow-origin"] is None


def test_the_start_page_names_its_scripts_and_no_others(served):
    with urllib.request.urlopen(served.url, timeout=10) as answer:
        policy, page = answer.headers["content-security-policy"], answer.read().decode()
    assert set(re.findall(r"'sha256-[^']+'", policy)) == script_hashes(page)


def test_pages_api_and_live_connection_come_from_one_process(served):
    process = psutil.Process(served.pid)
    assert process.children(recursive=True) == []
    listening = {c.laddr.port for c in process.net_connections("tcp") if c.status == "LISTEN"}
    assert listening == {urlsplit(served.url).port}


def test_what_a_client_sends_never_reaches_the_log(served):
    async def shout():
        client = socketio.AsyncClient(reconnection=False)
        await client.connect(
            f"{served.url}?token={CANARY}-token",
            headers={"Cookie": f"mb_session={CANARY}-cookie", "Origin": served.url},
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
        )
        for name in (f"state.{CANARY}-unknown", "reflex___state____state.setvar"):
            event = {"name": name, "payload": {"x": f"{CANARY}-payload"}, "router_data": {}}
            await client.emit("event", event, namespace="/_event")
        await client.emit("event", f"{CANARY}-no-json", namespace="/_event")
        await asyncio.sleep(0.5)
        with contextlib.suppress(Exception):
            await client.disconnect()

    asyncio.run(shout())
    assert CANARY not in served.log.read_text(errors="replace")


def test_a_server_that_was_started_for_a_launcher_ends_with_it(served):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "medibook", "run", "--port", str(port), "--stop-with-stdin"]
    env = {**served.env, "MEDIBOOK_BASE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/livez")
        server.stdin.close()  # what the system does for a launcher that is killed
        assert server.wait(timeout=15) == 0
    finally:
        server.kill()
        server.wait()


def wait_for(url):
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer")


def test_a_port_that_is_taken_is_said_in_a_sentence(served):
    port = urlsplit(served.url).port
    done = subprocess.run(
        [sys.executable, "-m", "medibook", "run", "--port", str(port)],
        cwd=ROOT, env=served.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
