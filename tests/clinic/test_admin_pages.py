"""The admin's pages about the clinic: what they show, what they keep, and at which field they complain."""

from medibook.clinic import service
from medibook.clinic.pages.admin_place import Place
from medibook.clinic.pages.admin_places import Places
from medibook.clinic.pages.admin_practitioners import Applications
from medibook.clinic.pages.admin_rules import Rules
from medibook.clinic.pages.admin_specialties import Specialties
from medibook.clinic.pages.admin_visit_type import VisitTypePage, visit_type_from
from medibook.clinic.pages.admin_visit_types import AllVisitTypes
from medibook.clinic.pages.place_closures import ClosedDays
from medibook.clinic.pages.place_rooms import Rooms
from medibook.clinic.pages.rule_fields import rules_from, typed_rules
from medibook.clinic.pages.visit_type_offers import Offers
from medibook.clinic.rules.booking import USUAL
from medibook.clinic.schemas import BookingRules
from tests.support.clinic import LONDON
from tests.support.pages import cookie, visit

PAGES = {
    "/admin/places": [Places.load],
    "/admin/place": [Place.load, ClosedDays.load, Rooms.load],
    "/admin/visit-types": [AllVisitTypes.load],
    "/admin/visit-type": [VisitTypePage.load, Offers.load],
    "/admin/specialties": [Specialties.load],
    "/admin/rules": [Rules.load],
}
KIEL = {
    "name": "Harbour Clinic",
    "address": "2 Quay",
    "city": "Kiel",
    "postcode": "24103",
    "country": "DE",
    "region": "",
    "zone": "Europe/Berlin",
    "phone": "",
    "latitude": "54,32",
    "longitude": "10.13",
}


def told(clinic, story, email="eve@example.org"):
    async def with_tab(stage):
        await story(stage.tab(cookie=cookie(clinic, email)))

    visit(clinic, with_tab, PAGES)


def test_what_stands_in_a_form_of_rules_is_what_is_read_from_it():
    assert rules_from(typed_rules(USUAL)) == USUAL
    own = BookingRules(minimum_notice_minutes=30, daily_limit=0)
    assert typed_rules(own)["minimum_notice_minutes"] == "0.5"
    assert rules_from(typed_rules(own)) == own
    assert rules_from({}) == BookingRules()
    odd = rules_from({"horizon_days": "1e9", "hold_minutes": "ten", "daily_limit": "2.5"})
    assert (odd.horizon_days, odd.hold_minutes, odd.daily_limit) == (-1, -1, -1)
    huge = rules_from({"daily_limit": "-1e99999999", "minimum_notice_minutes": "1e99999999"})
    assert (huge.daily_limit, huge.minimum_notice_minutes) == (-1, -1)  # and at once


def test_an_admin_adds_a_location_and_mistakes_stand_at_their_fields(clinic):
    async def story(tab):
        await tab.opens("/admin/place")
        await tab.fires(Place.save, form_data=KIEL | {"name": "", "zone": "CET"})
        assert set(await tab.sees(Place, "problems")) == {"name", "zone"}
        await tab.fires(Place.save, form_data=KIEL | {"latitude": "north"})
        assert set(await tab.sees(Place, "problems")) == {"latitude"}
        await tab.fires(Place.save, form_data=KIEL)
        await tab.opens("/admin/places")
        names = [line.name for line in await tab.sees(Places, "lines")]
        assert names == ["Elm Row", "Harbour Clinic"]

    told(clinic, story)


def test_an_admin_closes_a_location_on_a_holiday_that_was_ticked(clinic):
    async def story(tab):
        await tab.opens(f"/admin/place?id={LONDON}")
        proposed = {o.value: o.label for o in await tab.sees(ClosedDays, "proposed")}
        assert proposed["2026-04-03"] == "Fri 3 Apr: Good Friday"
        await tab.fires(ClosedDays.close_holidays, form_data={})
        assert "holidays" in await tab.sees(ClosedDays, "problems")
        await tab.fires(ClosedDays.close_holidays, form_data={"holidays.2026-04-03": "2026-04-03"})
        assert await tab.sees(ClosedDays, "said") == "Closed on 1 holiday."
        (line,) = await tab.sees(ClosedDays, "lines")
        assert (line.name, line.when) == ("Good Friday", "Friday 3 April 2026")
        await tab.fires(ClosedDays.close, form_data={"first_day": "", "closure_name": "x"})
        assert "first_day" in await tab.sees(ClosedDays, "problems")
        await tab.fires(ClosedDays.open_again, key=line.key)
        assert await tab.sees(ClosedDays, "lines") == []

    told(clinic, story)


def test_an_admin_adds_rooms_and_the_front_desk_says_what_is_broken(clinic):
    async def admins(tab):
        await tab.opens("/admin/places")
        await tab.fires(Places.add_pool, form_data={"pool_name": "Rooms", "pool_kind": "room"})
        (pool,) = await tab.sees(Places, "pools")
        await tab.opens(f"/admin/place?id={LONDON}")
        await tab.fires(Rooms.save, form_data={"room_name": " ", "pool_id": pool.key})
        assert set(await tab.sees(Rooms, "problems")) == {"room_name"}
        await tab.fires(Rooms.save, form_data={"room_name": "Room 1", "pool_id": pool.key})
        (room,) = await tab.sees(Rooms, "lines")
        assert (room.name, room.pool) == ("Room 1", "Rooms")

    async def desk(tab):
        await tab.opens(f"/admin/place?id={LONDON}")
        (room,) = await tab.sees(Rooms, "lines")
        await tab.fires(Rooms.ask, key=room.key)
        when = {"outage_starts": "2026-04-01T10:00", "outage_ends": "2026-04-01T12:00"}
        for ends in ("later", "9999-12-31T23:59", "0026-04-01T12:00"):
            await tab.fires(Rooms.put_out, form_data=when | {"outage_ends": ends})
            assert set(await tab.sees(Rooms, "problems")) == {"outage_ends"}
        await tab.fires(Rooms.put_out, form_data=when | {"outage_reason": "Leak"})
        (room,) = await tab.sees(Rooms, "lines")
        (outage,) = room.outages
        assert outage.words == "Out of order Wed 1 Apr, 10:00 to Wed 1 Apr, 12:00 · Leak"
        # The front desk changes nothing else.
        await tab.fires(Rooms.retire, key=room.key)
        assert not (await tab.sees(Rooms, "lines"))[0].is_retired

    told(clinic, admins)
    told(clinic, desk, "gus@example.org")


