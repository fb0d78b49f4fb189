"""The words for every reason: in full for the clinic, and for a patient nothing about anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from medibook.kernel.words import N_
from medibook.scheduling.schemas import Obstacle, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medibook.clinic.schemas import ClinicPolicy

_NOT_FREE = N_("This time is not free.")

# Taken, away, full and closed for a day must sound alike: none may tell of another's visit.
_FOR_PATIENT = {
    Reason.PAST: N_("This time has passed."),
    Reason.TOO_SOON: N_("Online, times can be booked until {hours} hours before they begin."),
    Reason.TOO_FAR: N_("Times can be booked up to {days} days ahead."),
    Reason.CLOSED: N_("There are no opening hours at this time."),
    Reason.OFF_GRID: N_("No visit begins at this minute."),
    Reason.TIME_OFF: _NOT_FREE,
    Reason.TAKEN: _NOT_FREE,
    Reason.DAY_FULL: _NOT_FREE,
}
_FOR_STAFF = {
    Reason.PAST: N_("This time has passed."),
    Reason.TOO_SOON: N_("It is within the notice of {hours} hours."),
    Reason.TOO_FAR: N_("It is beyond the horizon of {days} days."),
    Reason.CLOSED: N_("Closed: no opening hours at this time."),
    Reason.OFF_GRID: N_("It is off the grid of {grid} minutes."),
    Reason.TIME_OFF: N_("Time off."),
    Reason.TAKEN: N_("Taken by another visit."),
    Reason.DAY_FULL: N_("The limit of {limit} visits a day is reached."),
}


def obstacles(
    reasons: Iterable[Reason], policy: ClinicPolicy, *, in_full: bool
) -> tuple[Obstacle, ...]:
    """The reasons in words; a patient hears each sentence once."""
    facts = {
        "hours": policy.minimum_notice // timedelta(hours=1),
        "days": policy.horizon.days,
        "grid": policy.grid // timedelta(minutes=1),
        "limit": policy.daily_limit or 0,
    }
    if in_full:
        return tuple(
            Obstacle(reason, _FOR_PATIENT[reason], _FOR_STAFF[reason], facts=dict(facts))
            for reason in reasons
        )
    public = {"hours": facts["hours"], "days": facts["days"]}
    said: dict[str, Obstacle] = {}
    for reason in reasons:
        sentence = _FOR_PATIENT[reason]
        known = Reason.TAKEN if sentence == _NOT_FREE else reason
        said.setdefault(
            sentence,
            Obstacle(known, sentence, facts=dict(public)),
        )
    return tuple(said.values())
