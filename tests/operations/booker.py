"""A process that books until it is killed: ``python -m tests.operations.booker <database>``.

It has read every module once and forks for each cycle that stdin asks for (a line of JSON), so that
a cycle costs milliseconds; whoever asked knows the child and kills it. The child writes what it is
about to do and what was acknowledged, each in one write to the pipe: what stands there has been
said to somebody, whatever happens next.
"""

import json
import os
import sys
from datetime import UTC, datetime, time, timedelta

from medibook.appointments import service as appointments
from medibook.appointments.schemas import NewAppointment
from medibook.kernel.settings import Env, Settings
from medibook.operations.rules.contest import small_clinic
from medibook.operations.service.contest import as_patient
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import SlotWish
from medibook.wiring import build_medibook

PER_CYCLE = 12


def main(url: str) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                book_on(url, order)
            finally:
                os._exit(0)
        say("child", child)
        _, status = os.waitpid(child, 0)
        say("end", os.waitstatus_to_exitcode(status))


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def book_on(url: str, order: dict) -> None:
    settings = Settings(env=Env.TEST, db_url=url, crash_at=order["crash_at"])
    medibook = build_medibook(settings)
    clinic = small_clinic(medibook.clock.now())
    first = datetime.combine(medibook.clock.now().date(), time(0), tzinfo=UTC) + timedelta(days=2)
    if order["again"]:
        # As a browser does whose answer never came: the same booking, with the same key.
        number, hold = order["again"]
        book(medibook, as_patient(clinic.patients[number % 60]), number, hold)
    for number in range(order["first"], order["first"] + PER_CYCLE):
        patient = as_patient(clinic.patients[number % 60])
        practitioner = clinic.practitioners[number % 3]
        wish = SlotWish(
            practitioner_id=practitioner.id,
            service_id=clinic.services[0].id,
            starts_at=first + number // 3 * timedelta(minutes=20),
        )
        held = medibook.perform(patient, scheduling.hold_slot, wish=wish)
        say("try", number, held.hold_id)
        book(medibook, patient, number, held.hold_id)


def book(medibook, patient, number: int, hold) -> None:
    new = NewAppointment(hold_id=hold, booking_key=f"crash-{number}")
    booked = medibook.perform(patient, appointments.book_appointment, new=new)
    say("ack", number, booked)


if __name__ == "__main__":
    main(sys.argv[1])
