"""What is in the way stands in the reader's language; what the provider said, beside it, in quotes."""

import pytest

from medibook.notifications.pages.ledger_words import problem_words
from medibook.ui.i18n import translator


@pytest.mark.parametrize(
    ("problem", "german"),
    [
        ("answer 503", "Der Anbieter ist überlastet."),
        ("answer 429", "Der Anbieter ist überlastet."),
        ("answer 401: the provider refuses the key", "Der Anbieter lehnt unsere Einstellungen ab."),
        ("answer 400, code 21610: the number has opted out", "Die Nummer hat STOP gesagt."),
        ("answer 400, code 21211: the number is none", "Das ist keine Telefonnummer."),
        ("answer 400, code 99", "Der Anbieter hat es abgelehnt."),
        ("cannot be reached: TimeoutError", "Der Anbieter ist nicht zu erreichen."),
        ("recipient refused [550]", "Der Mailserver hat es abgelehnt."),
        ("too many SMS to this number", "An diese Nummer gingen vorerst genug SMS."),
        ("cancelled", "Es ist nicht mehr so: abgesagt oder abgelehnt."),
        ("nobody has named this yet", "Es wurde nicht gesendet."),
    ],
)
def test_a_problem_stands_in_the_readers_language(problem, german):
    assert problem_words(translator("de"), problem) == f"{german} („{problem}“)"
    assert problem_words(translator("en"), "") == ""
