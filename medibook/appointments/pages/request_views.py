"""Requests, offers and answers in the practitioner's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.inbox import (
    AnsweredRequest,
    Beside,
    Clash,
    Outcome,
    RequestCard,
    Stand,
)
from medibook.scheduling.schemas import FreeTime, Obstacle
from medibook.ui.components import SlotChip, SlotDay
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class StandView:
    """One line of the day beside a request; ``look`` is the name of its drawing."""

    key: str
    span: str
    words: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as its practitioner reads it."""

    key: str
    when: str
    zone: str
    patient: str
    born: str
    phone: str
    phone_href: str
    service: str
    place: str
    is_video: bool
    reason: str
    waits: str
    answer_by: str
    known: str
    version: int
    day: str
    day_title: str
    around: list[StandView] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedView:
    """An offer that a patient has not answered yet."""

    key: str
    patient: str
    service: str
    times: str
    answer_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredView:
    """A request that waits no longer."""

    key: str
    patient: str
    when: str
    words: str
    tone: str
    answered: str


_CLASHES = {
    Clash.AWAY: N_("You are away at this time."),
    Clash.CLOSED: N_("This time lies outside your opening hours."),
}
_STANDS = {
    Beside.REQUEST: N_("Request: {who}"),
    Beside.VISIT: N_("Visit: {who}"),
    Beside.HELD: N_("Kept for somebody"),
    Beside.AWAY: N_("Away"),
    Beside.ASKED: N_("This request"),
}
_OUTCOMES = {
    Outcome.ACCEPTED: (N_("Accepted"), "teal"),
    Outcome.DECLINED: (N_("Declined"), "slate"),
    Outcome.WITHDRAWN: (N_("Taken back by the patient"), "slate"),
    Outcome.LAPSED: (N_("Lapsed: nobody answered in time"), "coral"),
    Outcome.OFFER_TAKEN: (N_("An offered time was taken"), "teal"),
    Outcome.OFFER_DECLINED: (N_("None of the offered times was wanted"), "slate"),
    Outcome.OFFER_LAPSED: (N_("Lapsed: the patient has not answered"), "amber"),
}


def request_view(_: Translator, request: RequestCard, now: datetime) -> RequestView:
    """A request, with its day beside it."""
    visit, zone = request.row.visit, ZoneInfo(request.row.visit.zone)
    by = visit.lapses_at
    born = date.fromisoformat(request.row.patient_birth_date)
    return RequestView(
        key=str(visit.appointment_id),
        when=_.long_moment(visit.starts_at, zone),
        zone=_("{city} time", city=_.zone_city(zone)),
        patient=visit.patient_name,
        born=_("born {day}", day=_.numeric_date(born)),
        phone=request.row.patient_phone,
        phone_href=f"tel:{request.row.patient_phone}",
        service=_(visit.service_name),
        place=visit.location_name,
        is_video=visit.is_video,
        reason=visit.reason,
        waits=_("Asked {when}", when=_.relative(request.asked_at, now)),
        answer_by=_("Lapses {when}", when=_.relative(by, now)) if by else "",
        known=_known(_, request.earlier_visits),
        version=visit.version,
        day=visit.starts_at.astimezone(zone).date().isoformat(),
        day_title=_.day(visit.starts_at, zone),
        around=[stand_view(_, stand, zone) for stand in request.around],
        clashes=[_(_CLASHES[clash]) for clash in request.clashes],
    )


def _known(_: Translator, visits: int) -> str:
    if not visits:
        return _("First visit with you")
    return _.plural("{count} earlier visit with you", "{count} earlier visits with you", visits)


def stand_view(_: Translator, stand: Stand, zone: ZoneInfo) -> StandView:
    """One stretch of the day: "09:30–10:00 Visit: Ada Abara"."""
    return StandView(
        key=f"{stand.what}-{stand.starts_at.isoformat()}",
        span=f"{_.time(stand.starts_at, zone)}–{_.time(stand.ends_at, zone)}",
        words=_(_STANDS[stand.what], who=stand.who),
        look=str(stand.what),
    )


def offered_view(_: Translator, visit: AppointmentCard, now: datetime) -> OfferedView:
    """An offer and how long it still stands."""
    times = [_.moment(offer.starts_at, ZoneInfo(offer.zone)) for offer in visit.offers]
    return OfferedView(
        key=str(visit.appointment_id),
        patient=visit.patient_name,
        service=_(visit.service_name),
        times=" · ".join(times),
        answer_by=_("Lapses {when}", when=_.relative(visit.lapses_at, now))
        if visit.lapses_at
        else "",
    )


def answered_view(_: Translator, answered: AnsweredRequest, now: datetime) -> AnsweredView:
    """What became of a request."""
    visit, (words, tone) = answered.visit, _OUTCOMES[answered.outcome]
    is_off = answered.outcome not in (Outcome.ACCEPTED, Outcome.OFFER_TAKEN)
    start = (is_off and visit.asked_for) or visit.starts_at
    return AnsweredView(
        key=str(visit.appointment_id),
        patient=visit.patient_name,
        when=_.moment(start, ZoneInfo(visit.zone)),
        words=_(words),
        tone=tone,
        answered=_.relative(answered.answered_at, now),
    )


def offer_days(
    _: Translator, free: Sequence[FreeTime], days: Sequence[date], chosen: Sequence[str]
) -> list[SlotDay]:
    """A compact board of what can be offered: times that do not overlap, the chosen ones marked."""
    by_day = {day: list(times) for day, times in groupby(free, key=_wall_day)}
    return [
        SlotDay(
            key=day.isoformat(),
            label=_.day(day),
            long_label=_.long_day(day),
            chips=[_chip(_, one, chosen) for one in _apart(by_day.get(day, []), chosen)],
        )
        for day in days
    ]


def start_key(start: datetime) -> str:
    """How the page names a start: its instant in whole seconds."""
    return str(int(start.timestamp()))


def obstacle_words(_: Translator, against: Sequence[Obstacle]) -> str:
    """Why a time cannot be offered, every reason in one line."""
    return " ".join(_(one.for_staff or one.for_patient, **one.facts) for one in against)


def _wall_day(free: FreeTime) -> date:
    return free.starts_at.astimezone(ZoneInfo(free.zone)).date()


def _apart(times: Sequence[FreeTime], chosen: Sequence[str]) -> list[FreeTime]:
    kept: list[FreeTime] = []
    for one in times:
        is_chosen = start_key(one.starts_at) in chosen
        if is_chosen or not kept or one.starts_at >= kept[-1].ends_at:
            kept.append(one)
    return kept


def _chip(_: Translator, free: FreeTime, chosen: Sequence[str]) -> SlotChip:
    zone, key = ZoneInfo(free.zone), start_key(free.starts_at)
    label = _.time(free.starts_at, zone)
    return SlotChip(
        key=key,
        label=label,
        name=f"{label}, {_.long_day(free.starts_at, zone)}",
        state="chosen" if key in chosen else "free",
    )
