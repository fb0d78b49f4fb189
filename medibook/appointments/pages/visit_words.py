"""A visit in the reader's words, the same on every screen."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments.pages.offers import OffersView, OfferView, offer_views, offers_view
from medibook.appointments.pages.whom import for_whom
from medibook.appointments.rules import CHANGEABLE_BY_PATIENT
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.where import where
from medibook.ui.i18n import Translator
from medibook.ui.words import initials


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """A visit as a card or a page shows it."""

    key: str = ""
    href: str = ""
    status: str = ""
    when: str = ""
    long_when: str = ""
    time: str = ""
    until: str = ""
    zone: str = ""
    practitioner: str = ""
    practitioner_href: str = ""
    initials: str = ""
    service: str = ""
    place: str = ""
    address: str = ""
    fee: str = ""
    reference: str = ""
    reason: str = ""
    rule: str = ""
    note: str = ""
    offers: list[OfferView] = field(default_factory=list)
    offers_said: OffersView = field(default_factory=OffersView)
    changeable: bool = False
    calendar: str = ""
    again: str = ""
    version: int = 1
    for_line: str = ""


def visit_view(
    _: Translator, visit: AppointmentCard, now: datetime, *, me: UUID | None = None
) -> VisitView:
    """Make the words of a visit, as its patient, or whoever books for them, reads them."""
    zone = ZoneInfo(visit.zone)
    practitioner_href = _.href(f"/doctor/?id={visit.practitioner_slug}&service={visit.service_id}")
    starts_at, at = _shown_start(visit), where(_, visit)
    return VisitView(
        key=str(visit.appointment_id),
        href=_.href(f"/visit/?id={visit.appointment_id}"),
        status=str(visit.status),
        when=_.moment(starts_at, zone),
        long_when=_.long_moment(starts_at, zone),
        time=_.time(visit.starts_at, zone),
        until=_.time(visit.ends_at, zone),
        zone=_("{city} time", city=_.zone_city(zone)),
        practitioner=visit.practitioner_name,
        practitioner_href=practitioner_href,
        initials=initials(visit.practitioner_name),
        service=_("{service}, {length}", service=_(visit.service_name),
                  length=_.duration(visit.ends_at - visit.starts_at)),
        place=at.name,
        address=at.more,
        fee=_.money(visit.fee) if visit.fee.minor else _("No fee"),
        reference=visit.reference,
        reason=visit.reason,
        rule=cancel_rule(_, visit.cancel_until, zone, now, late_allowed=visit.late_cancel_allowed),
        note=_note(_, visit),
        offers=offer_views(_, visit),
        offers_said=offers_view(_, visit, now),
        changeable=visit.status in CHANGEABLE_BY_PATIENT - {AppointmentStatus.PROPOSED}
        and visit.starts_at > now,
        calendar=f"/visits/{visit.appointment_id}/calendar.ics",
        again=_again(practitioner_href, visit, now),
        version=visit.version,
        for_line=for_whom(_, visit.patient_name, is_self=me in (None, visit.patient_id)),
    )  # fmt: skip


def _shown_start(visit: AppointmentCard) -> datetime:
    """A visit that is not booked at an offered time is known by the time that was asked for."""
    undecided = (AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED)
    return (visit.status in undecided and visit.asked_for) or visit.starts_at


def _again(href: str, visit: AppointmentCard, now: datetime) -> str:
    """The board to book again from; after a request that came to nothing, at the days it was about."""
    if visit.status is not AppointmentStatus.CANCELLED or visit.starts_at <= now:
        return href
    return f"{href}&from={_shown_start(visit).astimezone(ZoneInfo(visit.zone)).date()}"


def cancel_rule(
    _: Translator, until: datetime, zone: ZoneInfo, now: datetime, *, late_allowed: bool
) -> str:
    """Say the rule before the click: until when it is free, and what holds after that."""
    if late_allowed:
        return _("You can move or cancel this visit until it begins.")
    if now < until:
        return _("You can move or cancel it yourself until {when}. After that, please call us.",
                 when=_.moment(until, zone))  # fmt: skip
    return _("It is too late to move or cancel it online. Please call us.")


def _note(_: Translator, visit: AppointmentCard) -> str:
    """What the patient must know about where a request or a cancelled visit stands."""
    zone = ZoneInfo(visit.zone)
    if str(visit.status) == "pending" and visit.lapses_at is not None:
        return _("The doctor will answer by {when}.", when=_.moment(visit.lapses_at, zone))
    if str(visit.status) != "cancelled":
        return ""
    if visit.cancelled_by_patient:
        offered = visit.asked_for is not None
        return _("You wanted none of the offered times.") if offered else _("Cancelled by you.")
    if visit.cancel_reason:
        return _("Cancelled by the clinic: {reason}", reason=visit.cancel_reason)
    if visit.asked_for is not None:
        return _("The offered times have run out. You can ask again.")
    return _("Nobody answered this request in time. We are sorry. You can ask again.")
