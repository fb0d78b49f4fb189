"""What a result card and the ways out of a search say, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from medibook.directory.pages.search_form import address_of, when_words
from medibook.directory.schemas import Filters, ResultCard, SearchPage, SearchWish, When
from medibook.people.pages.picture import picture_href
from medibook.scheduling.pages.board import booking_href, chip
from medibook.ui.components import SlotChip
from medibook.ui.i18n import Translator
from medibook.ui.words import initials


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result card, its words made."""

    key: str
    name: str
    href: str
    initials: str
    picture: str
    specialties: str
    place: str
    languages: str
    fee: str
    next_label: str
    chips: list[SlotChip] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A link: to the same search with something changed."""

    label: str
    href: str


def result(_: Translator, card: ResultCard) -> Result:
    return Result(
        key=card.slug,
        name=card.name,
        href=_.href(f"/doctor/?id={card.slug}"),
        initials=initials(card.name),
        picture=picture_href(card.picture_id),
        specialties=_.listed(_(s.name) for s in card.specialties),
        place=" · ".join(f"{place.name}, {place.city}" for place in card.locations),
        languages=_.listed(_.language(code) for code in card.languages),
        fee=_.money(card.service.fee) if card.service.fee.minor else "",
        next_label=_next(_, card),
        chips=strip(_, card),
        more=_("More times") if card.more_times else "",
    )


def _next(_: Translator, card: ResultCard) -> str:
    if not card.next_times:
        return _("No free time in the next weeks")
    first = card.next_times[0]
    day = _("Next: {day}", day=_.day(first.starts_at, ZoneInfo(first.zone)))
    return f"{day} · {_(card.service.name)}"


def strip(_: Translator, card: ResultCard) -> list[SlotChip]:
    chips = [chip(_, free, booking_href(_, free)) for free in card.next_times]
    if not card.next_times:
        return chips
    zone = ZoneInfo(card.next_times[0].zone)
    first_day = card.next_times[0].starts_at.astimezone(zone).date()
    return [
        # A time on another day than the label's must say so.
        each
        if free.starts_at.astimezone(ZoneInfo(free.zone)).date() == first_day
        else replace(each, note=_.day(free.starts_at, ZoneInfo(free.zone)))
        for each, free in zip(chips, card.next_times, strict=True)
    ]


def found(_: Translator, page_: SearchPage) -> str:
    if not page_.found:
        return _("No doctor matches.")
    count = _.plural("{count} doctor", "{count} doctors", page_.found)
    soonest = next((c.next_times[0] for c in page_.cards if c.next_times), None)
    if soonest is None or page_.page > 1:
        return count
    when = _.moment(soonest.starts_at, ZoneInfo(soonest.zone))
    return _("{count}, soonest {when}", count=count, when=when)


def wider(_: Translator, wish: SearchWish, names: Sequence[str]) -> list[WayOut]:
    words = {
        "when": _("any time"),
        "city": _("anywhere"),
        "language": _("any language"),
        "text": _("without “{word}”", word=wish.text),
        "specialty": _("any specialty"),
    }
    empty = {"when": When.ANY}
    return [
        WayOut(
            _("Try {wider}", wider=words[name]),
            _.href(address_of(wish.model_copy(update={name: empty.get(name, "")}))),
        )
        for name in names
    ]


def chosen(_: Translator, wish: SearchWish, filters: Filters) -> list[WayOut]:
    """The filters in force, each a link that takes it away."""
    names = {s.code: _(s.name) for s in filters.specialties}
    labels = {
        "text": wish.text,
        "specialty": names.get(wish.specialty, ""),
        "city": wish.city,
        "language": _.language(wish.language) if wish.language else "",
        "when": "" if wish.when is When.ANY else when_words(_)[wish.when],
    }
    return [
        WayOut(
            label,
            _.href(address_of(wish.model_copy(update={name: When.ANY if name == "when" else ""}))),
        )
        for name, label in labels.items()
        if label
    ]
