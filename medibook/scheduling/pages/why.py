"""Why a time is not among those on the board, in the reader's words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medibook.scheduling.schemas import Fact, Obstacle, TimeAnswer
from medibook.ui.i18n import Translator


def told(_: Translator, obstacles: Iterable[Obstacle]) -> str:
    """What stands against a time, a sentence for each reason; the clinic's own words if it asks."""
    return " ".join(_told(_, obstacle) for obstacle in obstacles)


def answered(_: Translator, answer: TimeAnswer) -> str:
    """The answer to somebody who asked for a time on the wall."""
    when = _.long_moment(answer.starts_at, ZoneInfo(answer.zone))
    if not answer.obstacles:
        return _("{when} is free.", when=when)
    return f"{when}: {told(_, answer.obstacles)}"


def _told(_: Translator, obstacle: Obstacle) -> str:
    facts = {name: _shown(_, fact, obstacle) for name, fact in obstacle.facts.items()}
    return _(obstacle.for_staff or obstacle.for_patient, **facts)


def _shown(_: Translator, fact: Fact, obstacle: Obstacle) -> str:
    zone = ZoneInfo(obstacle.zone)
    match fact:
        case datetime():
            same_day = obstacle.asked and _.day(obstacle.asked, zone) == _.day(fact, zone)
            return _.time(fact, zone) if same_day else _.moment(fact, zone)
        case timedelta():
            return _.duration(fact)
        case int():
            return _.number(fact)
        case tuple():
            return _.listed(fact)
        case str():
            return fact
