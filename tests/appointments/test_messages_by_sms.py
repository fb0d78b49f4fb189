"""Whoever has a telephone alone is told by SMS of booking, moving and cancelling: where, when, no name."""

import pytest
import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.appointments.schemas.desk import DeskBooking
from medibook.notifications.rules import first_that_fits, fits_one_sms, sms_text
from medibook.people import service as people
from medibook.people.schemas import NewPatientRecord
from tests.appointments.test_grace import moves
from tests.support.visits import OpenClinic

OLGAS = "+447700900301"


def at_the_desk(clinic, wall="2026-04-01 09:00", locale="en"):
    typed = {"name": "Olga Ott", "birth_date": "1950-01-02", "phone": "+44 7700 900301"}
    patient = clinic.perform(clinic.gus, people.add_patient, new=NewPatientRecord(**typed))
    with clinic.medibook.engine.begin() as raw:
        raw.execute(
            sa.text("UPDATE patient SET locale = :l WHERE name = 'Olga Ott'"), {"l": locale}
        )
    new = DeskBooking(patient_id=patient, wish=clinic.wish("Dr Cho", wall), booking_key="desk")
    return clinic.perform(clinic.gus, appointments.book_for_patient, new=new)


def texts(clinic):
    clinic.work_off()
    rows = clinic.rows(
        "SELECT body FROM message WHERE channel = 'sms' AND \"to\" = :to ORDER BY created_at, send_at",
        to=OLGAS,
    )
    return [row.body for row in rows]


@pytest.mark.parametrize(
    ("locale", "booked", "moved", "cancelled"),
    [
        (
            "en",
            "Your visit is booked: Wed 1 Apr, 09:00, Elm Row. Reference: ",
            "Your visit has moved: Thu 2 Apr, 10:00, Elm Row. Reference: ",
            "Your visit is cancelled: Thu 2 Apr, 10:00, Elm Row. Reference: ",
        ),
        (
            "de",
            "Ihr Termin ist gebucht: Mi., 1. Apr., 09:00, Elm Row. Kennung: ",
            "Ihr Termin wurde verschoben: Do., 2. Apr., 10:00, Elm Row. Kennung: ",
            "Ihr Termin ist abgesagt: Do., 2. Apr., 10:00, Elm Row. Kennung: ",
        ),
    ],
)
def test_a_telephone_alone_hears_where_and_when_in_one_sms_each(
    open_clinic: OpenClinic, locale, booked, moved, cancelled
):
    visit = at_the_desk(open_clinic, locale=locale)
    texts(open_clinic)
    moves(open_clinic, visit, "2026-04-02 10:00")
    texts(open_clinic)
    open_clinic.perform(
        open_clinic.gus,
        appointments.cancel_appointment,
        appointment_id=visit.appointment_id,
        reason="x",
    )
    said = texts(open_clinic)
    assert len(said) == 3
    for text, words in zip(said, (booked, moved, cancelled), strict=True):
        assert words in text
        assert "Olga" not in text
        assert fits_one_sms(text)


def test_one_sms_is_160_signs_of_its_alphabet_or_70_of_any_other():
    assert fits_one_sms("ä" * 160)
    assert not fits_one_sms("ä" * 161)
    assert not fits_one_sms("€" * 81)
    assert fits_one_sms("ł" * 70)
    assert not fits_one_sms("ł" + "a" * 70)
    assert sms_text("09:00\u202fUhr – “x”") == '09:00 Uhr - "x"'
    assert first_that_fits(["a" * 161, "b" * 160, "c"]) == "b" * 160
    assert first_that_fits(["a" * 200, "b" * 170]) == "b" * 170
