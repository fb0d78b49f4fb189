"""Thirty people wait, a time is freed in five ways, offers lapse, and the list is killed in the hand-over.

Who is asked in which order is reckoned here by hand, apart from the list and from its check: everybody
who can be asked, by priority, then since when; each for one time only, and for none that they let lapse.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.scheduling import service as scheduling
from medibook.waitlist import service
from medibook.waitlist.schemas import Priority
from tests.waitlist.queue import WaitingClinic, uuid_of

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-04-08"
# Apart from each other, so that each is a time of its own.
WALLS = ("09:00", "10:00", "11:00", "12:00", "13:00")
NAMES = tuple(f"P{number:02}" for number in range(1, 31))
URGENT, SOON = "P28", "P20"
ERASED, SUSPENDED, ELSEWHERE, OTHER_DAYS = "P01", "P02", "P03", "P04"
OUT = {ERASED, SUSPENDED, ELSEWHERE, OTHER_DAYS}
LINE = [URGENT, SOON, *(n for n in NAMES if n not in {URGENT, SOON, *OUT})]
PASS_ON = "waitlist.service.promoting.pass_on"
ACCEPT = "waitlist.service.answering.accept_offer"


@pytest.fixture
def crowd(waiting):
    """Dr Cho's five times are taken in five ways; thirty people wait for any of them."""
    clinic = waiting
    clinic.opens("Dr Cho", [(2, wall, f"{wall[:2]}:20") for wall in WALLS])
    clinic.opens("Dr Diaz")
    clinic.policy(cancel_cutoff_hours=0)
    clinic.comes("Zoe")
    visits = clinic.notes["visits"] = {}
    visits["09:00"] = clinic.books("Zoe", "Dr Cho", f"{DAY} 09:00")
    visits["10:00"] = clinic.books_at_desk("Zoe", "Dr Cho", f"{DAY} 10:00")
    visits["11:00"] = clinic.books("Zoe", "Dr Cho", f"{DAY} 11:00")
    clinic.is_asked("Dr Cho")
    visits["12:00"] = clinic.books("Zoe", "Dr Cho", f"{DAY} 12:00")
    # The fifth is held, by somebody who then waits for something else.
    clinic.comes("Yan")
    visits["13:00"] = clinic.holds("Yan", "Dr Cho", f"{DAY} 13:00")
    for name in NAMES:
        clinic.comes(name)
        wish = {"weekdays": {0}} if name == OTHER_DAYS else {}
        entry = clinic.waits(name, last_day=DAY, first_day=DAY, **wish)
        for who, priority in ((URGENT, Priority.URGENT), (SOON, Priority.SOON)):
            if name == who:
                how = {"entry_id": entry, "priority": priority, "reason": "in pain"}
                clinic.perform(clinic.gus, service.change_priority, **how)
    clinic.later(seconds=1)
    clinic.suspends(SUSPENDED)
    erase(clinic, ERASED)
    clinic.books_at_desk(ELSEWHERE, "Dr Cho", "2026-04-22 09:00")
    clinic.later(seconds=1)
    return clinic


def erase(clinic: WaitingClinic, who: str) -> None:
    """Leave nothing of somebody but the row that others point to."""
    patient_id = clinic.who(who).patient_id
    blank = "UPDATE patient SET name = '', phone = '', email = '', user_id = NULL WHERE id = :id"
    bound = sa.text(blank).bindparams(sa.bindparam("id", type_=sa.Uuid))
    with clinic.medibook.engine.begin() as connection:
        connection.execute(bound, {"id": patient_id})


def free(clinic: WaitingClinic, wall: str) -> None:
    """Each time is freed in another way."""
    visit = clinic.notes["visits"][wall]
    match wall:
        case "09:00":  # the patient cancels
            clinic.cancels("Zoe", visit)
        case "10:00":  # the clinic cancels
            clinic.calls_off(visit)
        case "11:00":  # the clinic moves the visit to another day
            how = {"appointment_id": visit.appointment_id, "version": visit.version}
            start = clinic.moment("2026-04-15 11:00")
            clinic.perform(clinic.gus, appointments.reschedule_appointment, starts_at=start, **how)
        case "12:00":  # the practitioner declines a request
            how = {"appointment_id": visit.appointment_id, "reason": "not this week"}
            clinic.perform(clinic.cho, appointments.decline_request, **how)
        case "13:00":  # whoever held it lets it go
            held = clinic.notes["visits"][wall]
            clinic.perform(clinic.who("Yan"), scheduling.release_hold, hold_id=held.hold_id)


