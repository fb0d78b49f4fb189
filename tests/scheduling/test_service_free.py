"""Free times to look at, through the door, on both engines."""

from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from medibook.clinic import service as clinic_service
from medibook.clinic.rules import ServiceNotOffered
from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import REGISTRY, query
from medibook.people import service as people
from medibook.scheduling import service
from tests.support.clinic import LONDON
from tests.support.visits import BERLIN, LORD_HOWE, add_room, change_service

HOUR = timedelta(hours=1)


def story(body):
    """A story of this test's own, run through the door as a stranger."""
    marked = query(allow=anyone)(body)
    del REGISTRY[marked.__use_case__.name]
    return marked


def test_a_day_is_offered_on_its_grid_around_the_break(open_clinic):
    times = open_clinic.free("Dr Cho", "2026-04-01")
    assert times[0] == "09:00"
    assert "11:40" in times
    assert not {"11:50", "12:00", "12:50"} & set(times)
    assert (times[-1], len(times)) == ("16:40", 17 + 23)


def test_today_is_offered_from_the_notice_on(open_clinic):
    open_clinic.at("2026-03-30 08:00")  # 09:00 on the wall in London
    assert open_clinic.free("Dr Cho", "2026-03-30")[0] == "11:00"


def test_the_board_shows_empty_days_and_says_when_the_next_free_time_is(open_clinic):
    board = open_clinic.board("Dr Cho", "2026-04-04", days=2)  # a weekend
    assert [(row.day, row.times) for row in board.days] == [
        (date(2026, 4, 4), ()),
        (date(2026, 4, 5), ()),
    ]
    assert board.next_free.starts_at == open_clinic.moment("2026-04-06 09:00")
    assert (board.first_day, board.last_day) == (date(2026, 3, 30), date(2026, 5, 29))
    assert board.zones == ("Europe/London",)


def test_a_board_of_the_past_or_of_next_year_shows_what_can_be_booked(open_clinic):
    assert open_clinic.board("Dr Cho", "2020-01-01").days[0].day == date(2026, 3, 30)
    assert open_clinic.board("Dr Cho", "2027-01-01").days[0].day == date(2026, 5, 29)


def test_the_days_of_a_board_are_those_of_the_wall_far_away(open_clinic):
    open_clinic.opens("Dr Cho", [(3, "00:00", "01:00")], location=LORD_HOWE)
    (row,) = open_clinic.board("Dr Cho", "2026-04-02").days
    first = row.times[0]
    assert first.starts_at == open_clinic.moment("2026-04-02 00:00", "Australia/Lord_Howe")
    assert first.starts_at.date() == date(2026, 4, 1)  # in UTC it is still the day before


def test_an_hour_that_comes_twice_is_offered_twice_and_says_so(open_clinic):
    open_clinic.at("2026-10-20 08:00")
    open_clinic.opens("Dr Cho", [(6, "01:00", "04:00")], location=BERLIN)
    (row,) = open_clinic.board("Dr Cho", "2026-10-25").days
    at_two = [free for free in row.times if free.comes_twice]
    wall = [f"{f.starts_at.astimezone(ZoneInfo(f.zone)):%H:%M}" for f in at_two]
    assert wall == ["02:00", "02:10", "02:20", "02:30", "02:40", "02:50"] * 2
    assert at_two[6].starts_at - at_two[0].starts_at == HOUR


def test_an_hour_that_is_skipped_is_not_offered(open_clinic):
    open_clinic.at("2026-03-25 08:00")
    open_clinic.opens("Dr Cho", [(6, "01:00", "04:00")], location=BERLIN)
    times = open_clinic.free("Dr Cho", "2026-03-29")
    assert [t for t in times if t < "04:00"][:7] == [
        "01:00", "01:10", "01:20", "01:30", "01:40", "01:50", "03:00",
    ]  # fmt: skip


def test_wall_time_stays_over_the_change_of_clocks(open_clinic):
    open_clinic.at("2026-10-20 08:00")
    for day in ("2026-10-23", "2026-10-26"):
        assert open_clinic.free("Dr Cho", day)[0] == "09:00"


