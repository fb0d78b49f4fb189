"""Passing a freed time on: to the first in line who can take it, then to the next, until it is taken.

It runs in the transaction that frees the time, so that nobody slips in between. Each step ends with an
offer that keeps the time, with a rest until the morning, or with the end of the round.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from medibook.kernel.actor import system_only
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.schemas import SlotWish
from medibook.waitlist.access import offers, rounds
from medibook.waitlist.events import WaitlistOfferClosed, WaitlistOffered
from medibook.waitlist.rules import HOLD_OUTLIVES, Candidate, Choice, Opening, Passed, choose, suits
from medibook.waitlist.schemas import Cause, OfferState, PassReason, RoundState
from medibook.waitlist.service.batching import ask_alongside, hand_on_what_is_kept
from medibook.waitlist.service.ground import Ground, ground_of, with_facts

_AT_ONCE: Final = 100
_IN_A_LOOK: Final = 200


@use_case(allow=system_only)
def promote(uow: UnitOfWork, *, fact: SlotFreed) -> None:
    """Offer a freed time to the first in line; one look when nobody waits for anything.

    The last who waits may just have left what was offered to them: that time is at its end then.
    """
    if rounds.concern_anybody(uow):
        hand_on(uow, fact.practitioner_id, Interval(fact.starts_at, fact.ends_at), Cause.FREED)


@query(allow=system_only)
def due_rounds(uow: UnitOfWork) -> tuple[UUID, ...]:
    """The freed times whose next step has come: an offer has expired, or the night is over."""
    return tuple(rounds.due(uow, limit=_AT_ONCE))


@use_case(allow=system_only)
def pass_on(uow: UnitOfWork, *, round_id: UUID) -> bool:
    """Take the next step with a freed time, if it is due; whether there was one. Twice does no harm."""
    uow.lock(rounds.find(uow, round_id).practitioner_id)
    row = rounds.find(uow, round_id, to_change=True)
    if row.state is not RoundState.OPEN or row.next_at is None or row.next_at > uow.now:
        return False
    _step(uow, row)
    return True


def hand_on(uow: UnitOfWork, practitioner_id: UUID, time: Interval, cause: Cause) -> bool:
    """Go on with a time that has become free, or begin; whether anybody is asked for it now."""
    uow.lock(practitioner_id)
    going = rounds.open_over(uow, practitioner_id, time)
    if going:
        for row in going:
            _step(uow, row)
        return False
    return _ask(uow, ground_of(uow, practitioner_id, time), None, cause)


def close_offer(
    uow: UnitOfWork,
    offer: Any,  # noqa: ANN401 - a row of Core columns
    state: OfferState,
    *,
    because: str = "",
) -> None:
    """Close an offer without a visit and give its time back: whoever is next is asked for it.

    When some were asked at once, the time stays kept until the last of them has answered.
    """
    if not offers.close(uow, offer.id, state, because=because):
        return
    uow.record(
        WaitlistOfferClosed(
            offer.entry_id, offer.patient_id, offer.id, offer.practitioner_id, state.value
        )
    )
    if hand_on_what_is_kept(uow, offer):
        return
    # What is given back is announced as freed, and the list follows that. A hold that was swept
    # already was announced then, while this offer was still open: so the round goes on from here.
    if not scheduling.let_kept_time_go(uow, offer.id):
        row = rounds.find(uow, offer.round_id, to_change=True)
        if row.state is RoundState.OPEN:
            _step(uow, row)


def close_all(
    uow: UnitOfWork,
    round_id: UUID,
    state: OfferState,
    *,
    because: str = "",
    expired_only: bool = False,
) -> None:
    """Close every offer of a freed time; the one that keeps the time comes last, and gives it back."""
    for offer in sorted(offers.open_of_round(uow, round_id), key=attrgetter("keeps")):
        if not expired_only or offer.expires_at <= uow.now:
            close_offer(uow, offer, state, because=because)


def _step(uow: UnitOfWork, row: Any) -> None:  # noqa: ANN401 - likewise
    """One step with a freed time that goes on: nothing while somebody considers it."""
    if not offers.open_of_round(uow, row.id):
        time = Interval(row.starts_at, row.ends_at)
        _ask(uow, ground_of(uow, row.practitioner_id, time), row.id, row.cause)
    else:
        close_all(uow, row.id, OfferState.LAPSED, expired_only=True)


def _ask(uow: UnitOfWork, ground: Ground, round_id: UUID | None, cause: Cause) -> bool:
    """Ask the first in line who can take the time, or end; whether somebody is asked."""
    passed: list[Passed] = []
    where = ground.where
    for known in _in_line(uow, ground) if where else ():
        choice = choose(known, ground.freed, uow.now)
        while choice.candidate is not None and choice.opening is not None:
            round_id = round_id or _begin(uow, ground, choice.opening, cause)
            if _offer(uow, round_id, ground, choice):
                rounds.add_passes(uow, round_id, [*passed, *choice.passed])
                ask_alongside(uow, round_id, ground, choice)
                return True
            known = _busy_after_all(known, choice.candidate)
            choice = choose(known, ground.freed, uow.now)
        if choice.rests_until is not None and where is not None:
            rounds.go_on_at(uow, round_id or _begin(uow, ground, where, cause), choice.rests_until)
            return False
        passed += choice.passed
    if round_id is not None:
        rounds.add_passes(uow, round_id, passed)
        nobody_is_left = where is not None or not ground.candidates
        rounds.end(uow, round_id, RoundState.EXHAUSTED if nobody_is_left else RoundState.GONE)
    return False


def _begin(uow: UnitOfWork, ground: Ground, where: Opening, cause: Cause) -> UUID:
    return rounds.add(uow, ground.practitioner_id, ground.time, where, cause)


def _in_line(uow: UnitOfWork, ground: Ground) -> Iterator[Sequence[Candidate]]:
    """Who waits, some at a time; what stands against them is looked up for those whom the time suits."""
    for first in range(0, len(ground.candidates), _IN_A_LOOK):
        some = ground.candidates[first : first + _IN_A_LOOK]
        suited = [each for each in some if suits(each, ground.freed, uow.now)]
        known = {each.entry_id: each for each in with_facts(uow, ground, suited)}
        yield [known.get(each.entry_id, each) for each in some]


def _busy_after_all(known: Sequence[Candidate], candidate: Candidate) -> tuple[Candidate, ...]:
    """The same list after the database has said that this one has something else then."""
    return tuple(
        replace(each, hindrance=PassReason.BUSY_THEN) if each is candidate else each
        for each in known
    )


def _offer(uow: UnitOfWork, round_id: UUID, ground: Ground, choice: Choice) -> bool:
    """Keep the time for the chosen one and ask them; False when somebody was faster after all."""
    candidate, opening, until = choice.candidate, choice.opening, choice.until
    if candidate is None or opening is None or until is None:
        return False
    return make_offer(uow, round_id, ground.practitioner_id, candidate, opening, until=until)


def make_offer(
    uow: UnitOfWork,
    round_id: UUID,
    practitioner_id: UUID,
    candidate: Candidate,
    opening: Opening,
    *,
    until: datetime,
    override_reason: str = "",
) -> bool:
    """Keep a time for somebody until they answer; False, and nothing kept, when it cannot be had."""
    offer_id, service_id = uow.new_id(), candidate.service_id
    wish = SlotWish(
        practitioner_id=practitioner_id, service_id=service_id, starts_at=opening.starts_at
    )
    held = scheduling.keep_for_waiting(
        uow,
        wish=wish,
        patient_id=candidate.patient_id,
        offer_id=offer_id,
        until=until + HOLD_OUTLIVES,
    )
    if held is None:
        return False
    columns = {
        "id": offer_id,
        "round_id": round_id,
        "entry_id": candidate.entry_id,
        "hold_id": held.hold_id,
        "priority": candidate.priority,
        "expires_at": until,
        "override_reason": override_reason,
        "zone": held.zone,
    } | {name: getattr(held, name) for name in _OF_THE_TIME}
    if not offers.add(uow, columns):
        scheduling.let_kept_time_go(uow, offer_id, silently=True)
        return False
    rounds.go_on_at(uow, round_id, until)
    uow.record(WaitlistOffered(candidate.entry_id, candidate.patient_id, offer_id, practitioner_id))
    return True


_OF_THE_TIME: Final = (
    "patient_id",
    "practitioner_id",
    "service_id",
    "location_id",
    "starts_at",
    "ends_at",
)
