"""The proof holds with the guard, and can fail without it."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def prove(db_url: str, *words: str) -> tuple[int, dict]:
    """Run the command as a person does; its workers are processes of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "medibook", "prove", "--json", "--db", db_url, *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.proof
def test_with_the_guard_no_time_is_given_twice_and_every_loser_gets_a_clean_refusal(empty_db_url):
    code, report = prove(empty_db_url, "--attempts", "90", "--workers", "3")
    assert {"attempts", "wins", "refusals", "overlaps", "errors", "seconds"} <= set(report)
    assert (report["overlaps"], report["errors"], report["violations"]) == (0, 0, [])
    assert report["attempts"] == 90 == report["wins"] + report["refusals"]
    assert report["wins"] > 0
    assert report["wanted_by_all"] >= 35
    assert code == 0


@pytest.mark.proof
def test_without_the_guard_times_are_given_twice(empty_db_url):
    # Whether two meet is chance, and it is certain only in the long run: few attempts mostly suffice.
    for number in ("150", "2000"):
        code, report = prove(
            empty_db_url, "--attempts", number, "--workers", "3", "--without-guard"
        )
        if report["overlaps"]:
            break
    assert report["overlaps"] > 0
    assert code == 1


def test_every_door_is_listed_with_who_may(tmp_path):
    env = os.environ | {"MEDIBOOK_ENV": "demo", "MEDIBOOK_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "medibook", "endpoints", "--json"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    doors = json.loads(done.stdout)
    assert all(doors[kind] for kind in ("handlers", "pages", "routes", "use_cases"))
    assert all(door["allow"] for found in doors.values() for door in found)
    booking = "appointments.service.booking.book_appointment"
    assert {"name": booking, "allow": "patient", "kind": "writes"} in doors["use_cases"]
