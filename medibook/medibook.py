"""The web application: pages, API, guard, live hub and heartbeats, put together for Reflex."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import reflex as rx
from reflex.utils.prerequisites import get_web_dir

from medibook.absences.pages import absence
from medibook.answers.api import routers as answer_routers
from medibook.answers.pages import messages as desk_messages
from medibook.appointments.api import router as visit_routes
from medibook.appointments.pages import (
    book,
    calendar,
    closed_days,
    day,
    desk,
    desk_arrivals,
    desk_book,
    move,
    outside,
    requests,
    series,
    series_book,
    series_change,
    told,
    visit,
    visits,
)
from medibook.clinic.pages import (
    admin_place,
    admin_places,
    admin_practitioners,
    admin_rules,
    admin_specialties,
    admin_visit_type,
    admin_visit_types,
    register_practitioner,
)
from medibook.clinic.pages import profile as own_profile
from medibook.directory.pages import find, listing, profile, start
from medibook.http import build_api, security_headers
from medibook.http.readiness import readiness
from medibook.http.redaction import log_browser_mishap, log_mishap, redact_reflex_logs
from medibook.kernel.facts import Fact
from medibook.kernel.settings import Env, load_settings
from medibook.notifications.api import router as callback_routes
from medibook.notifications.jobs import make_push_key
from medibook.notifications.pages import choices, inbox, mailbox
from medibook.notifications.pages import reach as desk_reach
from medibook.operations.pages import broadcast_result, broadcasts, promises
from medibook.people.api import router as account_routes
from medibook.people.pages import (
    account,
    admin_accounts,
    family,
    forgot,
    guardians,
    register,
    reset,
    sign_in,
    verify,
)
from medibook.reminders.api import router as reminder_routes
from medibook.reminders.pages import follow_up, follow_ups
from medibook.reminders.pages.mine import MyNextVisits, my_next_visits
from medibook.scheduler import heartbeats
from medibook.scheduling.pages import hours
from medibook.ui.guard import Guard
from medibook.ui.live import hub
from medibook.ui.shell import LOOK, add_pages
from medibook.ui.stall import watch_loop
from medibook.waitlist.pages import desk as desk_waitlist
from medibook.waitlist.pages import join, mine
from medibook.wiring import build_medibook, topics_of

# A page registers itself when its module is imported; this list is what the clinic shows.
PAGES = (
    (start, find, profile, listing),
    (book, visits, visit, move, day, calendar, requests, hours, outside),
    (absence,),
    (desk, desk_book, desk_arrivals, told, desk_messages, desk_reach),
    (series_book, series, series_change),
    (mine, join, desk_waitlist),
    (follow_up, follow_ups),
    (sign_in, register, verify, forgot, reset, account, family),
    (admin_accounts, guardians),
    (register_practitioner, own_profile, admin_practitioners),
    (mailbox, inbox, choices, promises, broadcasts, broadcast_result),
    (admin_places, admin_place, admin_visit_types, admin_visit_type),
    (admin_specialties, admin_rules, closed_days),
)

_settings = load_settings()
redact_reflex_logs()
_medibook = build_medibook(_settings)

api = build_api(ready=readiness(_medibook))
for _router in (account_routes, visit_routes, callback_routes, reminder_routes, *answer_routers):
    api.include_router(_router)

app = rx.App(
    api_transformer=[
        api,
        security_headers(
            get_web_dir() / "build" / "client", production=_settings.env is Env.PRODUCTION
        ),
    ],
    frontend_exception_handler=log_browser_mishap,
    backend_exception_handler=log_mishap,
    **LOOK,
)
app.add_middleware(Guard())
visits.also_show(my_next_visits, MyNextVisits.load)
add_pages(app, for_demo=_settings.is_demo)
hub.attach(app)
app.register_lifespan_task(watch_loop)


@app.register_lifespan_task
@asynccontextmanager
async def _leave_the_lasting_alone() -> AsyncIterator[None]:
    # A quarter of a million objects: to look through them for refuse holds everybody up for a tenth
    # of a second, each time anew, and finds nothing.
    gc.collect()
    gc.freeze()
    yield


@app.register_lifespan_task
@asynccontextmanager
async def _beat() -> AsyncIterator[None]:
    await asyncio.to_thread(make_push_key, _medibook)
    async with heartbeats(_medibook):
        yield


def _tell_open_pages(facts: Sequence[Fact]) -> None:
    hub.publish(*topics_of(facts))


_medibook.on_commit.append(_tell_open_pages)
