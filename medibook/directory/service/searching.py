"""Finding a doctor: those who fit in the order that was asked for, each with times that are free now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.directory.access import candidates as access
from medibook.directory.access.candidates import Candidate
from medibook.directory.rules import meaning, ranking
from medibook.directory.rules.ranking import After, Rank
from medibook.directory.schemas import SearchPage, SearchWish, Sort
from medibook.directory.service.cards import cards_of
from medibook.directory.service.understanding import Understood, understood
from medibook.kernel.actor import anyone
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import Slot
from medibook.scheduling.schemas import FreeTime

# How many are looked at in turn: nearly always the first look is enough. Beyond the last the page
# is shown as it stands: who narrows the search gets a proof, and nobody can keep the clinic busy.
_LOOKS = (12, 52, 144, 400)
_SECOND = timedelta(seconds=1)
_AHEAD = timedelta(days=5)


@query(allow=anyone)
def search(uow: UnitOfWork, *, wish: SearchWish) -> SearchPage:
    """Find doctors who fit; a window leaves out who has no time in it.

    By default soonest first, which is proven: the stored bounds say who could be sooner at all, and
    whoever could is looked at. When nobody fits, the page says which filters to drop.
    """
    asked = understood(uow, wish)
    look = _Look(uow, asked, ranking.after_from(wish.after))
    look.go_on_until_proven()
    shown = look.shown()[: meaning.PER_PAGE]
    if not shown and look.after is None:
        return _nobody(uow, asked)
    is_last = look.is_at_the_end and len(look.shown()) <= len(shown)
    last = shown[-1].rank if shown and not is_last else None
    return SearchPage(
        cards=cards_of(uow, asked, [(f.candidate, f.service, f.times) for f in shown]),
        found=len(look.shown()) if look.is_counted else look.found,
        is_exact=look.is_counted or not asked.is_windowed,
        is_proven=look.is_proven,
        page=wish.page,
        next=str(After(last.number, last.practitioner_id)) if last else "",
        meant=asked.meant,
        place_unknown=asked.place_unknown,
    )


def _nobody(uow: UnitOfWork, asked: Understood) -> SearchPage:
    wider = [
        name
        for name, wish in meaning.without(asked.wish).items()
        if access.count(uow, understood(uow, wish).criteria)
    ]
    return SearchPage(
        cards=(), found=0, page=1, meant=asked.meant,
        place_unknown=asked.place_unknown, wider=tuple(wider),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """Somebody who was looked at: when they are really free, and so where they stand."""

    rank: Rank
    candidate: Candidate
    service: ServiceCard
    times: tuple[FreeTime, ...]


@dataclass(slots=True)
class _Look:
    """Going down the order of the bounds, looking at some at a time, until the page is proven."""

    uow: UnitOfWork
    asked: Understood
    after: After | None
    seen: list[_Found] = field(default_factory=list)
    looked_at: int = 0
    found: int = 0
    frontier: Rank | None = None
    is_at_the_end: bool = False
    _nearest: list[Rank] | None = None

    def go_on_until_proven(self) -> None:
        for many in _LOOKS:
            self._look_at(many)
            if self.is_proven:
                return

    @property
    def is_proven(self) -> bool:
        wanted = meaning.PER_PAGE
        return ranking.is_proven([each.rank for each in self.shown()], wanted, self.frontier)

    @property
    def is_counted(self) -> bool:
        """Whether everybody who may have time then was looked at."""
        return self.asked.is_windowed and self.is_at_the_end and self.after is None

    def shown(self) -> list[_Found]:
        """Who stands after the page before, in order."""
        return sorted((f for f in self.seen if self._is_beyond(f.rank)), key=lambda f: f.rank)

    def _is_beyond(self, rank: Rank) -> bool:
        if self.after is None:
            return True
        # Of the one with whom the page before has ended only id and number are known.
        return (
            rank.number >= self.after.number and rank.practitioner_id != self.after.practitioner_id
        )

    def _look_at(self, many: int) -> None:
        rows = list(self._rows(many))
        self.is_at_the_end = len(rows) <= many
        self.frontier = None if self.is_at_the_end else rows[many][0]
        self.looked_at += min(len(rows), many)
        self.seen += _verified(self.uow, self.asked, rows[:many])

    def _rows(self, many: int) -> Iterator[tuple[Rank, Candidate]]:
        """The next in the order, and one more, who is the frontier."""
        sort = self.asked.sort
        if self.asked.kilometres and sort is Sort.NEAREST:
            yield from self._by_distance(many)
            return
        rows = access.candidates(
            self.uow, self.asked.criteria, sort=sort, after=self.after,
            skip=self.looked_at, limit=many + 1,
        )  # fmt: skip
        if rows:
            self.found = rows[0].found
        for row in rows:
            yield row.rank(sort), row

    def _by_distance(self, many: int) -> Iterator[tuple[Rank, Candidate]]:
        if self._nearest is None:
            every = access.by_distance(self.uow, self.asked.criteria, self.asked.kilometres)
            self.found = len(every)
            self._nearest = _following(every, self.after)
        some = self._nearest[self.looked_at : self.looked_at + many + 1]
        ids = [rank.practitioner_id for rank in some]
        rows = access.chosen_candidates(self.uow, self.asked.criteria, ids) if ids else {}
        for rank in some:
            if rank.practitioner_id in rows:
                yield rank, rows[rank.practitioner_id]


def _following(ranks: list[Rank], after: After | None) -> list[Rank]:
    """Those who come after the one with whom the page before has ended."""
    if after is None:
        return ranks
    ids = [rank.practitioner_id for rank in ranks]
    if after.practitioner_id in ids:
        return ranks[ids.index(after.practitioner_id) + 1 :]
    return [rank for rank in ranks if rank.number > after.number]


def _verified(
    uow: UnitOfWork, asked: Understood, rows: Sequence[tuple[Rank, Candidate]]
) -> list[_Found]:
    """Ask of each what is really free; who has nothing in a window is left out."""
    people = {row.practitioner_id: row for _, row in rows}
    wanted = {who: row.service_id for who, row in people.items()}
    offers = clinic.services_and_policies(uow, wanted) if wanted else {}
    times = _times(uow, asked, people, offers) if offers else {}
    found = []
    for rank, row in rows:
        who = row.practitioner_id
        free = times.get(who, ())
        if who not in offers or (asked.is_windowed and not free):
            continue
        service, policy = offers[who]
        if ranking.goes_by_time(asked.sort):
            # Who has nothing stands where the bound says, or where their horizon is today.
            first = free[0].starts_at if free else max(row.next_free_at, uow.now + policy.horizon)
            rank = rank._replace(number=ranking.microseconds(first))
        found.append(_Found(rank, row, service, free))
    return found


def _times(
    uow: UnitOfWork,
    asked: Understood,
    people: dict[UUID, Candidate],
    offers: dict[UUID, tuple[ServiceCard, ClinicPolicy]],
) -> dict[UUID, tuple[FreeTime, ...]]:
    """The next times of each, in one look over the days in which the bounds say that they are."""
    window = asked.window
    policies = {card.service_id: policy for card, policy in offers.values()}
    since = {who: max(people[who].next_free_at, window.start) for who in offers}
    wishes = {who: scheduling.Asked(card, since[who]) for who, (card, _) in offers.items()}
    # Nearly all have what is wanted soon after their bound: two months are read for the others only.
    near = [start for start in since.values() if start < window.start + 4 * _AHEAD]
    soon = min(window.end, max(near, default=window.start) + _AHEAD)
    limit = meaning.CHIPS + 1
    found = scheduling.soonest_free(
        uow, wishes, policies=policies, until=soon, limit=limit, fits=_fits(asked)
    )
    left = {who: wish for who, wish in wishes.items() if who not in found}
    end = min(window.end, uow.now + max(policy.horizon for policy in policies.values()) + _SECOND)
    if left and soon < end:
        found |= scheduling.soonest_free(
            uow, left, policies=policies, until=end, limit=limit, fits=_fits(asked)
        )
    return found


def _fits(asked: Understood) -> "scheduling.Fits":
    parts = asked.wish.parts

    def fits(slot: Slot) -> bool:
        return not parts or meaning.is_in(parts, slot.start.astimezone(ZoneInfo(slot.zone)))

    return fits
