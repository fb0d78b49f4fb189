"""Until when other times are kept, who knows of it, and when a visit that cannot be is cancelled."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from medibook.absences.schemas import CaseState, Told
from medibook.notifications.schemas import Channel, Letter, MessageState

NOTICE: Final = timedelta(hours=2)
"""Nobody is offered a time that is nearer: the message has to be read, and the way to be gone."""

ANSWER_WITHIN: Final = timedelta(hours=24)
"""So long other times are kept at most; then they are everybody's again."""

_BEFORE_ITS_START: Final = timedelta(hours=1)

CANCEL_BEFORE: Final = timedelta(hours=1)
"""So long before its start a visit is cancelled whose patient was told and has not answered."""

GRACE: Final = timedelta(minutes=2)
"""So long nobody is told, so that a plan that was started by mistake can be taken back unheard."""

LOOK_PAST: Final = timedelta(days=14)
"""So far after the absence other times are looked for."""

OPEN: Final = frozenset({CaseState.WAITING, CaseState.CALL})
"""The patient has yet to answer: by a message, or when somebody rings."""


def lapses_at(starts_at: datetime, *, now: datetime) -> datetime:
    """Until when a time is kept that was offered now."""
    return min(now + ANSWER_WITHIN, starts_at - _BEFORE_ITS_START)


def is_near(starts_at: datetime, *, now: datetime) -> bool:
    """Whether a visit that cannot be is so near that its patient must not set out."""
    return starts_at - CANCEL_BEFORE <= now


def told(letters: Collection[Letter], *, reached: bool) -> Told:
    """Whether the patient knows: by a message that a provider has taken, that was read, or by telephone.

    What only stands in the app tells nobody who does not look.
    """
    if reached or any(map(_tells, letters)):
        return Told.TOLD
    sent = [each for each in letters if each.channel is not Channel.IN_APP]
    if not sent:
        return Told.NO_WAY
    lost = (MessageState.DEAD, MessageState.EXPIRED)
    return Told.FAILED if all(each.state in lost for each in sent) else Told.ON_ITS_WAY


def has_to_be_called(state: CaseState, told: Told, *, is_here: bool) -> bool:
    """Whether somebody has to ring: no message goes out or came through, or nothing is left to choose."""
    if state not in OPEN:
        return False
    return is_here or state is CaseState.CALL or told in (Told.NO_WAY, Told.FAILED)


def may_undo(cases: Iterable[tuple[CaseState, bool]]) -> bool:
    """Whether a plan can be taken back: nobody has answered, and no visit is off, as (state, is off) say."""
    answered = (CaseState.TAKEN, CaseState.DECLINED)
    return not any(is_off or state in answered for state, is_off in cases)


def _tells(letter: Letter) -> bool:
    if letter.channel is Channel.IN_APP:
        return letter.read_at is not None
    return letter.state is MessageState.ACCEPTED
