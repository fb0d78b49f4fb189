"""Every date of a series before anything is written: it can be had, or why not and what else could."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments.rules.series import Occurrence
from medibook.appointments.schemas.series import (
    OtherTime,
    SeriesDate,
    SeriesPreview,
    SeriesWish,
)
from medibook.appointments.service.series.asking import (
    NEARBY,
    Asked,
    ask,
    look_at_colleagues,
    obstacle_of,
)
from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard, ServiceCard
from medibook.kernel.actor import patient, practitioner, staff
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.people.schemas import PractitionerProfile
from medibook.scheduling.rules import Reason, Slot
from medibook.scheduling.schemas import FreeTime, HeldSlot, SlotWish
from medibook.scheduling.service.ahead import Ahead

_ALTERNATIVES = 3
Verdict = HeldSlot | Reason | None


@query(allow=patient | practitioner | staff)
def preview_series(uow: UnitOfWork, *, wish: SeriesWish) -> SeriesPreview:
    """Every date of a series, each with ``ok`` or why not and the three nearest other times.

    Raises:
        Invalid: the rule cannot be kept. NotBookable, ServiceNotOffered, SeriesByRequest, NotFound.
    """
    asked = ask(uow, wish)
    return preview_of(uow, asked, judged(uow, asked))


def judged(uow: UnitOfWork, asked: Asked) -> list[Verdict]:
    """What the calendar says to each date, one after the other; None where there is no such time."""
    wishes = (wish_on(asked, one) for one in asked.dates)
    return [
        None if wish is None else asked.sight.take(uow, wish, asked.patient_id) for wish in wishes
    ]


def wish_on(asked: Asked, one: Occurrence) -> SlotWish | None:
    """The time that is wished for on a date; None when the clocks leave it out."""
    if one.starts_at is None:
        return None
    return asked.wish.first.model_copy(update={"starts_at": one.starts_at})


@dataclass(slots=True)
class _Others:
    """Where else the patient could go: the same practitioner's time, then that of colleagues."""

    ahead: dict[UUID, Ahead]
    cards: dict[UUID, ServiceCard]
    spoken_for: list[Interval] = field(default_factory=list)

    def near(self, start: datetime, now: datetime) -> Iterator[tuple[UUID, Slot]]:
        """The nearest other times; each is proposed for one date alone."""
        found = 0
        for practitioner_id, ahead in self.ahead.items():
            slots = ahead.nearest(start, now, within=NEARBY, clear_of=self.spoken_for)
            for slot in slots[: _ALTERNATIVES - found]:
                found += 1
                self.spoken_for.append(Interval(slot.start, slot.end))
                yield practitioner_id, slot


def preview_of(
    uow: UnitOfWork, asked: Asked, verdicts: Sequence[Verdict], *, but: Sequence[HeldSlot] = ()
) -> SeriesPreview:
    """The list as people read it; ``but`` are times that were chosen already and are spoken for."""
    first = asked.wish.first
    others = _others(uow, asked, verdicts)
    others.spoken_for += [Interval(held.starts_at, held.ends_at) for held in but]
    profiles = people.practitioners(uow, others.ahead)
    near = [
        () if isinstance(verdict, HeldSlot) else tuple(others.near(wished_at(asked, one), uow.now))
        for one, verdict in zip(asked.dates, verdicts, strict=True)
    ]
    hours = asked.sight.ahead[first.practitioner_id].openings.plan.hours
    places = clinic.locations_by_id(uow, {rule.location_id for rule in hours})
    dates = tuple(
        _date(asked, one, verdict, places, _other_times(asked, found, others, profiles))
        for one, verdict, found in zip(asked.dates, verdicts, near, strict=True)
    )
    usual = next((date.location_id for date in dates if date.location_id), None)
    place = places.get(usual) if usual else next(iter(places.values()), None)
    return SeriesPreview(
        patient_name=people.contacts(uow, [asked.patient_id])[asked.patient_id].name,
        practitioner_id=first.practitioner_id,
        practitioner_name=profiles[first.practitioner_id].name,
        practitioner_slug=profiles[first.practitioner_id].slug,
        service_id=first.service_id,
        service_name=asked.service.name,
        length=asked.service.length,
        zone=asked.zone,
        location_name=place.name if place else "",
        location_address=place.street_and_town if place else "",
        is_video=asked.service.is_video,
        fee=asked.service.fee,
        cancel_cutoff=asked.policy.cancel_cutoff,
        late_cancel_allowed=asked.policy.late_cancel_allowed,
        rule=asked.wish.rule,
        dates=dates,
    )


def _others(uow: UnitOfWork, asked: Asked, verdicts: Sequence[Verdict]) -> _Others:
    """Colleagues are looked at when something cannot be had, and only where that is."""
    own = asked.wish.first.practitioner_id
    ahead, cards = {own: asked.sight.ahead[own]}, {own: asked.service}
    wanting = [
        wished_at(asked, one)
        for one, verdict in zip(asked.dates, verdicts, strict=True)
        if not isinstance(verdict, HeldSlot)
    ]
    if wanting:
        window = Interval(min(wanting) - NEARBY, max(wanting) + NEARBY + asked.service.length)
        offers, theirs = look_at_colleagues(uow, asked, window)
        ahead |= {key: theirs[key] for key in offers}
        cards |= offers
    chosen = [v for v in verdicts if isinstance(v, HeldSlot)]
    return _Others(ahead, cards, [Interval(v.starts_at, v.ends_at) for v in chosen])


def wished_at(asked: Asked, one: Occurrence) -> datetime:
    """When a date would be; where the clocks leave its time out, the moment of the change."""
    if one.starts_at is not None:
        return one.starts_at
    zone = ZoneInfo(asked.zone)
    reading = asked.wish.first.starts_at.astimezone(zone).time()
    return datetime.combine(one.day, reading, tzinfo=zone).astimezone(UTC)


def _date(
    asked: Asked,
    one: Occurrence,
    verdict: Verdict,
    places: dict[UUID, LocationCard],
    others: tuple[OtherTime, ...],
) -> SeriesDate:
    if isinstance(verdict, HeldSlot):
        return SeriesDate(
            place=one.place,
            day=one.day,
            starts_at=verdict.starts_at,
            ends_at=verdict.ends_at,
            location_id=verdict.location_id,
            location_name=places[verdict.location_id].name,
        )
    return SeriesDate(
        place=one.place,
        day=one.day,
        starts_at=one.starts_at,
        obstacle=obstacle_of(asked, verdict),
        others=others,
    )


def _other_times(
    asked: Asked,
    found: Sequence[tuple[UUID, Slot]],
    others: _Others,
    profiles: dict[UUID, PractitionerProfile],
) -> tuple[OtherTime, ...]:
    own, service_id = asked.wish.first.practitioner_id, asked.wish.first.service_id
    return tuple(
        OtherTime(
            time=FreeTime(
                practitioner_id=key,
                service_id=service_id,
                location_id=slot.location_id,
                starts_at=slot.start,
                ends_at=slot.end,
                zone=slot.zone,
                comes_twice=slot.comes_twice,
            ),
            practitioner_name=profiles[key].name,
            fee=others.cards[key].fee,
            same_practitioner=key == own,
        )
        for key, slot in found
    )
