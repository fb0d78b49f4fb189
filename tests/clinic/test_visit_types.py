"""Visit types and rules: what admins say, and what holds for whoever books."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from medibook.clinic import service
from medibook.clinic.rules.booking import USUAL
from medibook.clinic.rules.offers import ServiceNotOffered
from medibook.clinic.rules.refusals import InUse
from medibook.clinic.schemas import BookingRules, LateCancel, NewVisitType, VisitKind
from medibook.kernel.actor import anyone
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.kernel.money import Money
from medibook.kernel.use_case import query
from tests.support.clinic import LONDON
from tests.support.visits import BERLIN

NEW = NewVisitType(
    name="Video talk",
    minutes=30,
    buffer_after_minutes=10,
    is_video=True,
    visit_kind=VisitKind.FOLLOW_UP,
    rules=BookingRules(minimum_notice_minutes=60, daily_limit=0),
)
FEE = Money(4500, "GBP")


def looked_up(clinic, plain, *args):
    @query(allow=anyone)
    def story(uow):
        return plain(uow, *args)

    return clinic.perform(clinic.stranger, story)


def sheet(clinic, service_id):
    found = clinic.perform(clinic.gus, service.visit_types)
    return next(each for each in found if each.service_id == service_id)


def test_an_admin_adds_a_visit_type_and_says_who_offers_it_where(open_clinic):
    made = open_clinic.perform(open_clinic.eve, service.add_visit_type, new=NEW)
    open_clinic.perform(
        open_clinic.eve,
        service.offer_for,
        service_id=made,
        named="mina cho",
        fee=FEE,
        location_ids=[LONDON, BERLIN],
    )
    cho = open_clinic.doctor("Dr Cho")
    card, policy = looked_up(open_clinic, service.service_and_policy, cho, made)
    assert (card.is_video, card.visit_kind, card.needs_room) == (True, VisitKind.FOLLOW_UP, False)
    assert card.location_ids == {LONDON, BERLIN}
    assert policy.minimum_notice == timedelta(hours=1)
    assert policy.horizon == timedelta(days=60)  # as in the clinic
    assert sheet(open_clinic, made).offers[0].practitioner_id == cho
    open_clinic.perform(
        open_clinic.eve, service.offer_for, service_id=made, named="Dr Mina Cho", fee=FEE
    )
    assert looked_up(open_clinic, service.service_and_policy, cho, made)[0].location_ids is None
    open_clinic.perform(open_clinic.eve, service.end_offer, service_id=made, practitioner_id=cho)
    with pytest.raises(ServiceNotOffered):
        looked_up(open_clinic, service.service_and_policy, cho, made)


def test_one_visit_type_and_its_rules_are_one_look(open_clinic):
    cho, first = open_clinic.doctor("Dr Cho"), open_clinic.service("Dr Cho")
    asked = []

    @query(allow=anyone)
    def story(uow):
        connection = uow.session.connection()
        event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
        service.service_and_policy(uow, cho, first)
        return service.policy_for(uow, first)

    open_clinic.perform(open_clinic.stranger, story)
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 2, asked


def test_a_visit_type_without_rules_of_its_own_follows_the_clinic(open_clinic):
    first, other = open_clinic.service("Dr Cho"), open_clinic.service("Dr Diaz")
    assert looked_up(open_clinic, service.policy_for, first) == looked_up(
        open_clinic, service.policy
    )
    open_clinic.policy(daily_limit=3, horizon_days=30)
    changed = NewVisitType(name="Skin check", minutes=20, rules=BookingRules(daily_limit=0))
    open_clinic.perform(
        open_clinic.eve, service.change_visit_type, service_id=first, new=changed, version=1
    )
    both = looked_up(open_clinic, service.policies_for, [first, other])
    assert (both[first].daily_limit, both[other].daily_limit) == (None, 3)
    assert {p.horizon for p in both.values()} == {timedelta(days=30)}
    with pytest.raises(NotFound):
        looked_up(open_clinic, service.policy_for, UUID(int=7))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"minutes": 7}, "minutes"),
        ({"buffer_before_minutes": 125}, "buffer_before_minutes"),
        ({"buffer_after_minutes": -5}, "buffer_after_minutes"),
        ({"pool_id": UUID(int=7), "is_video": False}, "pool_id"),
        ({"pool_id": UUID(int=7)}, "pool_id"),
        ({"rules": BookingRules(horizon_days=0)}, "horizon_days"),
        ({"rules": BookingRules(grid_minutes=7)}, "grid_minutes"),
        (
            {"rules": BookingRules(minimum_notice_minutes=60 * 48, horizon_days=2)},
            "minimum_notice_minutes",
        ),
    ],
)
def test_a_visit_type_that_makes_no_sense_is_refused_field_by_field(clinic, wrong, field):
    with pytest.raises(Invalid) as refusal:
        clinic.perform(clinic.eve, service.add_visit_type, new=NEW.model_copy(update=wrong))
    assert list(refusal.value.problems) == [field]


@pytest.mark.parametrize(
    ("named", "fee", "field"),
    [
        ("", FEE, "practitioner"),
        ("Nobody", FEE, "practitioner"),
        ("Dr", FEE, "practitioner"),  # several
        ("Fay", FEE, "practitioner"),  # not approved
        ("Mina", Money(-1, "GBP"), "fee"),
    ],
)
def test_an_offer_needs_one_doctor_and_a_fee(open_clinic, named, fee, field):
    service_id = open_clinic.service("Dr Cho")
    with pytest.raises(Invalid) as refusal:
        open_clinic.perform(
            open_clinic.eve, service.offer_for, service_id=service_id, named=named, fee=fee
        )
    assert list(refusal.value.problems) == [field]


def test_a_retired_visit_type_is_booked_no_more_and_comes_back_as_it_was(open_clinic):
    first = open_clinic.service("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    open_clinic.perform(open_clinic.eve, service.retire_visit_type, service_id=first)
    assert open_clinic.perform(open_clinic.cho, service.my_services) == ()
    names = {s.name for s in open_clinic.perform(open_clinic.cho, service.all_services)}
    assert names == {"Heart check"}
    with pytest.raises(ServiceNotOffered):
        open_clinic.perform(
            open_clinic.diaz, service.offer_service, service_id=first, fee_minor=1,
            fee_currency="GBP",
        )  # fmt: skip
    with pytest.raises(InUse):
        open_clinic.perform(open_clinic.eve, service.remove_visit_type, service_id=first)
    assert visit.service_name == "Skin check"
    assert looked_up(open_clinic, service.visit_types_by_id, [first])[first].is_retired
    open_clinic.perform(open_clinic.eve, service.bring_back_visit_type, service_id=first)
    assert open_clinic.service("Dr Cho") == first


def test_a_visit_type_that_nobody_used_is_deleted(clinic):
    made = clinic.perform(clinic.eve, service.add_visit_type, new=NEW)
    clinic.perform(clinic.eve, service.remove_visit_type, service_id=made)
    assert clinic.perform(clinic.gus, service.visit_types) == ()


def test_the_clinics_rules_are_saved_with_the_version_that_was_read(open_clinic):
    read = open_clinic.perform(open_clinic.gus, service.booking_rules)
    assert (read.rules, read.version) == (USUAL, 1)
    wished = USUAL.model_copy(
        update={"daily_limit": 4, "late_cancel": LateCancel.ALLOWED, "patient_daily_limit": 1}
    )
    saved = open_clinic.perform(
        open_clinic.eve, service.change_booking_rules, rules=wished, version=read.version
    )
    assert (saved.rules, saved.version) == (wished, 2)
    policy = looked_up(open_clinic, service.policy)
    assert (policy.daily_limit, policy.patient_daily_limit) == (4, 1)
    assert policy.late_cancel_allowed
    with pytest.raises(Conflict):
        open_clinic.perform(
            open_clinic.eve, service.change_booking_rules, rules=USUAL, version=read.version
        )
    with pytest.raises(Forbidden):
        open_clinic.perform(open_clinic.gus, service.change_booking_rules, rules=USUAL, version=2)


def test_the_clinic_says_every_rule(clinic):
    with pytest.raises(Invalid) as refusal:
        clinic.perform(clinic.eve, service.change_booking_rules, rules=BookingRules(), version=1)
    assert set(refusal.value.problems) == set(BookingRules.model_fields)
