"""P15: taking in a directory file, 6,090 messy rows; first import and repetition, rows a second.

``python bench/importing.py [--json] [--db postgresql+psycopg://…]``. Beside it stands reading the file
and nothing else: what no import can be faster than.
"""

from __future__ import annotations

import csv
from time import perf_counter

from ground import ROOT, Row, clinic_of, options, tell

from medibook.kernel.actor import system
from medibook.operations.rules.directory_file import Entry, gather
from medibook.operations.rules.directory_mapping import read_mapping
from medibook.operations.service.importing import PORTION, import_entries

MAINE = ROOT / "tests" / "data" / "doctors_maine"
MUST = 2_000


def read_only() -> int:
    with (MAINE / "practitioners.csv").open(newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))


def main() -> None:
    chosen = options(__doc__ or "", rounds=1)
    mapping = read_mapping((MAINE / "mapping.toml").read_text())
    began = perf_counter()
    number = read_only()
    reading = perf_counter() - began
    rows: list[Row] = []
    with clinic_of(12, chosen.db) as (medibook, _):

        def take_in() -> None:
            with (MAINE / "practitioners.csv").open(newline="") as lines:
                entries: tuple[Entry, ...] = gather(csv.DictReader(lines), mapping).entries
            for first in range(0, len(entries), PORTION):
                medibook.perform(
                    system("bench"),
                    import_entries,
                    entries=entries[first : first + PORTION],
                    mapping=mapping,
                )

        for what in ("first", "again"):
            began = perf_counter()
            take_in()
            took = perf_counter() - began
            rows.append(
                {
                    "import": what,
                    "rows": number,
                    "seconds": round(took, 2),
                    "rows_a_second": round(number / took),
                    "times_reading": round(took / reading),
                    "must": number / took >= MUST,
                }
            )
    tell("import of a directory", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
