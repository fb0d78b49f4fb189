"""A room and its outages, their words made."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from medibook.clinic.schemas import PlaceSheet, RoomSheet
from medibook.kernel.errors import Invalid
from medibook.ui.claims import claimed_wall
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLine:
    """A time in which a room cannot be used."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """A room in the list."""

    key: str
    name: str
    pool: str
    pool_key: str
    is_retired: bool
    outages: list[OutageLine] = field(default_factory=list)


def wall_time(form_data: dict[str, str], name: str) -> datetime:
    """Read what a field of date and time says; on which wall, the location knows."""
    said = claimed_wall(form_data.get(name))
    if said is None:
        raise Invalid({name: N_("Choose a day and a time.")})
    return said


def room_line(_: Translator, place: PlaceSheet, room: RoomSheet, pool: str) -> RoomLine:
    """A room, its words made."""
    wall = ZoneInfo(place.zone)
    outages = [
        OutageLine(
            key=str(each.outage_id),
            words=_(
                "Out of order {start} to {end}",
                start=_.moment(each.time.start, wall),
                end=_.moment(each.time.end, wall),
            )
            + (f" · {each.reason}" if each.reason else ""),
        )
        for each in room.outages
    ]
    return RoomLine(
        key=str(room.room_id),
        name=room.name,
        pool=pool or _("No pool"),
        pool_key=str(room.pool_id or ""),
        is_retired=room.is_retired,
        outages=outages,
    )
