"""Reading a mapping: TOML that an operator wrote beside the directory file, or what is wrong with it."""

import re
import tomllib
from collections.abc import Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from medibook.kernel.money import EXPONENTS, Money
from medibook.operations.rules.directory_file import COLUMNS, DirectoryMapping, WeeklyOffice

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class MappingFault(ValueError):  # noqa: N818 - named by what it is: a fault in what was written
    """The mapping cannot be used; the sentence says what to change."""


def read_mapping(text: str) -> DirectoryMapping:
    """The mapping that this TOML says. Raises MappingFault with a sentence."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = f"The mapping is not TOML: {error}."
        raise MappingFault(fault) from error
    columns = _columns(_table(said, "columns"))
    place, offer, checks = _table(said, "place"), _table(said, "offer"), said.get("checks", {})
    source = _text(said, "source")
    if not re.fullmatch(r"[a-z0-9-]{2,40}", source):
        raise MappingFault("source is a short name of small letters, digits and hyphens.")
    return DirectoryMapping(
        source=source,
        columns=columns,
        key_is_npi=checks.get("key") == "npi",
        postcode_is_zip=checks.get("postcode") == "us-zip",
        postcodes=_pattern(checks.get("postcodes", "")),
        country=_text(place, "country"),
        zone=_zone(_text(place, "zone")),
        visit_type=_text(offer, "visit_type"),
        minutes=int(offer.get("minutes", 20)),
        fee=_fee(offer),
        office=_office(said["hours"]) if "hours" in said else None,
        specialties={k: str(v) for k, v in said.get("specialties", {}).items()},
    )


def _columns(said: Mapping[str, Any]) -> dict[str, str]:
    if unknown := sorted(set(said) - set(COLUMNS)):
        fault = f"[columns] knows {', '.join(COLUMNS)}; not {', '.join(unknown)}."
        raise MappingFault(fault)
    if missing := [name for name in ("key", "name", "specialty", "city") if name not in said]:
        fault = f"[columns] must say which column is {', '.join(missing)}."
        raise MappingFault(fault)
    return {name: str(said[name]) for name in COLUMNS if name in said}


def _table(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    if not isinstance(found, dict):
        fault = f"The mapping needs a part [{name}]."
        raise MappingFault(fault)
    return found


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found.strip():
        fault = f'The mapping needs {name} = "…".'
        raise MappingFault(fault)
    return found.strip()


def _pattern(said: str) -> str:
    try:
        re.compile(said)
    except re.error as error:
        fault = f"postcodes is no pattern: {error}."
        raise MappingFault(fault) from error
    return said


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        fault = f"zone is a name such as America/New_York; not {name}."
        raise MappingFault(fault) from error
    return name


def _fee(offer: Mapping[str, Any]) -> Money:
    currency = _text(offer, "currency")
    if currency not in EXPONENTS:
        fault = f"currency is a code such as USD; not {currency}."
        raise MappingFault(fault)
    try:
        minor = Decimal(str(offer.get("fee", ""))).scaleb(EXPONENTS[currency])
    except InvalidOperation as error:
        raise MappingFault('fee is an amount such as "120.00".') from error
    if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor < 10**9:
        raise MappingFault('fee is an amount such as "120.00", with no more digits than the coin.')
    return Money(int(minor), currency)


def _office(said: Mapping[str, Any]) -> WeeklyOffice:
    days = tuple(str(day).lower()[:3] for day in said.get("days", ()))
    if not days or any(day not in _WEEKDAYS for day in days):
        raise MappingFault('[hours] needs days = ["mon", "tue", …].')
    try:
        opens, closes = time.fromisoformat(said["opens"]), time.fromisoformat(said["closes"])
    except (KeyError, TypeError, ValueError) as error:
        raise MappingFault('[hours] needs opens = "09:00" and closes = "17:00".') from error
    if opens >= closes or any(t.second or t.microsecond or t.tzinfo for t in (opens, closes)):
        raise MappingFault("[hours] closes after it opens, in whole minutes of the wall clock.")
    return WeeklyOffice(tuple(sorted({_WEEKDAYS.index(day) for day in days})), opens, closes)
