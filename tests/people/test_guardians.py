"""Whom one books for: who may be added, until when, and that nobody else is let in."""

from datetime import date
from uuid import uuid4

import pytest

from medibook.kernel.actor import Actor, Role
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.people import rules
from medibook.people import service as people
from medibook.people.rules.guardians import comes_of_age
from medibook.people.schemas import NewDependant, NewGuardian, NewPatientRecord
from tests.people.test_approval_and_accounts import in_story
from tests.support.visits import at_once


def adds(clinic, who, name="Amir Abara", born="2018-03-02", relation="child"):
    new = NewDependant(name=name, birth_date=born, relation=relation)
    return clinic.perform(who, people.add_dependant, new=new)


def grants(clinic, patient_id, email="ben@example.org", **other):
    typed = {"relation": "child", "reason": "Both parents came with their passports", **other}
    new = NewGuardian(patient_id=patient_id, email=email, **typed)
    clinic.perform(clinic.gus, people.grant_guardianship, new=new)


def books_for(clinic, who):
    return [card.name for card in clinic.perform(who, people.people_i_book_for)]


def guardianship_of(clinic, patient_id, name):
    cards = clinic.perform(clinic.gus, people.guardians_of, patient_id=patient_id)
    return next(card.guardianship_id for card in cards if card.name == name)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [("2008-03-30", "2026-03-30"), ("2008-02-29", "2026-03-01"), ("2000-02-29", "2018-03-01")],
)
def test_one_comes_of_age_on_the_eighteenth_birthday(born, of_age):
    assert comes_of_age(date.fromisoformat(born)) == date.fromisoformat(of_age)


def test_a_parent_books_for_themselves_and_for_the_child_they_add(clinic):
    amir = adds(clinic, clinic.ada)
    me, child = clinic.perform(clinic.ada, people.people_i_book_for)
    assert (me.name, me.is_self, me.expires_on) == ("Ada Abara", True, None)
    assert (child.patient_id, child.relation, child.is_self) == (amir, "child", False)
    assert child.expires_on == date(2036, 3, 2)
    assert books_for(clinic, clinic.ben) == ["Ben Brandt"]


def test_the_audit_names_the_child_whose_record_it_is_and_the_parent_who_acted(clinic):
    amir = adds(clinic, clinic.ada)
    clinic.perform(clinic.ada, people.stop_acting_for, patient_id=amir)
    rows = clinic.rows("SELECT action, patient_id, user_id FROM audit_event ORDER BY seq")[-2:]
    assert [row[0] for row in rows] == [
        "people.service.guardians.add_dependant",
        "people.service.guardians.stop_acting_for",
    ]
    plain = {str(value).replace("-", "") for row in rows for value in row[1:]}
    assert plain == {amir.hex, clinic.ada.user_id.hex}


@pytest.mark.parametrize("born", ["2008-03-30", "1950-01-01"])
def test_an_adult_is_not_added_by_oneself(clinic, born):
    with pytest.raises(Invalid) as refused:
        adds(clinic, clinic.ada, born=born)
    assert set(refused.value.problems) == {"birth_date"}
    assert books_for(clinic, clinic.ada) == ["Ada Abara"]


def test_who_comes_of_age_tomorrow_is_still_a_minor_today(clinic):
    adds(clinic, clinic.ada, born="2008-03-31")
    assert books_for(clinic, clinic.ada) == ["Ada Abara", "Amir Abara"]
    clinic.at("2026-03-31 00:00")
    assert books_for(clinic, clinic.ada) == ["Ada Abara"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "<b>A</b>"}, "name"),
        ({"born": "2018-02-30"}, "birth_date"),
        ({"born": "2031-01-01"}, "birth_date"),
        ({"relation": "owner"}, "relation"),
        ({"relation": ""}, "relation"),
    ],
)
def test_what_is_typed_is_checked_field_by_field(clinic, typed, field):
    with pytest.raises(Invalid) as refused:
        adds(clinic, clinic.ada, **typed)
    assert set(refused.value.problems) == {field}


