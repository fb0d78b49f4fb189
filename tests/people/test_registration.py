"""Registering and proving an address, without telling strangers who is known here."""

import threading

import pytest

from medibook.kernel.actor import STRANGER
from medibook.kernel.errors import Invalid, TooManyAttempts
from medibook.people import rules
from medibook.people import service as people
from medibook.people.schemas import NewPatient
from tests.support.clinic import PASSWORD, new_patient, new_practitioner


def test_a_patient_registers_proves_the_address_and_is_signed_in_where_they_were_heading(clinic):
    clinic.perform(
        clinic.stranger, people.register_patient, new=new_patient(go_to="/book/?slot=a.b.1")
    )
    with pytest.raises(rules.NotVerified):
        clinic.signs_in("nia@example.org")

    token = clinic.link_in_mail_to("nia@example.org")
    signed_in = clinic.proves(token)

    assert signed_in.go_to == "/book/?slot=a.b.1"
    nia = clinic.actor(signed_in.token)
    assert (nia.role, nia.name) == ("patient", "Nia Novak")
    profile = clinic.perform(nia, people.my_patient_profile)
    assert (profile.phone, profile.address) == ("+442079460123", "3 Elm Row\nLondon")
    assert clinic.signs_in("NIA@Example.org").role == "patient"


def test_the_goal_survives_asking_for_the_link_once_more(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient(go_to="/book/?slot=x"))
    first = clinic.link_in_mail_to("nia@example.org")
    clinic.later(minutes=1).perform(
        clinic.stranger, people.resend_verification, email="nia@example.org"
    )
    second = clinic.link_in_mail_to("nia@example.org")
    with pytest.raises(rules.LinkSpent):
        clinic.proves(first)
    assert clinic.proves(second).go_to == "/book/?slot=x"


