"""Locations, closures, rooms: what admins may say, and what is refused."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from medibook.clinic import service
from medibook.clinic.rules.refusals import InUse, LastPlace, NameTaken, PoolNeeded, ZoneInUse
from medibook.clinic.schemas import NewClosure, NewOutage, NewPlace, NewVisitType, PoolKind
from medibook.kernel.actor import anyone
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import query
from tests.support.clinic import LONDON
from tests.support.visits import BERLIN, LORD_HOWE, NEW_YORK

HARBOUR = NewPlace(
    name="Harbour Clinic",
    address="2 Quay",
    city="Kiel",
    postcode="24103",
    country="de",
    region="SH",
    zone="Europe/Berlin",
    phone="0431 123456",
)


def added(clinic, **other) -> UUID:
    return clinic.perform(clinic.eve, service.add_location, new=HARBOUR.model_copy(update=other))


def sheet(clinic, location_id):
    found = clinic.perform(clinic.gus, service.places)
    return next(place for place in found if place.location_id == location_id)


def closes(clinic, location_id, first, last="", name="Works outing"):
    new = NewClosure(
        first_day=date.fromisoformat(first), last_day=date.fromisoformat(last or first), name=name
    )
    clinic.perform(clinic.eve, service.close_location, location_id=location_id, new=new)


def looked_up(clinic, plain, *args):
    """Ask one of the plain functions that other rooms use."""

    @query(allow=anyone)
    def story(uow):
        return plain(uow, *args)

    return clinic.perform(clinic.stranger, story)


def window(first, last):
    return Interval(*(datetime.fromisoformat(f"{day} 00:00+00:00") for day in (first, last)))


def facts(clinic):
    return [r[0] for r in clinic.rows("SELECT kind FROM outbox_event ORDER BY created_at, id")]


def test_an_admin_adds_a_location_and_everybody_sees_it(clinic):
    location_id = added(clinic)
    shown = {p.location_id: p for p in clinic.perform(clinic.stranger, service.locations)}
    assert shown[location_id].city == "Kiel"
    assert (shown[location_id].country, shown[location_id].phone) == ("DE", "+49431123456")
    assert "PlaceChanged" in facts(clinic)
    assert ("clinic.service.premises.add_location", "ok", "admin") in clinic.audit()


def test_the_house_keeps_the_clock_of_most_of_its_locations(clinic):
    assert clinic.perform(clinic.gus, service.house_zone) == "Europe/London"
    added(clinic)
    added(clinic, name="Castle Clinic")
    assert clinic.perform(clinic.gus, service.house_zone) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": ""}, "address"),
        ({"city": ""}, "city"),
        ({"country": "Germany"}, "country"),
        ({"region": "ENG"}, "region"),
        ({"zone": "CET"}, "zone"),
        ({"phone": "1"}, "phone"),
        ({"latitude": 1.0}, "latitude"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": 1.0, "longitude": 200.0}, "longitude"),
    ],
)
def test_a_location_that_makes_no_sense_is_refused_field_by_field(clinic, wrong, field):
    with pytest.raises(Invalid) as refusal:
        added(clinic, **wrong)
    assert list(refusal.value.problems) == [field]


def test_only_admins_change_places_and_the_front_desk_reads_them(clinic):
    assert clinic.perform(clinic.gus, service.places)
    for actor in (clinic.gus, clinic.cho, clinic.ada, clinic.stranger):
        with pytest.raises(Forbidden):
            clinic.perform(actor, service.add_location, new=HARBOUR)
    for actor in (clinic.cho, clinic.ada, clinic.stranger):
        with pytest.raises(Forbidden):
            clinic.perform(actor, service.places)


def test_two_admins_do_not_overwrite_each_other(clinic):
    location_id = added(clinic)
    change = {"location_id": location_id, "version": 1}
    first = HARBOUR.model_copy(update={"name": "Harbour"})
    clinic.perform(clinic.eve, service.change_location, new=first, **change)
    with pytest.raises(Conflict):
        clinic.perform(clinic.eve, service.change_location, new=HARBOUR, **change)
    assert sheet(clinic, location_id).name == "Harbour"


def test_the_zone_of_a_location_in_use_cannot_be_changed_but_its_name_can(open_clinic):
    elm = sheet(open_clinic, LONDON)
    change = {"location_id": LONDON, "version": elm.version}
    other = HARBOUR.model_copy(update={"zone": "Europe/Berlin"})
    with pytest.raises(ZoneInUse):
        open_clinic.perform(open_clinic.eve, service.change_location, new=other, **change)
    same = HARBOUR.model_copy(update={"zone": elm.zone})
    open_clinic.perform(open_clinic.eve, service.change_location, new=same, **change)
    unused = added(open_clinic)
    open_clinic.perform(
        open_clinic.eve,
        service.change_location,
        location_id=unused,
        new=HARBOUR.model_copy(update={"zone": "Europe/Madrid"}),
        version=1,
    )
    assert sheet(open_clinic, unused).zone == "Europe/Madrid"
    # Asking whether it is in use has deleted nothing.
    assert sheet(open_clinic, LONDON).name == "Harbour Clinic"


def test_what_was_used_is_retired_and_comes_back_what_was_not_is_deleted(open_clinic):
    unused = added(open_clinic)
    open_clinic.perform(open_clinic.eve, service.add_room, location_id=unused, name="Room 1")
    closes(open_clinic, unused, "2026-05-01")
    with pytest.raises(InUse):
        open_clinic.perform(open_clinic.eve, service.remove_location, location_id=LONDON)
    open_clinic.perform(open_clinic.eve, service.remove_location, location_id=unused)
    open_clinic.perform(open_clinic.eve, service.retire_location, location_id=LONDON)
    shown = {p.location_id for p in open_clinic.perform(open_clinic.stranger, service.locations)}
    assert shown == {BERLIN, LORD_HOWE, NEW_YORK}
    assert sheet(open_clinic, LONDON).is_retired
    found = looked_up(open_clinic, service.locations_by_id, [LONDON])
    assert found[LONDON].is_retired
    open_clinic.perform(open_clinic.eve, service.bring_back_location, location_id=LONDON)
    assert not sheet(open_clinic, LONDON).is_retired


def test_the_only_location_cannot_go(clinic):
    for act in (service.retire_location, service.remove_location):
        with pytest.raises(LastPlace):
            clinic.perform(clinic.eve, act, location_id=LONDON)


def test_a_retired_location_is_closed_from_then_on(open_clinic):
    open_clinic.perform(open_clinic.eve, service.retire_location, location_id=LONDON)
    closed = looked_up(
        open_clinic, service.closures, [LONDON, BERLIN], window("2026-03-01", "2026-06-01")
    )
    (gone,) = closed[LONDON]
    assert gone.time == Interval(open_clinic.clock.time, window("2026-03-01", "2026-06-01").end)
    assert BERLIN not in closed


def test_closures_are_whole_days_on_the_wall_of_their_location(open_clinic):
    for location_id in (BERLIN, LORD_HOWE):
        closes(open_clinic, location_id, "2026-10-04", "2026-10-05", name="Cleaning")
    closed = looked_up(
        open_clinic,
        service.closures,
        [LONDON, BERLIN, LORD_HOWE],
        window("2026-10-01", "2026-11-01"),
    )
    assert set(closed) == {BERLIN, LORD_HOWE}
    assert closed[BERLIN][0].name == "Cleaning"
    assert closed[BERLIN][0].time.length == timedelta(hours=48)
    assert closed[LORD_HOWE][0].time.length == timedelta(hours=47, minutes=30)
    assert looked_up(
        open_clinic, service.closures, [LORD_HOWE], window("2026-10-06", "2026-11-01")
    ) == {}  # fmt: skip


def test_a_closure_is_refused_field_by_field_and_can_be_taken_back(clinic):
    for first, last, name, field in (
        ("2026-05-02", "2026-05-01", "Outing", "last_day"),
        ("2026-03-01", "2026-03-02", "Outing", "last_day"),
        ("2026-05-01", "2028-05-01", "Outing", "last_day"),
        ("2026-05-01", "2026-05-01", " ", "closure_name"),
    ):
        with pytest.raises(Invalid) as refusal:
            closes(clinic, LONDON, first, last, name)
        assert list(refusal.value.problems) == [field]
    closes(clinic, LONDON, "2026-05-01")
    (one,) = sheet(clinic, LONDON).closures
    clinic.perform(clinic.eve, service.open_location, closure_id=one.closure_id)
    assert sheet(clinic, LONDON).closures == ()
    assert {"LocationClosed", "LocationOpened"} <= set(facts(clinic))
    with pytest.raises(NotFound):
        clinic.perform(clinic.eve, service.open_location, closure_id=one.closure_id)


def test_holidays_are_proposed_and_close_only_when_they_are_ticked(clinic):
    asked = {"location_id": LONDON, "year": 2026, "locale": "en"}
    proposed = {h.name: h for h in clinic.perform(clinic.eve, service.holidays_of, **asked)}
    assert "New Year's Day" not in proposed  # it is over
    good_friday = proposed["Good Friday"]
    assert (good_friday.day, good_friday.is_closed) == (date(2026, 4, 3), False)
    ticked = {good_friday.day, date(2026, 4, 15)}  # the second is no holiday: a claim
    said = clinic.perform(clinic.eve, service.close_on_holidays, days=ticked, **asked)
    assert said == 1
    (closure,) = sheet(clinic, LONDON).closures
    assert (closure.first_day, closure.name) == (date(2026, 4, 3), "Good Friday")
    again = {h.name: h for h in clinic.perform(clinic.eve, service.holidays_of, **asked)}
    assert again["Good Friday"].is_closed
    with pytest.raises(Invalid):
        clinic.perform(clinic.eve, service.close_on_holidays, days=ticked, **asked)


def test_rooms_and_equipment_are_in_pools_and_found_by_pool_and_location(open_clinic):
    eve = open_clinic.eve
    rooms = open_clinic.perform(eve, service.add_pool, name="Rooms", kind=PoolKind.ROOM)
    scanners = open_clinic.perform(
        eve, service.add_pool, name="Ultrasound", kind=PoolKind.EQUIPMENT
    )
    with pytest.raises(NameTaken):
        open_clinic.perform(eve, service.add_pool, name="Rooms", kind=PoolKind.EQUIPMENT)

    def room(name, location_id, pool_id):
        return open_clinic.perform(
            eve, service.add_room, location_id=location_id, name=name, pool_id=pool_id
        )

    one, _, device = (
        room("Room 1", LONDON, rooms),
        room("Room 2", BERLIN, rooms),
        room("Scanner", LONDON, scanners),
    )
    room("Store", LONDON, None)

    def found(pools, places):
        return [r.name for r in looked_up(open_clinic, service.rooms_in, pools, places)]

    assert found([rooms], [LONDON]) == ["Room 1"]
    assert found([rooms, scanners], [LONDON, BERLIN]) == ["Room 1", "Room 2", "Scanner"]
    open_clinic.perform(eve, service.retire_room, room_id=one)
    assert found([rooms], [LONDON]) == []
    open_clinic.perform(eve, service.bring_back_room, room_id=one)
    assert found([rooms], [LONDON]) == ["Room 1"]
    with pytest.raises(PoolNeeded):
        open_clinic.perform(eve, service.remove_pool, pool_id=scanners)
    open_clinic.perform(eve, service.remove_room, room_id=device)
    open_clinic.perform(
        eve,
        service.add_visit_type,
        new=NewVisitType(name="Scan", minutes=20, pool_id=scanners),
    )
    with pytest.raises(PoolNeeded):
        open_clinic.perform(eve, service.remove_pool, pool_id=scanners)


def test_a_room_in_which_somebody_is_booked_is_retired_not_deleted(open_clinic):
    eve = open_clinic.eve
    pool = open_clinic.perform(eve, service.add_pool, name="Rooms", kind=PoolKind.ROOM)
    room_id = open_clinic.perform(
        eve, service.add_room, location_id=LONDON, name="Room 1", pool_id=pool
    )
    needed = {"pool_id": pool}
    with open_clinic.medibook.engine.begin() as connection:
        table = sa.table("service", sa.column("pool_id", sa.Uuid))
        connection.execute(sa.update(table).values(needed))
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    with pytest.raises(InUse):
        open_clinic.perform(eve, service.remove_room, room_id=room_id)


def test_a_room_is_out_of_order_on_the_wall_of_its_location(open_clinic):
    room_id = open_clinic.perform(
        open_clinic.eve, service.add_room, location_id=LORD_HOWE, name="Scanner"
    )

    def broken(starts, ends):
        new = NewOutage(
            starts=datetime.fromisoformat(starts),
            ends=datetime.fromisoformat(ends),
            reason="Service",
        )
        # The front desk notices first.
        open_clinic.perform(open_clinic.gus, service.put_out_of_order, room_id=room_id, new=new)

    for starts, ends in (
        ("2026-10-04 10:00", "2026-10-04 09:00"),
        ("2026-01-04 10:00", "2026-01-04 12:00"),
    ):
        with pytest.raises(Invalid) as refusal:
            broken(starts, ends)
        assert list(refusal.value.problems) == ["outage_ends"]
    broken("2026-10-03 12:00", "2026-10-04 12:00")  # half an hour is missing in that night
    (outage,) = looked_up(
        open_clinic, service.outages, [room_id], window("2026-10-01", "2026-11-01")
    )[room_id]
    assert outage.length == timedelta(hours=23, minutes=30)
    (place,) = [p for p in open_clinic.perform(open_clinic.gus, service.places) if p.rooms]
    ((shown,),) = [room.outages for room in place.rooms]
    open_clinic.perform(open_clinic.gus, service.put_in_order, outage_id=shown.outage_id)
    assert looked_up(
        open_clinic, service.outages, [room_id], window("2026-10-01", "2026-11-01")
    ) == {}  # fmt: skip


def test_specialties_are_added_renamed_retired_and_only_deleted_when_nobody_has_them(clinic):
    eve = clinic.eve
    made = clinic.perform(
        eve, service.add_specialty, name="Eye care", synonyms="eyes, , sight ,eyes"
    )
    (card,) = [s for s in clinic.perform(eve, service.all_specialties) if s.specialty_id == made]
    assert (card.code, card.synonyms) == ("eye-care", ("eyes", "sight"))
    with pytest.raises(NameTaken):
        clinic.perform(eve, service.add_specialty, name="Eye  CARE")
    with pytest.raises(Invalid):
        clinic.perform(eve, service.add_specialty, name=" ")
    clinic.perform(
        eve,
        service.change_specialty,
        specialty_id=made,
        name="Eyes",
        synonyms="vision",
        version=card.version,
    )
    with pytest.raises(Conflict):
        clinic.perform(
            eve,
            service.change_specialty,
            specialty_id=made,
            name="x",
            synonyms="",
            version=card.version,
        )
    heart = next(s for s in clinic.perform(eve, service.all_specialties) if s.code == "cardiology")
    with pytest.raises(InUse):
        clinic.perform(eve, service.remove_specialty, specialty_id=heart.specialty_id)
    clinic.perform(eve, service.retire_specialty, specialty_id=heart.specialty_id)
    names = {s.name for s in clinic.perform(clinic.stranger, service.specialties)}
    assert names == {"Dermatology", "Eyes"}
    clinic.perform(eve, service.bring_back_specialty, specialty_id=heart.specialty_id)
    clinic.perform(eve, service.remove_specialty, specialty_id=made)
    names = {s.name for s in clinic.perform(clinic.stranger, service.specialties)}
    assert names == {"Cardiology", "Dermatology"}


def test_who_has_a_retired_specialty_or_location_still_sees_it_among_the_choices(open_clinic):
    heart = next(
        s
        for s in open_clinic.perform(open_clinic.stranger, service.specialties)
        if s.code == "cardiology"
    )
    retire = {"specialty_id": heart.specialty_id}
    open_clinic.perform(open_clinic.eve, service.retire_specialty, **retire)
    open_clinic.perform(open_clinic.eve, service.retire_location, location_id=LONDON)
    own = open_clinic.perform(open_clinic.diaz, service.specialties, also=[heart.specialty_id])
    assert heart in own
    places = open_clinic.perform(open_clinic.diaz, service.locations, also=[LONDON])
    assert LONDON in {place.location_id for place in places}
