"""Lower bounds of next free times: mending those that are too low, and proving that none is too high."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.directory.access import bounds
from medibook.directory.access.bounds import Bound, Mended
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import service as scheduling

AT_ONCE = 250
_SECOND = timedelta(seconds=1)
_PAST_HOLDS = scheduling.Viewer(past_holds=True)


class Late(NamedTuple):
    """A stored bound that is later than a time which is free: somebody would be found too late."""

    practitioner_id: UUID
    service_id: UUID
    stored: datetime
    truth: datetime


@query(allow=system_only)
def stale_bounds(uow: UnitOfWork, *, limit: int = AT_ONCE) -> tuple[Mended, ...]:
    """What bounds that are surely too low can be raised to; nothing is written yet."""
    return tuple(_looked_at(uow, bounds.stale(uow, limit=limit)))


@use_case(allow=system_only)
def raise_bounds(uow: UnitOfWork, *, mended: Sequence[Mended]) -> int:
    """Raise bounds to what was found, unless time may have become free since; returns how many."""
    return bounds.raise_to(uow, mended) if mended else 0


@query(allow=system_only)
def late_bounds(uow: UnitOfWork, *, sample: int | None = None) -> tuple[Late, ...]:
    """Compare stored bounds with what the pure function finds free: each that is later is a fault."""
    found = bounds.all_bounds(uow, limit=sample)
    return tuple(
        Late(each.bound.practitioner_id, each.bound.service_id, stored, each.next_free_at)
        for start in range(0, len(found), AT_ONCE)
        for each in _looked_at(uow, found[start : start + AT_ONCE])
        if (stored := each.bound.next_free_at) > each.next_free_at
    )


def _looked_at(uow: UnitOfWork, found: Sequence[Bound]) -> Iterator[Mended]:
    """The true first time behind each bound, or the end of what can be booked today.

    Holds and rooms are left out: both end or change without a word to the directory, and a bound
    that took them for granted would then be too late.
    """
    offers = clinic.services_by_practitioner(uow, {bound.practitioner_id for bound in found})
    cards = {
        (who, card.service_id): card.model_copy(update={"pool_id": None})
        for who, offered in offers.items()
        for card in offered
    }
    policies = scheduling.policies_of(uow, {c.service_id: c for c in cards.values()})
    for some in _one_each(bound for bound in found if bound[:2] in cards):
        yield from _true_times(uow, some, cards, policies)


def _one_each(found: Iterator[Bound]) -> list[dict[UUID, Bound]]:
    """The bounds in as few groups as have each practitioner once."""
    groups: list[dict[UUID, Bound]] = []
    for bound in found:
        group = next((g for g in groups if bound.practitioner_id not in g), None)
        if group is None:
            groups.append(group := {})
        group[bound.practitioner_id] = bound
    return groups


def _true_times(
    uow: UnitOfWork,
    some: dict[UUID, Bound],
    cards: dict[tuple[UUID, UUID], ServiceCard],
    policies: dict[UUID, ClinicPolicy],
) -> Iterator[Mended]:
    asked = {who: scheduling.Asked(cards[bound[:2]], uow.now) for who, bound in some.items()}
    used = {a.service.service_id: policies[a.service.service_id] for a in asked.values()}
    end = uow.now + max(policy.horizon for policy in used.values())
    near = min(end, uow.now + timedelta(days=4))
    times = scheduling.soonest_free(uow, asked, policies=used, until=near, viewer=_PAST_HOLDS)
    left = {who: wish for who, wish in asked.items() if who not in times}
    if left:
        times |= scheduling.soonest_free(
            uow, left, policies=used, until=end + _SECOND, viewer=_PAST_HOLDS
        )
    for who, bound in some.items():
        policy = used[bound.service_id]
        free = times[who][0].starts_at if who in times else uow.now + policy.horizon
        yield Mended(bound, free, free - policy.minimum_notice)
