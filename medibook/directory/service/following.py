"""What follows for the directory from what happens elsewhere, in the same transaction."""

from datetime import timedelta

from medibook.clinic.events import (
    LocationOpened,
    OfferChanged,
    PlaceChanged,
    RulesChanged,
    VisitTypeChanged,
)
from medibook.directory.access import bounds, members
from medibook.directory.service.building import enter
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people.events import (
    AccountReactivated,
    AccountSuspended,
    PractitionerApproved,
    ProfileChanged,
)
from medibook.scheduling.events import HoursChanged, SlotFreed

# A freed time may open its whole day, where a limit per day had closed it, and the time of a long
# visit that would have run into it: no day has more hours than this, no visit is longer.
_REACH = timedelta(hours=50)


@use_case(allow=system_only)
def list_anew(
    uow: UnitOfWork,
    *,
    fact: PractitionerApproved
    | ProfileChanged
    | AccountSuspended
    | AccountReactivated
    | OfferChanged,
) -> None:
    """Somebody can be booked now, or no longer, or is or offers something else."""
    practitioner_id = getattr(fact, "practitioner_id", None)
    if practitioner_id is None and not isinstance(fact, OfferChanged):
        practitioner_id = members.practitioner_of(uow, fact.user_id)
    if practitioner_id is not None:
        enter(uow, [practitioner_id])
        bounds.lower(uow, uow.now, practitioner_id=practitioner_id)


@use_case(allow=system_only)
def look_anew(uow: UnitOfWork, *, fact: HoursChanged) -> None:
    """Somebody has other hours, or an absence less: there may be time at once, and elsewhere."""
    enter(uow, [fact.practitioner_id])
    bounds.lower(uow, uow.now, practitioner_id=fact.practitioner_id)


@use_case(allow=system_only)
def look_at_freed_time(uow: UnitOfWork, *, fact: SlotFreed) -> None:
    """A time has become free: it may be the next one of any of the practitioner's visit types."""
    since = max(uow.now, fact.starts_at - _REACH)
    bounds.lower(uow, since, practitioner_id=fact.practitioner_id)


@use_case(allow=system_only)
def look_at_visit_type(uow: UnitOfWork, *, fact: VisitTypeChanged) -> None:
    """A visit type is shorter, by video, retired or back: whoever offers it may have other times."""
    enter(uow, members.offering(uow, fact.service_id))
    bounds.lower(uow, uow.now, service_ids=[fact.service_id])


@use_case(allow=system_only)
def look_at_place(uow: UnitOfWork, *, fact: PlaceChanged | LocationOpened) -> None:
    """A location has moved, is open on further days, or in use again: so are those who work there."""
    people = members.working_at(uow, fact.location_id)
    if isinstance(fact, PlaceChanged):
        enter(uow, people)
    for practitioner_id in people:
        bounds.lower(uow, uow.now, practitioner_id=practitioner_id)


@use_case(allow=system_only)
def look_at_everybody(uow: UnitOfWork, *, fact: RulesChanged) -> None:  # noqa: ARG001 - a follower takes it
    """The rules for booking are others now: a shorter notice opens time for everybody."""
    bounds.lower(uow, uow.now)
