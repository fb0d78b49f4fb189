"""How Reflex builds and serves MediBook."""

import reflex as rx

from medibook.http.any_address import AnyAddress
from medibook.http.origins import allowed_origins
from medibook.kernel.settings import load_settings
from medibook.ui.documents import DocumentLanguage

_settings = load_settings()

config = rx.Config(
    app_name="medibook",
    # Our own engine and migrations: Reflex gets no database.
    db_url=None,
    redis_url=_settings.redis_url,
    # The default keeps the states of people's pages as files on the disk.
    state_manager_mode="redis" if _settings.redis_url else "memory",
    # Any address will do: AnyAddress replaces it in the finished build.
    frontend_port=8000,
    backend_port=8000,
    api_url="http://localhost:8000",
    deploy_url=_settings.origin,
    # Also the check of Origin on the live connection; the default lets every site in.
    cors_allowed_origins=allowed_origins(_settings),
    trusted_proxy_hops=_settings.trusted_proxy_hops,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["gzip"],
    plugins=[AnyAddress(), DocumentLanguage()],
    # The map of pages would list those of the staff; the public ones are linked from the start page.
    disable_plugins=[rx.plugins.SitemapPlugin],
)
