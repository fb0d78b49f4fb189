"""When a telephone or a device may ring: outside the quiet hours of whoever it belongs to."""

from datetime import datetime
from uuid import UUID

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access, rules


def aloud(
    uow: UnitOfWork,
    at: datetime,
    *,
    reader: UUID | None,
    zone: str,
    before: datetime | None = None,
) -> datetime:
    """The first instant from ``at`` on at which it may ring at ``reader``'s, by their own quiet hours.

    Without hours of their own the usual ones hold, on the wall of ``zone``; "" for none: at once.
    ``before``: what is of no use from then on is brought forward instead.
    """
    own = access.quiet_hours_of(uow, reader) if reader else None
    wall = own.zone if own is not None else zone
    if not wall:
        return at
    quiet = (own.starts, own.ends) if own is not None else (rules.QUIET_FROM, rules.QUIET_UNTIL)
    if before is not None:
        return rules.out_of_quiet(at, wall, *quiet, before=before, now=uow.now)
    return rules.after_quiet(at, wall, *quiet)
