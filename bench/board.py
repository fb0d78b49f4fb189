"""Slot board: a week of one practitioner's times through the use case; p50 and p95 at 12 and 1,000.

``python bench/board.py [--json] [--db postgresql+psycopg://…]``. Beside it stands the door itself.
"""

from __future__ import annotations

from ground import SIZES, Row, clinic_of, options, percentiles, tell, timed

from medibook.clinic.service import specialties
from medibook.kernel.actor import STRANGER
from medibook.operations.rules.places import FOLLOW_UP
from medibook.scheduling.service import slot_board


def main() -> None:
    chosen = options(__doc__ or "", rounds=200)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, seed):
            door = percentiles(
                timed(lambda _: medibook.perform(STRANGER, specialties), chosen.rounds)
            )
            for days in (7, 28):

                def look(number: int, days: int = days, size: int = size) -> object:
                    whose = seed.practitioners[number * 7 % size].id
                    return medibook.perform(
                        STRANGER,
                        slot_board,
                        practitioner_id=whose,
                        service_id=FOLLOW_UP.id,
                        days=days,
                    )

                found = percentiles(timed(look, chosen.rounds))
                ratio = round(float(found["p50_ms"]) / float(door["p50_ms"]), 1)
                rows.append({"practitioners": size, "days": days, **found, "times_the_door": ratio})
    tell("slot board, warm", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
