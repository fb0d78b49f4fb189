"""Reflex's own trivial application, served as the clinic is: what P10 and P11 stand beside.

``serving.py`` starts it as ``import bare; bare.serve(port)``, in a folder with an ``rxconfig.py`` of its
own: run as a script, its states would be called differently there and here. It has one page, one
state and one event, and no front end.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import reflex as rx
from granian.constants import Interfaces
from granian.server.embed import Server

# As rxconfig.py: the state manager is the clinic's, nothing else is set that matters here.
CONFIG = """import reflex as rx

config = rx.Config(
    app_name="bare",
    db_url=None,
    state_manager_mode="memory",
    telemetry_enabled=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
)
"""


class Counter(rx.State):
    """The smallest state that does something."""

    count: int = 0

    @rx.event
    async def add(self) -> None:
        self.count += 1


def serve(port: int) -> None:
    """Serve it until the process is ended."""
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["REFLEX_ENV_MODE"] = "prod"
    app = rx.App()
    app.add_page(lambda: rx.el.p(Counter.count), route="/")
    asyncio.run(_serve(app(), port))


async def _serve(application: Any, port: int) -> None:
    server = Server(
        application,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    await server.serve()
