"""The lower bound of the next free time: whatever happens, it is never later than the truth."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments import service as appointments
from medibook.clinic import service as clinic_rules
from medibook.clinic.schemas import BookingRules, NewClosure
from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.directory.schemas import SearchWish
from medibook.kernel.actor import system
from medibook.kernel.errors import Refusal
from medibook.operations.service.check import check_invariants, late_for_the_search
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import SlotWish
from tests.support.clinic import LONDON
from tests.support.visits import WORKING_WEEK, OpenClinic

ME = system("test")
MORNINGS = tuple((day, "09:00", "10:00") for day in range(5))


def late(clinic: OpenClinic):
    return clinic.perform(ME, directory.late_bounds)


def plant(clinic: OpenClinic, doctor: str, days: int) -> None:
    """Let the directory believe that somebody has no time for so many days."""
    table = sa.table(
        "directory_offer", sa.column("practitioner_id", sa.Uuid), sa.column("next_free_at")
    )
    later = clinic.clock.time + timedelta(days=days)
    with clinic.medibook.engine.begin() as connection:
        own = table.c.practitioner_id == clinic.doctor(doctor)
        value = later if connection.dialect.name == "postgresql" else later.replace(tzinfo=None)
        connection.execute(
            sa.update(table).where(own).values(next_free_at=sa.literal(value, sa.DateTime))
        )


class Walk:
    """Somebody does something, again and again, as chance has it; most of it is refused at times."""

    def __init__(self, clinic: OpenClinic, seed: int) -> None:
        self.clinic, self.chance = clinic, Random(seed)
        self.holds: list[tuple[str, object]] = []
        self.visits: list[tuple[str, object]] = []
        self.told: list[str] = []

    def step(self) -> None:
        acts = (
            self.hold, self.hold, self.book, self.book, self.cancel, self.cancel, self.let_go,
            self.move, self.lapse, self.sweep, self.mend, self.mend, self.other_hours, self.go_away,
            self.come_back, self.other_rules, self.close, self.open, self.other_offer,
        )  # fmt: skip
        act = self.chance.choice(acts)
        try:
            act()
            self.told.append(act.__name__)
        except Refusal as refusal:
            self.told.append(f"{act.__name__}: {refusal.code}")

    def wish(self) -> SlotWish:
        doctor = self.chance.choice(("Dr Cho", "Dr Diaz"))
        who, what = self.clinic.doctor(doctor), self.clinic.service(doctor)
        board = self.clinic.perform(
            self.clinic.stranger,
            scheduling.slot_board,
            practitioner_id=who,
            service_id=what,
            first_day=self.clinic.clock.time.date(),
            days=4,
        )
        free = [time.starts_at for day in board.days for time in day.times][:12]
        starts_at = self.chance.choice(free) if free else self.clinic.clock.time
        return SlotWish(practitioner_id=who, service_id=what, starts_at=starts_at)

    def hold(self) -> None:
        who = self.chance.choice(("Ada", "Ben"))
        held = self.clinic.perform(self.clinic.who(who), scheduling.hold_slot, wish=self.wish())
        self.holds.append((who, held))

    def book(self) -> None:
        self.hold()
        who, held = self.holds.pop()
        self.visits.append((who, self.clinic.confirms(who, held)))

    def cancel(self) -> None:
        if self.visits:
            _, visit = self.visits.pop(self.chance.randrange(len(self.visits)))
            doctor = "Dr Cho" if "Cho" in visit.practitioner_name else "Dr Diaz"
            self.clinic.cancels(doctor, visit, "ill")

    def move(self) -> None:
        if self.visits:
            _, visit = self.visits[-1]
            wish = self.wish()
            self.clinic.perform(
                self.clinic.gus,
                appointments.reschedule_appointment,
                appointment_id=visit.appointment_id,
                starts_at=wish.starts_at,
                version=self.clinic.column("version", visit),
            )

    def let_go(self) -> None:
        if self.holds:
            who, held = self.holds.pop()
            self.clinic.perform(self.clinic.who(who), scheduling.release_hold, hold_id=held.hold_id)

    def lapse(self) -> None:
        self.clinic.later(minutes=self.chance.choice((3, 11, 40, 180)))

    def sweep(self) -> None:
        self.clinic.perform(ME, scheduling.release_expired_holds)

    def mend(self) -> None:
        mend_directory(self.clinic.medibook)

    def other_hours(self) -> None:
        week = self.chance.choice((MORNINGS, WORKING_WEEK))
        self.clinic.opens(self.chance.choice(("Dr Cho", "Dr Diaz")), week)

    def go_away(self) -> None:
        day = self.clinic.clock.time.date() + timedelta(days=self.chance.randrange(3))
        self.clinic.is_away(self.chance.choice(("Dr Cho", "Dr Diaz")), str(day))

    def come_back(self) -> None:
        who = self.clinic.who(self.chance.choice(("Dr Cho", "Dr Diaz")))
        for off in self.clinic.perform(who, scheduling.my_schedule).time_off[:1]:
            self.clinic.perform(who, scheduling.remove_time_off, time_off_id=off.time_off_id)

    def other_rules(self) -> None:
        sheet = self.clinic.perform(self.clinic.eve, clinic_rules.booking_rules)
        changed = {
            "minimum_notice_minutes": self.chance.choice((0, 60, 240)),
            "horizon_days": self.chance.choice((10, 60)),
            "daily_limit": self.chance.choice((0, 3)),
        }
        self.clinic.perform(
            self.clinic.eve,
            clinic_rules.change_booking_rules,
            rules=BookingRules(**(sheet.rules.model_dump() | changed)),
            version=sheet.version,
        )

    def close(self) -> None:
        day = self.clinic.clock.time.date() + timedelta(days=self.chance.randrange(1, 3))
        new = NewClosure(first_day=day, last_day=day, name="Painters")
        self.clinic.perform(
            self.clinic.eve, clinic_rules.close_location, location_id=LONDON, new=new
        )

    def open(self) -> None:
        places = self.clinic.perform(self.clinic.eve, clinic_rules.places)
        closures = [c for place in places for c in place.closures]
        if closures:
            self.clinic.perform(
                self.clinic.eve, clinic_rules.open_location, closure_id=closures[0].closure_id
            )

    def other_offer(self) -> None:
        doctor = self.chance.choice(("Dr Cho", "Dr Diaz"))
        self.clinic.offers(doctor, minutes=self.chance.choice((10, 50)))


@pytest.mark.parametrize("seed", [3, 20260330])
def test_no_bound_is_ever_later_than_the_truth_whatever_happens(listed_clinic, seed):
    walk = Walk(listed_clinic, seed)
    for _ in range(70):
        walk.step()
        assert late(listed_clinic) == (), walk.told
    done = {told.partition(":")[0] for told in walk.told if ":" not in told}
    assert len(done) >= 15  # chance has not been refused most things


def test_a_wrong_bound_is_found_by_the_check(listed_clinic):
    assert late(listed_clinic) == ()
    plant(listed_clinic, "Dr Cho", days=3)
    found = late(listed_clinic)
    assert {each.practitioner_id for each in found} == {listed_clinic.doctor("Dr Cho")}
    with Session(listed_clinic.medibook.engine) as session:
        told = check_invariants(session, listed_clinic.clock.time)
        alone = late_for_the_search(session, listed_clinic.clock.time)
    assert [v.invariant for v in told if v.invariant == "SEARCH"] == ["SEARCH"]
    assert len(list(alone)) == 1


def test_a_cancelled_visit_is_offered_at_once_to_whoever_searches(listed_clinic):
    listed_clinic.at("2026-03-31 05:00")
    listed_clinic.opens("Dr Cho", [(day, "09:00", "09:20") for day in range(5)])
    visits = [
        listed_clinic.books("Ada", "Dr Cho", f"{day} 09:00") for day in ("2026-03-31", "2026-04-01")
    ]
    mend_directory(listed_clinic.medibook)
    assert first_of(listed_clinic, "Dr Cho") == listed_clinic.moment("2026-04-02 09:00")
    listed_clinic.cancels("Dr Cho", visits[1], "ill")
    assert first_of(listed_clinic, "Dr Cho") == listed_clinic.moment("2026-04-01 09:00")


def test_a_hold_that_ends_by_the_clock_alone_leaves_no_bound_too_late(listed_clinic):
    listed_clinic.at("2026-03-31 05:00")
    listed_clinic.opens("Dr Cho", [(day, "09:00", "09:20") for day in range(5)])
    listed_clinic.holds("Ada", "Dr Cho", "2026-03-31 09:00")
    mend_directory(listed_clinic.medibook)
    assert first_of(listed_clinic, "Dr Cho") == listed_clinic.moment("2026-04-01 09:00")
    listed_clinic.later(minutes=11)  # nobody has swept the hold away yet
    assert first_of(listed_clinic, "Dr Cho") == listed_clinic.moment("2026-03-31 09:00")
    assert late(listed_clinic) == ()


def test_who_mends_a_bound_while_time_is_freed_does_not_raise_it(listed_clinic):
    listed_clinic.at("2026-03-31 05:00")
    listed_clinic.opens("Dr Cho", [(day, "09:00", "09:20") for day in range(5)])
    visit = listed_clinic.books("Ada", "Dr Cho", "2026-03-31 09:00")
    read = listed_clinic.perform(ME, directory.stale_bounds)
    assert read
    listed_clinic.cancels("Dr Cho", visit, "ill")
    listed_clinic.perform(ME, directory.raise_bounds, mended=read)
    assert late(listed_clinic) == ()
    assert first_of(listed_clinic, "Dr Cho") == listed_clinic.moment("2026-03-31 09:00")


def test_bounds_that_the_clock_has_overtaken_are_mended_by_the_heartbeat(listed_clinic):
    listed_clinic.at("2026-03-30 12:00")
    assert mend_directory(listed_clinic.medibook) > 0
    assert listed_clinic.perform(ME, directory.stale_bounds) == ()


def test_whoever_the_directory_does_not_know_yet_comes_in_with_the_next_heartbeat(listed_clinic):
    with listed_clinic.medibook.engine.begin() as connection:
        for table in ("place", "listing", "word", "offer", "entry"):
            connection.execute(sa.text(f"DELETE FROM directory_{table}"))
    assert first_of(listed_clinic, "Dr Cho") is None
    mend_directory(listed_clinic.medibook)
    assert first_of(listed_clinic, "Dr Cho") is not None


def first_of(clinic: OpenClinic, doctor: str):
    """The first time that somebody who searches is shown of a doctor."""
    wish = SearchWish(text=doctor)
    cards = clinic.perform(clinic.stranger, directory.search, wish=wish).cards
    return cards[0].next_times[0].starts_at if cards and cards[0].next_times else None
