"""Forgotten and changed passwords."""

import unicodedata

import pytest

from medibook.kernel.actor import STRANGER
from medibook.kernel.errors import Invalid, TooManyAttempts
from medibook.people import rules
from medibook.people import service as people
from medibook.people.rules import PasswordFault, password_fault
from tests.support.clinic import PASSWORD, new_patient

NEW = "eleven copper herons at dawn"


def asks(clinic, email="ada@example.org"):
    clinic.perform(STRANGER, people.ask_password_reset, email=email)
    return clinic.link_in_mail_to(email)


def test_a_forgotten_password_is_set_anew_by_a_link_and_every_session_ends(clinic):
    session = clinic.signs_in("ada@example.org").token
    token = asks(clinic)
    clinic.perform(STRANGER, people.reset_password, token=token, password=NEW)
    assert clinic.actor(session).is_stranger
    with pytest.raises(rules.WrongCredentials):
        clinic.signs_in("ada@example.org", PASSWORD)
    assert clinic.signs_in("ada@example.org", NEW).role == "patient"
    assert {m.kind for m in clinic.mail_to("ada@example.org")} == {
        "reset-password",
        "password-changed",
    }


def test_a_reset_link_dies_on_use_by_a_newer_one_by_a_changed_password_and_after_half_an_hour(
    clinic,
):
    first = asks(clinic)
    clinic.later(minutes=1)
    second = asks(clinic)
    clinic.later(minutes=1).perform(clinic.ada, people.change_password, old=PASSWORD, new=NEW)
    clinic.later(minutes=1)
    third = asks(clinic)
    clinic.perform(STRANGER, people.reset_password, token=third, password=PASSWORD)
    clinic.later(minutes=1)
    fourth = asks(clinic)
    clinic.later(minutes=30)
    for dead in (first, second, third, fourth):
        with pytest.raises(rules.LinkSpent):
            clinic.perform(STRANGER, people.reset_password, token=dead, password=NEW)


def test_a_refused_password_does_not_use_the_link_up(clinic):
    token = asks(clinic)
    with pytest.raises(rules.UnfitPassword):
        clinic.perform(STRANGER, people.reset_password, token=token, password="short")
    clinic.perform(STRANGER, people.reset_password, token=token, password=NEW)


def test_asking_for_a_link_says_the_same_for_every_address_and_tells_only_the_known(clinic):
    for email in ("ada@example.org", "nobody@example.org", "not an address"):
        assert clinic.perform(STRANGER, people.ask_password_reset, email=email) is None
    assert [len(clinic.mail_to(e)) for e in ("ada@example.org", "nobody@example.org")] == [1, 0]


def test_whoever_has_not_proven_the_address_gets_the_link_that_does(clinic):
    clinic.perform(STRANGER, people.register_patient, new=new_patient())
    clinic.later(minutes=1).perform(STRANGER, people.ask_password_reset, email="nia@example.org")
    assert clinic.mail_to("nia@example.org")[0].kind == "verify-email"


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(clinic):
    here, there = (clinic.signs_in("ada@example.org").token for _ in range(2))
    ada = clinic.actor(here)
    with pytest.raises(Invalid) as refused:
        clinic.perform(ada, people.change_password, old="not it, I am afraid", new=NEW)
    assert set(refused.value.problems) == {"old"}
    clinic.perform(ada, people.change_password, old=PASSWORD, new=NEW)
    assert not clinic.actor(here).is_stranger
    assert clinic.actor(there).is_stranger


def test_the_old_password_cannot_be_guessed_from_an_open_session(clinic):
    for _ in range(10):
        with pytest.raises(Invalid):
            clinic.perform(clinic.ada, people.change_password, old="a guess", new=NEW)
    with pytest.raises(TooManyAttempts):
        clinic.perform(clinic.ada, people.change_password, old=PASSWORD, new=NEW)


def test_one_password_is_the_same_however_the_keyboard_composes_it(clinic):
    typed = "sieben blaue Kühe am Fluß"
    clinic.perform(
        clinic.ada, people.change_password, old=PASSWORD, new=unicodedata.normalize("NFD", typed)
    )
    assert clinic.signs_in("ada@example.org", unicodedata.normalize("NFC", typed)).role == "patient"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("fourteen chars", PasswordFault.SHORT),
        ("x" * 257, PasswordFault.LONG),
        ("passwordpassword", PasswordFault.COMMON),
        ("P@ssw0rd123456789", PasswordFault.COMMON),
        ("correct horse battery staple", PasswordFault.COMMON),
        ("aaaaaaaaaaaaaaaaaaaa", PasswordFault.COMMON),
        ("abcdefghijklmnopqrstuvwxyz", PasswordFault.COMMON),
        ("123456789012345", PasswordFault.COMMON),
        ("qwertyuiopasdfghjkl", PasswordFault.COMMON),
        ("kittenkittenkitten", PasswordFault.COMMON),
        ("Ada Abara Ada Abara!", PasswordFault.PERSONAL),
        ("ada.abara@example.org1", PasswordFault.PERSONAL),
        ("medibook medibook 1", PasswordFault.COMMON),
        ("violet ladder under seven moons", None),
        ("дождь идёт по крышам", None),
        ("雨が屋根の上に静かに降っている夜", None),
        ("x7#Kp!mQ2v$Lr9&Z" * 16, PasswordFault.COMMON),
        (NEW, None),
    ],
)
def test_passwords_are_judged_by_length_and_by_how_they_are_guessed(password, fault):
    about = ("Ada Abara", "ada.abara@example.org", "Elm Row Clinic")
    assert password_fault(password, about) is fault


def test_sixty_four_characters_and_more_are_welcome():
    phrase = "the heron that stood in our pond all night was made of copper and rain"
    assert len(phrase) >= 64
    assert password_fault(phrase, ()) is None
    assert (
        password_fault((phrase + "; nobody saw it leave, and we told nobody " * 4)[:250], ())
        is None
    )
