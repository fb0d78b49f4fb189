"""The FastAPI application that stands in front of the pages."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from medibook import __version__
from medibook.kernel.settings import Settings


def build_api(_settings: Settings, *, ready: Callable[[], list[str]] = list) -> FastAPI:
    """The clinic's API: the rooms hang their routers into it.

    ``ready`` names, in words, what is still missing before patients can be served; it may ask the
    database, so it runs in a thread.
    """
    api = FastAPI(
        title="MediBook",
        version=__version__,
        # The explorer pages load scripts from elsewhere, which our content policy forbids.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )

    @api.get("/livez", tags=["operations"])
    async def livez() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive", "version": __version__}

    @api.get("/readyz", tags=["operations"])
    async def readyz() -> JSONResponse:
        """Patients can be served; otherwise 503 and what is missing."""
        missing = await asyncio.to_thread(ready)
        status = "unready" if missing else "ready"
        return JSONResponse(
            {"status": status, "missing": missing}, status_code=503 if missing else 200
        )

    return api
