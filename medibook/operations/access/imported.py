"""The rows of an imported directory: what is there already, and what is added or brought up to date.

The practitioners of a directory have accounts that nobody can open: no password fits, and the address
is one that cannot exist (RFC 2606). Their ids follow from the file, so that a second import meets them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.clinic.tables import Location, Service, ServiceOffer, Specialty
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.operations.access.bulk import Row, insert
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.directory_file import DirectoryMapping, Entry, Place, WeeklyOffice
from medibook.people.schemas import ApprovalStatus
from medibook.people.tables import AccountStatus, Practitioner, PractitionerSpecialty, User
from medibook.scheduling.schemas import BookingMode
from medibook.scheduling.tables import AvailableTime, PractitionerSchedule

_P = table_of(Practitioner)
_PS = table_of(PractitionerSpecialty)
_SPECIALTY = table_of(Specialty)
_LOCATION = table_of(Location)
_SERVICE = table_of(Service)


@dataclass(frozen=True, slots=True)
class Listed:
    """An imported practitioner as the clinic has them now."""

    name: str
    location_id: UUID | None
    specialty_ids: frozenset[UUID]
    version: int


def listed(session: Session, ids: Collection[UUID]) -> dict[UUID, Listed]:
    """Those of these practitioners who are there, with what an import could bring up to date."""
    has: dict[UUID, set[UUID]] = {}
    links = sa.select(_PS.c.practitioner_id, _PS.c.specialty_id)
    for who, specialty_id in session.execute(links.where(_PS.c.practitioner_id.in_(ids))):
        has.setdefault(who, set()).add(specialty_id)
    chosen = sa.select(_P.c.id, _P.c.name, _P.c.location_id, _P.c.version).where(_P.c.id.in_(ids))
    return {
        who: Listed(name, location_id, frozenset(has.get(who, ())), version)
        for who, name, location_id, version in session.execute(chosen)
    }


def licences(session: Session, numbers: Collection[str]) -> dict[str, UUID]:
    """Who has these licence numbers: somebody may have registered before the directory came."""
    chosen = sa.select(_P.c.licence_number, _P.c.id).where(_P.c.licence_number.in_(numbers))
    return {row.licence_number: row.id for row in session.execute(chosen)}


def specialty_ids(session: Session) -> dict[str, UUID]:
    """The clinic's specialties by everything that they are called: code, name, plain words."""
    found: dict[str, UUID] = {}
    rows = session.execute(
        sa.select(_SPECIALTY.c.id, _SPECIALTY.c.code, _SPECIALTY.c.name, _SPECIALTY.c.synonyms)
    )
    for specialty_id, code, name, synonyms in rows.all():
        for word in (code, name, *synonyms.split(",")):
            found.setdefault(word.strip().casefold(), specialty_id)
    return found


def add_specialties(session: Session, named: Iterable[tuple[str, str]]) -> None:
    """Add specialties that the clinic did not have: (code, name)."""
    rows = ({"id": specialty_id(code), "code": code, "name": name} for code, name in named)
    insert(session, Specialty, ({**row, "synonyms": ""} for row in rows))


def specialty_id(code: str) -> UUID:
    """The id of a specialty that came with an import."""
    return named_id("import", "specialty", code)


def add_places(session: Session, places: Collection[Place], mapping: DirectoryMapping) -> int:
    """Add the locations that are not there yet; returns how many those were."""
    ids = {place.location_id for place in places}
    there = set(session.scalars(sa.select(_LOCATION.c.id).where(_LOCATION.c.id.in_(ids))))
    new = {place.location_id: place for place in places if place.location_id not in there}
    insert(session, Location, (_location(place, mapping) for place in new.values()))
    return len(new)


def visit_type_id(session: Session, name: str, minutes: int) -> UUID | None:
    """The clinic's visit type of this name and length."""
    same = sa.select(_SERVICE.c.id).where(_SERVICE.c.name == name, _SERVICE.c.minutes == minutes)
    return session.scalars(same.limit(1)).first()


def add_visit_type(session: Session, name: str, minutes: int) -> UUID:
    """Add the visit type that everybody in the file offers."""
    made = Service(id=named_id("import", "service", name, minutes), name=name, minutes=minutes)
    session.add(made)
    session.flush()
    return made.id


@dataclass(frozen=True, slots=True)
class NewListing:
    """An entry, with what the clinic's own rows make of it."""

    entry: Entry
    slug: str
    specialty_id: UUID
    service_id: UUID


