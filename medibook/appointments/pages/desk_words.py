"""First times, a time before it is given away, and a visit that is booked: in the desk's words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.schemas.desk import DeskCheck, FirstTime
from medibook.appointments.service.where import place_name, where
from medibook.scheduling.pages.board import wish_of
from medibook.scheduling.schemas import Obstacle
from medibook.ui.components import Option
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstView:
    """The first time with somebody; ``key`` is the slot's address."""

    key: str = ""
    when: str = ""
    soon: str = ""
    practitioner: str = ""
    service: str = ""
    href: str = ""
    now_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A time that is about to be given away."""

    when: str = ""
    zone: str = ""
    practitioner: str = ""
    place: str = ""
    fee: str = ""
    service_key: str = ""
    services: list[Option] = field(default_factory=list)
    rooms: list[Option] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """What has been booked."""

    when: str = ""
    practitioner: str = ""
    service: str = ""
    place: str = ""
    reference: str = ""
    arrived: bool = False
    day_href: str = ""


def first_view(
    _: Translator, first: FirstTime, *, now: datetime, href: str, now_href: str
) -> FirstView:
    """The first time with one practitioner."""
    zone = ZoneInfo(first.free.zone)
    start = first.free.starts_at
    is_today = start.astimezone(zone).date() == now.astimezone(zone).date()
    return FirstView(
        key=wish_of(first.free).address,
        when=_.time(start, zone) if is_today else _.moment(start, zone),
        soon=_.relative(start, now) if is_today else "",
        practitioner=first.practitioner_name,
        service=_("{service}, {length}", service=_(first.service.name),
                  length=_.duration(first.service.length)),
        href=href,
        now_href=now_href,
    )  # fmt: skip


def check_view(_: Translator, check: DeskCheck) -> CheckView:
    """A time with what it is and what stands against it."""
    zone = ZoneInfo(check.place.zone)
    return CheckView(
        when=_("{start} to {end}", start=_.long_moment(check.starts_at, zone),
               end=_.time(check.ends_at, zone)),
        zone=_("{city} time", city=_.zone_city(zone)),
        practitioner=check.practitioner_name,
        place=place_name(_, check.place.name, is_video=check.service.is_video),
        fee=_.money(check.service.fee) if check.service.fee.minor else _("No fee"),
        service_key=str(check.service.service_id),
        services=[
            Option(
                value=str(each.service_id),
                label=_("{service}, {length}", service=_(each.name),
                        length=_.duration(each.length)),
            )
            for each in check.services
        ],
        rooms=[
            Option(value="", label=_("Whichever is free")),
            *[Option(value=str(room.room_id), label=room.name) for room in check.rooms],
        ]
        if check.rooms
        else [],
        against=[said(_, obstacle) for obstacle in check.against],
        clashes=[
            _("{time} {name}, with {practitioner}", time=_.time(v.starts_at, ZoneInfo(v.zone)),
              name=v.patient_name, practitioner=v.practitioner_name)
            for v in check.clashes
        ],
    )  # fmt: skip


def said(_: Translator, obstacle: Obstacle) -> str:
    """One thing that stands against a time, in the clinic's words."""
    zone = ZoneInfo(obstacle.zone)
    facts = {
        name: _.time(fact, zone) if isinstance(fact, datetime) else fact
        for name, fact in obstacle.facts.items()
    }
    return _(obstacle.for_staff, **facts)


def done_view(_: Translator, visit: AppointmentCard) -> DoneView:
    """A visit that has just been booked."""
    zone = ZoneInfo(visit.zone)
    day = visit.starts_at.astimezone(zone).date()
    return DoneView(
        when=_.long_moment(visit.starts_at, zone),
        practitioner=visit.practitioner_name,
        service=_(visit.service_name),
        place=where(_, visit, for_clinic=True).name,
        reference=visit.reference,
        arrived=visit.status is AppointmentStatus.ARRIVED,
        day_href=_.href(f"/desk/?on={day}&at={visit.location_id}"),
    )


def whole_minutes(now: datetime) -> datetime:
    """The full five minutes that have just begun: where somebody is squeezed in now."""
    whole = now.replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % 5)
