"""The clinic's day as the front desk sees it: a column for each doctor, in a constant number of looks."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from medibook.appointments import service
from medibook.clinic import service as clinic_service
from medibook.clinic.schemas import NewClosure
from medibook.kernel.errors import Forbidden, NotFound, SignInNeeded
from tests.support.clinic import LONDON
from tests.support.visits import BERLIN, LORD_HOWE, change_service

DAY = "2026-04-01"
NINE, TEN = f"{DAY} 09:00", f"{DAY} 10:00"


def clinic_day(clinic, who="Gus", on=DAY, place=None):
    return clinic.perform(
        clinic.who(who), service.clinic_day, on=date.fromisoformat(on), location_id=place
    )


def column(clinic, name, **asked):
    day = clinic_day(clinic, **asked)
    return next(c for c in day.columns if c.practitioner_id == clinic.doctor(name))


def walls(clinic, stretches):
    """``["09:00–12:00"]`` as London's wall shows it."""
    return [
        "–".join(f"{end + timedelta(hours=1):%H:%M}" for end in (s.time.start, s.time.end))
        for s in stretches
    ]


def test_the_desk_sees_a_column_for_each_doctor_who_works(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    day = clinic_day(open_clinic)
    assert [c.practitioner_name for c in day.columns] == ["Dr Luis Diaz", "Dr Mina Cho"]
    cho = day.columns[1]
    assert [visit.patient_name for visit in cho.visits] == ["Ada Abara"]
    assert walls(open_clinic, cho.workday.hours) == ["09:00–12:00", "13:00–17:00"]
    assert walls(open_clinic, cho.workday.free) == ["09:20–12:00", "13:00–17:00"]
    assert clinic_day(open_clinic, on="2026-04-04").columns == ()  # a Saturday


def test_what_a_visit_is_about_stays_between_patient_and_doctor(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    gus = open_clinic.who("Gus")
    row = open_clinic.perform(gus, service.visit_at_desk, appointment_id=visit.appointment_id)
    assert (row.visit.reason, row.patient_phone) == ("", "+442079460123")
    assert "a mole" not in repr(clinic_day(open_clinic))


def test_holds_absences_and_buffers_are_not_free(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), buffer_after_minutes=10)
    open_clinic.books("Ada", "Dr Cho", NINE)
    held = open_clinic.holds("Ben", "Dr Cho", TEN)
    open_clinic.is_away("Dr Diaz", DAY)
    cho = column(open_clinic, "Dr Cho").workday
    assert walls(open_clinic, cho.free)[:3] == ["09:30–10:00", "10:30–12:00", "13:00–17:00"]
    assert len(cho.held) == 1
    diaz = column(open_clinic, "Dr Diaz").workday
    assert (diaz.free, len(diaz.away)) == ((), 1)
    open_clinic.clock.time = held.expires_at
    assert column(open_clinic, "Dr Cho").workday.held == ()


def test_a_doctor_without_hours_that_day_has_a_column_when_somebody_comes(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.opens("Dr Cho", [(0, "09:00", "12:00")])
    cho = column(open_clinic, "Dr Cho")
    assert (len(cho.visits), cho.workday.hours) == (1, ())
    open_clinic.cancels("Gus", cho.visits[0], "the doctor is away")
    assert [c.practitioner_name for c in clinic_day(open_clinic).columns] == ["Dr Luis Diaz"]


def test_the_day_can_be_that_of_one_place(open_clinic):
    open_clinic.opens("Dr Diaz", [(2, "09:00", "12:00")], location=BERLIN)
    assert [c.practitioner_name for c in clinic_day(open_clinic, place=LONDON).columns] == [
        "Dr Mina Cho"
    ]
    (diaz,) = clinic_day(open_clinic, place=BERLIN).columns
    assert (diaz.practitioner_name, diaz.zone) == ("Dr Luis Diaz", "Europe/Berlin")
    assert len(clinic_day(open_clinic).columns) == 2
    with pytest.raises(NotFound):
        clinic_day(open_clinic, place=uuid4())


def test_the_day_is_that_of_the_wall_on_the_other_side_of_the_world(open_clinic):
    open_clinic.opens("Dr Cho", [(3, "00:00", "01:00")], location=LORD_HOWE)
    (stretch,) = column(open_clinic, "Dr Cho", on="2026-04-02").workday.hours
    assert stretch.time.start.isoformat() == "2026-04-01T13:00:00+00:00"
    assert all(
        c.practitioner_id != open_clinic.doctor("Dr Cho") for c in clinic_day(open_clinic).columns
    )


def test_a_day_on_which_the_clocks_change_has_its_own_length(open_clinic):
    open_clinic.opens("Dr Cho", [(6, "00:00", "00:00")])
    (spring,) = column(open_clinic, "Dr Cho", on="2027-03-28").workday.hours
    (autumn,) = column(open_clinic, "Dr Cho", on="2026-10-25").workday.hours
    assert (spring.time.length, autumn.time.length) == (timedelta(hours=23), timedelta(hours=25))


@pytest.mark.parametrize("who", ["Ada", "Dr Cho", "Dr Fay", "stranger"])
def test_the_clinics_day_is_for_the_front_desk(open_clinic, who):
    actor = open_clinic.stranger if who == "stranger" else open_clinic.who(who)
    for asked in (service.clinic_day, service.count_waiting):
        with pytest.raises(SignInNeeded if who == "stranger" else Forbidden):
            open_clinic.perform(actor, asked)


def test_an_admin_may_look(open_clinic):
    assert len(clinic_day(open_clinic, who="Eve").columns) == 2


def queries_of(clinic):
    """How many statements one look at the day takes."""
    seen = []
    listener = lambda *args: seen.append(args[2])  # noqa: E731 - to be taken off again by name
    sa.event.listen(clinic.medibook.engine, "before_cursor_execute", listener)
    try:
        clinic_day(clinic)
    finally:
        sa.event.remove(clinic.medibook.engine, "before_cursor_execute", listener)
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_clinic(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    few = queries_of(open_clinic)
    crowd(open_clinic, 200)
    assert len(clinic_day(open_clinic).columns) == 202
    assert queries_of(open_clinic) == few <= 16


def test_only_the_columns_in_sight_are_told_of_a_day_that_is_counted_whole(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Diaz", TEN)

    def shown(**asked):
        day = open_clinic.perform(
            open_clinic.gus, service.clinic_day, on=date.fromisoformat(DAY), **asked
        )
        assert (day.practitioners, day.visits) == (2, 2)
        return [(c.practitioner_name, [v.patient_name for v in c.visits]) for c in day.columns]

    assert shown(most=1) == [("Dr Luis Diaz", ["Ben Brandt"])]
    assert shown(first=1, most=1) == [("Dr Mina Cho", ["Ada Abara"])]
    assert shown(first=2, most=1) == []
    open_clinic.cancels("Gus", visit, "the doctor is away")
    assert clinic_day(open_clinic).visits == 1


def test_hours_that_the_clocks_skip_leave_a_column_without_any(open_clinic):
    open_clinic.opens("Dr Cho", [(6, "02:00", "03:00")], location=BERLIN)
    cho = column(open_clinic, "Dr Cho", on="2026-03-29", place=BERLIN)
    assert (cho.zone, cho.workday.hours, cho.visits) == ("Europe/Berlin", (), ())


def test_the_day_opens_where_most_doctors_work(open_clinic):
    def place(on=DAY):
        return open_clinic.perform(
            open_clinic.gus, service.busiest_place, on=date.fromisoformat(on)
        )

    assert place() == LONDON
    for name in ("Dr Cho", "Dr Diaz"):
        open_clinic.opens(name, [(2, "09:00", "12:00")], location=BERLIN)
    assert place() == BERLIN


def crowd(clinic, count):
    """Doctors with hours and a visit each, straight in the database."""
    copy = {
        name: [row._mapping for row in clinic.rows(f"SELECT * FROM {name}")]
        for name in ("user_account", "practitioner", "available_time", "appointment")
    }
    owner = next(r for r in copy["practitioner"] if "cho" in r["slug"])
    account = next(r for r in copy["user_account"] if r["id"] == owner["user_id"])
    hours = next(
        r
        for r in copy["available_time"]
        if r["practitioner_id"] == owner["id"] and r["weekday"] == 2
    )
    visit = copy["appointment"][0]
    made = {name: [] for name in copy}
    for number in range(count):
        ids = [uuid4() for _ in range(4)]
        if clinic.medibook.engine.dialect.name == "sqlite":
            ids = [each.hex for each in ids]
        made["user_account"].append({**account, "id": ids[0], "email": f"d{number}@example.org"})
        made["practitioner"].append(
            {**owner, "id": ids[1], "user_id": ids[0], "slug": f"d{number}", "name": f"Dr {number}"}
        )
        made["available_time"].append({**hours, "id": ids[2], "practitioner_id": ids[1]})
        made["appointment"].append(
            {**visit, "id": ids[3], "practitioner_id": ids[1], "reference": f"R{number}"}
        )
    with clinic.medibook.engine.begin() as connection:
        for name, rows in made.items():
            table = sa.table(name, *map(sa.column, rows[0]))
            connection.execute(sa.insert(table), rows)


def test_on_a_day_on_which_the_place_is_closed_nothing_is_free(open_clinic):
    open_clinic.perform(
        open_clinic.eve,
        clinic_service.close_location,
        location_id=LONDON,
        new=NewClosure(first_day=date(2026, 4, 1), last_day=date(2026, 4, 1), name="Painters"),
    )
    cho = column(open_clinic, "Dr Cho").workday
    assert (cho.free, [one.name for one in cho.closed]) == ((), ["Painters"])
    assert column(open_clinic, "Dr Cho", on="2026-04-02").workday.closed == ()
