"""What an SMS means: the first word decides, and what may mean many things decides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medibook.answers.rules import Intent, is_number, plain, understood

YES, NO, WHICH = Intent.CONFIRM, Intent.CANCEL, Intent.CHOOSE
STOP, START, UNCLEAR = Intent.STOP, Intent.START, Intent.UNCLEAR


@pytest.mark.parametrize(
    ("text", "locale", "intent", "number"),
    [
        ("C", "en", YES, None), ("c", "en", YES, None), (" Y. ", "en", YES, None),
        ("YES", "en", YES, None), ("Yes!", "en", YES, None), ("yes please", "en", YES, None),
        ("Confirm", "en", YES, None), ("OK", "en", YES, None), ("👍", "en", YES, None),
        ("ＹＥＳ", "en", YES, None), ("\u202eYES", "en", YES, None), ("C 1", "en", YES, 1),
        ("C1", "en", YES, 1), ("c-2", "en", YES, 2), ("C.2", "en", YES, 2),
        ("X", "en", NO, None), ("N", "en", NO, None), ("no", "en", NO, None),
        ("No thanks", "en", NO, None), ("CANCEL", "en", NO, None), ("cancel please", "en", NO, None),
        ("cancle", "en", NO, None), ("cansel", "en", NO, None), ("cancell", "en", NO, None),
        ("canel", "en", NO, None), ("X2", "en", NO, 2), ("x 2", "en", NO, 2), ("Cancel 2", "en", NO, 2),
        ("2", "en", WHICH, 2), ("2.", "en", WHICH, 2), ("#1", "en", WHICH, 1), ("1)", "en", WHICH, 1),
        ("JA", "de", YES, None), ("B", "de", YES, None), ("Bestätigen", "de", YES, None),
        ("bestaetige", "de", YES, None), ("NEIN", "de", NO, None), ("Absagen", "de", NO, None),
        ("absgaen", "de", NO, None), ("storno", "de", NO, None), ("yes", "de", YES, None),
        ("cancel", "de", NO, None), ("X1", "de", NO, 1),
        ("STOP", "en", STOP, None), ("Stopp", "de", STOP, None), ("stop", "de", STOP, None),
        ("Stop sending me these messages", "en", STOP, None), ("END", "en", STOP, None),
        ("START", "en", START, None), ("unstop", "en", START, None),
        # What people must read.
        ("No problem, see you then", "en", UNCLEAR, None),
        ("No, I will come", "en", UNCLEAR, None), ("n?", "en", UNCLEAR, None),
        ("Nein, ich komme doch später", "de", UNCLEAR, None),
        ("Cancer results?", "en", UNCLEAR, None), ("Can I come later", "en", UNCLEAR, None),
        ("Zusagen", "en", UNCLEAR, None), ("JA", "en", UNCLEAR, None), ("B", "en", UNCLEAR, None),
        ("I will come", "en", UNCLEAR, None), ("End of the month is better", "en", UNCLEAR, None),
        ("", "en", UNCLEAR, None), ("   ", "en", UNCLEAR, None), ("...", "en", UNCLEAR, None),
        ("100", "en", UNCLEAR, None), ("Can", "en", UNCLEAR, None), ("ansagen", "de", UNCLEAR, None),
        ("<script>alert(1)</script>", "en", UNCLEAR, None), ("'; DROP TABLE x; --", "en", UNCLEAR, None),
    ],
)  # fmt: skip
def test_the_first_word_decides(text, locale, intent, number):
    heard = understood(text, locale)
    assert (heard.intent, heard.number) == (intent, number)


def test_more_than_an_answer_is_read_by_people_too():
    assert not understood("Yes thank you", "en").says_more
    assert understood("Yes, but may I bring my dog along", "en").says_more
    assert understood("Yes. Is there parking?", "en").says_more
    assert understood("X2 because my knee hurts again", "en").says_more


@given(st.text(max_size=400), st.sampled_from(["en", "de", "xx"]))
def test_nothing_that_is_sent_breaks_it_and_what_is_kept_is_plain(text, locale):
    understood(text, locale)
    kept = plain(text)
    assert len(kept) <= 1000
    assert not any(ord(c) < 32 or c in "\u202e\u200f\x7f" for c in kept)


@pytest.mark.parametrize(
    ("sender", "known"),
    [
        ("+442079460123", True), ("+4915112345678", True), ("MediBook", False), ("12345", False),
        ("whatsapp:+442079460123", False), ("+0123456789", False), ("", False), ("+44\n2079460123", False),
        ("+442079460123\n", False), ("+٤٤٢٠٧٩٤٦٠١٢٣", False),
    ],
)  # fmt: skip
def test_only_a_telephone_number_is_heard(sender, known):
    assert is_number(sender) is known
