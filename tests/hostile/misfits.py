"""Arguments that no honest page sends, and the names under which forms are read."""

FIELDS = (
    "visit", "request", "reason", "cancel_reason", "known", "id", "account", "application",
    "user_id", "patient_id", "practitioner_id", "role", "hold_id", "as_admin", "is_admin",
    "location_id", "specialty_ids.x", "languages.x", "zone", "kind", "mode", "first_day", "name",
    "email", "prove_email", "phone", "old", "new", "fee", "minutes", "currency", "years_of_experience",
)  # fmt: skip
ODD = {field: {"a": [1]} for field in FIELDS}


def misfits(kind):
    """Values that fit no honest page, each with the fault that the guard must find in it."""
    if kind == "int":
        return [(["x"], "argument_type"), ({"a": 1}, "argument_type"), ("x" * 41, "argument_type")]
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
