"""P1's yardstick: the same work in django-appointment 3.12.0, in an environment of its own.

``python bench/peers/django_appointment.py [--practitioners 1000] [--bookings 350]`` makes a
temporary environment, installs the package from the package index and runs this same file in it.
W1: the free 20-minute times of one practitioner over 30 days, weekdays 08:00-19:40.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

PACKAGE = "django-appointment==3.12.0"
ZONE = "Europe/Berlin"
STEP = timedelta(minutes=20)
OPENS, CLOSES = time(8), time(19, 40)


def inside(options: argparse.Namespace) -> dict[str, object]:
    """Fill a SQLite database with Django's own tables, and ask it for the times; median of rounds."""
    import django
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.configure(
            SECRET_KEY="bench", USE_TZ=True, TIME_ZONE=ZONE, ROOT_URLCONF=__name__,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/peer.db"}},
            INSTALLED_APPS=[
                "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                "appointment",
            ],
            APPOINTMENT_WEBSITE_NAME="bench",
        )  # fmt: skip
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, run_syncdb=True)  # the package ships no migrations
        return measured(options)


def measured(options: argparse.Namespace) -> dict[str, object]:
    from appointment.models import StaffMember
    from appointment.services import get_available_slots_for_staff
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=7)
    fill(options.practitioners, options.bookings, first)
    whose = StaffMember.objects.order_by("id")[options.practitioners // 2]

    def work() -> int:
        days = [first + timedelta(days=n) for n in range(30)]
        return sum(
            len(get_available_slots_for_staff(day, whose, (day.weekday() + 1) % 7)) for day in days
        )

    with CaptureQueriesContext(connection) as asked:
        found = work()
    queries = len(asked)
    times = []
    for _ in range(options.rounds):
        began = perf_counter()
        work()
        times.append((perf_counter() - began) * 1000)
    return {
        "package": PACKAGE, "practitioners": options.practitioners, "bookings": options.bookings,
        "free": found, "queries": queries, "p50_ms": round(statistics.median(times), 1),
    }  # fmt: skip


def fill(practitioners: int, bookings: int, first: date) -> None:
    """So many practitioners with the same hours, each with so many booked times."""
    from appointment.models import (
        Appointment,
        AppointmentRequest,
        Config,
        Service,
        StaffMember,
        WorkingHours,
    )
    from django.contrib.auth import get_user_model

    user = get_user_model()
    Config.objects.create(
        slot_duration=20, lead_time=OPENS, finish_time=CLOSES, appointment_buffer_time=0
    )
    service = Service.objects.create(name="Visit", duration=STEP, price=50)
    users = user.objects.bulk_create(
        user(username=f"u{n}", password="!") for n in range(practitioners)
    )
    staff = StaffMember.objects.bulk_create(
        StaffMember(
            user=one, slot_duration=20, lead_time=OPENS, finish_time=CLOSES, appointment_buffer_time=0
        )
        for one in users
    )  # fmt: skip
    WorkingHours.objects.bulk_create(
        WorkingHours(staff_member=one, day_of_week=day, start_time=OPENS, end_time=CLOSES)
        for one in staff
        for day in range(1, 6)
    )
    taken = times_to_take(first, bookings)
    for one in staff:
        asked = AppointmentRequest.objects.bulk_create(
            AppointmentRequest(
                date=start.date(), start_time=start.time(), end_time=(start + STEP).time(),
                service=service, staff_member=one, id_request=f"{one.pk}-{number}",
            )
            for number, start in enumerate(taken)
        )  # fmt: skip
        Appointment.objects.bulk_create(
            Appointment(client=users[0], appointment_request=each, id_request=each.id_request)
            for each in asked
        )


def times_to_take(first: date, bookings: int) -> list[datetime]:
    """Every other time first: a calendar in pieces is the hardest one."""
    ticks = []
    for number in range(30):
        day = first + timedelta(days=number)
        start = datetime.combine(day, OPENS)
        while day.weekday() < 5 and start + STEP <= datetime.combine(day, CLOSES):
            ticks.append(start)
            start += STEP
    return [*ticks[::2], *ticks[1::2]][:bookings]


def outside(arguments: list[str]) -> int:
    """Make the environment, and run this file in it."""
    with tempfile.TemporaryDirectory(prefix="medibook-bench-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=True)
        return subprocess.run([python, __file__, "--inside", *arguments], check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--practitioners", type=int, default=1000)
    parser.add_argument("--bookings", type=int, default=350)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inside:
        return outside(sys.argv[1:])
    print(json.dumps(inside(options)))
    return 0


urlpatterns: list[object] = []

if __name__ == "__main__":
    sys.exit(main())