def test_a_link_is_good_once_for_a_day_and_for_its_purpose(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")
    with pytest.raises(rules.LinkSpent):
        clinic.perform(
            clinic.stranger,
            people.reset_password,
            token=token,
            password="seven violet ladders moon",
        )
    clinic.later(hours=24)
    with pytest.raises(rules.LinkSpent):
        clinic.proves(token)
    clinic.later(hours=-1)
    clinic.proves(token)
    with pytest.raises(rules.LinkSpent):
        clinic.proves(token)


def test_of_two_who_use_one_link_at_the_same_moment_one_is_signed_in(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")
    outcomes = at_once(8, lambda: clinic.proves(token).role)
    assert sorted(outcomes) == ["LinkSpent"] * 7 + ["patient"]


def test_of_two_who_register_one_new_address_at_once_there_is_one_account(clinic):
    outcomes = at_once(
        4, lambda: clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    )
    assert outcomes == [None] * 4
    assert clinic.rows("SELECT count(*) FROM user_account WHERE email = 'nia@example.org'") == [
        (1,)
    ]
    assert clinic.rows("SELECT count(*) FROM patient WHERE name = 'Nia Novak'") == [(1,)]


@pytest.mark.parametrize("spelt", ["ada@example.org", "ADA@EXAMPLE.ORG", " ａda@example.org "])
def test_registering_a_known_address_changes_nothing_says_nothing_and_tells_its_owner(
    clinic, spelt
):
    answer = clinic.perform(
        clinic.stranger,
        people.register_patient,
        new=new_patient("Mallory Moon", spelt, password="mallorys own very long word"),
    )
    assert answer is None
    assert clinic.mail_to("ada@example.org")[0].kind == "address-taken"
    assert clinic.perform(clinic.ada, people.my_patient_profile).name == "Ada Abara"
    assert clinic.signs_in("ada@example.org").role == "patient"


def test_an_address_that_nobody_has_proven_belongs_to_whoever_asks_last(clinic):
    squatter = new_practitioner(
        "Dr Mallory Moon", "nia@example.org", password="mallorys own very long word"
    )
    clinic.perform(clinic.stranger, people.register_practitioner, new=squatter)
    old_link = clinic.link_in_mail_to("nia@example.org")
    clinic.later(minutes=1).perform(clinic.stranger, people.register_patient, new=new_patient())
    with pytest.raises(rules.LinkSpent):
        clinic.proves(old_link)
    link = clinic.link_in_mail_to("nia@example.org")
    assert clinic.proves(link).role == "patient"
    with pytest.raises(rules.WrongCredentials):
        clinic.signs_in("nia@example.org", "mallorys own very long word")
    assert clinic.signs_in("nia@example.org", PASSWORD).role == "patient"


def test_whoever_owns_the_address_does_not_prove_it_for_somebody_elses_password(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    clinic.work_off()
    taking_over = new_patient("Mallory Moon", password="mallorys own very long word")
    clinic.later(minutes=1).perform(clinic.stranger, people.register_patient, new=taking_over)
    newest = clinic.link_in_mail_to("nia@example.org")
    with pytest.raises(rules.NotTheChosenPassword):
        clinic.proves(newest, PASSWORD)
    with pytest.raises(rules.NotVerified):
        clinic.signs_in("nia@example.org", "mallorys own very long word")

    clinic.later(minutes=1).perform(clinic.stranger, people.register_patient, new=new_patient())
    nia = clinic.actor(clinic.proves(clinic.link_in_mail_to("nia@example.org")).token)
    assert nia.name == "Nia Novak"
    with pytest.raises(rules.WrongCredentials):
        clinic.signs_in("nia@example.org", "mallorys own very long word")


def test_a_link_bears_four_wrong_passwords_and_after_five_a_new_one_is_needed(clinic):
    def wrong(token, times):
        for _ in range(times):
            with pytest.raises(rules.NotTheChosenPassword):
                clinic.proves(token, "another one than she chose")

    clinic.perform(clinic.stranger, people.register_patient, new=new_patient(go_to="/book/?slot=x"))
    spoilt = clinic.link_in_mail_to("nia@example.org")
    wrong(spoilt, times=5)
    with pytest.raises(rules.LinkSpent):
        clinic.proves(spoilt)
    clinic.later(minutes=1)
    clinic.perform(clinic.stranger, people.resend_verification, email="nia@example.org")
    fresh = clinic.link_in_mail_to("nia@example.org")
    wrong(fresh, times=4)
    assert clinic.proves(fresh).go_to == "/book/?slot=x"


def test_a_password_that_was_checked_opens_nothing_without_its_link(clinic):
    def checked(token, password=PASSWORD):
        return clinic.perform(STRANGER, people.check_link, token=token, password=password)

    clinic.perform(STRANGER, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")
    proof = checked(token)
    with pytest.raises(rules.WrongCredentials):
        clinic.perform(STRANGER, people.open_session, checked=proof)
    with pytest.raises(rules.LinkSpent):
        clinic.perform(STRANGER, people.verify_email, token="guess", checked=proof)
    forged = proof.model_copy(update={"seal": "0" * 64})
    with pytest.raises(rules.NotTheChosenPassword):
        clinic.perform(STRANGER, people.verify_email, token=token, checked=forged)
    clinic.later(minutes=2)
    with pytest.raises(rules.NotTheChosenPassword):
        clinic.perform(STRANGER, people.verify_email, token=token, checked=proof)
    again = checked(token)
    assert (
        clinic.perform(STRANGER, people.verify_email, token=token, checked=again).role == "patient"
    )


def test_every_field_that_is_wrong_is_named_at_once(clinic):
    typed = new_patient(
        "X", "nobody", phone="12", address=" ", birth_date="2031-01-01", password="short"
    )
    with pytest.raises(Invalid) as refused:
        clinic.perform(clinic.stranger, people.register_patient, new=typed)
    assert set(refused.value.problems) == {
        "name",
        "email",
        "phone",
        "address",
        "birth_date",
        "password",
    }


@pytest.mark.parametrize("codes", [(), ("English",), tuple(f"{c}{c}-Latn" for c in "abcdefgh")])
def test_languages_that_nobody_could_have_ticked_are_refused(clinic, codes):
    """Eight long ones are more than their column holds, and more than PostgreSQL takes."""
    typed = new_practitioner("Dr Lee", "lee@example.org", languages=codes)
    with pytest.raises(Invalid) as refused:
        clinic.perform(clinic.stranger, people.register_practitioner, new=typed)
    assert set(refused.value.problems) == {"languages"}


@pytest.mark.parametrize(
    "smuggled", ["role", "is_admin", "is_verified", "approved", "id", "user_id"]
)
def test_nobody_registers_as_more_than_they_are(smuggled):
    with pytest.raises(ValueError, match=smuggled):
        NewPatient(**new_patient().model_dump(), **{smuggled: "admin"})


def test_five_messages_an_hour_are_all_that_strangers_can_make_us_send_to_an_address(clinic):
    for _ in range(5):
        clinic.perform(clinic.stranger, people.ask_password_reset, email="ada@example.org")
    for act, words in (
        (people.ask_password_reset, {"email": "Ada@example.org"}),
        (people.resend_verification, {"email": "ada@example.org"}),
        (people.register_patient, {"new": new_patient("Ada", "ada@example.org")}),
    ):
        with pytest.raises(TooManyAttempts):
            clinic.perform(clinic.stranger, act, **words)
    assert len(clinic.mail_to("ada@example.org")) == 5


def at_once(count, act):
    """Run ``act`` in threads that start together; answers, or the names of refusals."""
    gate, outcomes = threading.Barrier(count), []

    def run():
        gate.wait()
        try:
            outcomes.append(act())
        except Exception as error:  # noqa: BLE001 - whatever it is, its name is the outcome
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
