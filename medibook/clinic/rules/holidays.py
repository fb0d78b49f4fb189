"""The public holidays of a country, and of its regions, as the package ``holidays`` knows them."""

from datetime import date
from functools import cache

import holidays


@cache
def regions(country: str) -> tuple[str, ...]:
    """The parts of a country that keep holidays of their own; () when there are none, or none known."""
    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


def public_holidays(
    country: str, region: str, *, year: int, locale: str
) -> tuple[tuple[date, str], ...]:
    """The public holidays of a year in order, named in ``locale`` where that is known.

    A country that the package does not know has none.
    """
    if country not in holidays.list_supported_countries(include_aliases=False):
        return ()
    found = holidays.country_holidays(
        country,
        subdiv=region if region in regions(country) else None,
        years=year,
        language=_language(country, locale),
    )
    return tuple(sorted(found.items()))


def _language(country: str, locale: str) -> str | None:
    known = holidays.list_localized_countries().get(country, ())
    return next((code for code in known if code.split("_")[0] == locale), None)
