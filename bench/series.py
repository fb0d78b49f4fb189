"""Series: 52 dates previewed, a year of weeks, and booked; p50 and p95 at 12 and 1,000.

``python bench/series.py [--json] [--db postgresql+psycopg://…]``. Beside the preview stands what one
would write first, without other times: each date asked by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ground import SIZES, Row, clinic_of, options, percentiles, tell, timed

from medibook.appointments import service as appointments
from medibook.appointments.schemas.series import NewSeries, SeriesMode, SeriesRule, SeriesWish
from medibook.kernel.actor import Actor
from medibook.kernel.application import MediBook
from medibook.operations.rules.places import FOLLOW_UP
from medibook.operations.rules.seeds import ClinicSeed
from medibook.operations.service.contest import as_patient
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import SlotWish

DATES = 52
TAKEN_AT, FREE_AT = time(9, 40), time(10, 30)  # the crowd has visits at the one, none at the other
MUST_MS = 1_000


def wish(seed: ClinicSeed, number: int, reading: time) -> SeriesWish:
    """Fifty-two weeks of somebody's Wednesdays."""
    whose = seed.practitioners[number % len(seed.practitioners)]
    zone = ZoneInfo(whose.place.zone)
    today = datetime.now(zone).date()
    day = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    start = datetime.combine(day, reading, tzinfo=zone).astimezone(UTC)
    first = SlotWish(practitioner_id=whose.id, service_id=FOLLOW_UP.id, starts_at=start)
    return SeriesWish(first=first, rule=SeriesRule(count=DATES))


def one_by_one(medibook: MediBook, actor: Actor, asked: SeriesWish, starts: list[datetime]) -> None:
    """Each date as a question of its own: the way that needs no thought."""
    for start in starts:
        one = asked.first.model_copy(update={"starts_at": start})
        medibook.perform(actor, scheduling.why_not, wish=one)


def main() -> None:
    chosen = options(__doc__ or "", rounds=20)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, seed):
            actor = as_patient(seed.patients[0])
            taken = wish(seed, 0, TAKEN_AT)

            def preview(
                _: int,
                medibook: MediBook = medibook,
                actor: Actor = actor,
                asked: SeriesWish = taken,
            ) -> object:
                return medibook.perform(actor, appointments.preview_series, wish=asked)

            times = timed(preview, chosen.rounds)
            shown = medibook.perform(actor, appointments.preview_series, wish=taken)
            starts = [one.starts_at for one in shown.dates if one.starts_at]
            slow = timed(
                lambda _, m=medibook, a=actor, w=taken, s=starts: one_by_one(m, a, w, s),
                max(3, chosen.rounds // 5),
            )
            booked = timed(
                lambda n, m=medibook, s=seed: _book(m, s, n), min(chosen.rounds, size - 3)
            )
            rows.append(
                {
                    "practitioners": size,
                    "dates": len(shown.dates),
                    "conflicts": sum(one.obstacle is not None for one in shown.dates),
                    "queries": _queries(medibook, preview),
                    **percentiles(times),
                    "must_ms": MUST_MS,
                    "one_by_one_ms": round(median(slow)),
                    "book_all_ms": round(median(booked)),
                }
            )
    tell("a series of 52 dates: preview, and book", rows, as_json=chosen.json)


def _book(medibook: MediBook, seed: ClinicSeed, number: int) -> object:
    asked = wish(seed, number + 3, FREE_AT)
    patient = seed.patients[(number + 3) % len(seed.practitioners) * 5]
    new = NewSeries(wish=asked, mode=SeriesMode.SKIP, booking_key=f"bench-{number}")
    return medibook.perform(as_patient(patient), appointments.book_series, new=new)


def _queries(medibook: MediBook, act: object) -> int:
    sent: list[str] = []
    sa.event.listen(
        medibook.engine, "before_cursor_execute", lambda *said: sent.append(str(said[2]))
    )
    assert callable(act)
    act(0)
    return len(sent)


if __name__ == "__main__":
    main()
