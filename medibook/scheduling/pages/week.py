"""The weekly table as it is typed: lines of text, read into hours or into what is wrong."""

from dataclasses import dataclass, field, replace
from datetime import date, time
from uuid import UUID

from medibook.kernel.words import N_
from medibook.scheduling.schemas import HoursRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One from–until of a weekday."""

    key: str
    opens: str
    closes: str
    location: str
    error: str = ""
    opens_name: str = ""
    closes_name: str = ""
    location_name: str = ""
    first: str = ""
    last: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekday:
    """One day of the weekly table."""

    number: int
    name: str
    lines: list[Line] = field(default_factory=list)
    summary: str = ""
    unfolded: bool = False


def hm(wall: time) -> str:
    """The wall time as a time field wants it."""
    return wall.strftime("%H:%M")


def iso(day: date | None) -> str:
    """The day as text, "" when there is none."""
    return day.isoformat() if day else ""


def typed(line: Line, form_data: dict[str, str]) -> Line:
    """The line with what was typed into it."""
    return replace(
        line,
        opens=str(form_data.get(line.opens_name, line.opens)),
        closes=str(form_data.get(line.closes_name, line.closes)),
        location=str(form_data.get(line.location_name, line.location)),
        first=str(form_data.get(line.first_name, line.first)),
        last=str(form_data.get(line.last_name, line.last)),
        error="",
    )


def retyped(week: list[Weekday], key: str, part: str, value: str) -> list[Weekday]:
    """The week with one part of one line as it was just typed; as it is when there is no such part."""
    if part not in {"opens", "closes", "location", "first", "last"}:
        return week
    return [
        replace(
            day,
            lines=[
                replace(line, **{part: value}) if line.key == key else line for line in day.lines
            ],
        )
        for day in week
    ]


def summed_up(week: list[Weekday], closed: str) -> list[Weekday]:
    """The week with a line for each day, to be read while it is folded."""
    return [
        replace(
            day,
            summary=", ".join(f"{line.opens}–{line.closes}" for line in day.lines) or closed,
            unfolded=day.unfolded or any(line.error for line in day.lines),
        )
        for day in week
    ]


def rows(week: list[Weekday]) -> tuple[list[HoursRow], dict[str, str]]:
    """The rows as typed, and what cannot be read as a time or a place."""
    rows: list[HoursRow] = []
    problems: dict[str, str] = {}
    lines = [(day.number, line) for day in week for line in day.lines]
    for index, (number, line) in enumerate(lines):
        try:
            rows.append(
                HoursRow(
                    weekday=number,
                    opens=time.fromisoformat(line.opens),
                    closes=time.fromisoformat(line.closes),
                    location_id=UUID(line.location),
                    valid_from=date.fromisoformat(line.first) if line.first else None,
                    valid_until=date.fromisoformat(line.last) if line.last else None,
                )
            )
        except ValueError:
            problems[f"hours.{index}"] = N_("Give both times, like 09:00 and 12:30.")
    return rows, problems
