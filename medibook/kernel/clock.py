"""The one place that reads the time of day."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


def clock_of(path: Path | None) -> Clock:
    """Return the clock of an installation: the machine's, unless a test turns one by a file."""
    return FileClock(path) if path else SystemClock()


class FileClock:
    """A clock that a test turns by writing an ISO instant into a file; refused in production."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Return the instant in the file; the machine's time while there is none."""
        text = self._path.read_text().strip() if self._path.exists() else ""
        return datetime.fromisoformat(text).astimezone(UTC) if text else datetime.now(UTC)
