"""The FastAPI application that stands in front of the pages."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from medibook import __version__
from medibook.http.redaction import log_mishap


def build_api(*, ready: Callable[[], list[str]] = list) -> FastAPI:
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

    @api.exception_handler(Exception)
    async def mishap(_request: Request, exception: Exception) -> PlainTextResponse:
        """The server itself keeps silent about what no route expected: the log learns kind and place."""
        log_mishap(exception)
        return PlainTextResponse("Something went wrong on our side.", status_code=500)

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
