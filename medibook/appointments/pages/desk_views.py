"""The clinic's day in the reader's words: columns of blocks, each with its place on the axis of hours."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import VisitOnSheet
from medibook.appointments.schemas.desk import ClinicDay, DeskColumn
from medibook.kernel.intervals import Interval, subtracted
from medibook.scheduling.schemas import OpenStretch
from medibook.scheduling.service import day_on_the_wall
from medibook.ui.i18n import Translator
from medibook.ui.theme import STATUSES, status_word

_MINUTE = timedelta(minutes=1)
_HOUR = 60
_CELL = timedelta(minutes=30)
_SHORTEST_CELL = timedelta(minutes=10)
_USUAL = (8 * _HOUR, 18 * _HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBlock:
    """Something on the axis; ``begins`` and ``minutes`` are counted from the first hour shown.

    ``kind``: visit | free | open | away | held | buffer. Visits that overlap share the width in lanes.
    """

    key: str
    kind: str
    begins: int
    minutes: int
    lane: int = 0
    lanes: int = 1
    time: str = ""
    title: str = ""
    note: str = ""
    name: str = ""
    tone: str = ""
    icon: str = ""
    href: str = ""
    overbooked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskColumnView:
    """A practitioner's column; ``now`` is the place of the now line, -1 when it is not in sight."""

    key: str
    name: str
    note: str
    now: int = -1
    chosen: bool = False
    away: str = ""
    blocks: list[DeskBlock] = field(default_factory=list)

    def chosen_if(self, key: str) -> "DeskColumnView":
        """The column, marked as the one that a phone shows if its key is this one."""
        return replace(self, chosen=self.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourMark:
    """A full hour on the axis."""

    label: str
    begins: int


def span_of_day(day: ClinicDay) -> tuple[int, int]:
    """The minutes of the wall's day that are shown, on full hours; with a look at the usual day."""
    times = [
        (_minute(day, column, time.start), _minute(day, column, time.end))
        for column in day.columns
        for time in _all_times(column)
    ]
    first = min((begin for begin, _ in times), default=_USUAL[0]) // _HOUR * _HOUR
    last = -(-max((end for _, end in times), default=_USUAL[1]) // _HOUR) * _HOUR
    return max(first, 0), max(last, first + _HOUR)


def hour_marks(_: Translator, day: ClinicDay, span: tuple[int, int]) -> list[HourMark]:
    """The hours as the wall of the first column shows them."""
    zone = ZoneInfo(day.columns[0].zone if day.columns else "UTC")
    midnight = day_on_the_wall(day.day, zone.key).start
    return [
        HourMark(label=_.time(midnight + minute * _MINUTE, zone), begins=minute - span[0])
        for minute in range(span[0], span[1], _HOUR)
    ]


def column_views(
    _: Translator, day: ClinicDay, *, span: tuple[int, int], now: datetime
) -> list[DeskColumnView]:
    """The columns that are shown, with everything that stands in them, earliest first."""
    return [_Drawn(_, day, column, span[0], now).view(span) for column in day.columns]


class _Drawn:
    """One column on its way to the screen."""

    def __init__(
        self, _: Translator, day: ClinicDay, column: DeskColumn, first: int, now: datetime
    ) -> None:
        self._words, self._day, self._column = _, day, column
        self._first, self._now = first, now
        self._zone = ZoneInfo(column.zone)

    def view(self, span: tuple[int, int]) -> DeskColumnView:
        column, _ = self._column, self._words
        at = _minute(self._day, column, self._now)
        shown = self._day.day == self._now.astimezone(self._zone).date()
        blocks = sorted(self._blocks(), key=lambda block: (block.begins, block.kind != "open"))
        return DeskColumnView(
            key=str(column.practitioner_id),
            name=column.practitioner_name,
            note=_.plural("{count} visit", "{count} visits", len(column.visits)),
            now=at - span[0] if shown and span[0] <= at <= span[1] else -1,
            away=self._away(),
            blocks=blocks,
        )

    def _away(self) -> str:
        """Where one says that this practitioner is ill on this day; "" when the day is over."""
        whose, day = self._column.practitioner_id, self._day.day
        is_over = day < self._now.astimezone(self._zone).date()
        return "" if is_over else self._words.href(f"/desk/absence/?whose={whose}&first={day}")

    def _blocks(self) -> Iterator[DeskBlock]:
        workday = self._column.workday
        for number, stretch in enumerate(workday.hours):
            yield self._block(f"open-{number}", "open", stretch.time)
        yield from self._not_to_be_had()
        for visit in self._column.visits:
            yield from self._buffers(visit)
        if self._column.is_bookable:
            for stretch in workday.free:
                yield from self._free(stretch)
        yield from self._visits()

    def _not_to_be_had(self) -> Iterator[DeskBlock]:
        """Absences, closed days, and what somebody is booking online just now."""
        _, workday = self._words, self._column.workday
        gone = [(away, _("Away")) for away in workday.away]
        gone += [(closed.time, closed.name or _("Closed")) for closed in workday.closed]
        for number, (time, title) in enumerate(gone):
            for today in self._within_the_day([time]):
                yield self._block(f"away-{number}", "away", today, title=title)
        for number, held in enumerate(workday.held):
            yield self._block(f"held-{number}", "held", held, title=_("Being booked"))

    def _within_the_day(self, times: Iterable[Interval]) -> Iterator[Interval]:
        """What of these lies in this day: of a fortnight off, one day is drawn."""
        whole = day_on_the_wall(self._day.day, self._column.zone)
        for time in times:
            if time.overlaps(whole):
                yield Interval(max(time.start, whole.start), min(time.end, whole.end))

    def _buffers(self, visit: VisitOnSheet) -> Iterator[DeskBlock]:
        seen = Interval(visit.starts_at, visit.ends_at)
        taken = self._column.workday.taken.get(visit.appointment_id)
        for number, buffer in enumerate(subtracted([taken], [seen]) if taken else ()):
            key = f"buffer-{visit.appointment_id}-{number}"
            yield self._block(key, "buffer", buffer)

    def _free(self, stretch: OpenStretch) -> Iterator[DeskBlock]:
        """Half hours of the wall in which somebody could be put; what has passed is not offered."""
        _, zone, end = self._words, ZoneInfo(stretch.zone), stretch.time.end
        begin = max(stretch.time.start, _next_minute(self._now))
        while begin + _SHORTEST_CELL <= end:
            into = timedelta(minutes=begin.astimezone(zone).minute % 30)
            until = min(begin + _CELL - into, end)
            if end - until < _SHORTEST_CELL:
                until = end
            time = _.time(begin, zone)
            yield self._block(
                f"free-{int(begin.timestamp())}",
                "free",
                Interval(begin, until),
                time=time,
                name=_("Book here: {time}, {name}", time=time, name=self._column.practitioner_name),
                href=_.href(
                    f"/desk/book/?by={self._column.practitioner_id}&start={int(begin.timestamp())}"
                ),
            )
            begin = until

    def _visits(self) -> Iterator[DeskBlock]:
        _, zone = self._words, self._zone
        for visit, lane, lanes in in_lanes(self._column.visits):
            look = STATUSES[str(visit.status)]
            overbooked = visit.appointment_id in self._column.workday.overbooked
            word = status_word(_, str(visit.status), staff=True)
            yield self._block(
                str(visit.appointment_id),
                "visit",
                Interval(visit.starts_at, visit.ends_at),
                lane=lane,
                lanes=lanes,
                time=_.time(visit.starts_at, zone),
                title=visit.patient_name,
                note=" · ".join(
                    [
                        word,
                        *([_("Overbooked")] if overbooked else []),
                        *([_("Video")] if visit.is_video else []),
                        _(visit.service_name),
                    ]
                ),
                tone=look.tone,
                icon=look.icon,
                overbooked=overbooked,
            )

    def _block(self, key: str, kind: str, span: Interval, **words: Any) -> DeskBlock:
        begins = _minute(self._day, self._column, span.start) - self._first
        ends = _minute(self._day, self._column, span.end) - self._first
        return DeskBlock(
            key=key,
            kind=kind,
            begins=max(begins, 0),
            minutes=max(ends - max(begins, 0), 1),
            **words,
        )


def in_lanes(visits: Sequence[VisitOnSheet]) -> Iterator[tuple[VisitOnSheet, int, int]]:
    """Each visit with its lane and how many lanes its neighbours need: overbooked ones stand beside."""
    cluster: list[tuple[VisitOnSheet, int]] = []
    until = datetime.min.replace(tzinfo=UTC)
    for visit in sorted(visits, key=lambda visit: (visit.starts_at, visit.ends_at)):
        if visit.starts_at >= until:
            yield from _spread(cluster)
            cluster = []
        busy = {lane for other, lane in cluster if other.ends_at > visit.starts_at}
        cluster.append((visit, next(n for n in range(len(busy) + 1) if n not in busy)))
        until = max(until, visit.ends_at)
    yield from _spread(cluster)


def _spread(cluster: Sequence[tuple[VisitOnSheet, int]]) -> Iterator[tuple[VisitOnSheet, int, int]]:
    lanes = max((lane for _, lane in cluster), default=0) + 1
    yield from ((visit, lane, lanes) for visit, lane in cluster)


def _all_times(column: DeskColumn) -> Iterator[Interval]:
    yield from (stretch.time for stretch in column.workday.hours)
    yield from (Interval(visit.starts_at, visit.ends_at) for visit in column.visits)


def _minute(day: ClinicDay, column: DeskColumn, when: datetime) -> int:
    """Minutes since midnight on the column's own wall, as a stopwatch counts them."""
    return round((when - day_on_the_wall(day.day, column.zone).start) / _MINUTE)


def _next_minute(now: datetime) -> datetime:
    """The next five minutes that are whole: nobody is booked for 10:03."""
    into = timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    return now if not into else now - into + timedelta(minutes=5)