def test_one_of_two_locations_in_two_zones_each_with_its_own_wall(open_clinic):
    schedule = open_clinic.perform(open_clinic.cho, service.my_schedule)
    hours = [*schedule.hours[:2]]
    berlin = hours[0].model_copy(update={"weekday": 1, "location_id": BERLIN})
    open_clinic.perform(
        open_clinic.cho,
        service.change_hours,
        hours=[*hours, berlin],
        version=schedule.version,
    )
    board = open_clinic.board("Dr Cho", "2026-04-06", days=2)
    monday, tuesday = (row.times[0] for row in board.days)
    assert monday.starts_at == open_clinic.moment("2026-04-06 09:00")
    assert tuesday.starts_at == open_clinic.moment("2026-04-07 09:00", "Europe/Berlin")
    assert set(board.zones) == {"Europe/London", "Europe/Berlin"}


def test_what_is_taken_is_not_offered_to_anybody(open_clinic):
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    for who in ("", "Ada", "Ben"):
        assert not {"09:50", "10:00", "10:10"} & set(
            open_clinic.free("Dr Cho", "2026-04-01", who=who)
        )


def test_a_patient_is_not_offered_the_time_of_a_visit_they_have_elsewhere(open_clinic):
    open_clinic.books("Ada", "Dr Diaz", "2026-04-01 10:00")
    assert "10:00" not in open_clinic.free("Dr Cho", "2026-04-01", who="Ada")
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")


def test_a_held_time_is_taken_for_others_but_not_for_whom_it_is_held(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", "2026-04-01 10:00")
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01", who="Ada")
    assert "10:00" not in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")
    open_clinic.later(minutes=10)
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01", who="Ben")


def test_buffers_take_the_practitioners_time(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), buffer_after_minutes=10)
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    times = open_clinic.free("Dr Cho", "2026-04-01")
    assert "09:30" in times
    assert "10:30" in times
    assert not {"09:40", "09:50", "10:20"} & set(times)


def test_a_full_day_is_not_offered(open_clinic):
    open_clinic.policy(daily_limit=2)
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    assert open_clinic.free("Dr Cho", "2026-04-01")
    open_clinic.books("Ben", "Dr Cho", "2026-04-01 11:00")
    assert open_clinic.free("Dr Cho", "2026-04-01") == []
    assert open_clinic.free("Dr Cho", "2026-04-02")


def test_a_visit_that_needs_a_room_is_offered_when_one_room_is_free_all_the_while(open_clinic):
    for name in ("Dr Cho", "Dr Diaz"):
        change_service(open_clinic, open_clinic.service(name), needs_room=True)
    assert open_clinic.free("Dr Cho", "2026-04-01") == []  # there is no room at all
    add_room(open_clinic, "Room 1")
    open_clinic.books("Ada", "Dr Diaz", "2026-04-01 10:00")
    assert not {"09:50", "10:00", "10:20"} & set(open_clinic.free("Dr Cho", "2026-04-01"))
    add_room(open_clinic, "Room 2")
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01")


def test_a_suspended_practitioner_has_no_board(open_clinic):
    open_clinic.board("Dr Cho", "2026-04-01")
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=open_clinic.cho.user_id, reason="Left"
    )
    service_id = open_clinic.service("Dr Diaz")
    with pytest.raises(NotFound):
        open_clinic.perform(
            open_clinic.stranger,
            service.slot_board,
            practitioner_id=open_clinic.doctor("Dr Cho"),
            service_id=service_id,
        )


def test_a_visit_type_that_is_not_offered_has_no_board(open_clinic):
    with pytest.raises(ServiceNotOffered):
        open_clinic.perform(
            open_clinic.stranger,
            service.slot_board,
            practitioner_id=open_clinic.doctor("Dr Cho"),
            service_id=UUID(int=7),
        )


