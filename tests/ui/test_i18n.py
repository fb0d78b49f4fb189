"""Every reader is spoken to in their language; a text that has no translation makes this red."""

import string
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from medibook.kernel.money import Money
from medibook.ui.catalogues import catalogue_of, untranslated, words_in_code
from medibook.ui.i18n import LOCALES, locale_of_path, localised, translator

LONDON, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata")
MORNING = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LATE = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
TRANSLATED = [locale for locale in LOCALES if locale != "en"]


@pytest.mark.parametrize(
    ("locale", "day", "read_aloud", "moment", "fee"),
    [
        ("en", "Tue 24 Nov", "Tuesday 24 November", "Tue 24 Nov, 10:30", "€45.00"),
        (
            "de",
            "Di., 24. Nov.",
            "Dienstag, 24. November",
            "Di., 24. Nov., 10:30",
            "45,00\N{NO-BREAK SPACE}€",
        ),
    ],
)
def test_days_times_and_fees_are_written_as_the_reader_writes_them(
    locale: str, day: str, read_aloud: str, moment: str, fee: str
) -> None:
    _ = translator(locale)
    assert _.day(MORNING, LONDON) == day
    assert _.long_day(MORNING, LONDON) == read_aloud
    assert _.moment(MORNING, LONDON) == moment
    assert _.money(Money(minor=4500, currency="EUR")) == fee


def test_a_moment_falls_on_the_day_of_the_wall_it_hangs_on() -> None:
    _ = translator("en")
    assert _.day(LATE, LONDON) == "Tue 24 Nov"
    assert _.day(LATE, KOLKATA) == "Wed 25 Nov"
    assert _.time(LATE, KOLKATA) == "01:30"


def test_a_moment_without_a_zone_is_refused_and_a_wall_time_needs_none() -> None:
    _ = translator("en")
    with pytest.raises(TypeError):
        _.day(MORNING)
    with pytest.raises(TypeError):
        _.time(MORNING)
    assert _.time(time(9)) == "09:00"
    assert _.date(date(2026, 3, 1)) == "Sunday 1 March 2026"


def test_summer_time_is_read_from_the_zone() -> None:
    assert translator("en").time(datetime(2026, 7, 1, 9, tzinfo=UTC), LONDON) == "10:00"


def test_amounts_keep_the_digits_of_their_currency() -> None:
    _ = translator("en")
    assert _.money(Money(minor=4000, currency="GBP")) == "£40.00"
    assert _.money(Money(minor=500, currency="JPY")).endswith("500")
    # CLDR writes these without cents; they have them all the same.
    assert _.money(Money(minor=450_000, currency="AFN")).endswith("4,500")
    assert _.money(Money(minor=450_000, currency="LBP")).endswith("4,500")


def test_lengths_and_distances_are_said_in_words() -> None:
    en, de = translator("en"), translator("de")
    assert en.duration(timedelta(minutes=20)) == "20 minutes"
    assert de.duration(timedelta(minutes=1)) == "1 Minute"
    assert en.relative(MORNING + timedelta(days=3), MORNING) == "in 3 days"
    assert de.relative(MORNING - timedelta(hours=2), MORNING) == "vor 2 Stunden"


def test_a_count_takes_the_form_of_its_language() -> None:
    en, de = translator("en"), translator("de")
    assert en.plural("{count} time", "{count} times", 1) == "1 time"
    assert de.plural("{count} time", "{count} times", 1200) == "1.200 Zeiten"


def test_an_empty_text_is_not_the_catalogues_header() -> None:
    assert translator("de")("") == ""


def test_an_unknown_language_is_answered_in_english() -> None:
    assert translator("xx").locale == "en"


@pytest.mark.parametrize("code", ["zz", "xxxxxxxx", "qq-XX", "a.b", "../..", "", "zz\x00"])
def test_a_language_that_has_no_name_stays_as_it_is_written(code: str) -> None:
    """It may stand in an address, or in a practitioner's profile: the page must come all the same."""
    assert translator("de").language("de") == "Deutsch"
    assert translator("de").language(code) == code


@pytest.mark.parametrize(
    ("path", "german"),
    [
        ("/", "/de/"),
        ("/find/", "/de/find/"),
        ("/find/?city=Bern", "/de/find/?city=Bern"),
        ("/demolition/", "/de/demolition/"),
    ],
)
def test_a_page_keeps_its_search_in_the_other_language(path: str, german: str) -> None:
    assert localised(path, "de") == german
    assert localised(german, "de") == german
    assert localised(german, "en") == path
    assert (locale_of_path(path), locale_of_path(german)) == ("en", "de")


def test_addresses_that_are_not_pages_of_ours_stay() -> None:
    for address in ("https://example.org/", "//example.org", "#main", "tel:112"):
        assert localised(address, "de") == address


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_in_the_code_has_its_translation(locale: str) -> None:
    catalogue = catalogue_of(locale)
    known = {message.id for message in catalogue}
    new = [message.id for message in words_in_code() if message.id and message.id not in known]
    assert new == [], "run: python -m medibook words"
    assert untranslated(catalogue) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_fills_in_the_same_names(locale: str) -> None:
    for message in catalogue_of(locale):
        if not message.id or not message.string or not all(message.string):
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        asked = set().union(*map(_names, originals))
        assert set().union(*map(_names, said)) == asked, message.id


def _names(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