def beat(clinic: WaitingClinic, dies: str = "") -> None:
    """One beat of the list, in a process of its own when it is to die on the way."""
    if not dies:
        clinic.beat()
        return
    died = run(clinic, dies, "beat")
    assert died == -9, f"it should have died at {dies}, and ended with {died}"


def run(clinic: WaitingClinic, dies: str, *act: str) -> int:
    at, url = clinic.clock.time.isoformat(), clinic.medibook.settings.db_url
    words = [sys.executable, "-m", "tests.waitlist.beater", url, at, dies, *act]
    return subprocess.run(words, cwd=ROOT, check=False, timeout=120).returncode


def rows(clinic: WaitingClinic) -> dict[str, list[tuple[str, str, datetime, datetime]]]:
    """Per time on the wall: who was asked in turn, what became of it, from when, until when."""
    names = clinic._names()
    found: dict[str, list[tuple[str, str, datetime, datetime]]] = {}
    for row in clinic.rows(
        "SELECT patient_id, starts_at, state, offered_at, expires_at FROM waitlist_offer "
        "ORDER BY offered_at, closed_at IS NULL, closed_at"
    ):
        start = moment(row.starts_at)
        wall = next(w for w in WALLS if clinic.moment(f"{DAY} {w}") == start)
        line = (names[uuid_of(row.patient_id)], row.state, moment(row.offered_at))
        found.setdefault(wall, []).append((*line, moment(row.expires_at)))
    return found


def moment(value) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def test_thirty_people_five_times_every_way_of_freeing_and_a_kill_in_the_hand_over(crowd):
    clinic = crowd
    for wall in WALLS:
        free(clinic, wall)
        clinic.later(seconds=1)
    asked = {wall: [LINE[n]] for n, wall in enumerate(WALLS)}
    assert now_asked(clinic) == {wall: who[-1] for wall, who in asked.items()}
    assert clinic.violations() == []
    kills = {2: f"{PASS_ON}:before-commit", 3: f"{PASS_ON}:after-commit"}
    for step in range(1, 6):
        clinic.later(minutes=30)
        due = in_the_order_of_the_beat(clinic)
        if step in kills:
            beat(clinic, kills[step])
            clinic.later(seconds=15)
        beat(clinic)
        for wall in due:
            asked[wall].append(next_for(wall, asked))
        assert now_asked(clinic) == {wall: who[-1] for wall, who in asked.items()}, step
        assert clinic.violations() == []
    for wall, story in rows(clinic).items():
        assert [who for who, *_ in story] == asked[wall]
        for before, after in pairwise(story):
            assert timedelta(0) <= after[2] - before[3] <= timedelta(seconds=60)
    wanted = {ERASED, SUSPENDED, ELSEWHERE, OTHER_DAYS}
    assert wanted <= clinic.passed().keys()
    assert {clinic.passed()[who] for who in (ERASED, SUSPENDED)} == {"out-of-reach"}
    assert clinic.passed()[ELSEWHERE] == "booked-elsewhere"
    assert clinic.passed()[OTHER_DAYS] == "other-time"
    whoever = asked["09:00"][-1]
    killed_while_accepting(clinic, whoever)
    assert clinic.violations() == []


def now_asked(clinic: WaitingClinic) -> dict[str, str]:
    return {
        wall: who
        for wall, story in rows(clinic).items()
        for who, state, *_ in story
        if state == "open"
    }


def next_for(wall: str, asked: dict[str, list[str]]) -> str:
    """The first in line who considers nothing just then and has not let this very time lapse."""
    considering = {who[-1] for other, who in asked.items() if other != wall}
    return next(n for n in LINE if n not in asked[wall] and n not in considering)


def in_the_order_of_the_beat(clinic: WaitingClinic) -> list[str]:
    start = {clinic.moment(f"{DAY} {wall}"): wall for wall in WALLS}
    due = clinic.rows(
        "SELECT starts_at, next_at FROM waitlist_round WHERE state = 'open' ORDER BY next_at, id"
    )
    return [start[moment(row.starts_at)] for row in due]


def killed_while_accepting(clinic: WaitingClinic, who: str) -> None:
    """Dead before the commit nothing is booked; dead after it the visit stands, and a second tap finds it."""
    actor, offer = clinic.who(who), clinic.offer_to(who)
    act = ("accept", str(offer), str(actor.user_id), str(actor.patient_id))
    assert run(clinic, f"{ACCEPT}:before-commit", *act) == -9
    assert clinic.offer_to(who) == offer
    assert run(clinic, f"{ACCEPT}:after-commit", *act) == -9
    booked = clinic.perform(actor, service.accept_offer, offer_id=offer)
    (visit,) = clinic.perform(actor, appointments.my_visits).upcoming
    assert visit.appointment_id == booked
