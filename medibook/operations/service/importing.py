"""A real directory comes in: compared first, written in portions that are each complete.

The portions make a large file harmless for everybody who works meanwhile; one that breaks off is
brought to its end by running it again, since a second import changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from medibook.directory import service as directory
from medibook.kernel.actor import system_only
from medibook.kernel.crypto import hash_password
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.operations.access import imported
from medibook.operations.access.imported import Listed, NewListing
from medibook.operations.rules.directory_file import DirectoryMapping, Entry, Outcome
from medibook.operations.rules.tidying import code_of
from medibook.people.rules import slug_of

PORTION = 500


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an entry, and why, when that is not plain."""

    outcome: Outcome
    note: str = ""


@query(allow=system_only)
def compare_entries(uow: UnitOfWork, *, entries: Sequence[Entry]) -> dict[UUID, Fate]:
    """Say what an import would do with each entry: add it, change it, or leave it."""
    known = imported.specialty_ids(uow.session)
    there = imported.listed(uow.session, [entry.practitioner_id for entry in entries])
    owners = imported.licences(uow.session, [entry.key for entry in entries])
    return {
        entry.practitioner_id: _fate(
            entry, there.get(entry.practitioner_id), owners.get(entry.key), known
        )
        for entry in entries
    }


@use_case(allow=system_only)
def import_entries(
    uow: UnitOfWork, *, entries: Sequence[Entry], mapping: DirectoryMapping
) -> dict[UUID, Fate]:
    """Add and change what the file says, all of this portion or nothing; returns what was done."""
    uow.lock(_LOCK)
    fates = compare_entries(uow, entries=entries)
    wanted = [e for e in entries if fates[e.practitioner_id].outcome in _WRITTEN]
    if wanted:
        _write(uow, wanted, fates, mapping)
        uow.audit("clinic", None, reason=f"{len(wanted)} practitioners from {mapping.source}")
    return fates


_LOCK = UUID("6d656469-626f-4f6b-8000-696d706f7274")
_WRITTEN = {Outcome.NEW, Outcome.UPDATED}


def _fate(
    entry: Entry, there: Listed | None, owner: UUID | None, known: Mapping[str, UUID]
) -> Fate:
    if there is None:
        if owner is not None:
            return Fate(Outcome.MERGED, "is in the clinic already, with this licence number")
        return Fate(Outcome.NEW)
    wished = (entry.name, entry.place.location_id, _specialty_id(entry, known))
    (has,) = there.specialty_ids if len(there.specialty_ids) == 1 else (None,)
    if wished == (there.name, there.location_id, has):
        return Fate(Outcome.UNCHANGED)
    if there.version > 1:
        return Fate(Outcome.KEPT, "was changed in the clinic since: left as it is")
    return Fate(Outcome.UPDATED)


def _specialty_id(entry: Entry, known: Mapping[str, UUID]) -> UUID | None:
    return known.get(entry.specialty.casefold())


def _write(
    uow: UnitOfWork,
    wanted: Sequence[Entry],
    fates: Mapping[UUID, Fate],
    mapping: DirectoryMapping,
) -> None:
    session = uow.session
    known = _with_new_specialties(uow, wanted)
    imported.add_places(session, [entry.place for entry in wanted], mapping)
    service_id = imported.visit_type_id(session, mapping.visit_type, mapping.minutes)
    if service_id is None:
        service_id = imported.add_visit_type(session, mapping.visit_type, mapping.minutes)
    new = [e for e in wanted if fates[e.practitioner_id].outcome is Outcome.NEW]
    slugs = dict(zip((e.practitioner_id for e in new), _slugs(uow, new), strict=True))
    rows = {
        e.practitioner_id: NewListing(
            e, slugs.get(e.practitioner_id, ""), known[e.specialty.casefold()], service_id
        )
        for e in wanted
    }
    locked = hash_password(uow.new_token())
    added = [rows[e.practitioner_id] for e in new]
    imported.add(session, added, mapping, now=uow.now, locked=locked)
    changed = [rows[e.practitioner_id] for e in wanted if e.practitioner_id not in slugs]
    imported.bring_up_to_date(session, changed)
    directory.enter(uow, list(rows))


def _with_new_specialties(uow: UnitOfWork, entries: Sequence[Entry]) -> dict[str, UUID]:
    """Every specialty of the entries; those that the clinic did not have are added."""
    known = imported.specialty_ids(uow.session)
    new = {
        code_of(e.specialty): e.specialty for e in entries if e.specialty.casefold() not in known
    }
    imported.add_specialties(uow.session, new.items())
    return known | {name.casefold(): imported.specialty_id(code) for code, name in new.items()}


def _slugs(uow: UnitOfWork, new: Sequence[Entry]) -> Iterator[str]:
    """A public address for each, free in the clinic and among themselves."""
    wishes = [slug_of(entry.name) or f"nr-{entry.practitioner_id.hex[:8]}" for entry in new]
    taken = imported.slugs(uow.session)
    tried: Counter[str] = Counter()
    for wish in wishes:
        slug = wish
        while slug in taken:
            tried[wish] += 1
            slug = f"{wish}-{tried[wish] + 1}"
        taken.add(slug)
        yield slug
