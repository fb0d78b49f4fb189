"""An application in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from medibook.kernel.money import Money
from medibook.people.schemas import PractitionerProfile
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody claims, its words made."""

    key: str
    version: int
    name: str
    status: str
    is_asked: bool
    question: str
    since: str
    email: str
    phone: str
    specialties: str
    qualifications: str
    licence: str
    experience: str
    languages: str
    location: str
    fee: str
    biography: str


def application_of(
    _: Translator,
    claimed: PractitionerProfile,
    kinds: dict[UUID, str],
    places: dict[UUID, str],
    now: datetime,
) -> Application:
    """One application, its words made."""
    years = claimed.years_of_experience
    place = places.get(claimed.location_id, "") if claimed.location_id else ""
    return Application(
        key=str(claimed.practitioner_id),
        version=claimed.version,
        name=claimed.name,
        status=_("Asked back") if claimed.status == "asked" else _("Waits for you"),
        is_asked=claimed.status == "asked",
        question=claimed.decision_reason,
        since=_("Applied {when}", when=_.relative(claimed.applied_at, now)),
        email=claimed.email,
        phone=claimed.phone,
        specialties=_.listed(kinds[each] for each in claimed.specialty_ids),
        qualifications=claimed.qualifications,
        licence=claimed.licence_number,
        experience=_.plural("{count} year in practice", "{count} years in practice", years),
        languages=_.listed(_.language(code) for code in claimed.languages),
        location=place or _("Not decided yet"),
        fee=_.money(Money(claimed.fee_minor, claimed.fee_currency)),
        biography=claimed.biography,
    )
