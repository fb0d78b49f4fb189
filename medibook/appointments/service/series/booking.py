"""From a list of dates to booked visits: all in one transaction, or nothing."""

from typing import Any
from zoneinfo import ZoneInfo

from medibook.appointments import access, rules
from medibook.appointments.events import SeriesBooked, SeriesVisitBooked
from medibook.appointments.rules.series import SeriesConflict, rrule_of
from medibook.appointments.schemas.series import NewSeries, SeriesCard, SeriesMode
from medibook.appointments.service.booking import columns_of
from medibook.appointments.service.series.asking import NEARBY, Asked, ask, whom
from medibook.appointments.service.series.previewing import (
    Verdict,
    judged,
    preview_of,
    wish_on,
    wished_at,
)
from medibook.appointments.service.series.reading import series_card
from medibook.appointments.tables import AppointmentSeries
from medibook.kernel.actor import Role, patient, practitioner, staff
from medibook.kernel.errors import Forbidden
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import HeldSlot
from medibook.scheduling.service.ahead import clear_for_all, lock_all


@use_case(allow=patient | practitioner | staff)
def book_series(uow: UnitOfWork, *, new: NewSeries) -> SeriesCard:
    """Book a series; every date is judged anew, and whatever was not read leaves nothing booked.

    ``ALL_OR_NOTHING`` refuses when one date cannot be had; ``SKIP`` and ``REPLACE`` leave dates out.
    A date that the reader did not know to be left out, and a chosen time that is gone, refuse too.
    The same booking key gives the same series again.

    Raises:
        SeriesConflict: with the list as it is now. TooFewDates: nothing worth a series is left.
        Invalid, TooManyVisits, TermsChanged, NotBookable, ServiceNotOffered, SeriesByRequest.
    """
    patient_id = whom(uow, new.wish)
    if uow.actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    chosen = {choice.place: choice.time for choice in new.choices}
    if any(time.service_id != new.wish.first.service_id for time in chosen.values()):
        raise SeriesConflict
    whose = {new.wish.first.practitioner_id, *(time.practitioner_id for time in chosen.values())}
    uow.lock(uow.actor.user_id)  # one key may come twice, for two patients
    lock_all(uow, patient_id, list(whose))
    if (known := access.of_series_key(uow, new.booking_key)) is not None:
        return series_card(uow, access.find_series(uow, known))
    asked = ask(uow, new.wish, colleagues=whose - {new.wish.first.practitioner_id})
    _check_terms(uow, new, asked)
    _check_choices(new, asked)
    visits = _settled(uow, new, asked)
    clear_for_all(uow, asked.sight.in_the_way, list(visits.values()))
    series = access.add_series(uow, _columns(uow, new, asked))
    try:
        for place, held in visits.items():
            _book(uow, new, asked, series, (place, held))
    except SlotTaken as taken:  # what the rules missed, the database has seen
        raise SeriesConflict from taken
    uow.audit("series", series.id, patient_id=patient_id)
    uow.record(SeriesBooked(series.id, series.practitioner_id, series.patient_id, series.version))
    return series_card(uow, series)


def _settled(uow: UnitOfWork, new: NewSeries, asked: Asked) -> dict[int, HeldSlot]:
    """The time of each place that will be booked. Raises SeriesConflict, TooFewDates."""
    chosen = {choice.place: choice.time for choice in new.choices}
    verdicts: dict[int, Verdict] = {}
    for one in asked.dates:
        wish = chosen.get(one.place) or wish_on(asked, one)
        if new.mode is SeriesMode.ALL_OR_NOTHING or one.place not in (new.left_out or ()):
            seen = None if wish is None else asked.sight.take(uow, wish, asked.patient_id)
            verdicts[one.place] = seen
    refused = {place for place, said in verdicts.items() if not isinstance(said, HeldSlot)}
    known = refused if new.left_out is None else new.left_out
    if refused & chosen.keys() or not refused <= known or _must_have_all(new, refused):
        again = ask(uow, new.wish)
        raise SeriesConflict(preview_of(uow, again, judged(uow, again)).dates)
    visits = {place: said for place, said in verdicts.items() if isinstance(said, HeldSlot)}
    if len(visits) < 2:
        raise rules.TooFewDates
    return visits


def _must_have_all(new: NewSeries, refused: set[int]) -> bool:
    return new.mode is SeriesMode.ALL_OR_NOTHING and bool(refused)


def _check_terms(uow: UnitOfWork, new: NewSeries, asked: Asked) -> None:
    if new.agreed_fee not in (None, asked.service.fee):
        raise rules.TermsChanged
    if uow.actor.role is Role.PATIENT:
        rules.check_may_book(
            open_visits=access.count_open(uow, asked.patient_id),
            policy=asked.policy,
            phone=uow.settings.clinic_phone,
        )


def _check_choices(new: NewSeries, asked: Asked) -> None:
    """Raise SeriesConflict when a time was chosen that is none of those around its date.

    A series counts as one visit among a patient's open ones: it must not become a doctor's whole day.
    """
    dates = {one.place: wished_at(asked, one) for one in asked.dates}
    for place, time in ((choice.place, choice.time) for choice in new.choices):
        if place not in dates or abs(time.starts_at - dates[place]) > NEARBY:
            raise SeriesConflict


def _columns(uow: UnitOfWork, new: NewSeries, asked: Asked) -> dict[str, Any]:
    first = new.wish.first
    first_day = first.starts_at.astimezone(ZoneInfo(asked.zone)).date()
    return {
        "patient_id": asked.patient_id,
        "practitioner_id": first.practitioner_id,
        "service_id": first.service_id,
        "rule": rrule_of(new.wish.rule, first_day),
        "wall_start": rules.wall_start(first.starts_at, asked.zone),
        "zone": asked.zone,
        "booked_by": uow.actor.user_id,
        "booking_key": new.booking_key,
    }


def _book(
    uow: UnitOfWork,
    new: NewSeries,
    asked: Asked,
    series: AppointmentSeries,
    visit: tuple[int, HeldSlot],
) -> None:
    """Write one visit of the series; its row is that of any visit, and says nothing of the others."""
    place, held = visit
    card = asked.sight.ahead[held.practitioner_id].openings.service
    terms = rules.terms_of(
        starts_at=held.starts_at, fee=card.fee, by_request=False, policy=asked.policy
    )
    row = access.add(uow, columns_of(uow, held, terms, asked.policy, reason=new.reason.strip()))
    scheduling.occupy(uow, appointment_id=row.id, held=held)
    day = asked.dates[place - 1].day
    reading = series.wall_start[-5:]
    access.place_in_series(uow, series.id, row.id, place=place, wall_start=f"{day}T{reading}")
    uow.record(SeriesVisitBooked(row.id, row.practitioner_id, row.patient_id, row.version))
