"""Series: previewed as a whole, booked in one transaction, or not at all."""

import pytest
import sqlalchemy as sa

from medibook.appointments.rules import SeriesByRequest, TermsChanged, TooManyVisits
from medibook.appointments.rules.series import SeriesConflict
from medibook.appointments.schemas.series import Rhythm, SeriesChoice, SeriesMode
from medibook.clinic import service as clinic_service
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.money import Money
from medibook.scheduling.rules import Reason, TooFar
from medibook.scheduling.schemas import SlotWish
from medibook.scheduling.service import hold_slot
from medibook.scheduling.service.ahead import look_ahead
from medibook.scheduling.service.openings import Viewer
from tests.people.test_approval_and_accounts import in_story
from tests.support.clinic import DERMATOLOGY
from tests.support.series import (
    all_is_well,
    book,
    conflicts,
    counted_queries,
    preview,
    rows_of,
    walls,
    wish,
)
from tests.support.visits import BERLIN, LORD_HOWE, at_once

TUESDAYS = ["2026-04-07 10:00", "2026-04-14 10:00", "2026-04-21 10:00", "2026-04-28 10:00"]


@pytest.fixture
def tuesdays(open_clinic):
    """Four Tuesdays at 10:00 with Dr Cho, of which Ben has the second, and the third is a day off."""
    open_clinic.books("Ben", "Dr Cho", TUESDAYS[1])
    open_clinic.is_away("Dr Cho", "2026-04-21")
    return wish(open_clinic, "Dr Cho", TUESDAYS[0], 4)


def test_a_series_is_previewed_and_booked(open_clinic):
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 4)
    assert conflicts(preview(open_clinic, "Ada", wished)) == []
    card = book(open_clinic, "Ada", wished)
    assert walls(card) == TUESDAYS
    assert card.left_out == ()
    assert all_is_well(open_clinic) == ()


def test_a_date_that_cannot_be_had_tells_nothing_of_others_and_offers_three_other_times(
    open_clinic, tuesdays
):
    shown = preview(open_clinic, "Ada", tuesdays)
    assert conflicts(shown) == ["2026-04-14", "2026-04-21"]
    taken, away = (one.obstacle for one in shown.dates if one.obstacle)
    assert taken.for_patient == away.for_patient
    assert (taken.for_staff, away.for_staff) == ("", "")
    assert [len(one.others) for one in shown.dates] == [0, 3, 3, 0]
    offered = [other.time.starts_at for one in shown.dates for other in one.others]
    assert len(set(offered)) == 6
    near = shown.dates[1].others[0].time.starts_at
    assert abs(near - open_clinic.moment(TUESDAYS[1])).total_seconds() <= 20 * 60


def test_all_or_nothing_books_nothing_and_says_which_dates(open_clinic, tuesdays):
    before = rows_of(open_clinic)
    with pytest.raises(SeriesConflict) as refused:
        book(open_clinic, "Ada", tuesdays)
    assert [f"{one.day}" for one in refused.value.dates if one.obstacle] == [
        "2026-04-14",
        "2026-04-21",
    ]
    assert rows_of(open_clinic) == before
    assert open_clinic.rows("SELECT count(*) FROM appointment_series")[0][0] == 0


def test_dates_can_be_left_out_and_are_named(open_clinic, tuesdays):
    card = book(open_clinic, "Ada", tuesdays, SeriesMode.SKIP, left_out=frozenset({2, 3}))
    assert walls(card) == [TUESDAYS[0], TUESDAYS[3]]
    assert [f"{day}" for day in card.left_out] == ["2026-04-14", "2026-04-21"]


def test_a_date_that_was_not_known_to_be_left_out_refuses_the_whole(open_clinic, tuesdays):
    open_clinic.books("Ben", "Dr Cho", TUESDAYS[3])  # after Ada has read the list
    with pytest.raises(SeriesConflict):
        book(open_clinic, "Ada", tuesdays, SeriesMode.SKIP, left_out=frozenset({2, 3}))
    assert open_clinic.rows("SELECT count(*) FROM appointment_series")[0][0] == 0


