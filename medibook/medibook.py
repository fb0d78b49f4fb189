"""The web application: pages, API and headers, put together for Reflex."""

import reflex as rx
from reflex.utils.prerequisites import get_web_dir

from medibook.http import build_api, security_headers
from medibook.http.redaction import redact_reflex_logs
from medibook.kernel.settings import Env, load_settings

_settings = load_settings()
redact_reflex_logs()

api = build_api(_settings)


def _index() -> rx.Component:
    return rx.el.main(rx.el.h1("MediBook"))


app = rx.App(
    api_transformer=[
        api,
        security_headers(
            get_web_dir() / "build" / "client", production=_settings.env is Env.PRODUCTION
        ),
    ],
    html_lang="en",
)
app.add_page(_index, route="/", title="MediBook", description="Appointments with your doctor")
