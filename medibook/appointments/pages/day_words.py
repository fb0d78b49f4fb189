"""A visit in the words of the clinic's people, and what can be done next with it."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from medibook.appointments import rules
from medibook.appointments.pages.will_come import will_come
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus, DayRow
from medibook.kernel.application import current
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that can be done next with a visit."""

    target: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A visit in the day's list."""

    key: str = ""
    time: str = ""
    until: str = ""
    patient: str = ""
    born: str = ""
    phone: str = ""
    phone_href: str = ""
    email: str = ""
    email_href: str = ""
    service: str = ""
    place: str = ""
    is_video: bool = False
    reason: str = ""
    status: str = ""
    will_come: bool = False
    note: str = ""
    steps: list[Step] = field(default_factory=list)
    cancellable: bool = False
    next_visit: str = ""
    version: int = 1


_FORWARD = {
    AppointmentStatus.ARRIVED: N_("Arrived"),
    AppointmentStatus.CHECKED_IN: N_("Ready"),
    AppointmentStatus.FULFILLED: N_("Done"),
    AppointmentStatus.NOSHOW: N_("Did not come"),
    AppointmentStatus.BOOKED: N_("Back to booked"),
}
_CANCELLABLE = {AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN}


def day_line(_: Translator, row: DayRow) -> DayLine:
    """Make the words of a visit, as the clinic's people read them."""
    visit, zone = row.visit, ZoneInfo(row.visit.zone)
    return DayLine(
        key=str(visit.appointment_id),
        time=_.time(visit.starts_at, zone),
        until=_.time(visit.ends_at, zone),
        patient=visit.patient_name,
        born=_("born {day}", day=_.numeric_date(date.fromisoformat(row.patient_birth_date))),
        phone=row.patient_phone,
        phone_href=f"tel:{row.patient_phone}",
        email=row.patient_email,
        email_href=f"mailto:{row.patient_email}",
        service=_(visit.service_name),
        place=visit.location_name,
        is_video=visit.is_video,
        reason=visit.reason,
        status=str(visit.status),
        will_come=will_come(visit),
        note=_note(_, row),
        steps=[
            Step(target=str(to), label=_(_FORWARD[to])) for to in row.next_steps if to in _FORWARD
        ],
        cancellable=visit.status in _CANCELLABLE and visit.starts_at > current().clock.now(),
        next_visit=next_visit_href(_, visit),
        version=visit.version,
    )


def _note(_: Translator, row: DayRow) -> str:
    if row.visit.status is not AppointmentStatus.CANCELLED:
        return ""
    by_patient = row.visit.cancelled_by_patient
    who = _("Cancelled by the patient.") if by_patient else _("Cancelled by the clinic.")
    return f"{who} {row.visit.cancel_reason}".strip()


def next_visit_href(_: Translator, visit: AppointmentCard) -> str:
    """Where it is planned that the patient comes again; "" before they are seen."""
    is_seen = rules.may_plan_next(visit.status, visit.starts_at, current().clock.now())
    return _.href(f"/follow-up/?visit={visit.appointment_id}") if is_seen else ""
