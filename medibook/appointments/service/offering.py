"""Other times instead of the one that was asked for: offered, each kept, one taken, or none.

A visit that is *proposed* stands at one of the offered times itself, at the one that can be taken
longest, and so occupies its time like every active visit; the others are kept by holds that belong
to it. The time that was asked for is given back when others are offered: whoever still wants to
leave it to the patient offers it again, among the three.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import OffersDeclined, OfferTaken, TimesOffered
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.answering import check_open
from medibook.appointments.service.cards import card
from medibook.appointments.service.changing import close, put
from medibook.appointments.tables import Appointment
from medibook.clinic import service as clinic
from medibook.kernel.actor import patient, practitioner, staff
from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.rules.refusals import NotBookable, SlotTaken
from medibook.scheduling.schemas import FreeTime, Obstacle, SlotWish

_YEARS = range(2000, 2200)
_LONGEST_LOOK = timedelta(days=31)


@query(allow=practitioner | staff)
def offerable_times(
    uow: UnitOfWork, *, appointment_id: UUID, start: datetime, end: datetime
) -> tuple[FreeTime, ...]:
    """The times in a stretch that can be offered for a request, also the one that was asked for."""
    visit = access.find(uow, appointment_id, to=Action.SEE)
    window = Interval(max(start, uow.now), max(uow.now, min(end, start + _LONGEST_LOOK)))
    viewer = scheduling.Viewer(visit.patient_id, visit.id)
    return scheduling.offerable_times(
        uow, asked=_wish(visit, visit.starts_at), viewer=viewer, window=window
    )


@query(allow=practitioner | staff)
def against_offer(
    uow: UnitOfWork, *, appointment_id: UUID, start: datetime
) -> tuple[Obstacle, ...]:
    """What stands against offering this time for a request, in the clinic's words; () when nothing does."""
    visit = access.find(uow, appointment_id, to=Action.SEE)
    viewer = scheduling.Viewer(visit.patient_id, visit.id)
    return scheduling.against_offer(uow, wish=_wish(visit, start), viewer=viewer)


