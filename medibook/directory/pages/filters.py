"""The filters beside the results: each choice with how many it would leave. The browser sends them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import reflex as rx

from medibook.directory.pages.results import fee_words, parts_words
from medibook.directory.pages.search_form import when_words
from medibook.directory.rules.meaning import DISTANCES, FEES
from medibook.directory.schemas import Facets, Filters, PartOfDay, SearchWish, Sort, When
from medibook.ui.components import Option, button, native_form, radios, select
from medibook.ui.components import field as text_field
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen, its words made, and what is chosen."""

    text: str = ""
    near: str = ""
    sort: str = ""
    specialty: str = ""
    city: str = ""
    within: str = ""
    language: str = ""
    fee: str = ""
    when: str = "any"
    first_day: str = ""
    last_day: str = ""
    video: bool = False
    accepts_new: bool = False
    parts: tuple[str, ...] = ()


def choices(_: Translator, wish: SearchWish) -> Choices:
    """What the address has chosen."""
    return Choices(
        text=wish.text,
        near=wish.near,
        sort="" if wish.sort is Sort.SOONEST else str(wish.sort),
        specialty=wish.specialty,
        city=wish.city,
        within=str(wish.within or ""),
        language=wish.language,
        fee="" if wish.fee is None else str(wish.fee),
        when=str(wish.when),
        first_day=str(wish.from_day or ""),
        last_day=str(wish.to_day or ""),
        video=wish.video,
        accepts_new=wish.accepts_new,
        parts=tuple(str(part) for part in wish.parts),
    )


def counted(_: Translator, filters: Filters, facets: Facets) -> dict[str, list[Option]]:
    """The choices of each filter, each with how many doctors it would leave."""
    specialties = sorted((_(s.name), s.code) for s in filters.specialties)
    languages = sorted((_.language(code), code) for code in filters.languages)
    fees = {str(fee): number for fee, number in facets.fees.items()}
    return {
        "specialty": [
            Option(value="", label=_("Any specialty")),
            *_with_counts(specialties, facets.specialties),
        ],
        "city": [
            Option(value="", label=_("Anywhere")),
            *_with_counts(((city, city) for city in filters.cities), facets.cities),
        ],
        "language": [
            Option(value="", label=_("Any language")),
            *_with_counts(languages, facets.languages),
        ],
        "when": _with_counts(
            ((words, str(when)) for when, words in when_words(_).items()),
            {str(when): number for when, number in facets.whens.items()},
        ),
        "fee": [
            Option(value="", label=_("Any fee")),
            *_with_counts(((fee_words(_, fee), str(fee)) for fee in FEES), fees),
        ],
        "also": [
            Option(value="yes", label=f"{_('By video')} ({facets.video})"),
            Option(value="yes", label=f"{_('Takes new patients')} ({facets.accepts_new})"),
        ],
    }


def _with_counts(things: Iterable[tuple[str, str]], counts: Mapping[str, int]) -> list[Option]:
    return [
        Option(value=value, label=f"{label} ({counts.get(value, 0)})" if counts else label)
        if value != When.DAYS
        else Option(value=value, label=label)
        for label, value in things
    ]


def filter_form(
    _: Translator, chosen: rx.Var[Choices], options: rx.Var[dict[str, list[Option]]]
) -> rx.Component:
    """Everything that a search can ask for; the address holds it all."""
    parts = [Option(value=str(part), label=words) for part, words in parts_words(_).items()]
    return native_form(
        text_field(
            _, "q", _("Name or problem"), optional=True, default_value=chosen.text,
            hint=_("A name, or a word such as “skin” or “heart”"), max_length=80,
        ),
        select(_, "specialty", _("Specialty"), options["specialty"],
               default_value=chosen.specialty, required=False),
        select(_, "city", _("City"), options["city"], default_value=chosen.city, required=False),
        _near(_, chosen),
        radios(_, "when", _("When"), options["when"], value=chosen.when),
        _days(_, chosen),
        rx.el.fieldset(
            rx.el.legend(_("Time of day"), class_name="field__label"),
            rx.el.div(*[_part(part, chosen) for part in parts], class_name="choices"),
            class_name="field",
        ),
        select(_, "language", _("Language spoken"), options["language"],
               default_value=chosen.language, required=False),
        radios(_, "fee", _("Fee for the usual visit"), options["fee"], value=chosen.fee),
        rx.el.fieldset(
            rx.el.legend(_("Only"), class_name="field__label"),
            rx.el.div(
                _tick("video", options["also"][0].label, ticked=chosen.video),
                _tick("new", options["also"][1].label, ticked=chosen.accepts_new),
                class_name="choices",
            ),
            class_name="field",
        ),
        rx.cond(chosen.sort, rx.el.input(type="hidden", name="sort", value=chosen.sort)),
        button(_("Show results"), kind="primary", icon_name="search", submit=True),
        action=_.href("/find/"),
        method="get",
        class_name="form filter",
    )  # fmt: skip


def _near(_: Translator, chosen: rx.Var[Choices]) -> rx.Component:
    """From where, and how far at most."""
    far = [
        Option(value="", label=_("any distance")),
        *[Option(value=str(km), label=_("{km} km", km=km)) for km in DISTANCES],
    ]
    return rx.el.div(
        text_field(
            _, "near", _("Near"), optional=True, default_value=chosen.near, max_length=40,
            hint=_("A postcode or a city"), auto_complete="postal-code",
        ),
        select(_, "within", _("Within"), far, default_value=chosen.within, required=False),
        class_name="stack stack--tight",
    )  # fmt: skip


def _days(_: Translator, chosen: rx.Var[Choices]) -> rx.Component:
    """The first and the last day that would do."""
    return rx.el.div(
        text_field(_, "from", _("From"), kind="date", optional=True,
                   default_value=chosen.first_day),
        text_field(_, "to", _("Until"), kind="date", optional=True,
                   default_value=chosen.last_day),
        class_name="filter__days",
    )  # fmt: skip


def _part(part: Option, chosen: rx.Var[Choices]) -> rx.Component:
    return _tick(f"parts.{part.value}", part.label, ticked=chosen.parts.contains(part.value))


def _tick(name: str, label: str | rx.Var[str], *, ticked: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, value="yes", default_checked=ticked),
        rx.el.span(label),
        class_name="choice",
    )


def no_choices() -> dict[str, list[Option]]:
    """Before the page is alive: every list is there, and empty."""
    blank = [Option(value="", label=""), Option(value="", label="")]
    return dict.fromkeys(("specialty", "city", "language", "when", "fee", "also"), blank)


__all__ = ["Choices", "PartOfDay", "choices", "counted", "filter_form", "no_choices"]
