"""The search form: what, where, when; the same on the start page and above the results."""

from collections.abc import Callable
from urllib.parse import urlencode

import reflex as rx
from pydantic import ValidationError

from medibook.directory.schemas import Filters, PartOfDay, SearchWish, Sort, When
from medibook.ui.claims import claimed_page
from medibook.ui.components import Option, button, native_form, select
from medibook.ui.components import field as text_field
from medibook.ui.i18n import Translator

_YES = "yes"


def wish_from(read: Callable[[str], str]) -> SearchWish:
    """Read the wish from the page's address; what makes no sense there is left out."""
    claims: dict[str, object] = {
        "specialty": read("specialty"),
        "text": read("q"),
        "city": read("city"),
        "near": read("near"),
        "within": read("within") or 0,
        "language": read("language"),
        "fee": read("fee") or None,
        "video": read("video") == _YES,
        "accepts_new": read("new") == _YES,
        "when": read("when") or When.ANY,
        "from_day": read("from") or None,
        "to_day": read("to") or None,
        "parts": [part for part in PartOfDay if read(f"parts.{part}")],
        "sort": read("sort") or Sort.SOONEST,
        "after": read("after"),
        "page": claimed_page(read("page")),
    }
    try:
        return _tidy(SearchWish.model_validate(claims))
    except ValidationError as error:
        for fault in error.errors():
            claims.pop(str(fault["loc"][0]), None)
        return _tidy(SearchWish.model_validate(claims))


def _tidy(wish: SearchWish) -> SearchWish:
    """Days mean "these days", whatever else was ticked; without days, "these days" means nothing."""
    has_days = wish.from_day is not None or wish.to_day is not None
    if has_days and wish.when is When.ANY:
        return wish.model_copy(update={"when": When.DAYS})
    if not has_days and wish.when is When.DAYS:
        return wish.model_copy(update={"when": When.ANY})
    return wish


def address_of(wish: SearchWish, *, after: str = "") -> str:
    """The address that searches for ``wish``, without its language."""
    parts = {
        "q": wish.text,
        "specialty": wish.specialty,
        "city": wish.city,
        "near": wish.near,
        "within": str(wish.within or ""),
        "language": wish.language,
        "fee": "" if wish.fee is None else str(wish.fee),
        "video": _YES if wish.video else "",
        "new": _YES if wish.accepts_new else "",
        "when": "" if wish.when is When.ANY else str(wish.when),
        "from": str(wish.from_day or "") if wish.when is When.DAYS else "",
        "to": str(wish.to_day or "") if wish.when is When.DAYS else "",
        **{f"parts.{part}": str(part) for part in wish.parts},
        "sort": "" if wish.sort is Sort.SOONEST else str(wish.sort),
        "after": after,
        "page": str(wish.page + 1) if after else "",
    }
    asked = urlencode({name: value for name, value in parts.items() if value})
    return f"/find/?{asked}" if asked else "/find/"


def when_words(_: Translator) -> dict[When, str]:
    """What each "when" is called."""
    return {
        When.ANY: _("Any time"),
        When.TODAY: _("Today"),
        When.THIS_WEEK: _("This week"),
        When.DAYS: _("These days"),
    }


def options(_: Translator, filters: Filters) -> dict[str, list[Option]]:
    """The choices of each list, the first of each meaning "all"."""
    specialties = sorted((_(s.name), s.code) for s in filters.specialties)
    languages = sorted((_.language(code), code) for code in filters.languages)
    return {
        "specialty": [
            Option(value="", label=_("Any specialty")),
            *[Option(value=code, label=name) for name, code in specialties],
        ],
        "city": [
            Option(value="", label=_("Anywhere")),
            *[Option(value=city, label=city) for city in filters.cities],
        ],
        "language": [
            Option(value="", label=_("Any language")),
            *[Option(value=code, label=name) for name, code in languages],
        ],
    }


def search_form(
    _: Translator,
    *,
    specialties: rx.Var[list[Option]],
    cities: rx.Var[list[Option]],
    languages: rx.Var[list[Option]],
    wish: rx.Var[dict[str, str]],
) -> rx.Component:
    """What do you need, where, when. The browser sends it: the filters stand in the address."""
    whens = [
        Option(value=str(each), label=words)
        for each, words in when_words(_).items()
        if each is not When.DAYS
    ]
    return native_form(
        text_field(
            _, "q", _("What do you need?"), optional=True, default_value=wish["text"],
            hint=_("A name, or a word such as “skin” or “heart”"), max_length=80,
        ),
        *[
            # The first choice, "any", has no value: the browser must not miss one.
            select(_, name, label, choices, default_value=wish[name], required=False)
            for name, label, choices in (
                ("specialty", _("Specialty"), specialties),
                ("city", _("Where"), cities),
                ("when", _("When"), whens),
                ("language", _("Language spoken"), languages),
            )
        ],
        button(_("Search"), kind="primary", icon_name="search", submit=True),
        action=_.href("/find/"),
        method="get",
        class_name="search",
    )  # fmt: skip
