"""A practitioner's days as FullCalendar draws them: what stands where, its icon, its colour and its word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import CalendarPage, CalendarVisit
from medibook.scheduling.schemas import TimeOffKind, TimeOffRow
from medibook.ui.i18n import Translator
from medibook.ui.theme import STATUSES, status_word

Item = dict[str, str | bool]

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
LIST_DAYS: Final = 14
_MONTH_DAYS: Final = 42
_OPENS, _CLOSES = 8, 18  # what is shown of a day on which nothing is open
_FIRST, _LAST = date(1971, 1, 1), date(8999, 1, 1)  # an address may name any day


class View(StrEnum):
    """How much of the calendar is shown at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    LIST = "list"


DRAWN_AS: Final = {
    View.DAY: "timeGridDay",
    View.WEEK: "timeGridWeek",
    View.MONTH: "dayGridMonth",
    View.LIST: "fortnight",
}


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a view shows, and the days to which its arrows lead."""

    first: date
    last: date
    before: date
    after: date


def days_of(view: View, on: date) -> Days:
    """The days of a view on a date."""
    on = min(max(on, _FIRST), _LAST)
    monday = on - timedelta(days=on.weekday())
    match view:
        case View.DAY:
            return Days(on, on, on - _DAY, on + _DAY)
        case View.WEEK:
            return Days(monday, monday + 6 * _DAY, monday - _WEEK, monday + _WEEK)
        case View.LIST:
            reach = timedelta(days=LIST_DAYS)
            return Days(on, on + reach - _DAY, on - reach, on + reach)
        case View.MONTH:
            start = on.replace(day=1)
            first = start - timedelta(days=start.weekday())
            last = first + timedelta(days=_MONTH_DAYS - 1)
            after = (start + timedelta(days=31)).replace(day=1)
            return Days(first, last, (start - _DAY).replace(day=1), after)


def title_of(_: Translator, view: View, on: date, hidden: list[int]) -> str:
    """What the days that are shown are called; ``hidden`` weekdays are not."""
    days = days_of(view, on)
    match view:
        case View.DAY:
            return _.date(on)
        case View.MONTH:
            return _.month(on)
        case View.WEEK | View.LIST:
            last = days.last - (0 in hidden) * _DAY - (hidden == [0, 6]) * _DAY
            return f"{_.day(days.first)} – {_.day(last)} {last.year}"


def links_of(_: Translator, view: View, on: date, today: date) -> dict[str, str]:
    """Where the calendar's links lead: to today, to the days before and after, and to each view."""
    days = days_of(view, on)
    there = {"today": today, "earlier": days.before, "later": days.after}
    found = {name: _.href(f"/calendar/?view={view}&on={day}") for name, day in there.items()}
    return found | {each.value: _.href(f"/calendar/?view={each}&on={on}") for each in View}


def claimed_view(claim: str) -> View:
    """The view that an address names; the week when it is none at all."""
    return View(claim) if claim in set(View) else View.WEEK


def hidden_days(page: CalendarPage) -> list[int]:
    """Saturday and Sunday, unless something is on them; as FullCalendar counts, from Sunday."""
    zone = ZoneInfo(page.zone)
    starts = [*(row.starts_at for row in page.open), *(row.visit.starts_at for row in page.visits)]
    busy = {start.astimezone(zone).isoweekday() % 7 for start in starts}
    return [day for day in (0, 6) if day not in busy]


def hours_shown(page: CalendarPage) -> tuple[str, str]:
    """From which hour until which a day is drawn: the hours, the visits, and one hour round them."""
    zone = ZoneInfo(page.zone)
    earliest, latest = _OPENS * 60, _CLOSES * 60
    for start, end in _times(page):
        begins, ends = start.astimezone(zone), end.astimezone(zone)
        earliest = min(earliest, _minutes(begins) - 60)
        over = 24 * 60 if ends.date() > begins.date() else _minutes(ends)
        latest = max(latest, over + 60)
    return f"{max(0, earliest // 60):02}:00:00", f"{min(24, -(-latest // 60)):02}:00:00"


def _times(page: CalendarPage) -> Iterator[tuple[datetime, datetime]]:
    yield from ((row.starts_at, row.ends_at) for row in (*page.open, *page.held))
    yield from ((row.busy_from, row.busy_until) for row in page.visits)


