"""Free times as the departure board shows them, in the reader's language."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from medibook.scheduling.schemas import BoardDay, FreeTime, SlotWish
from medibook.ui.components import SlotChip, SlotDay
from medibook.ui.i18n import Translator

Href = Callable[[FreeTime], str]

_MANY = 8  # a longer day is parted into morning, afternoon and evening
_NOON, _EVENING = time(12), time(17)


def booking_href(_: Translator, free: FreeTime) -> str:
    """The address where a free time is checked and booked."""
    return _.href(f"/book/?slot={wish_of(free).address}")


def wish_of(free: FreeTime) -> SlotWish:
    """The wish to have exactly this time."""
    return SlotWish(
        practitioner_id=free.practitioner_id,
        service_id=free.service_id,
        starts_at=free.starts_at,
    )


def chip(_: Translator, free: FreeTime, href: str) -> SlotChip:
    """One time: "10:30", said aloud as "10:30, Tuesday 24 November"."""
    zone = ZoneInfo(free.zone)
    label = _.time(free.starts_at, zone)
    note = _which_of_two(_, free) if free.comes_twice else ""
    return SlotChip(
        key=wish_of(free).address,
        label=label,
        href=href,
        name=", ".join(part for part in (label, note, _.long_day(free.starts_at, zone)) if part),
        note=note,
    )


def _which_of_two(_: Translator, free: FreeTime) -> str:
    # The clock goes back: this wall time happens twice, and each must say which it is.
    wall = free.starts_at.astimezone(ZoneInfo(free.zone))
    return _("after the clocks change") if wall.fold else _("before the clocks change")


def days(_: Translator, board: Iterable[BoardDay], href: Href) -> list[SlotDay]:
    """The rows of the board; a day of more than eight times is parted by noon and evening."""
    return [
        SlotDay(
            key=row.day.isoformat(),
            label=_.day(row.day),
            long_label=_.long_day(row.day),
            count_label=_count(_, len(row.times)),
            chips=_chips(_, row, href),
        )
        for row in board
    ]


def _count(_: Translator, count: int) -> str:
    return _.plural("{count} time", "{count} times", count) if count else ""


def _chips(_: Translator, row: BoardDay, href: Href) -> list[SlotChip]:
    chips = [chip(_, free, href(free)) for free in row.times]
    if len(chips) <= _MANY:
        return chips
    parted: list[SlotChip] = []
    for free, each in zip(row.times, chips, strict=True):
        part = _part(_, free)
        if part not in {c.label for c in parted if c.state == "part"}:
            parted.append(SlotChip(key=f"{row.day}-{part}", label=part, state="part"))
        parted.append(each)
    return parted


def _part(_: Translator, free: FreeTime) -> str:
    wall = free.starts_at.astimezone(ZoneInfo(free.zone)).time()
    if wall < _NOON:
        return _("Morning")
    return _("Afternoon") if wall < _EVENING else _("Evening")


def kept_in_place(
    _: Translator, shown: Sequence[SlotDay], fresh: Sequence[SlotDay]
) -> list[SlotDay]:
    """Bring the news into a board somebody is looking at, so that nothing moves under the finger.

    What was taken becomes text where it stands; what came free is added at the end of its day.
    """
    news = {day.key: day for day in fresh}
    return [_kept_day(_, day, news[day.key]) if day.key in news else day for day in shown]


def _kept_day(_: Translator, shown: SlotDay, fresh: SlotDay) -> SlotDay:
    free_now = {c.key: c for c in fresh.chips if c.state != "part"}
    kept = kept_chips(shown.chips, fresh.chips)
    seen = {c.key for c in kept}
    added = [c for key, c in free_now.items() if key not in seen]
    return replace(shown, count_label=_count(_, len(free_now)), chips=[*kept, *added])


def kept_chips(shown: Sequence[SlotChip], fresh: Sequence[SlotChip]) -> list[SlotChip]:
    """The chips that are shown, each in its place: free as before, or now taken."""
    free_now = {c.key: c for c in fresh}
    return [
        c
        if c.state in ("part", "chosen")
        else free_now.get(c.key) or replace(c, state="taken", href="")
        for c in shown
    ]
