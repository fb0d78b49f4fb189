"""What the clinic offers, and who may change it."""

import pytest

from medibook.clinic import rules, service
from medibook.kernel.actor import system
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.money import Money
from medibook.people.events import PractitionerApproved


def test_a_practitioner_offers_a_visit_type_at_a_fee(clinic):
    (card,) = clinic.perform(
        clinic.cho,
        service.offer_service,
        name="Skin check",
        minutes=20,
        fee_minor=4500,
        fee_currency="GBP",
    )
    assert (card.name, card.length.seconds, card.fee) == ("Skin check", 1200, Money(4500, "GBP"))
    assert clinic.perform(clinic.cho, service.my_services) == (card,)
    assert clinic.perform(clinic.diaz, service.my_services) == ()


def test_the_visit_type_that_was_offered_first_is_the_usual_one_however_short_the_others(clinic):
    for name, minutes in (("First visit", 30), ("Follow-up", 10)):
        clinic.perform(
            clinic.cho, service.offer_service, name=name, minutes=minutes,
            fee_minor=4500, fee_currency="GBP",
        )  # fmt: skip
    shown = [card.name for card in clinic.perform(clinic.cho, service.my_services)]
    assert shown.index("First visit") < shown.index("Follow-up")


def test_offering_a_visit_type_again_changes_its_fee(open_clinic):
    service_id = open_clinic.service("Dr Cho")
    (card,) = open_clinic.perform(
        open_clinic.cho,
        service.offer_service,
        service_id=service_id,
        fee_minor=5000,
        fee_currency="GBP",
    )
    assert (card.service_id, card.fee) == (service_id, Money(5000, "GBP"))


def test_the_same_name_and_length_is_one_visit_type_of_the_clinic(open_clinic):
    open_clinic.offers("Dr Diaz", minutes=20, called="Skin check")
    every = open_clinic.perform(open_clinic.cho, service.all_services)
    assert sorted(card.name for card in every) == ["Heart check", "Skin check"]


def test_the_name_of_a_visit_type_is_one_visible_line(clinic):
    (card,) = clinic.perform(
        clinic.cho, service.offer_service, name="Skin\r\nBcc: x\u2028y \u202echeck", minutes=20,
        fee_minor=1, fee_currency="GBP",
    )  # fmt: skip
    assert card.name == "Skin Bcc: x y check"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "\u202e\u200b"}, "name"),
        ({"minutes": 7}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"fee_minor": -1}, "fee"),
        ({"fee_currency": "XXX"}, "fee"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_field_by_field(clinic, wrong, field):
    typed = {"name": "Skin check", "minutes": 20, "fee_minor": 1, "fee_currency": "GBP"} | wrong
    with pytest.raises(Invalid) as refusal:
        clinic.perform(clinic.cho, service.offer_service, **typed)
    assert list(refusal.value.problems) == [field]


def test_the_last_visit_type_cannot_be_withdrawn(open_clinic):
    first = open_clinic.service("Dr Cho")
    with pytest.raises(rules.LastService):
        open_clinic.perform(open_clinic.cho, service.withdraw_service, service_id=first)
    second = open_clinic.offers("Dr Cho", minutes=40)
    (left,) = open_clinic.perform(open_clinic.cho, service.withdraw_service, service_id=first)
    assert left.service_id == second


def test_nobody_withdraws_somebody_elses_visit_type(open_clinic):
    with pytest.raises(rules.ServiceNotOffered):
        open_clinic.perform(
            open_clinic.diaz,
            service.withdraw_service,
            service_id=open_clinic.service("Dr Cho"),
        )


def test_an_applicant_offers_nothing(clinic):
    with pytest.raises(Forbidden):
        clinic.perform(clinic.fay, service.my_services)


def test_an_approved_practitioner_gets_one_visit_type_at_the_fee_they_named(clinic):
    fact = PractitionerApproved(clinic.cho.user_id, clinic.cho.practitioner_id)
    for _ in range(2):
        clinic.perform(system("follows"), service.offer_first_service, fact=fact)
    (card,) = clinic.perform(clinic.cho, service.my_services)
    assert (card.name, card.fee) == (rules.FIRST_SERVICE, Money(4500, "GBP"))


def test_everybody_may_see_specialties_and_locations(clinic):
    names = [card.name for card in clinic.perform(clinic.stranger, service.specialties)]
    assert names == ["Cardiology", "Dermatology"]
    (place,) = clinic.perform(clinic.stranger, service.locations)
    assert (place.city, place.zone) == ("London", "Europe/London")
