"""Search: specialty and city, soonest first, with the next times of each; p50 and p95 at 12 and 1,000.

``python bench/search.py [--json] [--db postgresql+psycopg://…]``. Beside it stands the door itself:
the list of specialties, the smallest query there is.
"""

from __future__ import annotations

from ground import SIZES, Row, clinic_of, options, percentiles, tell, timed

from medibook.clinic.service import specialties
from medibook.directory.schemas import SearchWish
from medibook.directory.service import search
from medibook.kernel.actor import STRANGER
from medibook.operations.rules.places import PLACES, SPECIALTIES


def wish(number: int) -> SearchWish:
    return SearchWish(
        specialty=SPECIALTIES[number % len(SPECIALTIES)].code,
        city=PLACES[number % len(PLACES)].city,
    )


def main() -> None:
    chosen = options(__doc__ or "", rounds=30)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, _):
            door = percentiles(
                timed(lambda _: medibook.perform(STRANGER, specialties), chosen.rounds)
            )
            for words, wanted in (
                ("specialty and city", wish),
                ("everybody", lambda _: SearchWish()),
            ):
                times = timed(
                    lambda n, w=wanted: medibook.perform(STRANGER, search, wish=w(n)), chosen.rounds
                )
                found = percentiles(times)
                ratio = round(float(found["p50_ms"]) / float(door["p50_ms"]), 1)
                rows.append(
                    {"practitioners": size, "search": words, **found, "times_the_door": ratio}
                )
    tell("search, warm", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
