"""What is in the way stands in the reader's language; what the provider said, beside it, in quotes."""

import pytest

from medibook.notifications.pages.ledger_words import plain_problem, problem_words
from medibook.ui.i18n import translator
from tests.notifications.reasons import reasons


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


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_reason_that_we_write_has_words_of_its_own(reason):
    assert plain_problem(translator("en"), reason) != "It was not sent."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "the doctor is away, and the patient has yet to answer",
            "The doctor is away, and another time is being found.",
        ),
        ("answered", "It is answered by now."),
        ("accepted", "It is answered by now."),
        ("answered or changed meanwhile", "It is no longer so: changed meanwhile."),
        ("stopped", "Somebody has stopped it."),
        ("the visit is gone", "What it is about is no longer there."),
        ("told", "They have been told already."),
        ("lapsed", "The time to answer has run out."),
        ("no answer: TimeoutError", "The provider cannot be reached."),
        ("answer 400", "The provider has refused it."),
        ("ValueError", "Something unexpected came in between."),
    ],
)
def test_the_words_say_what_has_happened(reason, words):
    assert plain_problem(translator("en"), reason) == words