def test_dates_are_replaced_one_by_one(open_clinic, tuesdays):
    shown = preview(open_clinic, "Ada", tuesdays)
    choices = (chosen(shown, 2, 0), chosen(shown, 3, 1))
    card = book(
        open_clinic, "Ada", tuesdays, SeriesMode.REPLACE, choices=choices, left_out=frozenset()
    )
    assert len(walls(card)) == 4
    assert len(card.moved_alone) == 2
    assert all_is_well(open_clinic) == ()


def test_a_replacement_that_is_gone_refuses_the_whole(open_clinic, tuesdays):
    shown = preview(open_clinic, "Ada", tuesdays)
    choice = chosen(shown, 2, 0)
    open_clinic.confirms("Ben", hold(open_clinic, "Ben", choice.time))
    with pytest.raises(SeriesConflict):
        book(
            open_clinic,
            "Ada",
            tuesdays,
            SeriesMode.REPLACE,
            choices=(choice,),
            left_out=frozenset({3}),
        )


def test_where_the_doctor_is_away_a_colleague_of_the_specialty_is_offered(open_clinic):
    check = open_clinic.service("Dr Cho")
    open_clinic.perform(
        open_clinic.diaz,
        clinic_service.offer_service,
        service_id=check,
        fee_minor=5000,
        fee_currency="GBP",
    )
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 3)
    open_clinic.is_away("Dr Cho", "2026-04-11", "2026-04-17")
    alone = preview(open_clinic, "Ada", wished)
    assert {other.practitioner_name for other in alone.dates[1].others} <= {"Dr Mina Cho"}
    shares_specialty(open_clinic)
    shown = preview(open_clinic, "Ada", wished)
    other = shown.dates[1].others[0]
    assert (other.practitioner_name, other.fee) == ("Dr Luis Diaz", Money(5000, "GBP"))
    assert other.time.starts_at == open_clinic.moment("2026-04-14 10:00")
    card = book(
        open_clinic,
        "Ada",
        wished,
        SeriesMode.REPLACE,
        choices=(chosen(shown, 2, 0),),
        left_out=frozenset(),
    )
    assert [visit.practitioner_name for visit in card.visits] == [
        "Dr Mina Cho",
        "Dr Luis Diaz",
        "Dr Mina Cho",
    ]
    subjects = [message.subject for message in open_clinic.mail_to("diaz@example.org")]
    assert subjects == ["New visits"]


def test_the_same_key_books_one_series(open_clinic):
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 3)
    one, again = (book(open_clinic, "Ada", wished, key="once") for _ in range(2))
    assert one.series_id == again.series_id
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 3


def test_of_two_who_want_overlapping_series_each_date_has_one_winner(open_clinic):
    for wall in ("2026-04-07 09:00", "2026-04-07 11:00", "2026-04-08 14:00", "2026-04-09 09:00"):
        wished = wish(open_clinic, "Dr Cho", wall, 6)
        answers = at_once(
            lambda wished=wished: book(open_clinic, "Ada", wished),
            lambda wished=wished: book(open_clinic, "Ben", wished),
        )
        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["SeriesCard", "SeriesConflict"], answers
    assert open_clinic.overlaps() == []
    booked = "SELECT count(*) FROM series_visit GROUP BY series_id"
    assert [row[0] for row in open_clinic.rows(booked)] == [6, 6, 6, 6]
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 24
    assert all_is_well(open_clinic) == ()


def test_a_series_reaches_further_than_a_single_visit_and_no_further_than_a_year(open_clinic):
    weekly = preview(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 52))
    assert conflicts(weekly) == ["2027-03-30"]
    monthly = wish(
        open_clinic, "Dr Cho", TUESDAYS[0], 52, rhythm=Rhythm.MONTHLY, patient_id=ada(open_clinic)
    )
    assert conflicts(preview(open_clinic, "Gus", monthly)) == []


def test_the_first_visit_of_a_patients_series_is_as_near_as_a_single_one(open_clinic):
    far = wish(open_clinic, "Dr Cho", "2026-06-02 10:00", 2)  # the horizon is sixty days
    with pytest.raises(TooFar):
        preview(open_clinic, "Ada", far)
    with pytest.raises(TooFar):
        book(open_clinic, "Ada", far)
    whom = {"patient_id": open_clinic.ada.patient_id}
    assert walls(book(open_clinic, "Gus", far.model_copy(update=whom)))


