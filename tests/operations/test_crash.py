"""kill -9 in mid booking: what was acknowledged is there, nothing is there twice (I4, I5)."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from time import sleep
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.db import make_engine, metadata
from medibook.operations.access import scratch
from medibook.operations.rules.chance import Chance
from medibook.operations.rules.contest import small_clinic
from medibook.operations.service.check import check_invariants
from tests.architecture.source import ROOT
from tests.operations.booker import PER_CYCLE

VISIT, KEY = metadata.tables["appointment"], metadata.tables["booking_key"]
BOOKS, HOLDS = (
    "appointments.service.booking.book_appointment",
    "scheduling.service.holding.hold_slot",
)
POINTS = (
    None,
    f"{BOOKS}:before-commit",
    None,
    f"{BOOKS}:after-commit",
    None,
    f"{HOLDS}:after-commit",
)
# MEDIBOOK_CRASH_CYCLES=1000 searches longer than the suite has time for.
CYCLES = int(os.environ.get("MEDIBOOK_CRASH_CYCLES", "12"))


@pytest.mark.proof
def test_a_killed_process_loses_nothing_acknowledged_and_doubles_nothing(db_url):
    engine = make_engine(db_url)
    scratch.fill(engine, small_clinic(datetime.now(UTC)))
    acknowledged, killed = crash_again_and_again(db_url, CYCLES)
    with Session(engine) as session:
        there = {
            row.key: row.appointment_id
            for row in session.execute(sa.select(KEY.c.key, KEY.c.appointment_id))
        }
        visits = session.execute(sa.select(sa.func.count()).select_from(VISIT)).scalar_one()
        violations = check_invariants(session, datetime.now(UTC))
    engine.dispose()
    assert violations == ()
    for number, answers in acknowledged.items():
        assert set(answers) == {there[f"crash-{number}"]}, "one key, one visit, the same answer"
    assert visits == len(there) == len(set(there.values()))
    assert killed >= CYCLES // 2, "most cycles should have been cut short, or nothing was shown"
    assert len(acknowledged) >= CYCLES // 4


def crash_again_and_again(url: str, cycles: int) -> tuple[dict[int, Counter[UUID]], int]:
    """Book and be killed, cycle after cycle; returns every acknowledged visit, and how many kills."""
    drawn = Chance("crash", "2026")
    acknowledged: dict[int, Counter[UUID]] = {}
    killed, again = 0, None
    with subprocess.Popen(
        [sys.executable, "-m", "tests.operations.booker", url],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as booker:  # fmt: skip
        for cycle in range(cycles):
            point = POINTS[cycle % len(POINTS)]
            order = {"first": cycle * PER_CYCLE, "again": again, "crash_at": point}
            booker.stdin.write(json.dumps(order) + "\n")
            booker.stdin.flush()
            # At any moment: after so many lines, and a little later, wherever the child is by then.
            lines, later = drawn.between(1, 7), drawn.between(0, 15) / 1000
            again, status = heard(
                booker.stdout, acknowledged, again, None if point else lines, later
            )
            killed += status == -signal.SIGKILL
        booker.stdin.close()
    return acknowledged, killed


def heard(
    lines,
    acknowledged: dict[int, Counter[UUID]],
    again: list | None,
    kill_at: int | None,
    later: float,
) -> tuple[list | None, int]:
    """Read one cycle, and kill; returns the try that got no answer, if any, and how the child ended."""
    child = 0
    for count, line in enumerate(lines):
        match line.split():
            case ["child", pid]:
                child = int(pid)
            case ["try", number, hold]:
                again = [int(number), hold]
            case ["ack", number, visit]:
                acknowledged.setdefault(int(number), Counter())[UUID(visit)] += 1
                again = None
            case ["end", status]:
                return again, int(status)
        if child and count >= (kill_at or 1_000):
            sleep(later)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            child = 0
    raise AssertionError("the booker has ended by itself")
