"""A directory of practitioners from a file: what its columns mean, and what each row says.

Values in, values out: the file is read by the command, the clinic's rows are read and written by the
service. Whatever is changed on the way is said, row by row, with the reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Final
from uuid import UUID

from medibook.kernel.money import Money
from medibook.operations.rules import tidying
from medibook.operations.rules.chance import named_id

COLUMNS: Final = ("key", "name", "specialty", "address", "city", "postcode")
_NEEDED: Final = ("key", "name", "specialty", "city")
_LONGEST: Final = {"name": 120, "specialty": 80, "address": 200, "city": 80, "postcode": 12}


class Outcome(StrEnum):
    """What became of a row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    KEPT = "kept"
    MERGED = "merged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WeeklyOffice:
    """The hours that everybody in the file is given, on the wall of their place; weekday 0 is Monday."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryMapping:
    """What the columns of a file mean, and what the clinic says about everybody in it."""

    source: str
    columns: Mapping[str, str]
    key_is_npi: bool = False
    postcode_is_zip: bool = False
    postcodes: str = ""
    country: str
    zone: str
    visit_type: str
    minutes: int
    fee: Money
    office: WeeklyOffice | None = None
    specialties: Mapping[str, str] = field(default_factory=dict)

    def missing_in(self, header: Sequence[str]) -> list[str]:
        """The columns that the mapping names and the file does not have."""
        return [column for column in self.columns.values() if column not in header]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, as the file has it; equal places are one location."""

    location_id: UUID
    address: str
    city: str
    postcode: str

    @property
    def name(self) -> str:
        """What the clinic calls it."""
        return f"{self.address}, {self.city}"[:80] if self.address else self.city


@dataclass(frozen=True, slots=True)
class Entry:
    """A practitioner as the file has them; ``specialty`` is a code of the clinic's or a new name."""

    practitioner_id: UUID
    key: str
    name: str
    specialty: str
    place: Place


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row (1 is the first below the header), and every reason."""

    row: int
    key: str
    outcome: Outcome
    notes: tuple[str, ...] = ()

    def but(self, outcome: Outcome, *more: str) -> "RowReport":
        """The same row with another outcome."""
        return RowReport(self.row, self.key, outcome, self.notes + more)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The file, understood: one entry for each practitioner, one report for each row."""

    entries: tuple[Entry, ...]
    reports: tuple[RowReport, ...]


def gather(rows: Iterable[Mapping[str, str | None]], mapping: DirectoryMapping) -> Gathered:
    """Understand every row; a key that comes again is merged into its first row."""
    entries: dict[str, Entry] = {}
    reports = []
    for number, row in enumerate(rows, start=1):
        entry, report = _read(number, row, mapping)
        if entry is not None:
            first = entries.setdefault(entry.key, entry)
            if first is not entry:
                report = report.but(Outcome.MERGED, *_merged(first, entry))
        reports.append(report)
    return Gathered(tuple(entries.values()), tuple(reports))


def _merged(first: Entry, again: Entry) -> Iterator[str]:
    yield "the same key stands in an earlier row"
    if again.place != first.place:
        yield f"also works at {again.place.name}: not kept, for one address a person"
    if again.specialty != first.specialty:
        yield f"also has the specialty {again.specialty}: not kept"


def _read(
    number: int, row: Mapping[str, str | None], mapping: DirectoryMapping
) -> tuple[Entry | None, RowReport]:
    """One row: the practitioner in it, if there is one, and what had to be changed."""
    said = {
        name: tidying.one_line(row.get(column) or "") for name, column in mapping.columns.items()
    }
    key = said["key"]
    if not any(said.values()):
        return None, RowReport(number, "", Outcome.REFUSED, ("the row is empty",))
    if lacking := [name for name in _NEEDED if not said[name]]:
        why = f"has no {' and no '.join(lacking)}"
        return None, RowReport(number, key, Outcome.REFUSED, (why,))
    if mapping.key_is_npi and not tidying.is_npi(key):
        why = "the NPI does not fit its check digit"
        return None, RowReport(number, key, Outcome.REFUSED, (why,))
    tidy, notes = _tidied(said, mapping)
    if long := [name for name, most in _LONGEST.items() if len(tidy[name]) > most]:
        why = f"too long: {', '.join(long)}"
        return None, RowReport(number, key, Outcome.REFUSED, (why,))
    where = (mapping.source, tidy["address"], tidy["city"], tidy["postcode"])
    place = Place(named_id("import", "place", *where), *where[1:])
    who = named_id("import", "practitioner", mapping.source, key)
    entry = Entry(who, key, tidy["name"], tidy["specialty"], place)
    return entry, RowReport(number, key, Outcome.NEW, tuple(notes))


def _tidied(said: dict[str, str], mapping: DirectoryMapping) -> tuple[dict[str, str], list[str]]:
    tidy = {
        "name": tidying.person(said["name"]),
        "specialty": _specialty(said["specialty"], mapping),
        "address": tidying.place(said.get("address", "")),
        "city": tidying.place(said["city"]),
        "postcode": said.get("postcode", ""),
    }
    notes = []
    if mapping.postcode_is_zip and tidy["postcode"]:
        found = tidying.zip_code(tidy["postcode"])
        if found is None:
            notes.append(f"postcode left out: {tidy['postcode']} is no ZIP code")
        tidy["postcode"] = found or ""
    notes += [
        f"{name}: {said[name]} → {after}"
        for name, after in tidy.items()
        if after and after != said.get(name, "")
    ]
    if not tidy["address"]:
        notes.append("no address: only the city is known")
    if tidy["postcode"] and not re.match(mapping.postcodes, tidy["postcode"]):
        notes.append(f"postcode {tidy['postcode']} is not from the region: kept, please look")
    return tidy, notes


def _specialty(said: str, mapping: DirectoryMapping) -> str:
    return mapping.specialties.get(said) or tidying.specialty(said)
