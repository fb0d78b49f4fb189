"""Thousands of steps of anybody doing anything; and twins of the same clinic that have lost a guard.

``MEDIBOOK_STEPS`` says how many steps in all, on each engine; the gate takes some hundreds.
"""

import contextlib
import os
import shutil
import traceback
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from medibook.operations.access import scratch
from medibook.scheduling import access
from tests.operations.clinic_machine import ClinicMachine, in_business, times_given_twice
from tests.support.engines import sqlite_url
from tests.support.visits import OpenClinic

STEPS = int(os.environ.get("MEDIBOOK_STEPS", "80"))
A_STORY = 40


def settled(stories: int) -> settings:
    return settings(
        max_examples=stories,
        stateful_step_count=A_STORY,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),  # telling a long story shorter takes minutes
        print_blob=True,
    )


@pytest.fixture
def machine(request, engine_name, tmp_path) -> type[ClinicMachine]:
    """The machine on each engine; each story begins in a fresh clinic."""
    number = count()

    @contextlib.contextmanager
    def on_sqlite() -> Iterator[OpenClinic]:
        template, cast = request.getfixturevalue("sqlite_cast")
        path = tmp_path / f"{next(number)}.db"
        shutil.copyfile(template, path)
        with in_business(sqlite_url(path), cast) as clinic:
            yield clinic
        for left in tmp_path.glob(f"{path.name}*"):
            left.unlink()

    @contextlib.contextmanager
    def on_postgresql() -> Iterator[OpenClinic]:
        server = request.getfixturevalue("postgres")
        template, cast = request.getfixturevalue("postgresql_cast")
        url = server.create(template=template)
        with in_business(url, cast) as clinic:
            yield clinic
        server.drop(url)

    fresh = on_sqlite if engine_name == "sqlite" else on_postgresql
    return type("Machine", (ClinicMachine,), {"fresh": staticmethod(fresh)})


def test_whatever_anybody_does_every_invariant_holds(machine):
    run_state_machine_as_test(machine, settings=settled(max(1, STEPS // A_STORY)))


def test_with_rules_that_see_nothing_the_database_alone_still_keeps_every_time_single(
    machine, monkeypatch
):
    monkeypatch.setattr(access, "taken", lambda *_, **__: [])
    run_state_machine_as_test(machine, settings=settled(1))


def test_without_any_guard_the_same_steps_give_a_time_twice(machine, monkeypatch):
    monkeypatch.setattr(access, "taken", lambda *_, **__: [])
    machine.asks = staticmethod(times_given_twice)
    machine.harm = staticmethod(lambda clinic: scratch.drop_guards(clinic.medibook.engine))
    # A story that cannot be told again in the same words (ids are drawn) comes as a group.
    with pytest.raises((AssertionError, ExceptionGroup)) as caught:
        run_state_machine_as_test(machine, settings=settled(25))
    assert "I1 " in "".join(traceback.format_exception(caught.value))
