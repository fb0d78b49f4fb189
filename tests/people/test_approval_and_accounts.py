"""Admins judge claims and look after accounts; one active admin always remains."""

import pytest

from medibook.kernel.actor import system
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.people import rules
from medibook.people import service as people
from medibook.people.schemas import PractitionerChange
from tests.people.test_registration import at_once
from tests.support.clinic import CARDIOLOGY, DERMATOLOGY, PASSWORD, new_practitioner


def claims(clinic, who):
    return clinic.perform(who, people.my_practitioner_profile)


def changed(profile, **other):
    typed = profile.model_dump(include=set(PractitionerChange.model_fields))
    return PractitionerChange(**{**typed, **other})


def in_story(clinic, read, **kwargs):
    """Read as another room does within its own story."""
    with clinic.medibook._transaction(system("test"), writes=False) as uow:
        return read(uow, **kwargs)


def test_a_practitioner_applies_proves_the_address_and_waits_for_an_admin(clinic):
    clinic.perform(
        clinic.stranger,
        people.register_practitioner,
        new=new_practitioner("Dr Olga Ort", "olga@example.org"),
    )
    assert [p.name for p in clinic.perform(clinic.eve, people.applications)] == ["Dr Fay Fuchs"]
    link = clinic.link_in_mail_to("olga@example.org")
    olga = clinic.actor(clinic.proves(link).token)
    assert not olga.approved
    waiting = clinic.perform(clinic.eve, people.applications)
    assert [p.name for p in waiting] == ["Dr Fay Fuchs", "Dr Olga Ort"]
    assert clinic.mail_to("eve@example.org")[0].kind == "application"


def test_approval_makes_bookable_and_bites_at_once(clinic):
    session = clinic.signs_in("fay@example.org").token
    profile = claims(clinic, clinic.fay)
    assert not in_story(clinic, people.is_bookable, practitioner_id=profile.practitioner_id)
    clinic.perform(
        clinic.eve,
        people.approve_practitioner,
        practitioner_id=profile.practitioner_id,
        version=profile.version,
    )
    assert clinic.actor(session).approved
    assert in_story(clinic, people.is_bookable, practitioner_id=profile.practitioner_id)
    assert (
        in_story(clinic, people.find_practitioner_by_slug, slug="fay-fuchs").name == "Dr Fay Fuchs"
    )
    assert clinic.mail_to("fay@example.org")[0].subject == "MediBook: You have been approved"


def test_what_was_approved_is_what_the_admin_has_read(clinic):
    read = claims(clinic, clinic.fay)
    clinic.perform(
        clinic.fay, people.change_practitioner_profile, change=changed(read, licence_number="GMC 1")
    )
    with pytest.raises(rules.ProfileChanged):
        clinic.perform(
            clinic.eve,
            people.approve_practitioner,
            practitioner_id=read.practitioner_id,
            version=read.version,
        )


def test_asking_back_needs_a_reason_and_the_answer_waits_again(clinic):
    fay = claims(clinic, clinic.fay)
    with pytest.raises(rules.ReasonNeeded):
        clinic.perform(
            clinic.eve,
            people.ask_practitioner_back,
            practitioner_id=fay.practitioner_id,
            reason="  ",
        )
    clinic.perform(
        clinic.eve,
        people.ask_practitioner_back,
        practitioner_id=fay.practitioner_id,
        reason="Which register?",
    )
    asked = claims(clinic, clinic.fay)
    assert (asked.status, asked.decision_reason) == ("asked", "Which register?")
    assert "question" in clinic.mail_to("fay@example.org")[0].subject
    answered = clinic.perform(
        clinic.fay,
        people.change_practitioner_profile,
        change=changed(asked, licence_number="GMC 99"),
    )
    assert (answered.status, answered.licence_number) == ("pending", "GMC 99")


def test_a_declined_practitioner_is_told_and_stays_unbookable(clinic):
    fay = claims(clinic, clinic.fay)
    clinic.perform(
        clinic.eve,
        people.decline_practitioner,
        practitioner_id=fay.practitioner_id,
        reason="Not in the register.",
    )
    assert claims(clinic, clinic.fay).decision_reason == "Not in the register."
    with pytest.raises(rules.ProfileChanged):
        clinic.perform(
            clinic.eve, people.approve_practitioner, practitioner_id=fay.practitioner_id, version=2
        )
    with pytest.raises(NotFound):
        in_story(clinic, people.find_practitioner_by_slug, slug="fay-fuchs")


def test_what_an_admin_has_approved_is_not_changed_behind_their_back(clinic):
    cho = claims(clinic, clinic.cho)
    with pytest.raises(Invalid) as refused:
        clinic.perform(
            clinic.cho,
            people.change_practitioner_profile,
            change=changed(cho, licence_number="GMC 1", specialty_ids=(CARDIOLOGY,)),
        )
    assert set(refused.value.problems) == {"licence_number", "specialty_ids"}
    told = clinic.perform(
        clinic.cho, people.change_practitioner_profile, change=changed(cho, biography="New words.")
    )
    assert (told.biography, told.status, told.specialty_ids) == (
        "New words.",
        "approved",
        (DERMATOLOGY,),
    )


