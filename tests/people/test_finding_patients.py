"""How the front desk finds a patient, and writes one down who has no account."""

import pytest

from medibook.kernel.errors import Forbidden, Invalid
from medibook.people import rules
from medibook.people import service as people
from medibook.people.rules.naming import folded, search_keys, sought
from medibook.people.schemas import NewPatientRecord
from tests.people.test_approval_and_accounts import in_story


def found(clinic, text):
    return [hit.name for hit in clinic.perform(clinic.gus, people.find_patients, text=text)]


def adds(clinic, name, born="2018-03-02", *, is_another=False, **other):
    new = NewPatientRecord(name=name, birth_date=born, **other)
    return clinic.perform(clinic.gus, people.add_patient, new=new, is_another=is_another)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José Muñoz", "jose munoz"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Weiß", "weiss"),
        ("Renée O’Connor-Smith", "renee o connor smith"),
        ("ＡＭＩＲ", "amir"),
        ("Γιώργος", "γιωργοσ"),
    ],
)
def test_a_name_is_compared_without_case_and_accents(name, words):
    assert folded(name) == words


@pytest.mark.parametrize("typed", ["mul", "MÜL", "mue", "müller", "Jürgen Mül", "mül juer", "0999"])
def test_a_patient_is_found_by_any_part_of_the_name_however_it_is_typed(clinic, typed):
    adds(clinic, "Jürgen Müller", phone="+44 20 7946 0999")
    adds(clinic, "Julia Mahler")
    assert found(clinic, typed) == ["Jürgen Müller"]


def test_sharp_s_is_found_as_two(clinic):
    adds(clinic, "Änne Groß")
    assert found(clinic, "gross") == found(clinic, "GROẞ") == found(clinic, "ann") == ["Änne Groß"]


@pytest.mark.parametrize(
    "typed", ["0123", "020 7946 0123", "+44 (20) 7946-0123", "0044 20 79460123", "2079", "٠١٢٣"]
)
def test_a_patient_is_found_by_four_digits_of_the_number_however_typed(clinic, typed):
    assert found(clinic, typed) == ["Ada Abara", "Ben Brandt"]


@pytest.mark.parametrize("typed", ["", "ad", "012", "a b", "%%%", "___", "+", "\x00", "'; --"])
def test_too_little_finds_nobody(clinic, typed):
    assert found(clinic, typed) == []


def test_one_sign_is_a_whole_word_where_names_are_written_so(clinic):
    adds(clinic, "李 小龍")
    assert found(clinic, "李") == ["李 小龍"]


def test_the_hit_says_who_it_is_and_twenty_are_enough(clinic):
    for number in range(25):
        adds(clinic, f"Amir Zahed {chr(97 + number)}")
    hits = clinic.perform(clinic.gus, people.find_patients, text="zah amir")
    assert len(hits) == 20
    assert (hits[0].birth_date.isoformat(), hits[0].has_account) == ("2018-03-02", False)
    assert clinic.perform(clinic.gus, people.find_patients, text="aba")[0].has_account


def test_a_changed_name_and_number_are_found_and_the_old_ones_are_not(clinic):
    clinic.perform(
        clinic.ada,
        people.change_patient_profile,
        name="Ada Lowe",
        phone="+44 20 7946 0555",
        address="9 New Row",
    )
    assert found(clinic, "lowe") == found(clinic, "0555") == ["Ada Lowe"]
    assert found(clinic, "abara") == []


def test_only_the_front_desk_looks_for_patients(clinic):
    for who in (clinic.ada, clinic.cho, clinic.eve, clinic.stranger):
        with pytest.raises(Forbidden):
            clinic.perform(who, people.find_patients, text="ada")


def test_who_is_already_known_is_not_written_down_twice_by_mistake(clinic):
    first = adds(clinic, "Amir Zahed")
    with pytest.raises(rules.PatientKnown) as refused:
        adds(clinic, "amir  ZAHÉD")
    assert [hit.patient_id for hit in refused.value.known] == [first]
    assert adds(clinic, "Amir Zahed", is_another=True) != first
    assert adds(clinic, "Amir Zahed", born="2019-03-02") != first


def test_what_the_front_desk_types_is_checked_field_by_field(clinic):
    with pytest.raises(Invalid) as refused:
        adds(clinic, "7", born="tomorrow", phone="no", email="nobody")
    assert set(refused.value.problems) == {"name", "birth_date", "phone", "email"}


def test_a_patient_without_account_is_reached_at_the_address_that_the_clinic_has(clinic):
    ids = [adds(clinic, "Amir Zahed", email="amir@example.org"), adds(clinic, "Old Abe")]
    contact = in_story(clinic, people.contacts, patient_ids=ids)
    assert (contact[ids[0]].email, contact[ids[0]].user_id) == ("amir@example.org", None)
    assert contact[ids[1]].email == ""
    told = [in_story(clinic, people.recipients, patient_id=one) for one in ids]
    assert [[r.email for r in each] for each in told] == [["amir@example.org"], []]


def test_every_number_is_found_from_both_its_ends():
    assert search_keys("X Y", "+442079460123") == (
        "+442079460123", "02079460123", "x", "y", "~321064970244",
    )  # fmt: skip
    assert sought("020 7946").digits == ("~6497020", "+207946", "0207946")
