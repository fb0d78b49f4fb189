"""What follows from what, in two dicts; and the application put together for whoever runs it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from medibook.absences import service as absences
from medibook.absences.events import AbsenceFact
from medibook.answers import events as answers
from medibook.appointments import events as visits
from medibook.appointments import service as appointments
from medibook.clinic import events as places
from medibook.clinic import service as clinic
from medibook.directory import service as directory
from medibook.kernel.application import Followers, MediBook, install
from medibook.kernel.clock import Clock, clock_of
from medibook.kernel.db import make_engine
from medibook.kernel.facts import Fact
from medibook.kernel.ids import RandomIds
from medibook.kernel.settings import Settings
from medibook.kernel.throttle import Throttle
from medibook.notifications import events as mail
from medibook.notifications import service as notifications
from medibook.operations import events as broadcasts
from medibook.operations import service as operations
from medibook.people import events as accounts
from medibook.people import service as people
from medibook.reminders import events as follow_ups
from medibook.reminders import service as reminders
from medibook.scheduling import events as times
from medibook.waitlist import events as waiting
from medibook.waitlist import service as waitlist

IN_TRANSACTION: Followers = {
    accounts.PractitionerApproved: [clinic.offer_first_service, directory.list_anew],
    accounts.ProfileChanged: [directory.list_anew],
    accounts.AccountSuspended: [directory.list_anew, notifications.forget_devices],
    accounts.PasswordChanged: [notifications.forget_devices],
    accounts.SignedOutEverywhere: [notifications.forget_devices],
    accounts.AccountReactivated: [directory.list_anew],
    places.OfferChanged: [directory.list_anew],
    places.VisitTypeChanged: [directory.look_at_visit_type],
    places.PlaceChanged: [directory.look_at_place],
    places.LocationOpened: [directory.look_at_place],
    places.RulesChanged: [directory.look_at_everybody],
    times.HoursChanged: [directory.look_anew, waitlist.withdraw_what_is_taken],
    times.SlotFreed: [directory.look_at_freed_time, waitlist.promote],
    visits.AppointmentBooked: [
        waitlist.withdraw_what_is_taken,
        reminders.plan_reminders,
        reminders.settle_follow_ups,
    ],
    visits.AppointmentRequested: [reminders.settle_follow_ups],
    visits.AppointmentConfirmed: [absences.refuse_while_away],
    visits.AppointmentMoved: [absences.settle_case, reminders.take_reminders_back],
    visits.AppointmentCancelled: [
        absences.settle_case,
        reminders.take_reminders_back,
        reminders.revive_follow_ups,
    ],
    visits.AppointmentDeclined: [absences.settle_case, reminders.revive_follow_ups],
    visits.AppointmentLapsed: [absences.settle_case, reminders.revive_follow_ups],
    visits.TimesOffered: [absences.settle_case],
    visits.OfferTaken: [absences.settle_case, reminders.plan_reminders],
    visits.OffersDeclined: [absences.settle_case, reminders.revive_follow_ups],
    visits.OffersLapsed: [absences.settle_case, reminders.revive_follow_ups],
    visits.SeriesVisitMoved: [absences.settle_case, reminders.take_reminders_back],
    visits.SeriesVisitCancelled: [
        absences.settle_case,
        reminders.take_reminders_back,
        reminders.revive_follow_ups,
    ],
    visits.AppointmentAccepted: [reminders.plan_reminders],
    visits.SeriesVisitBooked: [reminders.plan_reminders, reminders.settle_follow_ups],
    visits.VisitProgressed: [reminders.take_reminders_back, reminders.revive_follow_ups],
}

_TELL_BOTH: Sequence[Callable[..., Any]] = (
    appointments.tell_patient,
    appointments.tell_practitioner,
)

_TELL_OF_SERIES: Sequence[Callable[..., Any]] = (
    appointments.tell_patient_of_series,
    appointments.tell_practitioners_of_series,
)

AFTER_COMMIT: Followers = {
    accounts.AccountRegistered: [notifications.send_verification],
    accounts.AddressTakenAgain: [notifications.tell_address_taken],
    accounts.PasswordResetAsked: [notifications.send_reset_link],
    accounts.PasswordChanged: [notifications.tell_password_changed],
    accounts.PractitionerApplied: [notifications.tell_admins_of_application],
    accounts.PractitionerApproved: [notifications.tell_decision],
    accounts.PractitionerAskedBack: [notifications.tell_decision],
    accounts.PractitionerDeclined: [notifications.tell_decision],
    accounts.AccountSuspended: [notifications.tell_suspended],
    accounts.AccountReactivated: [notifications.tell_reactivated],
    visits.AppointmentBooked: _TELL_BOTH,
    visits.AppointmentRequested: _TELL_BOTH,
    visits.AppointmentAccepted: [appointments.tell_patient],
    visits.AppointmentDeclined: [appointments.tell_patient],
    visits.AppointmentLapsed: _TELL_BOTH,
    visits.TimesOffered: [appointments.tell_patient],
    visits.OfferTaken: _TELL_BOTH,
    visits.OffersDeclined: [appointments.tell_practitioner],
    visits.OffersLapsed: _TELL_BOTH,
    visits.AppointmentMoved: _TELL_BOTH,
    visits.AppointmentCancelled: _TELL_BOTH,
    visits.SeriesBooked: _TELL_OF_SERIES,
    visits.SeriesChanged: _TELL_OF_SERIES,
    visits.SeriesCancelled: _TELL_OF_SERIES,
    waiting.WaitlistJoined: [waitlist.tell_joined],
    waiting.WaitlistOffered: [waitlist.tell_offered],
    waiting.WaitlistOfferClosed: [waitlist.tell_offer_over],
}


# Who is asked, right before a message leaves, whether what it says is still so.
STILL_TRUE: dict[str, notifications.Judge] = {
    appointments.ABOUT_VISIT: absences.visit_still_so,
    appointments.ABOUT_SERIES_VISIT: appointments.series_still_true,
    waitlist.ABOUT_OFFER: waitlist.offers_still_true,
    absences.ABOUT_CASE: absences.case_still_so,
    reminders.ABOUT_VISITS: reminders.still_true_together,
    reminders.ABOUT_FOLLOW_UP: reminders.follow_ups_still_true,
    operations.ABOUT: operations.broadcast_still_goes_on,
}


def topics_of(facts: Sequence[Fact]) -> set[str]:
    """Name what has changed, for the screens that show it."""
    return {topic for fact in facts for topic in _topics(fact)}


# The screens that show such facts; whatever is not named here shows on the admins'.
_SHOWN_ON = (
    (visits.AppointmentFact | AbsenceFact | answers.ConversationFact, ("desk",)),
    (mail.MessageCame | mail.MessageDied, ("mailbox", "promises")),
    (mail.DevicesChanged | accounts.SignedOutEverywhere, ()),
    (broadcasts.BroadcastWentOn, ("broadcasts",)),
    (waiting.WaitlistFact, ("waitlist",)),
    (follow_ups.FollowUpFact, ("follow-ups",)),
    (visits.SeriesFact | times.SlotHeld | times.SlotFreed, ()),
)


def _topics(fact: Fact) -> Iterator[str]:
    for kind in ("practitioner", "patient", "user", "plan"):
        if (whose := getattr(fact, f"{kind}_id", None)) is not None:
            yield f"{kind}:{whose}"
    if isinstance(fact, mail.MessageCame):
        yield f"inbox:{fact.recipient_id}"
    yield from next((on for kinds, on in _SHOWN_ON if isinstance(fact, kinds)), ("admin",))


def build_medibook(settings: Settings, *, clock: Clock | None = None) -> MediBook:
    """Put the application together from its settings, and install it for the adapters."""
    medibook = MediBook(
        engine=make_engine(settings.database),
        clock=clock or clock_of(settings.clock_file),
        ids=RandomIds(),
        settings=settings,
        throttle=Throttle(settings.redis_url),
        identity=people.identity,
        in_transaction=IN_TRANSACTION,
        after_commit=AFTER_COMMIT,
    )
    install(medibook)
    return medibook