def test_ids_that_the_clinic_does_not_have_are_refused_by_field(clinic):
    strange = new_practitioner(
        "Dr Olga Ort",
        "olga@example.org",
        specialty_ids=(clinic.ada.user_id,),
        location_id=clinic.ada.user_id,
    )
    with pytest.raises(Invalid) as refused:
        clinic.perform(clinic.stranger, people.register_practitioner, new=strange)
    assert set(refused.value.problems) == {"specialty_ids", "location_id"}


def test_two_of_one_name_have_two_addresses(clinic):
    for number in (1, 2):
        clinic.perform(
            system("test"),
            people.take_in_practitioner,
            approved=True,
            new=new_practitioner("Prof. Dr. Mina Cho", f"mina{number}@example.org"),
        )
    assert {
        row[0] for row in clinic.rows("SELECT slug FROM practitioner WHERE name LIKE '%Cho'")
    } == {"mina-cho", "mina-cho-2", "mina-cho-3"}


def test_suspension_bites_at_once_and_is_lifted_again(clinic):
    session = clinic.signs_in("cho@example.org").token
    cho = clinic.cho.practitioner_id
    clinic.perform(
        clinic.eve, people.suspend_account, user_id=clinic.cho.user_id, reason="Licence expired"
    )
    assert clinic.actor(session).is_stranger
    assert not in_story(clinic, people.is_bookable, practitioner_id=cho)
    with pytest.raises(rules.Suspended):
        clinic.signs_in("cho@example.org")
    clinic.perform(clinic.eve, people.reactivate_account, user_id=clinic.cho.user_id)
    assert clinic.actor(session).is_stranger
    assert clinic.signs_in("cho@example.org").approved
    assert {m.kind for m in clinic.mail_to("cho@example.org")} >= {"suspended", "reactivated"}


def test_nobody_suspends_themselves_and_the_last_admin_stays(clinic):
    with pytest.raises(rules.NotYourself):
        clinic.perform(
            clinic.eve, people.suspend_account, user_id=clinic.eve.user_id, reason="Holiday"
        )
    with pytest.raises(rules.ReasonNeeded):
        clinic.perform(
            clinic.eve, people.suspend_account, user_id=clinic.ada.user_id, reason="\x07 "
        )


def test_two_admins_who_suspend_each_other_at_once_leave_one(clinic):
    ivy_id = clinic.perform(
        system("cli"),
        people.create_admin,
        email="ivy@example.org",
        name="Ivy Iso",
        password=PASSWORD,
    )
    eve, ivy = (clinic.actor(clinic.signs_in(f"{n}@example.org").token) for n in ("eve", "ivy"))
    turns = iter([(eve, ivy_id), (ivy, clinic.eve.user_id)])

    def suspend():
        who, whom = next(turns)
        clinic.perform(who, people.suspend_account, user_id=whom, reason="A quarrel")

    assert sorted(map(str, at_once(2, suspend))) == ["Forbidden", "None"]
    assert clinic.rows(
        "SELECT count(*) FROM user_account WHERE role = 'admin' AND status = 'active'"
    ) == [(1,)]


def test_an_admin_finds_accounts_by_name_address_and_role(clinic):
    assert clinic.perform(clinic.eve, people.accounts).total == 7
    assert [r.name for r in clinic.perform(clinic.eve, people.accounts, search="ABARA").rows] == [
        "Ada Abara"
    ]
    assert [r.name for r in clinic.perform(clinic.eve, people.accounts, search="ben@").rows] == [
        "Ben Brandt"
    ]
    assert clinic.perform(clinic.eve, people.accounts, search="%").total == 0
    assert clinic.perform(clinic.eve, people.accounts, role="practitioner", page=99).total == 3


@pytest.mark.parametrize("who", ["stranger", "ada", "cho", "fay", "gus"])
def test_only_admins_judge_and_suspend(clinic, who):
    with pytest.raises(Forbidden):
        clinic.perform(
            getattr(clinic, who), people.suspend_account, user_id=clinic.ben.user_id, reason="x"
        )
    assert clinic.audit()[-1][:2] in {
        ("people.service.accounts.suspend_account", "forbidden"),
        ("people.service.accounts.suspend_account", "sign_in_needed"),
    }


def test_an_operator_makes_no_second_account_for_an_address(clinic):
    with pytest.raises(rules.AddressTaken):
        clinic.perform(
            system("cli"),
            people.create_admin,
            email="EVE@example.org",
            name="Eve Two",
            password=PASSWORD,
        )
