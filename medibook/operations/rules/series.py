"""I14: whether the visits of a series are where its rule and its changes say, on the wall."""

from collections.abc import Iterator
from datetime import datetime

from medibook.appointments.rules.series import dates, rule_of


def fault_of_place(rule: str, first_wall: str, place: int, wall_start: str) -> str:
    """What is wrong with what a series that was never moved says of a visit; "" when nothing is."""
    first = datetime.fromisoformat(first_wall)
    days = dates(rule_of(rule), first.date())
    if not 1 <= place <= len(days):
        return f"has place {place} of {len(days)}"
    said = f"{days[place - 1]}T{first:%H:%M}"
    return "" if said == wall_start else f"is said to be at {wall_start}, the rule says {said}"


def faults_of_changes(walls: dict[int, list[str]]) -> Iterator[str]:
    """Visits that one change has moved together have one wall time, whatever the season."""
    for version, said in walls.items():
        readings = {wall[-5:] for wall in said}
        if version > 1 and len(readings) > 1:
            yield f"its change {version} has {len(readings)} wall times"
