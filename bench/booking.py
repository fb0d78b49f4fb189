"""Booking: hold a time and book it, durably, with audit and outbox; p50 and p95 at 12 and 1,000.

``python bench/booking.py [--json] [--db postgresql+psycopg://…]``. One client, distinct times. Beside
it stands the smallest write through the same door.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from ground import SIZES, Row, clinic_of, options, percentiles, tell, timed

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.operations.rules.contest import Act, Attempt
from medibook.operations.rules.crowd import PATIENTS_EACH
from medibook.operations.rules.places import FOLLOW_UP
from medibook.operations.rules.seeds import ClinicSeed
from medibook.operations.service.contest import as_patient, book
from medibook.scheduling.schemas import SlotWish
from medibook.scheduling.service import release_expired_holds

# Between the visits of the crowd, on the wall.
FREE_AT = (
    time(8),
    time(9),
    time(10),
    time(10, 30),
    time(11, 40),
    time(15),
    time(16, 30),
    time(18, 20),
)


def attempt(seed: ClinicSeed, number: int) -> Attempt:
    """The free times of all practitioners in turn; no two numbers have the same."""
    index, turn = number % len(seed.practitioners), number // len(seed.practitioners)
    whose = seed.practitioners[index]
    zone = ZoneInfo(whose.place.zone)
    workday, reading = turn // len(FREE_AT), FREE_AT[turn % len(FREE_AT)]
    monday = datetime.now(zone).date()
    monday += timedelta(days=7 - monday.weekday())
    day = monday + timedelta(days=workday // 5 * 7 + workday % 5)
    start = datetime.combine(day, reading, tzinfo=zone).astimezone(UTC)
    wish = SlotWish(practitioner_id=whose.id, service_id=FOLLOW_UP.id, starts_at=start)
    patient = seed.patients[index * PATIENTS_EACH + turn % PATIENTS_EACH]
    return Attempt(Act.BOOK, patient, wish, wanted_by_all=False)


def main() -> None:
    chosen = options(__doc__ or "", rounds=120)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, seed):
            write = timed(
                lambda _: medibook.perform(system("bench"), release_expired_holds), chosen.rounds
            )
            ready = [attempt(seed, number) for number in range(chosen.rounds + 3)]

            def hold_and_book(
                n: int, ready: list[Attempt] = ready, medibook: MediBook = medibook
            ) -> object:
                return book(medibook, as_patient(ready[n].patient), ready[n])

            times = timed(hold_and_book, chosen.rounds)
            rate = round(1000 / median(times), 1)
            ratio = round(median(times) / median(write), 1)
            rows.append(
                {
                    "practitioners": size,
                    **percentiles(times),
                    "a_second": rate,
                    "times_a_write": ratio,
                }
            )
    tell("hold and book, one client", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