def test_the_next_times_of_many_practitioners_are_found_however_late(open_clinic):
    open_clinic.is_away("Dr Diaz", "2026-03-30", "2026-05-10")

    @story
    def soonest(uow):
        ids = [open_clinic.doctor("Dr Cho"), open_clinic.doctor("Dr Diaz")]
        offers = clinic_service.services_by_practitioner(uow, ids)
        cards = {i: offers[i][0] for i in ids}
        return service.soonest_free(
            uow,
            {i: service.Asked(card, uow.now) for i, card in cards.items()},
            policies=service.policies_of(uow, cards),
            until=uow.now + timedelta(days=60),
            limit=2,
        )

    found = open_clinic.perform(open_clinic.stranger, soonest)
    firsts = {who: [free.starts_at for free in times] for who, times in found.items()}
    moment = open_clinic.moment
    assert firsts == {
        open_clinic.doctor("Dr Cho"): [moment("2026-03-30 11:00"), moment("2026-03-30 11:10")],
        open_clinic.doctor("Dr Diaz"): [moment("2026-05-11 09:00"), moment("2026-05-11 09:10")],
    }


def test_sixty_days_of_one_practitioner_take_three_queries(open_clinic):
    @story
    def two_months(uow):
        (card,) = clinic_service.services_of(uow, open_clinic.doctor("Dr Cho"))
        policy = clinic_service.policy(uow)
        asked = []
        sa.event.listen(
            uow.session.connection(), "before_cursor_execute", lambda *a: asked.append(a[2])
        )
        times = service.free_times(
            uow,
            practitioner_id=open_clinic.doctor("Dr Cho"),
            service=card,
            policy=policy,
            window=Interval(uow.now, uow.now + timedelta(days=60)),
        )
        return len(asked), len(times)

    queries, times = open_clinic.perform(open_clinic.stranger, two_months)
    assert queries <= 3
    assert times > 1000


def test_the_next_times_of_many_take_four_queries_also_when_somebody_is_booked_out(open_clinic):
    open_clinic.is_away("Dr Diaz", "2026-03-30", "2026-04-20")

    @story
    def soonest(uow):
        ids = [open_clinic.doctor("Dr Cho"), open_clinic.doctor("Dr Diaz")]
        offers = clinic_service.services_by_practitioner(uow, ids)
        asked = []
        sa.event.listen(
            uow.session.connection(), "before_cursor_execute", lambda *a: asked.append(a[2])
        )
        cards = {i: offers[i][0] for i in ids}
        found = service.soonest_free(
            uow,
            {i: service.Asked(card, uow.now) for i, card in cards.items()},
            policies=service.policies_of(uow, cards),
            until=uow.now + timedelta(days=60),
            limit=4,
        )
        return len(asked), [len(times) for times in found.values()]

    queries, times = open_clinic.perform(open_clinic.stranger, soonest)
    assert times == [4, 4]
    assert queries == 4


def test_hours_of_a_single_date_replace_those_of_its_weekday(open_clinic):
    table = sa.table(
        "available_time",
        *(sa.column(name, sa.Uuid) for name in ("id", "practitioner_id", "location_id")),
        *(sa.column(name, sa.Time) for name in ("opens", "closes")),
        sa.column("on_date", sa.Date),
        *map(sa.column, ("zone", "weekday")),
    )
    row = {
        "id": UUID(int=7),
        "practitioner_id": open_clinic.doctor("Dr Cho"),
        "location_id": LONDON,
        "opens": time(18),
        "closes": time(19),
        "on_date": date(2026, 4, 1),
        "zone": "Europe/London",
        "weekday": 2,
    }
    with open_clinic.medibook.engine.begin() as connection:
        connection.execute(sa.insert(table).values(**row))
    assert open_clinic.free("Dr Cho", "2026-04-01") == ["18:00", "18:10", "18:20", "18:30", "18:40"]
    assert open_clinic.free("Dr Cho", "2026-04-08")[0] == "09:00"


def test_a_practitioners_own_limit_a_day_holds_beside_the_clinics(open_clinic):
    open_clinic.is_asked("Dr Cho")  # so that there is a schedule to write it into
    with open_clinic.medibook.engine.begin() as connection:
        connection.execute(sa.text("UPDATE practitioner_schedule SET daily_limit = 1"))
    open_clinic.policy(daily_limit=5)
    open_clinic.books("Ada", "Dr Cho", "2026-04-01 10:00")
    assert open_clinic.free("Dr Cho", "2026-04-01") == []
    assert open_clinic.free("Dr Cho", "2026-04-02")