def test_a_series_cannot_become_the_whole_day_of_a_doctor(open_clinic):
    """It counts as one open visit, so each chosen time must be one of those around its date."""
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 5)
    day = ("09:00", "09:20", "09:40", "10:00")
    choices = tuple(
        SeriesChoice(place=place, time=open_clinic.wish("Dr Cho", f"2026-04-08 {wall}"))
        for place, wall in enumerate(day, start=2)
    )
    with pytest.raises(SeriesConflict):
        book(open_clinic, "Ada", wished, SeriesMode.REPLACE, choices=choices)
    assert open_clinic.rows("SELECT count(*) FROM appointment")[0][0] == 0


def test_a_patients_own_limit_of_a_day_counts_the_visits_of_the_series_itself(open_clinic):
    open_clinic.policy(patient_daily_limit=1)
    times = [open_clinic.wish("Dr Cho", f"2026-04-17 {wall}") for wall in ("09:00", "11:00")]

    def two_on_one_day(uow):
        service, policy = clinic_service.service_and_policy(
            uow, times[0].practitioner_id, times[0].service_id
        )
        window = Interval(times[0].starts_at, times[1].starts_at)
        ada = open_clinic.ada.patient_id
        services = {times[0].practitioner_id: service}
        sight = look_ahead(uow, services, window, policy=policy, viewer=Viewer(ada))
        return [sight.take(uow, time, ada) for time in times]

    first, second = in_story(open_clinic, two_on_one_day)
    assert (first.starts_at, second) == (times[0].starts_at, Reason.OFTEN_ENOUGH)


def test_a_series_counts_as_one_visit_among_those_that_are_open(open_clinic):
    open_clinic.policy(open_per_patient=2)
    book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-04-08 10:00", 4))
    with pytest.raises(TooManyVisits):
        book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", "2026-04-09 10:00", 4))


def test_the_limit_of_a_day_counts_the_visits_of_the_series_itself(open_clinic):
    open_clinic.policy(daily_limit=1)
    open_clinic.books("Ben", "Dr Cho", "2026-04-14 15:00")
    shown = preview(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 3))
    assert conflicts(shown) == ["2026-04-14"]
    days = {other.time.starts_at.date() for other in shown.dates[1].others}
    assert open_clinic.moment("2026-04-14 10:00").date() not in days


def test_two_dates_cannot_be_replaced_by_times_of_one_day_that_has_room_for_one(open_clinic):
    open_clinic.policy(daily_limit=1)
    for day in ("2026-04-14", "2026-04-21"):
        open_clinic.books("Ben", "Dr Cho", f"{day} 15:00")
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 4)
    for walls_of_both in (
        ("2026-04-16 09:00", "2026-04-16 11:00"),  # the day has room for one
        ("2026-04-16 09:00", "2026-04-16 09:00"),  # and nobody is in two visits at once
    ):
        choices = tuple(
            SeriesChoice(place=place, time=open_clinic.wish("Dr Cho", wall))
            for place, wall in zip((2, 3), walls_of_both, strict=True)
        )
        with pytest.raises(SeriesConflict):
            book(open_clinic, "Ada", wished, SeriesMode.REPLACE, choices=choices)
    assert open_clinic.rows("SELECT count(*) FROM appointment_series")[0][0] == 0


@pytest.mark.parametrize(
    ("zone", "place", "now", "first", "missing"),
    [
        ("Europe/Berlin", BERLIN, "2027-03-08 08:00", "2027-03-14 02:30", ["2027-03-28"]),
        ("Europe/Berlin", BERLIN, "2026-10-05 08:00", "2026-10-11 02:30", []),
        ("Australia/Lord_Howe", LORD_HOWE, "2026-09-14 08:00", "2026-09-20 02:10", ["2026-10-04"]),
        ("Australia/Lord_Howe", LORD_HOWE, "2027-03-15 08:00", "2027-03-21 01:40", []),
    ],
)
def test_the_wall_time_stays_and_a_date_without_it_says_so(
    open_clinic, zone, place, now, first, missing
):
    week = [(day, "00:00", "00:00") for day in range(7)]
    open_clinic.at(now).opens("Dr Cho", week, location=place)
    wished = wish(open_clinic, "Dr Cho", first, 4, zone=zone)
    shown = preview(open_clinic, "Ada", wished)
    assert conflicts(shown) == missing
    assert all("clocks" in one.obstacle.for_patient for one in shown.dates if one.obstacle)
    card = book(open_clinic, "Ada", wished, SeriesMode.SKIP)
    assert {wall[-5:] for wall in walls(card)} == {first[-5:]}
    assert all_is_well(open_clinic) == ()


