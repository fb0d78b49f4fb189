"""What practitioners say about themselves: the same questions when they apply and later on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import reflex as rx

from medibook.clinic.schemas import LocationCard, SpecialtyCard
from medibook.kernel.money import EXPONENTS, Money
from medibook.people.pages.account_fields import name_field, phone_field, typed
from medibook.people.schemas import PractitionerProfile
from medibook.ui.claims import claimed_id
from medibook.ui.components import Option, checkboxes, select, textarea
from medibook.ui.components import field as text_field
from medibook.ui.i18n import Translator

# The world's most spoken, and those of our clinics' neighbours.
LANGUAGES = (
    *("ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fr", "hi", "hu", "it", "ja"),
    *("ko", "nl", "pa", "pl", "pt", "ro", "ru", "sv", "ta", "tr", "uk", "ur", "vi", "zh"),
)
_MOST_DIGITS = 20
NO_NUMBER = -1  # out of every range: the rules then say what they want, with all other problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The answers as they stand in the form."""

    name: str = ""
    phone: str = ""
    specialties: list[str] = field(default_factory=list)
    qualifications: str = ""
    licence: str = ""
    years: str = ""
    languages: list[str] = field(default_factory=list)
    location: str = ""
    fee: str = ""
    currency: str = "EUR"
    biography: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from, in the reader's language."""

    specialties: list[Option] = field(default_factory=list)
    languages: list[Option] = field(default_factory=list)
    locations: list[Option] = field(default_factory=list)


def claims_of(profile: PractitionerProfile) -> Claims:
    """The answers that a practitioner gave before."""
    fee = Money(profile.fee_minor, profile.fee_currency)
    return Claims(
        name=profile.name,
        phone=profile.phone,
        specialties=[str(each) for each in profile.specialty_ids],
        qualifications=profile.qualifications,
        licence=profile.licence_number,
        years=str(profile.years_of_experience),
        languages=list(profile.languages),
        location=str(profile.location_id or ""),
        fee=f"{fee.amount:f}",
        currency=profile.fee_currency,
        biography=profile.biography,
    )


def choices(
    _: Translator,
    specialties: Iterable[SpecialtyCard],
    locations: Iterable[LocationCard],
    further: Iterable[str] = (),
) -> Choices:
    """What there is to choose from; ``further`` are languages that somebody has chosen before."""
    spoken = sorted((_.language(code), code) for code in {*LANGUAGES, *further})
    return Choices(
        specialties=[
            Option(value=key, label=name)
            for name, key in sorted((_(s.name), str(s.specialty_id)) for s in specialties)
        ],
        languages=[Option(value=code, label=name) for name, code in spoken],
        locations=[
            Option(value="", label=_("Not decided yet")),
            *[Option(value=str(p.location_id), label=f"{p.name}, {p.city}") for p in locations],
        ],
    )


def ticked(form: dict[str, str], name: str) -> tuple[str, ...]:
    """What was ticked of a group: each box sends its own ``name.value``."""
    return tuple(key.partition(".")[2] for key in form if key.startswith(f"{name}."))[:50]


def ids(claims: Iterable[str]) -> tuple[UUID, ...]:
    """Read ids that a browser claims; what is none is a claim that nobody honest makes."""
    return tuple(claimed_id(claim) for claim in claims)


def claims_from(form: dict[str, str]) -> dict[str, Any]:
    """Read the answers, for ``NewPractitioner`` and ``PractitionerChange``."""
    years, location = typed(form, "years_of_experience").strip(), typed(form, "location_id")
    currency = typed(form, "fee_currency", longest=3)
    return {
        "name": typed(form, "name"),
        "phone": typed(form, "phone"),
        "specialty_ids": ids(ticked(form, "specialty_ids")),
        "qualifications": typed(form, "qualifications"),
        "licence_number": typed(form, "licence_number"),
        "years_of_experience": int(years) if years.isdecimal() and len(years) < 4 else NO_NUMBER,
        "languages": ticked(form, "languages"),
        "location_id": claimed_id(location) if location else None,
        "fee_minor": fee_from(typed(form, "fee", longest=20), currency),
        "fee_currency": currency,
        "biography": typed(form, "biography", longest=5000),
    }


def fee_from(text: str, currency: str) -> int:
    """Read "45", "45.50" or "45,50" as minor units; ``NO_NUMBER`` when it is no amount."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return NO_NUMBER
    # "1e999999999" is short and finite; written out, as it is reckoned with, it stops the clinic.
    sensible = amount.is_finite() and abs(amount.adjusted()) < _MOST_DIGITS
    if not sensible or currency not in EXPONENTS:
        return NO_NUMBER
    return Money.of(amount, currency).minor


def person_fields(_: Translator, wrong: Any, values: Any) -> list[rx.Component]:
    """Who somebody is."""
    return [
        name_field(
            _, error=wrong["name"], default_value=values.name,
            hint=_("As patients shall read it, with your title"),
        ),
        phone_field(_, error=wrong["phone"], default_value=values.phone),
    ]  # fmt: skip


def proof_fields(_: Translator, wrong: Any, values: Any, options: Any) -> list[rx.Component]:
    """What the clinic checks before patients can book."""
    return [
        checkboxes(
            _, "specialty_ids", _("Specialties"), options.specialties, values=values.specialties,
            hint=_("One to five"), error=wrong["specialty_ids"], in_row=True,
        ),
        textarea(
            _, "qualifications", _("Qualifications"), error=wrong["qualifications"], rows=3,
            hint=_("Degrees and certificates, with the year"), max_length=500,
            default_value=values.qualifications,
        ),
        text_field(
            _, "licence_number", _("Licence number"), error=wrong["licence_number"],
            hint=_("As it stands in your register"), max_length=60,
            default_value=values.licence, spell_check=False,
        ),
    ]  # fmt: skip


def practice_fields(_: Translator, wrong: Any, values: Any, options: Any) -> list[rx.Component]:
    """How somebody works."""
    currencies = [Option(value=code, label=code) for code in sorted(EXPONENTS)]
    return [
        text_field(
            _, "years_of_experience", _("Years of experience"), width="tiny",
            input_mode="numeric", max_length=2, error=wrong["years_of_experience"],
            default_value=values.years,
        ),
        checkboxes(
            _, "languages", _("Languages you speak with patients"), options.languages,
            values=values.languages, error=wrong["languages"], in_row=True,
        ),
        select(
            _, "location_id", _("Location"), options.locations, error=wrong["location_id"],
            default_value=values.location,
        ),
        rx.el.div(
            text_field(
                _, "fee", _("Fee of a visit"), input_mode="decimal", max_length=12,
                hint=_("Such as 45 or 45.50; 0 if it costs nothing"), error=wrong["fee"],
                default_value=values.fee,
            ),
            select(
                _, "fee_currency", _("Currency"), currencies, default_value=values.currency
            ),
            class_name="fields-row",
        ),
        textarea(
            _, "biography", _("About you"), optional=True, rows=6, max_length=4000,
            hint=_("What patients should know before they come"), error=wrong["biography"],
            default_value=values.biography,
        ),
    ]  # fmt: skip
