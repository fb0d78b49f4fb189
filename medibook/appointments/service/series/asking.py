"""What a series asks of the calendar: for whom, its dates, and all that decides them, in one look."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.rules import SeriesByRequest
from medibook.appointments.rules.series import (
    FARTHEST,
    REACH,
    Occurrence,
    dates,
    occurrences,
    problems_of_rule,
)
from medibook.appointments.schemas.series import SeriesWish
from medibook.clinic import service as clinic
from medibook.clinic.rules import ServiceNotOffered
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.actor import Actor, Role
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.kernel.words import N_
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import NotBookable, Reason, TooFar, open_time
from medibook.scheduling.rules.reasons import Grounds, obstacles
from medibook.scheduling.schemas import BookingMode, Obstacle
from medibook.scheduling.service.ahead import Ahead, Sight, look_ahead
from medibook.scheduling.service.openings import Viewer

NEARBY = timedelta(days=3)
MOST_COLLEAGUES = 6
_LOOKED_AT = 40
GAP = N_("The clocks change that night: this time does not exist on that day.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish for a series, and everything that decides it."""

    wish: SeriesWish
    patient_id: UUID
    service: ServiceCard
    policy: ClinicPolicy
    zone: str
    dates: tuple[Occurrence, ...]
    sight: Sight
    in_full: bool


def whom(uow: UnitOfWork, wish: SeriesWish) -> UUID:
    """For whom the actor may book this series. Raises NotFound, Forbidden."""
    actor, wished = uow.actor, wish.patient_id
    if actor.role is Role.PATIENT:
        wished = wished or actor.patient_id
        if wished is None or not people.may_act_for(uow, wished):
            raise NotFound
        return wished
    if wished is None or (
        actor.role is Role.PRACTITIONER
        and not (
            wish.first.practitioner_id == actor.practitioner_id
            and access.has_been_seen_by(uow, wished, actor.practitioner_id)
        )
    ):
        raise Forbidden
    if wished not in people.contacts(uow, [wished]):
        raise NotFound
    return wished


def ask(uow: UnitOfWork, wish: SeriesWish, *, colleagues: Collection[UUID] = ()) -> Asked:
    """Look at the calendar once, for the whole series; and at those of colleagues who were chosen.

    Raises:
        Invalid: the rule cannot be kept. NotBookable, ServiceNotOffered.
        SeriesByRequest: a patient's own series with a practitioner who confirms each visit.
        TooFar: a patient's first visit is beyond the horizon, which binds it as any single visit.
    """
    first, patient_id = wish.first, whom(uow, wish)
    services, policy = _services(uow, wish, colleagues)
    if uow.actor.role is Role.PATIENT and first.starts_at > uow.now + policy.horizon:
        raise TooFar
    policy, viewer = for_series(policy, uow.actor), Viewer(patient_id)
    sight = look_ahead(uow, services, _span(wish), policy=policy, viewer=viewer)
    zone = zone_at(sight.ahead[first.practitioner_id], wish)
    first_day = first.starts_at.astimezone(ZoneInfo(zone)).date()
    if problems := problems_of_rule(wish.rule, first_day):
        raise Invalid(problems)
    return Asked(
        wish=wish,
        patient_id=patient_id,
        service=services[first.practitioner_id],
        policy=policy,
        zone=zone,
        dates=occurrences(wish.rule, first.starts_at, zone),
        sight=sight,
        in_full=uow.actor.role is not Role.PATIENT,
    )


def _services(
    uow: UnitOfWork, wish: SeriesWish, colleagues: Collection[UUID]
) -> tuple[dict[UUID, ServiceCard], ClinicPolicy]:
    """The visit type as each of these offers it, if each of them can be booked for a series."""
    own, service_id = wish.first.practitioner_id, wish.first.service_id
    everybody = {own, *colleagues}
    if people.bookable(uow, everybody) != everybody:
        raise NotBookable
    if uow.actor.role is Role.PATIENT:
        modes = scheduling.booking_modes(uow, list(everybody))
        if BookingMode.REQUEST in modes.values():
            raise SeriesByRequest(phone=uow.settings.clinic_phone)
    service, policy = clinic.service_and_policy(uow, own, service_id)
    services = {own: service, **offers_of(uow, colleagues, service_id)}
    if len(services) < len(everybody):
        raise ServiceNotOffered
    return services, policy


def _span(wish: SeriesWish) -> Interval:
    """From before the first visit until after the last, whatever the zone."""
    start = wish.first.starts_at
    days = [*dates(wish.rule, start.date()), start.date()]
    return Interval(start - NEARBY, start + (max(days) - start.date()) + NEARBY + timedelta(days=1))


def look_at_colleagues(
    uow: UnitOfWork, asked: Asked, window: Interval
) -> tuple[dict[UUID, ServiceCard], dict[UUID, Ahead]]:
    """Those who could see the patient instead, and their time in the window, the nearest place first."""
    first = asked.wish.first
    known = people.colleagues(uow, first.practitioner_id, limit=_LOOKED_AT)
    offers = offers_of(uow, known, first.service_id)
    if uow.actor.role is Role.PATIENT and offers:
        modes = scheduling.booking_modes(uow, list(offers))
        offers = {key: card for key, card in offers.items() if modes[key] is BookingMode.INSTANT}
    offers = dict(list(offers.items())[:MOST_COLLEAGUES])
    if not offers:
        return {}, {}
    viewer = Viewer(asked.patient_id)
    return offers, look_ahead(uow, offers, window, policy=asked.policy, viewer=viewer).ahead


def for_series(policy: ClinicPolicy, actor: Actor) -> ClinicPolicy:
    """The rules as they are for a series: it reaches further than one visit, for the clinic further yet."""
    if actor.role is Role.PATIENT:
        return policy.model_copy(update={"horizon": max(policy.horizon, REACH)})
    return policy.model_copy(update={"horizon": FARTHEST, "minimum_notice": timedelta(0)})


def obstacle_of(asked: Asked, reason: Reason | None) -> Obstacle:
    """What stands against a date, in words; None: the clocks leave its wall time out."""
    if reason is None:
        return Obstacle(Reason.CLOSED, GAP, GAP if asked.in_full else "")
    return word_of(reason, asked.wish.first.starts_at, asked.policy, in_full=asked.in_full)


def word_of(
    reason: Reason, starts_at: datetime, policy: ClinicPolicy, *, in_full: bool
) -> Obstacle:
    """One reason in words; a list of dates says what it is, not whose."""
    minute = Interval(starts_at, starts_at + timedelta(minutes=1))
    grounds = Grounds(time=minute, zone="UTC", policy=policy)
    return obstacles([reason], grounds, in_full=in_full)[0]


def zone_at(ahead: Ahead, wish: SeriesWish) -> str:
    """On whose wall the rule is meant: that of the location where the first visit would be."""
    hours = ahead.openings.plan.hours
    visit = Interval(wish.first.starts_at, wish.first.starts_at + timedelta(minutes=1))
    there = (zone for _, _, zone in open_time(hours, visit))
    return next(there, None) or next((rule.zone for rule in hours), "UTC")


def offers_of(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], service_id: UUID
) -> dict[UUID, ServiceCard]:
    """The visit type as each of these practitioners offers it; who does not is absent."""
    if not practitioner_ids:
        return {}
    offered = clinic.services_by_practitioner(uow, practitioner_ids)
    return {
        key: card
        for key in practitioner_ids
        for card in offered.get(key, ())
        if card.service_id == service_id
    }