def test_whom_one_books_for_is_judged(open_clinic):
    first = TUESDAYS[0]
    with pytest.raises(NotFound):
        preview(open_clinic, "Ben", wish(open_clinic, "Dr Cho", first, patient_id=ada(open_clinic)))
    for name in ("Gus", "Dr Cho"):  # for whom?
        with pytest.raises(Forbidden):
            preview(open_clinic, name, wish(open_clinic, "Dr Cho", first))
    for_ada = wish(open_clinic, "Dr Cho", first, 4, patient_id=ada(open_clinic))
    with pytest.raises(Forbidden):  # Dr Cho has never seen Ada
        preview(open_clinic, "Dr Cho", for_ada)
    assert len(book(open_clinic, "Gus", for_ada).visits) == 4
    later = wish(open_clinic, "Dr Cho", "2026-04-08 10:00", 4, patient_id=ada(open_clinic))
    assert len(book(open_clinic, "Dr Cho", later).visits) == 4
    with pytest.raises(Forbidden):
        preview(open_clinic, "Dr Diaz", later)


def test_the_clinic_books_a_series_where_patients_must_ask(open_clinic):
    open_clinic.is_asked("Dr Cho")
    with pytest.raises(SeriesByRequest):
        preview(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    for_ada = wish(open_clinic, "Dr Cho", TUESDAYS[0], 4, patient_id=ada(open_clinic))
    assert {visit.status for visit in book(open_clinic, "Gus", for_ada).visits} == {"booked"}


def test_other_terms_than_those_that_were_read_and_an_impossible_rule_are_refused(open_clinic):
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 4)
    with pytest.raises(TermsChanged):
        book(open_clinic, "Ada", wished, agreed_fee=Money(100, "GBP"))
    for count, until in ((1, ""), (53, ""), (None, "2026-01-01"), (None, "2031-01-01")):
        with pytest.raises(Invalid):
            preview(
                open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], count, until=until)
            )


def test_the_patients_own_hold_is_no_obstacle_and_ends_with_the_booking(open_clinic):
    open_clinic.holds("Ada", "Dr Cho", TUESDAYS[0])
    wished = wish(open_clinic, "Dr Cho", TUESDAYS[0], 4)
    assert conflicts(preview(open_clinic, "Ada", wished)) == []
    assert conflicts(preview(open_clinic, "Ben", wished)) == ["2026-04-07"]
    assert walls(book(open_clinic, "Ada", wished)) == TUESDAYS
    assert all_is_well(open_clinic) == ()


def test_fifty_two_dates_take_no_more_queries_than_two(open_clinic):
    shares_specialty(open_clinic)
    open_clinic.is_away("Dr Cho", "2026-04-14")
    few = counted_queries(
        open_clinic,
        lambda: preview(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 2)),
    )
    open_clinic.is_away("Dr Cho", "2026-06-01", "2026-12-01")
    many = counted_queries(
        open_clinic,
        lambda: preview(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 52)),
    )
    assert few == many <= 25


def ada(clinic):
    return clinic.ada.patient_id


def chosen(shown, place, number):
    time = shown.dates[place - 1].others[number].time
    slot = SlotWish(
        practitioner_id=time.practitioner_id, service_id=time.service_id, starts_at=time.starts_at
    )
    return SeriesChoice(place=place, time=slot)


def hold(clinic, who, slot):
    return clinic.perform(clinic.who(who), hold_slot, wish=slot)


def shares_specialty(clinic):
    """Let Dr Diaz be a dermatologist too."""
    table = sa.table(
        "practitioner_specialty",
        sa.column("practitioner_id", sa.Uuid),
        sa.column("specialty_id", sa.Uuid),
    )
    row = {"practitioner_id": clinic.diaz.practitioner_id, "specialty_id": DERMATOLOGY}
    with clinic.medibook.engine.begin() as connection:
        connection.execute(sa.insert(table), row)
