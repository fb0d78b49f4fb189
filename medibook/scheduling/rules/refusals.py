"""How the calendar says no, in words that tell a patient nothing about anybody else."""

from collections.abc import Sequence

from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.words import N_
from medibook.scheduling.rules.plan import Reason
from medibook.scheduling.schemas import FreeTime


class SlotTaken(Conflict):
    """The time is not free, or no longer; ``alternatives`` are the nearest times that are."""

    code = "slot_taken"
    sentence = N_("This time has just been taken. Nothing was booked. Please choose another one.")

    def __init__(self, alternatives: Sequence[FreeTime] = (), **facts: object) -> None:
        super().__init__(**facts)
        self.alternatives = tuple(alternatives)


class TooSoon(SlotTaken):
    """The time has passed, or is nearer than the clinic's notice."""

    code = "too_soon"
    sentence = N_(
        "This time is too near to be booked online. Please choose a later one or call us."
    )


class TooFar(SlotTaken):
    """The time is beyond the clinic's horizon."""

    code = "too_far"
    sentence = N_("This time cannot be booked yet. Please choose an earlier one.")


class HoldGone(NotFound):
    """There is no such hold, or it is somebody else's."""

    code = "hold_gone"
    sentence = N_("This time is no longer kept for you. Please choose a time again.")


class NotBookable(NotFound):
    """The practitioner is not approved, is suspended, or does not exist."""

    code = "not_bookable"
    sentence = N_("This doctor cannot be booked at present. Please choose another one.")


def refusal_for(reasons: Sequence[Reason], alternatives: Sequence[FreeTime]) -> SlotTaken:
    """The words for a time that cannot be had; closed, away, full and taken all sound alike."""
    match next(iter(reasons), None):
        case Reason.PAST | Reason.TOO_SOON:
            return TooSoon(alternatives)
        case Reason.TOO_FAR:
            return TooFar(alternatives)
        case _:
            return SlotTaken(alternatives)
