"""What became of asking: somebody was asked, or nothing has left, and why not."""

from collections.abc import Sequence
from typing import Final

from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas import Letter, MessageState
from medibook.reminders import access
from medibook.reminders.rules import FOLLOW_UP_LASTS
from medibook.reminders.schemas import FollowUpEnd, FollowUpState
from medibook.reminders.service.follow_up_truth import ABOUT_FOLLOW_UP
from medibook.reminders.service.follow_up_writing import visit_of
from medibook.reminders.service.follow_ups import end
from medibook.reminders.tables import FollowUp

_AT_ONCE: Final = 500
_OVER: Final = (MessageState.EXPIRED, MessageState.DEAD)


@use_case(allow=system_only)
def note_outcomes(uow: UnitOfWork) -> int:
    """Write down of whom is asked that they were, or that nothing has left; returns of how many.

    Only what is settled: what still waits, or may have left, is looked at again.
    """
    since = uow.now - 2 * FOLLOW_UP_LASTS  # no message is of use for longer
    rows = access.untold_follow_ups(uow, failed_since=since, limit=_AT_ONCE)
    letters = notifications.letters_about(
        uow, about_kind=ABOUT_FOLLOW_UP, ids=[row.id for row in rows]
    )
    return sum(_is_settled(uow, row, letters.get(row.id, ())) for row in rows)


def _is_settled(uow: UnitOfWork, row: FollowUp, letters: Sequence[Letter]) -> bool:
    is_active = row.state is FollowUpState.ACTIVE
    if any(letter.state is MessageState.ACCEPTED for letter in letters):
        if not is_active and access.active_follow_up(uow, row) is not None:
            return False  # it was sent again by hand, and planned anew before that
        access.note_told(uow, row)
        return True
    if not is_active or any(letter.state not in _OVER for letter in letters):
        return False
    why = _why(letters)
    end(uow, row, why, settled_by=visit_of(uow, row) if why is FollowUpEnd.BOOKED else None)
    return True


def _why(letters: Sequence[Letter]) -> FollowUpEnd:
    """Why nothing has left: as it was judged right before, if it was judged; else the ledger tells."""
    if not letters:
        return FollowUpEnd.NOBODY  # nobody wants it, by any way
    judged = {letter.problem for letter in letters if letter.state is MessageState.EXPIRED}
    if any(letter.state is MessageState.DEAD for letter in letters):
        judged.discard(FollowUpEnd.NOT_WANTED.value)  # by one way only; another has failed
    return next((why for why in FollowUpEnd if why.value in judged), FollowUpEnd.NOT_SENT)