def test_the_same_child_is_not_added_twice_however_the_name_is_written(clinic):
    adds(clinic, clinic.ada, name="Zoë Abara")
    with pytest.raises(rules.DependantKnown):
        adds(clinic, clinic.ada, name="zoe  ABARA")
    adds(
        clinic, clinic.ada, name="Zoë Abara", born="2018-03-03"
    )  # a twin of another day is another
    adds(clinic, clinic.ben, name="Zoë Abara")  # and nobody learns whom others book for


def test_two_clicks_at_once_add_one_child(clinic):
    for day in range(1, 9):
        answers = at_once(*[lambda d=day: adds(clinic, clinic.ada, born=f"2018-03-0{d}")] * 2)
        assert sorted(type(a).__name__ for a in answers) == ["DependantKnown", "UUID"], answers


def test_one_account_acts_for_a_family_not_for_a_school(clinic):
    for number in range(12):
        adds(clinic, clinic.ada, born=f"2015-01-{number + 1:02}")
    with pytest.raises(rules.TooManyDependants):
        adds(clinic, clinic.ada)


def test_whoever_gives_children_up_again_cannot_add_ever_more_of_them(clinic):
    """Each would have as many open visits as a patient may, and all of them stay booked."""
    for number in range(12):
        child = adds(clinic, clinic.ada, born=f"2015-01-{number + 1:02}")
        clinic.perform(clinic.ada, people.stop_acting_for, patient_id=child)
    with pytest.raises(rules.TooManyDependants):
        adds(clinic, clinic.ada)
    clinic.later(days=31)
    adds(clinic, clinic.ada)


def test_a_child_is_renamed_and_found_by_the_new_name(clinic):
    amir = adds(clinic, clinic.ada)
    clinic.perform(
        clinic.ada, people.change_dependant, patient_id=amir, name="Amir Lowe", relation="other"
    )
    assert books_for(clinic, clinic.ada) == ["Ada Abara", "Amir Lowe"]
    hits = clinic.perform(clinic.gus, people.find_patients, text="lowe")
    assert [hit.patient_id for hit in hits] == [amir]


@pytest.mark.parametrize("whose", ["nobody's", "Ben's own", "Ben's child"])
def test_other_peoples_ids_lead_nowhere(clinic, whose):
    child = adds(clinic, clinic.ben)
    ids = {"nobody's": uuid4(), "Ben's own": clinic.ben.patient_id, "Ben's child": child}
    for act, typed in (
        (people.change_dependant, {"name": "Mine Now", "relation": "child"}),
        (people.stop_acting_for, {}),
    ):
        with pytest.raises(NotFound):
            clinic.perform(clinic.ada, act, patient_id=ids[whose], **typed)
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]


def test_nobody_takes_oneself_off_the_list(clinic):
    with pytest.raises(NotFound):
        clinic.perform(clinic.ada, people.stop_acting_for, patient_id=clinic.ada.patient_id)


def test_an_end_ends_at_once_and_the_same_child_may_be_added_again(clinic):
    amir = adds(clinic, clinic.ada)
    clinic.perform(clinic.ada, people.stop_acting_for, patient_id=amir)
    assert books_for(clinic, clinic.ada) == ["Ada Abara"]
    with pytest.raises(NotFound):
        clinic.perform(clinic.ada, people.stop_acting_for, patient_id=amir)
    assert adds(clinic, clinic.ada) != amir  # a new record: the old one is the clinic's to give


def test_the_front_desk_lets_a_second_parent_act_and_ends_it_again(clinic):
    amir = adds(clinic, clinic.ada)
    grants(clinic, amir)
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]
    with pytest.raises(rules.GuardianKnown):
        grants(clinic, amir)
    ends = guardianship_of(clinic, amir, "Ben Brandt")
    for who in (clinic.ada, clinic.ben, clinic.cho, clinic.eve):
        with pytest.raises(Forbidden):
            clinic.perform(who, people.revoke_guardianship, guardianship_id=ends, reason="no")
    with pytest.raises(rules.ReasonNeeded):
        clinic.perform(clinic.gus, people.revoke_guardianship, guardianship_id=ends, reason=" ")
    clinic.perform(clinic.gus, people.revoke_guardianship, guardianship_id=ends, reason="A court")
    assert books_for(clinic, clinic.ben) == ["Ben Brandt"]
    assert books_for(clinic, clinic.ada) == ["Ada Abara", "Amir Abara"]
    grants(clinic, amir)
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]


