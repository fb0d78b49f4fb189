"""What patients and practitioners are told, fact by fact: no name, no reason, no visit type."""

from dataclasses import dataclass

from medibook.appointments import events
from medibook.kernel.facts import Fact
from medibook.kernel.words import N_


@dataclass(frozen=True, slots=True)
class Words:
    """What one kind of fact is told with; ``has_file`` adds the calendar file."""

    kind: str
    subject: str
    first: str
    has_file: bool = False


TO_PATIENT: dict[type[Fact], Words] = {
    events.AppointmentBooked: Words(
        "visit-booked",
        N_("Your visit is booked"),
        N_("Your visit at {clinic} is booked."),
        has_file=True,
    ),
    events.AppointmentRequested: Words(
        "visit-requested",
        N_("We have your request"),
        N_("You have asked {clinic} for this time. We will write to you when it is confirmed."),
    ),
    events.AppointmentAccepted: Words(
        "visit-accepted",
        N_("Your visit is confirmed"),
        N_("{clinic} has confirmed your visit."),
        has_file=True,
    ),
    events.AppointmentDeclined: Words(
        "visit-declined",
        N_("Your request was declined"),
        N_("{clinic} cannot see you at this time. The reason stands on the page of your visit."),
    ),
    events.AppointmentLapsed: Words(
        "visit-lapsed",
        N_("Your request was not answered"),
        N_(
            "Nobody at {clinic} has answered your request in time. We are sorry. Please choose again."
        ),
    ),
    events.TimesOffered: Words(
        "times-offered",
        N_("Other times for your visit"),
        N_(
            "{clinic} cannot see you at the time that you asked for, and offers you other times. "
            "They are kept for you. Please choose one of them."
        ),
    ),
    events.OfferTaken: Words(
        "visit-booked",
        N_("Your visit is booked"),
        N_("You have taken a time that {clinic} offered. Your visit is booked."),
        has_file=True,
    ),
    events.OffersLapsed: Words(
        "offers-lapsed",
        N_("The offered times have run out"),
        N_(
            "You have chosen none of the times that {clinic} offered, so they are free again and "
            "nothing is booked. You can ask again."
        ),
    ),
    events.AppointmentMoved: Words(
        "visit-moved",
        N_("Your visit has moved"),
        N_("Your visit at {clinic} has a new time."),
        has_file=True,
    ),
    events.AppointmentCancelled: Words(
        "visit-cancelled",
        N_("Your visit is cancelled"),
        N_("Your visit at {clinic} is cancelled."),
        has_file=True,
    ),
}
LASTS_OTHERWISE = Words(
    "visit-moved",
    N_("Your visit has another length"),
    N_("Your visit at {clinic} begins as agreed, and has another length."),
    has_file=True,
)
BACK_AGAIN = Words(
    "visit-moved",
    N_("Your visit is at its old time"),
    N_("Your visit at {clinic} is at its old time again. We are sorry for the confusion."),
    has_file=True,
)
MOVED_BY_THE_DESK = Words(
    "visit-moved",
    N_("A visit has moved"),
    N_("The front desk has moved a visit of yours to this time."),
)
WITH_A_COLLEAGUE = Words(
    "visit-moved",
    N_("Your visit is with a colleague"),
    N_("Your visit at {clinic} is at the time that was agreed, with another doctor."),
    has_file=True,
)
TAKEN_OVER = Words(
    "new-visit",
    N_("A colleague's visit is yours"),
    N_("A colleague is away. This patient has chosen to come to you instead."),
)
TO_PRACTITIONER: dict[type[Fact], Words] = {
    events.AppointmentBooked: Words(
        "new-visit", N_("A new visit"), N_("A patient has booked this time with you.")
    ),
    events.AppointmentRequested: Words(
        "new-request",
        N_("A request awaits your answer"),
        N_("A patient has asked for this time with you. Please accept or decline."),
    ),
    events.AppointmentLapsed: Words(
        "request-lapsed",
        N_("A request has run out"),
        N_(
            "A request was not answered in time. The patient has been told; the time is free again."
        ),
    ),
    events.OfferTaken: Words(
        "new-visit",
        N_("An offered time is taken"),
        N_("A patient has taken a time that you offered. The other times are free again."),
    ),
    events.OffersDeclined: Words(
        "offers-declined",
        N_("An offer is declined"),
        N_("A patient wants none of the times that you offered. All of them are free again."),
    ),
    events.OffersLapsed: Words(
        "offers-lapsed",
        N_("An offer has run out"),
        N_("A patient has not answered your offer in time. All of its times are free again."),
    ),
    events.AppointmentMoved: Words(
        "visit-moved", N_("A visit has moved"), N_("A patient has moved their visit to this time.")
    ),
    events.AppointmentCancelled: Words(
        "visit-cancelled",
        N_("A visit is cancelled"),
        N_("This visit is cancelled; the time is free again."),
    ),
}
