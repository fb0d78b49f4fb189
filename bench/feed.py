"""P15, second half: 500 visits as one calendar file, from rows to text.

``python bench/feed.py [--json] [--db postgresql+psycopg://…]``. Beside it stands the library alone:
500 events with three properties each. A feed that calendars subscribe to does not exist yet; this is
the code that writes a series' file, given 500 visits.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from ground import Row, clinic_of, measured, options, tell
from icalendar import Calendar, Event

from medibook.appointments.service.calendar import calendar_of_all
from medibook.appointments.service.cards import cards
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import Actor, Role, system_only
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork, query
from medibook.ui.i18n import translator

VISITS, MUST_MS = 500, 150
_VISIT = table_of(Appointment)


@query(allow=system_only)
def many_visits(uow: UnitOfWork) -> str:
    chosen = sa.select(_VISIT).order_by(_VISIT.c.starts_at, _VISIT.c.id).limit(VISITS)
    visits = cards(uow, uow.session.execute(chosen).all())
    return calendar_of_all(uow, visits, translator("en"))


def by_the_library(_: int) -> bytes:
    calendar, start = Calendar(), datetime(2026, 1, 5, 9, tzinfo=UTC)
    for number in range(VISITS):
        event = Event()
        event.add("uid", f"{number}@bench")
        event.add("dtstart", start + timedelta(hours=number))
        event.add("dtend", start + timedelta(hours=number, minutes=20))
        calendar.add_component(event)
    return calendar.to_ical()


def main() -> None:
    chosen = options(__doc__ or "", rounds=20)
    with clinic_of(12, chosen.db) as (medibook, _):
        me = Actor(role=Role.SYSTEM, name="bench")
        text = medibook.perform(me, many_visits)
        print(f"{text.count('BEGIN:VEVENT')} visits, {len(text):,} letters", file=sys.stderr)
        rows: list[Row] = [
            {"what": "the library alone", **measured(by_the_library, chosen.rounds), "must_ms": ""},
            {
                "what": "from rows to a file",
                **measured(lambda _: medibook.perform(me, many_visits), chosen.rounds),
                "must_ms": MUST_MS,
            },
        ]
    tell("P15  500 visits as a calendar file", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
