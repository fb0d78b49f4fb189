"""Who is offered which times: turn by turn, so that nobody has two before everybody had a chance of one.

A time that one patient is offered is offered to nobody else, and no two that overlap: neither of one
practitioner, with the buffers, nor for one patient.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from medibook.absences.schemas import Candidate, Wanting
from medibook.kernel.intervals import Interval

MOST_ALTERNATIVES: Final = 3

Take = Callable[[Wanting, Candidate], bool]
"""Tries to keep a time for a patient; False when it cannot be had after all."""


def spread(
    wanting: Sequence[Wanting], take: Take = lambda _w, _c: True, *, most: int = MOST_ALTERNATIVES
) -> dict[UUID, tuple[Candidate, ...]]:
    """Give each visit up to ``most`` other times, by visit; those that get none have ().

    In each turn everybody gets one. Who has the fewest to choose from goes first, and in every other
    turn last, so that the best times do not all go to the same people.
    """
    given: dict[UUID, list[Candidate]] = {want.appointment_id: [] for want in wanting}
    ledger = _Ledger()
    turns = sorted(wanting, key=lambda w: (len(w.candidates), w.starts_at, w.appointment_id))
    for turn in range(most):
        for want in turns if turn % 2 == 0 else reversed(turns):
            own = given[want.appointment_id]
            for candidate in _in_order(want.candidates, own):
                if ledger.is_free(want, candidate) and _try(ledger, want, candidate, take):
                    own.append(candidate)
                    break
    return {visit: tuple(sorted(own, key=lambda c: c.time)) for visit, own in given.items()}


def _try(ledger: "_Ledger", want: Wanting, candidate: Candidate, take: Take) -> bool:
    # Whether it was had or not: nobody need try it again.
    if take(want, candidate):
        ledger.note(want, candidate)
        return True
    ledger.note_lost(candidate)
    return False


def _in_order(candidates: Iterable[Candidate], given: Sequence[Candidate]) -> Iterator[Candidate]:
    """The nearest of another kind and another day first, then of another kind, another day, any."""
    kinds, days = {c.kind for c in given}, {c.day for c in given}
    wishes: tuple[Callable[[Candidate], bool], ...] = (
        lambda c: c.kind not in kinds and c.day not in days,
        lambda c: c.kind not in kinds,
        lambda c: c.day not in days,
        lambda _: True,
    )
    every = list(candidates)
    for wish in wishes if given else wishes[-1:]:
        yield from (candidate for candidate in every if wish(candidate))


class _Ledger:
    """What is given away so far."""

    def __init__(self) -> None:
        self._of_practitioner: dict[UUID, list[Interval]] = {}
        self._of_patient: dict[UUID, list[Interval]] = {}
        self._lost: set[tuple[UUID, UUID, Interval]] = set()

    def is_free(self, want: Wanting, candidate: Candidate) -> bool:
        if _key(candidate) in self._lost:
            return False
        theirs = self._of_practitioner.get(candidate.practitioner_id, ())
        own = self._of_patient.get(want.patient_id, ())
        return not (
            any(candidate.around.overlaps(time) for time in theirs)
            or any(candidate.time.overlaps(time) for time in own)
        )

    def note(self, want: Wanting, candidate: Candidate) -> None:
        self._of_practitioner.setdefault(candidate.practitioner_id, []).append(candidate.around)
        self._of_patient.setdefault(want.patient_id, []).append(candidate.time)

    def note_lost(self, candidate: Candidate) -> None:
        self._lost.add(_key(candidate))


def _key(candidate: Candidate) -> tuple[UUID, UUID, Interval]:
    return candidate.practitioner_id, candidate.service_id, candidate.time