def add(
    session: Session,
    new: Sequence[NewListing],
    mapping: DirectoryMapping,
    *,
    now: datetime,
    locked: str,
) -> None:
    """Add practitioners with account, specialty, offer and the hours that the mapping says.

    ``locked`` is the hash of a password that nobody knows.
    """
    accounts = (_account(each.entry, mapping, now) for each in new)
    insert(session, User, ({**account, "password_hash": locked} for account in accounts))
    insert(session, Practitioner, (_practitioner(each, mapping, now) for each in new))
    insert(session, PractitionerSpecialty, (_specialty(each) for each in new))
    insert(session, ServiceOffer, (_offer(each, mapping) for each in new))
    if (office := mapping.office) is not None:
        insert(session, PractitionerSchedule, (_schedule(each) for each in new))
        hours = (row for each in new for row in _hours(each, mapping, office))
        insert(session, AvailableTime, hours)


def bring_up_to_date(session: Session, changed: Sequence[NewListing]) -> None:
    """Give these practitioners the name, address and specialty of the file."""
    for each in changed:
        who = each.entry.practitioner_id
        values = {"name": each.entry.name, "location_id": each.entry.place.location_id}
        session.execute(sa.update(_P).where(_P.c.id == who).values(**values))
        session.execute(sa.delete(_PS).where(_PS.c.practitioner_id == who))
    insert(session, PractitionerSpecialty, (_specialty(each) for each in changed))


def slugs(session: Session) -> set[str]:
    """Every public address of a practitioner."""
    return set(session.scalars(sa.select(_P.c.slug)))


def _location(place: Place, mapping: DirectoryMapping) -> Row:
    return {
        "id": place.location_id,
        "name": place.name,
        "address": place.address,
        "city": place.city,
        "postcode": place.postcode,
        "country": mapping.country,
        "zone": mapping.zone,
        "phone": "",
    }


def _account(entry: Entry, mapping: DirectoryMapping, now: datetime) -> Row:
    return {
        "id": _user_id(entry),
        "email": f"{entry.key.casefold()}@{mapping.source}.invalid",
        "email_verified_at": None,
        "role": Role.PRACTITIONER,
        "status": AccountStatus.ACTIVE,
        "suspended_reason": "",
        "name": entry.name,
        "locale": "en",
        "created_at": now,
    }


def _practitioner(each: NewListing, mapping: DirectoryMapping, now: datetime) -> Row:
    entry = each.entry
    return {
        "id": entry.practitioner_id,
        "user_id": _user_id(entry),
        "slug": each.slug,
        "name": entry.name,
        "phone": "",
        "qualifications": "",
        "licence_number": entry.key,
        "years_of_experience": 0,
        "languages": "en",
        "biography": "",
        "fee_minor": mapping.fee.minor,
        "fee_currency": mapping.fee.currency,
        "location_id": entry.place.location_id,
        "status": ApprovalStatus.APPROVED,
        "decision_reason": "",
        "decided_at": now,
        "decided_by": None,
        "applied_at": now,
        "picture_id": None,
        "version": 1,
    }


def _specialty(each: NewListing) -> Row:
    return {"practitioner_id": each.entry.practitioner_id, "specialty_id": each.specialty_id}


def _offer(each: NewListing, mapping: DirectoryMapping) -> Row:
    return {
        "practitioner_id": each.entry.practitioner_id,
        "service_id": each.service_id,
        "fee_minor": mapping.fee.minor,
        "fee_currency": mapping.fee.currency,
        "position": 1,
    }


def _schedule(each: NewListing) -> Row:
    who = each.entry.practitioner_id
    # Nobody answers for them yet, so nothing is booked without being asked for.
    return {"practitioner_id": who, "booking_mode": BookingMode.REQUEST, "version": 1}


def _hours(each: NewListing, mapping: DirectoryMapping, office: WeeklyOffice) -> Iterable[Row]:
    who, place = each.entry.practitioner_id, each.entry.place
    for weekday in office.weekdays:
        yield {
            "id": named_id("import", "hours", who, weekday),
            "practitioner_id": who,
            "location_id": place.location_id,
            "zone": mapping.zone,
            "weekday": weekday,
            "opens": office.opens,
            "closes": office.closes,
            "valid_from": None,
            "valid_until": None,
        }


def _user_id(entry: Entry) -> UUID:
    return named_id("import", "account", entry.practitioner_id)