def test_an_admin_adds_a_visit_type_with_a_rule_of_its_own(open_clinic):
    form = {
        "name": "Long talk",
        "minutes": "50",
        "buffer_before_minutes": "0",
        "buffer_after_minutes": "10",
        "visit_kind": "any",
        "is_video": "on",
        "horizon_days": "14",
    }

    async def story(tab):
        await tab.opens("/admin/visit-type")
        await tab.fires(VisitTypePage.save, form_data=form | {"minutes": "x", "horizon_days": "0"})
        assert set(await tab.sees(VisitTypePage, "problems")) == {"minutes", "horizon_days"}
        await tab.fires(VisitTypePage.save, form_data=form)
        await tab.opens("/admin/visit-types")
        lines = {line.name: line for line in await tab.sees(AllVisitTypes, "lines")}
        made = lines["Long talk"]
        assert (made.is_video, made.has_rules) == (True, True)
        assert made.about == "50 minutes · 10 minutes kept after"
        await tab.opens(f"/admin/visit-type?id={made.key}")
        assert (await tab.sees(VisitTypePage, "values"))["horizon_days"] == "14"
        assert (await tab.sees(VisitTypePage, "usual"))["horizon_days"] == "60 days"
        offer = {"practitioner": "Mina", "fee": "80", "fee_currency": "GBP"}
        await tab.fires(Offers.offer, form_data=offer | {"fee": "lots"})
        assert set(await tab.sees(Offers, "problems")) == {"fee"}
        await tab.fires(Offers.offer, form_data=offer | {f"location_ids.{LONDON}": "on"})
        (line,) = await tab.sees(Offers, "lines")
        assert (line.name, line.where) == ("Dr Mina Cho", "only at Elm Row")

    told(open_clinic, story)
    assert visit_type_from(form).rules == BookingRules(horizon_days=14)


def test_the_slower_of_two_admins_keeps_what_was_typed_and_hears_of_the_other(clinic):
    async def story(stage):
        slow, quick = (stage.tab(cookie=cookie(clinic, "eve@example.org")) for _ in range(2))
        for tab in (slow, quick):
            await tab.opens("/admin/rules")
        assert (await slow.sees(Rules, "does"))["grid_minutes"] == (
            "From 09:00 on: 09:00, 09:10, 09:20, 09:30."
        )
        changed = typed_rules(USUAL) | {"horizon_days": "30"}
        await quick.fires(Rules.save, form_data=changed)
        assert await quick.sees(Rules, "said")
        drawn = await slow.sees(Rules, "drawn")
        await slow.fires(Rules.save, form_data=typed_rules(USUAL) | {"horizon_days": "90"})
        assert "changed in the meantime" in await slow.sees(Rules, "problem")
        assert (
            await slow.sees(Rules, "drawn") == drawn
        )  # the form is not drawn anew: nothing is lost

    visit(clinic, story, PAGES)
    assert clinic.perform(clinic.gus, service.booking_rules).rules.horizon_days == 30


def test_an_admin_adds_changes_retires_and_deletes_a_specialty(clinic):
    async def story(tab):
        await tab.opens("/admin/specialties")
        words = {"specialty_name": "Eye care", "synonyms": "eyes, sight"}
        await tab.fires(Specialties.save, form_data=words | {"specialty_name": ""})
        assert set(await tab.sees(Specialties, "problems")) == {"specialty_name"}
        await tab.fires(Specialties.save, form_data=words)
        lines = {line.name: line for line in await tab.sees(Specialties, "lines")}
        key = lines["Eye care"].key
        await tab.fires(Specialties.choose, key=key)
        await tab.fires(Specialties.save, form_data=words | {"specialty_name": "Eyes"})
        await tab.fires(Specialties.retire, key=key)
        lines = {line.name: line for line in await tab.sees(Specialties, "lines")}
        assert lines["Eyes"].is_retired
        await tab.fires(Specialties.remove, key=key)
        await tab.fires(Specialties.remove, key=lines["Cardiology"].key)
        assert "only retired" in await tab.sees(Specialties, "problem")
        names = {line.name for line in await tab.sees(Specialties, "lines")}
        assert names == {"Cardiology", "Dermatology"}

    told(clinic, story)


def test_an_application_for_a_specialty_that_was_retired_meanwhile_can_still_be_judged(clinic):
    for one in clinic.perform(clinic.eve, service.all_specialties):
        clinic.perform(clinic.eve, service.retire_specialty, specialty_id=one.specialty_id)

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "eve@example.org"))
        await tab.opens("/admin/doctors")
        (waiting,) = await tab.sees(Applications, "waiting")
        assert waiting.specialties == "Dermatology"

    visit(clinic, story, {"/admin/doctors": [Applications.load]})
