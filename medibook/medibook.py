"""The web application: pages, API and headers, put together for Reflex."""

import reflex as rx
from reflex.utils.prerequisites import get_web_dir
from reflex_base.vars import Var
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary

from medibook.http import build_api, security_headers
from medibook.http.redaction import log_browser_mishap, log_mishap, redact_reflex_logs
from medibook.kernel.settings import Env, load_settings

_settings = load_settings()
redact_reflex_logs()

api = build_api(_settings)


def _index() -> rx.Component:
    return rx.el.main(rx.el.h1("MediBook"))


def _when_a_page_breaks(stateful: bool) -> rx.Component:  # noqa: ARG001, FBT001 - Reflex calls it
    """Words and a way on, where React would leave a white page."""
    words = rx.el.main(
        rx.el.h1("This page has stopped · Diese Seite ist stehen geblieben"),
        rx.el.p(rx.el.a("Load it again · Neu laden", href="")),
        rx.el.p(_settings.clinic_phone),
    )
    return ErrorBoundary.create(
        fallback_render=ArgsFunctionOperation.create(("_",), Var.create(words)),
    )


app = rx.App(
    api_transformer=[
        api,
        security_headers(
            get_web_dir() / "build" / "client", production=_settings.env is Env.PRODUCTION
        ),
    ],
    html_lang="en",
    # Messages are part of the page (a toast sent by a handler needs eval, which our content policy
    # forbids), and the frame of the pages says itself when the connection is lost.
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): _when_a_page_breaks},
    frontend_exception_handler=log_browser_mishap,
    backend_exception_handler=log_mishap,
)
app.add_page(_index, route="/", title="MediBook", description="Appointments with your doctor")
