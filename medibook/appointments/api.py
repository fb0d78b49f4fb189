"""The calendar file of a visit, for whoever is signed in and may see it."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from medibook.appointments.service import calendar_file
from medibook.appointments.service.calendar import FILE_NAME
from medibook.kernel.application import current
from medibook.kernel.errors import Refusal
from medibook.ui.guard import session_in

router = APIRouter(tags=["visits"])


@router.get("/visits/{appointment_id}/calendar.ics")
async def calendar(request: Request, appointment_id: UUID) -> Response:
    """The visit as a file that calendars read; 404 alike when absent and when somebody else's."""
    token = session_in(request.headers.get("cookie", ""))

    def story() -> str:
        medibook = current()
        actor = medibook.actor_for(token)
        return medibook.perform(actor, calendar_file, appointment_id=appointment_id)

    try:
        content = await asyncio.to_thread(story)
    except Refusal as refusal:
        raise HTTPException(refusal.status) from refusal
    headers = {
        "cache-control": "private, no-store",
        "content-disposition": f'attachment; filename="{FILE_NAME}"',
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
