"""How the clinic says no while a practitioner is away."""

from medibook.kernel.errors import Conflict
from medibook.kernel.words import N_


class AbsenceRuns(Conflict):
    """A plan for this practitioner and some of these days is running already."""

    code = "absence_runs"
    sentence = N_("There is a plan for this doctor and these days already. Nothing was started.")


class AlternativeGone(Conflict):
    """The other time is not kept any longer."""

    code = "alternative_gone"
    sentence = N_("This time is no longer kept for you. Please choose another one, or call us.")


class AlreadyAnswered(Conflict):
    """Another of the times was taken, none is wanted, or the visit was changed in another way."""

    code = "absence_answered"
    sentence = N_("This was answered already. Nothing has changed.")


class StaysAfterAll(Conflict):
    """The plan was taken back."""

    code = "absence_undone"
    sentence = N_("The doctor is here after all: your visit stays as it was.")


class PractitionerAway(Conflict):
    """Somebody says that they will come to a visit that cannot be."""

    code = "practitioner_away"
    sentence = N_(
        "We are sorry: the doctor is away, so this visit cannot take place as planned. "
        "The clinic is finding you another time."
    )


class AnsweredAlready(Conflict):
    """Somebody has answered or a visit was cancelled, so the plan is not simply taken back."""

    code = "too_late_to_undo_absence"
    sentence = N_(
        "A patient has answered already, so this cannot be undone as a whole. Please see to each "
        "visit by itself."
    )
