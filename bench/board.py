"""Slot board: a week, and four, of one practitioner's times through the use case; at 12 and 1,000.

``python bench/board.py [--json] [--db postgresql+psycopg://…]``; ``--country URL`` asks the country of
``country.py`` (the service half of P2). Beside it stands the door itself: the list of specialties.
"""

from __future__ import annotations

from uuid import UUID

from ground import SIZES, Row, clinic_of, counted, country_at, measured, options, tell

from medibook.clinic.service import specialties
from medibook.kernel.actor import STRANGER
from medibook.kernel.application import MediBook
from medibook.operations.rules.places import FOLLOW_UP
from medibook.scheduling.service import slot_board


def measure(medibook: MediBook, everybody: tuple[UUID, ...], rounds: int) -> list[Row]:
    door = measured(lambda _: medibook.perform(STRANGER, specialties), rounds)
    rows: list[Row] = [{"practitioners": len(everybody), "days": "the door", **door}]
    for days in (7, 28):

        def look(number: int, days: int = days) -> object:
            return medibook.perform(
                STRANGER,
                slot_board,
                practitioner_id=everybody[number * 37 % len(everybody)],
                service_id=FOLLOW_UP.id,
                days=days,
            )

        found = measured(look, rounds)
        with counted(medibook) as asked:
            look(0)
        rows.append({"practitioners": len(everybody), "days": days, **found, "queries": len(asked)})
    for row in rows:
        row["times_the_door"] = round(float(str(row["p50_ms"])) / float(str(door["p50_ms"])), 1)
        row.setdefault("queries", "")
    return rows


def main() -> None:
    chosen = options(__doc__ or "", rounds=200)
    rows: list[Row] = []
    if chosen.country:
        with country_at(chosen.country) as (medibook, everybody):
            rows = measure(medibook, everybody, chosen.rounds)
    else:
        for size in SIZES:
            with clinic_of(size, chosen.db) as (medibook, seed):
                rows += measure(medibook, tuple(p.id for p in seed.practitioners), chosen.rounds)
    tell("slot board, warm", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
