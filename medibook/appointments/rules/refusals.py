"""How the clinic says no to what somebody wants to do with a visit."""

from medibook.kernel.errors import Conflict, Refusal
from medibook.kernel.words import N_


class TooLate(Refusal):
    """The clinic's cut-off for moving and cancelling has passed."""

    code = "too_late"
    sentence = N_(
        "Visits can be moved or cancelled online until {hours} hours before. "
        "Please call us: {phone}."
    )
    status = 409


class VisitBegun(Conflict):
    """The visit has begun or is over."""

    code = "visit_begun"
    sentence = N_("This visit has already begun or is over. It can no longer be changed.")


class TooManyVisits(Conflict):
    """The patient has as many open visits as the clinic's policy allows."""

    code = "too_many_visits"
    sentence = N_(
        "You already have {count} visits to come, which is as many as can be booked online. "
        "Cancel one you do not need, or call us: {phone}."
    )


class TermsChanged(Conflict):
    """What the patient has read before the click is not what would be booked now."""

    code = "terms_changed"
    sentence = N_(
        "The fee or the terms have just changed, so nothing is booked yet. Please read it again."
    )


class NotOpen(Conflict):
    """The visit is cancelled or over, so that nothing of this kind can happen to it."""

    code = "not_open"
    sentence = N_("This visit is no longer open, so it cannot be changed. Please look again.")


class AlreadyAnswered(Conflict):
    """The request was answered, withdrawn or has lapsed."""

    code = "already_answered"
    sentence = N_("This request is no longer open: it was answered, withdrawn or has run out.")


class AnsweredBefore(AlreadyAnswered):
    """Whoever answers has answered already, in another window."""

    code = "answered_before"
    sentence = N_("You have already answered this request.")


class AnsweredBy(AlreadyAnswered):
    """A colleague was faster."""

    code = "answered_by"
    sentence = N_("{name} has already answered this request.")


class Withdrawn(AlreadyAnswered):
    """The patient no longer wants the visit, or has asked for another time."""

    code = "request_withdrawn"
    sentence = N_("The patient has taken this request back.")


class RanOut(AlreadyAnswered):
    """Nobody answered in time."""

    code = "request_ran_out"
    sentence = N_("This request has run out. Its time is free again.")


class TimeNotFree(Conflict):
    """The practitioner wants to offer a time that cannot be had."""

    code = "time_not_free"
    sentence = N_(
        "One of these times is not free any longer. Nothing was offered. Please choose another one."
    )


class OfferGone(Conflict):
    """An offered time is no longer kept."""

    code = "offer_gone"
    sentence = N_("This time is no longer kept for you. Nothing was booked.")


class AlreadyChosen(Conflict):
    """Another of the offered times was taken, in another window or by somebody else in the family."""

    code = "already_chosen"
    sentence = N_("One of the other times was taken already, and is booked. Nothing has changed.")


class OffersOpen(Conflict):
    """The patient wants to move a visit for which other times are offered."""

    code = "offers_open"
    sentence = N_(
        "The clinic offers you other times for this visit. Please take one of them, or say none."
    )


class NoSuchStep(Conflict):
    """Status moves only along the graph."""

    code = "no_such_step"
    sentence = N_("A visit cannot go from this step to that one.")


class TooEarly(Conflict):
    """A step of the day before its day, or a no-show before the start."""

    code = "too_early"
    sentence = N_("It is too early for this step. Please wait until the visit is due.")


class AnswerFirst(Conflict):
    """A request is answered, or other times are offered for it; only a visit that stands is moved."""

    code = "answer_first"
    sentence = N_("This is still a request. Please answer it under Requests first.")


class TooLateToUndo(Conflict):
    """The move was a while ago, or something has happened since, so that it is not simply taken back."""

    code = "too_late_to_undo"
    sentence = N_("It is too late to undo this. Please move the visit instead.")


class SeriesByRequest(Conflict):
    """The practitioner confirms each visit: a patient's series would be many questions at once."""

    code = "series_by_request"
    sentence = N_(
        "This doctor confirms each visit, so a series cannot be booked online. Please call us: {phone}."
    )


class TooFewDates(Conflict):
    """Of a series there would be one visit, or none."""

    code = "too_few_dates"
    sentence = N_("Fewer than two of these dates can be had. Nothing was booked.")
