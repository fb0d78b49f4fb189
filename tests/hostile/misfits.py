"""Arguments that no honest page sends, and the names under which forms are read."""

import re

from medibook.clinic.schemas import BookingRules, NewPlace
from tests.support.browser import ROOT

# Ids, claims of rights, and the answers of every form of the clinic.
FIELDS = (
    "visit", "request", "key", "id", "account", "application", "user_id", "patient_id", "patient",
    "practitioner_id", "practitioner", "hold_id", "location_id", "location", "pool_id", "room",
    "specialty_ids.x", "location_ids.x", "languages.x", "holidays.x", "role", "code", "as_admin", "is_admin",
    "reason", "cancel_reason", "why", "why_none", "note", "outage_reason", "biography",
    "known", "another", "records", "is_video", "relation", "kind", "mode", "visit_kind", "pool_kind",
    "first", "first_day", "last", "last_day", "day", "time", "why_day", "why_time", "block_day",
    "starts", "ends", "opens", "closes", "opens_again", "closes_again", "outage_starts",
    "outage_ends", "birth_day", "birth_month", "birth_year", "place", "limit", "minutes", "length",
    "buffer_before_minutes", "buffer_after_minutes", "email", "prove_email", "old", "new",
    "password", "qualifications", "licence_number", "years_of_experience", "fee", "fee_currency",
    "currency", "synonyms", "pool_name", "room_name", "closure_name", "specialty_name",
    "audience", "subject_en", "body_en", "subject_de", "body_de", "when", "counted", "channel", "to",
    "endpoint", "p256dh", "auth", "device",
    "entry", "talk", "text", "version", "offer", "priority", "not_before", "not_after", "who", "whom",
    "number", "span", "service", "ways.x", "ways.email", "ways.sms", "wants.reminders", "locale",
    *NewPlace.model_fields, *BookingRules.model_fields,
)  # fmt: skip
_READ = re.compile(r'(?:form_data|form|typed|claim)\.get\(\s*"(\w+)"|\btyped\(\w+, "(\w+)"')
_TICKED = re.compile(r'\bticked\(\w+, "(\w+)"')
ODD = {field: {"a": [1]} for field in FIELDS}


def misfits(kind):
    """Values that fit no honest page, each with the fault that the guard must find in it."""
    if kind == "int":
        return [(["x"], "argument_type"), ({"a": 1}, "argument_type"), ("x" * 41, "argument_type")]
    if kind == "bool":  # nor a number or a word in its place
        return [(value, "argument_type") for value in (["x"], {"a": 1}, 1, "true", "x" * 41)]
    if kind == "str":
        nasty = [("x" * 70_000, "too_much"), ("a\x00b", "unstorable_text")]
        return [(["x"], "argument_type"), ({"a": 1}, "argument_type"), *nasty]
    nasty = [("x" * 70_000, "too_much"), ("a\x00b", "unstorable_text"), (nested(20), "too_much")]
    nasty = [({"reason": value}, fault) for value, fault in nasty]
    return [(["x"], "argument_type"), (7.5, "argument_type"), *nasty, (ODD, "")]


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = {"a": value}
    return value


def fields_of_pages():
    """The names that pages read from forms, as far as they are written there in one word."""
    for page in sorted(ROOT.glob("medibook/*/pages/*.py")):
        text = page.read_text()
        yield from (one or other for one, other in _READ.findall(text))
        yield from (f"{name}.x" for name in _TICKED.findall(text))
