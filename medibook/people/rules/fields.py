"""The fields that people fill in: one written form for each, or the sentence that says what is wrong."""

import re
import unicodedata
from datetime import date, timedelta

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_

_JOINERS = "\u200c\u200d"  # some scripts cannot be written without them
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")
_LANGUAGES = 60  # letters and commas: they are kept in one text
_LICENCE = re.compile(r"[^\W_][\w ./-]*")
_OLDEST = timedelta(days=366 * 125)


class Fields:
    """Collects what is wrong with each field, so that a person hears of everything at once."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def wrong(self, field: str, sentence: str) -> None:
        """Note what is wrong with ``field``; the first complaint stays."""
        self.problems.setdefault(field, sentence)

    def raise_if_any(self) -> None:
        """Refuse with every field's sentence, or go on."""
        if self.problems:
            raise Invalid(self.problems)

    def name(self, text: str) -> str:
        """Return a person's name on one line, without what could be mistaken for a link or a header."""
        tidy = one_line(text)
        if len(tidy) < 2 or not any(letter.isalpha() for letter in tidy):
            self.wrong("name", N_("Please enter your full name."))
        elif len(tidy) > 120:
            self.wrong("name", N_("Please shorten the name to 120 characters."))
        elif has_control(text.strip()) or re.search(r"[<>{}\\]|://|www\.", tidy, re.IGNORECASE):
            self.wrong("name", N_("Please enter the name without signs such as < > or addresses."))
        return tidy

    def email(self, text: str) -> str:
        """Return the address in the one form under which an account is found."""
        if not may_be_address(text):
            self.wrong("email", N_("Please enter an e-mail address such as name@example.org."))
        return address_key(text)

    def phone(self, text: str, region: str | None) -> str:
        """Return the number as E.164; a number without its country is one of ``region``."""
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            self.wrong(
                "phone",
                N_("Please enter a phone number with its country, such as +44 20 7946 0100."),
            )
            return ""
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def birth_date(self, text: str, today: date) -> date:
        """Return the day of birth; nobody is born tomorrow, and nobody is 126."""
        try:
            born = date.fromisoformat(text.strip())
        except ValueError:
            self.wrong("birth_date", N_("Please enter the date of birth as day, month and year."))
            return today
        # The clinic's day may already be tomorrow where the patient is.
        if not today - _OLDEST <= born <= today + timedelta(days=1):
            self.wrong("birth_date", N_("Please check the year of the date of birth."))
        return born

    def text(self, field: str, text: str, *, longest: int, needed: str = "") -> str:
        """Return a text of several lines; ``needed`` is the sentence for an empty one."""
        tidy = several_lines(text)
        if needed and not tidy:
            self.wrong(field, needed)
        elif len(tidy) > longest:
            self.wrong(field, N_("This is too long. Please shorten it."))
        return tidy

    def licence(self, text: str) -> str:
        """Return the number under which a practitioner is registered, as its register writes it."""
        tidy = one_line(text)
        if not _LICENCE.fullmatch(tidy) or len(tidy) > 60:
            self.wrong(
                "licence_number", N_("Please enter your licence number, in letters and digits.")
            )
        return tidy

    def languages(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages spoken with patients, each once."""
        once = tuple(dict.fromkeys(codes))
        fits = 1 <= len(once) <= 8 and len(",".join(once)) <= _LANGUAGES
        if not fits or not all(_LANGUAGE.fullmatch(code) for code in once):
            self.wrong("languages", N_("Please choose one to eight languages."))
        return once


def one_line(text: str) -> str:
    """Return ``text`` composed (NFC), with single spaces and nothing invisible."""
    visible = "".join(
        c for c in unicodedata.normalize("NFC", text) if c.isspace() or not _is_hidden(c)
    )
    return " ".join(visible.split())


def several_lines(text: str) -> str:
    """Return ``text`` with plain line breaks and nothing invisible."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one_line(line) for line in lines).strip()


def has_control(text: str) -> bool:
    """Tell whether ``text`` holds line breaks or other control characters."""
    return any(unicodedata.category(c) == "Cc" for c in text)


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} and letter not in _JOINERS


def address_key(text: str) -> str:
    """Return the form in which an e-mail address is kept and compared: NFKC, case-folded, trimmed."""
    # No database keeps NUL; a form may send it all the same.
    folded = unicodedata.normalize("NFKC", text).replace("\0", "").strip().casefold()
    try:
        return validate_email(folded, check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return folded[:254]


def may_be_address(text: str) -> bool:
    """Tell whether ``text`` has the shape of an e-mail address; nobody is asked whether it exists."""
    try:
        checked = validate_email(
            unicodedata.normalize("NFKC", text).strip().casefold(), check_deliverability=False
        )
    except EmailNotValidError:
        return False
    return len(checked.normalized) <= 254


def is_invented(address: str) -> bool:
    """Tell whether nobody can have this e-mail address: its domain is kept for examples (RFC 2606)."""
    domain = address.rpartition("@")[2]
    return domain in {"example.com", "example.net", "example.org"} or domain.endswith(".example")


def region_of(phone: str) -> str | None:
    """Return the country in which a number without prefix is meant: the clinic's own."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return None
