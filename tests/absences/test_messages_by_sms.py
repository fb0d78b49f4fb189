"""What a telephone is told while a doctor is away is one SMS, with its link, in each language."""

import pytest

from medibook.notifications.rules import fits_one_sms
from tests.absences.support import post, start, undo
from tests.support.sms import CLINIC, ORIGIN, by_sms, texts


@pytest.fixture
def engine_name():
    """Words are the same on every engine."""
    return "sqlite"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "your visit Wed 1 Apr, 09:00 cannot take place. Other times: "),
        ("de", "Ihr Termin Mi., 1. Apr., 09:00 fällt aus. Andere Zeiten: "),
    ],
)
def test_that_the_doctor_is_away_and_that_all_stays_is_one_sms_each(booked, locale, said):
    by_sms(booked, locale)
    plan = start(booked)
    (offer,) = texts(booked, "absence-offer")
    assert offer.startswith(f"{CLINIC}: {said}{ORIGIN}/a/")
    assert fits_one_sms(offer)
    booked.later(minutes=3)
    post(booked)
    undo(booked, plan)
    (stays,) = texts(booked, "absence-stays")
    assert CLINIC in stays
    assert fits_one_sms(stays)