def test_an_adult_who_cannot_decide_is_acted_for_until_the_clinic_ends_it(clinic):
    grants(clinic, clinic.ada.patient_id, relation="legal-care")
    clinic.at("2056-03-30 08:00")
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Ada Abara"]


@pytest.mark.parametrize("email", ["cho@example.org", "nobody@example.org", "ada@example.org", ""])
def test_only_another_patients_account_can_act_for_a_patient(clinic, email):
    with pytest.raises(Invalid) as refused:
        grants(clinic, clinic.ada.patient_id, email=email)
    assert set(refused.value.problems) == {"email"}


def test_an_expired_guardianship_makes_way_for_one_that_the_clinic_grants(clinic):
    amir = adds(clinic, clinic.ada, born="2008-04-01")
    clinic.at("2026-04-01 08:00")
    assert books_for(clinic, clinic.ada) == ["Ada Abara"]
    grants(clinic, amir, email="ada@example.org", relation="legal-care")
    assert books_for(clinic, clinic.ada) == ["Ada Abara", "Amir Abara"]


def test_whom_one_may_not_book_for_one_may_still_see_if_the_clinic_says_so(clinic):
    amir = adds(clinic, clinic.ada)
    grants(clinic, amir, may_book=False)
    ids = in_story_of(clinic, clinic.ben, people.patient_ids_of)
    assert ids == {clinic.ben.patient_id}
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]


def test_only_a_patients_account_acts_for_anybody(clinic):
    amir = adds(clinic, clinic.ada)
    for who in (clinic.cho, clinic.gus, clinic.eve, clinic.stranger):
        assert in_story_of(clinic, who, people.patient_ids_of) == frozenset()
        assert not in_story_of(clinic, who, people.may_act_for, patient_id=amir)
    # A role is what the session says now: a former guardian who works here acts as who works here.
    turned = Actor(role=Role.STAFF, user_id=clinic.ada.user_id, patient_id=clinic.ada.patient_id)
    assert in_story_of(clinic, turned, people.patient_ids_of) == frozenset()


def test_a_child_is_reached_through_the_first_guardian_and_all_who_book_are_told(clinic):
    amir = adds(clinic, clinic.ben)
    grants(clinic.later(minutes=1), amir, email="ada@example.org")
    contact = in_story(clinic, people.contacts, patient_ids=[amir])[amir]
    assert (contact.email, contact.phone) == ("ben@example.org", "+442079460123")
    assert (contact.reached_through, contact.locale) == ("Ben Brandt", "de")
    told = in_story(clinic, people.recipients, patient_id=amir)
    assert [(r.email, r.locale) for r in told] == [
        ("ben@example.org", "de"),
        ("ada@example.org", "en"),
    ]
    clinic.perform(clinic.ben, people.stop_acting_for, patient_id=amir)
    told = in_story(clinic, people.recipients, patient_id=amir)
    assert [r.email for r in told] == ["ada@example.org"]


def test_a_patient_with_an_address_of_their_own_and_no_guardian_is_told_there(clinic):
    new = NewPatientRecord(name="Old Abe", birth_date="1940-01-01", email="Abe@Example.org")
    abe = clinic.perform(clinic.gus, people.add_patient, new=new)
    told = in_story(clinic, people.recipients, patient_id=abe)
    assert [(r.email, r.user_id) for r in told] == [("abe@example.org", None)]


def in_story_of(clinic, who, read, **kwargs):
    """Read as somebody, within a story of theirs."""
    with clinic.medibook._transaction(who, writes=False) as uow:
        return read(uow, **kwargs)
