"""Result cards: what stands on them besides the times."""

from collections.abc import Sequence
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard, ServiceCard
from medibook.directory.access.candidates import Candidate
from medibook.directory.rules import meaning
from medibook.directory.schemas import ResultCard
from medibook.directory.service.understanding import Understood
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.schemas import FreeTime

Shown = tuple[Candidate, ServiceCard, tuple[FreeTime, ...]]


def cards_of(uow: UnitOfWork, asked: Understood, shown: Sequence[Shown]) -> tuple[ResultCard, ...]:
    """The cards of one page, in the order given; one look, however many."""
    works_at = [[UUID(hex=place) for place in _words(row.locations)] for row, _, _ in shown]
    found = clinic.locations_by_id(uow, {place for places in works_at for place in places})
    return tuple(
        _card(asked, each, sorted((found[i] for i in places if i in found), key=_name))
        for each, places in zip(shown, works_at, strict=True)
    )


def _name(place: LocationCard) -> str:
    return place.name


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _card(asked: Understood, shown: Shown, places: list[LocationCard]) -> ResultCard:
    row, service, times = shown
    far = [asked.kilometres[p.location_id] for p in places if p.location_id in asked.kilometres]
    codes = _words(row.specialties)
    return ResultCard(
        practitioner_id=row.practitioner_id,
        slug=row.slug,
        name=row.name,
        specialties=tuple(card for card in asked.known if card.code in codes),
        locations=tuple(place for place in places if not place.is_retired),
        languages=tuple(_words(row.languages)),
        picture_id=row.picture_id,
        service=service,
        next_times=times[: meaning.CHIPS],
        more_times=len(times) > meaning.CHIPS,
        accepts_new=row.accepts_new,
        has_video=row.has_video,
        kilometres=min(far, default=None),
        rating=row.rating,
        reviews=row.reviews,
    )