def _minutes(wall: datetime) -> int:
    return wall.hour * 60 + wall.minute


def items_of(_: Translator, page: CalendarPage, view: View) -> list[Item]:
    """Everything that is drawn; buffers and hours only where there is a scale of hours."""
    has_scale = view in (View.DAY, View.WEEK)
    items = [_visit(_, row) for row in page.visits]
    items += [
        _item("hold", row.starts_at, row.ends_at, title=_("Held for a patient"), icon="hourglass")
        for row in page.held
    ]
    items += [_absence(_, page, row, has_scale=has_scale) for row in page.away]
    items += [
        _item(
            "closed",
            row.starts_at,
            row.ends_at,
            title=row.name or _("Closed"),
            display=_back(has_scale),
        )
        for row in page.closed
    ]
    if has_scale:
        items += _behind(page)
    return items


def _visit(_: Translator, row: CalendarVisit) -> Item:
    visit, zone = row.visit, ZoneInfo(row.visit.zone)
    look = STATUSES[visit.status]
    return {
        "id": str(visit.appointment_id),
        "start": visit.starts_at.isoformat(),
        "end": visit.ends_at.isoformat(),
        "title": visit.patient_name,
        "className": f"visit visit--{look.tone}",
        "color": "var(--soft)",
        "contrastColor": "var(--tone)",
        "display": "block",
        "startEditable": row.may_move,
        "durationEditable": row.may_stretch,
        "icon": look.icon,
        "word": status_word(_, visit.status, staff=True),
        "when": f"{_.time(visit.starts_at, zone)}–{_.time(visit.ends_at, zone)}",
    }


def _absence(_: Translator, page: CalendarPage, row: TimeOffRow, *, has_scale: bool) -> Item:
    is_blocked = row.kind is TimeOffKind.BLOCKED
    name = _("Blocked time") if is_blocked else _("Day off")
    zone = ZoneInfo(page.zone)
    when = f"{_.time(row.starts_at, zone)}–{_.time(row.ends_at, zone)}" if is_blocked else ""
    item = _item(
        "away",
        row.starts_at,
        row.ends_at,
        title=f"{name}: {row.reason}" if row.reason else name,
        display=_back(has_scale and not is_blocked),
    )
    item |= {"id": f"away.{row.time_off_id}", "interactive": True, "when": when}
    if has_scale or is_blocked:
        return item
    first, after = (each.astimezone(zone).date() for each in (row.starts_at, row.ends_at))
    return item | {"allDay": True, "start": f"{first}", "end": f"{after}"}


def _behind(page: CalendarPage) -> Iterator[Item]:
    """The buffers round the visits, and the shade over all that is not open."""
    for row in page.visits:
        for start, end in (
            (row.busy_from, row.visit.starts_at),
            (row.visit.ends_at, row.busy_until),
        ):
            if start < end:
                yield _item("buffer", start, end, display="background")
    zone = ZoneInfo(page.zone)
    # A stretch before the first day, so that all of the days are shaded when none of them is open.
    before = datetime.combine(page.first - _WEEK, time(0), tzinfo=zone).astimezone(UTC)
    stretches = [(row.starts_at, row.ends_at) for row in page.open]
    for start, end in [(before, before + timedelta(hours=1)), *stretches]:
        yield _item("shut", start, end, display="inverse-background") | {"groupId": "open"}


def _item(
    kind: str,
    start: datetime,
    end: datetime,
    *,
    title: str = "",
    icon: str = "",
    display: str = "auto",
) -> Item:
    return {
        "id": "",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "title": title,
        "className": f"stretch stretch--{kind}",
        "display": "block" if display == "auto" else display,
        "color": "var(--soft)",
        "contrastColor": "var(--tone)",
        "editable": False,
        "interactive": False,
        "icon": icon,
    }


def _back(is_behind: bool) -> str:  # noqa: FBT001 - one question, one answer
    return "background" if is_behind else "auto"


def put_at(items: Iterable[Item], key: str, start: datetime, end: datetime) -> list[Item]:
    """The items with one of them where somebody would have it, for as long as we ask."""
    asked = {"start": start.isoformat(), "end": end.isoformat()}
    return [
        item | asked | {"className": f"{item['className']} visit--asked"}
        if item["id"] == key
        else item
        for item in items
    ]