@use_case(allow=practitioner | staff)
def offer_other_times(
    uow: UnitOfWork,
    *,
    appointment_id: UUID,
    times: Sequence[datetime],
    version: int,
    note: str = "",
) -> AppointmentCard:
    """Offer one to three other times for a request; each is kept until it is taken or lapses.

    The time that was asked for is free again, unless it is among them. The same offer sent twice
    is made once.

    Raises:
        TimeNotFree: one of the times cannot be had; nothing was offered.
        AlreadyAnswered, Conflict: somebody was faster, or the request has changed.
        Invalid: no time, more than three, two that overlap, or too long a note.
    """
    visit = access.find(uow, appointment_id, to=Action.OFFER)
    starts, said = rules.offered_starts(times), rules.tidy_reason(note)
    if visit.version == version + 1 and _offers(uow, visit) == starts:
        return card(uow, visit)
    check_open(uow, visit)
    if visit.version != version:
        raise Conflict
    asked = Interval(visit.starts_at, visit.ends_at)
    _keep(uow, visit, starts)
    _write(uow, visit, AppointmentStatus.PROPOSED, was=asked, reason=said)
    if asked.start not in starts:
        uow.record(SlotFreed(visit.practitioner_id, asked.start, asked.end))
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(TimesOffered(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return card(uow, visit)


@use_case(allow=patient | staff)
def take_offered_time(uow: UnitOfWork, *, appointment_id: UUID, offer_id: UUID) -> AppointmentCard:
    """Take one of the offered times: the visit is booked there, on the terms that were agreed.

    The other times are free again. Taking it twice books once. ``offer_id`` is the hold of the
    time, or the visit itself for the time at which it stands.

    Raises:
        AlreadyChosen: another of the times was taken first. OfferGone: it has lapsed.
        NotOpen: the visit is cancelled. NotBookable: the practitioner has left meanwhile.
    """
    visit = access.find(uow, appointment_id, to=Action.CHOOSE)
    if visit.status is not AppointmentStatus.PROPOSED:
        return _taken_before(uow, visit, offer_id)
    if visit.lapses_at is None or visit.lapses_at <= uow.now:
        raise rules.OfferGone  # the job that ends it has only not come round yet
    if not people.is_bookable(uow, visit.practitioner_id):
        raise NotBookable
    before = Interval(visit.starts_at, visit.ends_at)
    if offer_id == visit.id:
        visit.version += 1
    else:
        _go_to(uow, visit, offer_id)
        uow.record(SlotFreed(visit.practitioner_id, before.start, before.end))
    visit.lapses_at = None
    _write(uow, visit, AppointmentStatus.BOOKED, was=before)
    scheduling.let_offers_go(uow, visit.id)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(OfferTaken(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return card(uow, visit)


@use_case(allow=patient)
def decline_offers(uow: UnitOfWork, *, appointment_id: UUID, reason: str = "") -> AppointmentCard:
    """Want none of the offered times: all are free again, and nothing is booked. Twice does no harm.

    Raises:
        AlreadyChosen: one of them was taken already. NotOpen: the visit is cancelled by the clinic.
    """
    visit = access.find(uow, appointment_id, to=Action.CHOOSE)
    said = rules.tidy_reason(reason)
    if visit.status is AppointmentStatus.CANCELLED and visit.cancelled_by_patient:
        return card(uow, visit)
    if visit.status is not AppointmentStatus.PROPOSED:
        raise _no_longer(visit)
    close(uow, visit, by_patient=True, reason=said)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(OffersDeclined(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return card(uow, visit)


def _keep(uow: UnitOfWork, visit: Appointment, starts: Sequence[datetime]) -> None:
    """Take the offered times in the place of the one that was asked for."""
    service, policy = clinic.service_and_policy(uow, visit.practitioner_id, visit.service_id)
    apart = service.buffer_before + service.length + service.buffer_after
    if any(later - earlier < apart for earlier, later in pairwise(starts)):
        raise Invalid({"times": N_("Two of these times overlap. Please choose others.")})
    until = {
        start: rules.lapses_at(starts_at=start, now=uow.now, policy=policy) for start in starts
    }
    stands = max(starts, key=lambda start: (until[start], start))
    scheduling.vacate(uow, visit.id)
    try:
        held = scheduling.judge_offer(uow, wish=_wish(visit, stands), patient_id=visit.patient_id)
        scheduling.occupy(uow, appointment_id=visit.id, held=held)
        for start in starts:
            if start != stands:
                scheduling.keep_offer(
                    uow,
                    wish=_wish(visit, start),
                    patient_id=visit.patient_id,
                    appointment_id=visit.id,
                    until=until[start],
                )
    except SlotTaken as taken:
        raise rules.TimeNotFree from taken
    put(uow, visit, held)
    visit.lapses_at = until[stands]


def _go_to(uow: UnitOfWork, visit: Appointment, offer_id: UUID) -> None:
    """Let the visit be at another of its offered times. Raises OfferGone."""
    scheduling.vacate(uow, visit.id)
    held = scheduling.take_offer(uow, hold_id=offer_id, appointment_id=visit.id)
    if held is None:
        raise rules.OfferGone
    put(uow, visit, held)


def _write(
    uow: UnitOfWork,
    visit: Appointment,
    status: AppointmentStatus,
    *,
    was: Interval,
    reason: str = "",
) -> None:
    """Let the visit go on to this status, and write down from where and from when."""
    before, visit.status = visit.status, status
    access.write_history(
        uow,
        visit,
        from_status=before.value,
        from_start=was.start,
        from_end=was.end,
        reason=reason,
    )


def _taken_before(uow: UnitOfWork, visit: Appointment, offer_id: UUID) -> AppointmentCard:
    """The visit, if exactly this time was taken before; else the refusal that says what came first."""
    if visit.status is AppointmentStatus.BOOKED and scheduling.was_offered_at(
        uow, offer_id, visit.id, visit.starts_at
    ):
        return card(uow, visit)
    raise _no_longer(visit)


def _no_longer(visit: Appointment) -> Conflict:
    is_off = visit.status is AppointmentStatus.CANCELLED
    return rules.NotOpen() if is_off else rules.AlreadyChosen()


def _offers(uow: UnitOfWork, visit: Appointment) -> tuple[datetime, ...]:
    """When the times are that a visit is proposed for; () when it is not."""
    if visit.status is not AppointmentStatus.PROPOSED:
        return ()
    kept = scheduling.offers_of(uow, [visit.id]).get(visit.id, ())
    return tuple(sorted([visit.starts_at, *(offer.starts_at for offer in kept)]))


def _wish(visit: Appointment, start: datetime) -> SlotWish:
    if start.year not in _YEARS:
        raise Invalid({"times": N_("Please check the year.")})
    return SlotWish(
        practitioner_id=visit.practitioner_id, service_id=visit.service_id, starts_at=start
    )
