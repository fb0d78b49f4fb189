"""The one door: who may, one transaction, one now, an audit row, the facts and what follows from them."""

import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from time import monotonic
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from medibook.kernel import audit, db
from medibook.kernel.actor import STRANGER, anyone, patient, signed_in, system, system_only
from medibook.kernel.application import STRANGERS_REFUSALS, current
from medibook.kernel.db import is_lock_timeout
from medibook.kernel.errors import Busy, Conflict, Forbidden, NotFound, SignInNeeded
from medibook.kernel.facts import Fact
from medibook.kernel.use_case import REGISTRY, query, use_case
from tests.support.clinic import START, Clinic, build
from tests.support.engines import ROOT, sqlite_url
from tests.support.visits import at_once


@dataclass(frozen=True, slots=True)
class LampLit(Fact):
    """A fact that only these tests know."""

    user_id: UUID


def told(mark, **allow):
    """Mark a story of these tests, without leaving it in the registry of the clinic's doors."""

    def decorate(body):
        marked = mark(**allow)(body)
        del REGISTRY[marked.__use_case__.name]
        return marked

    return decorate


@told(use_case, allow=patient)
def light_lamp(uow, *, fail=None):
    uow.audit("lamp", uow.actor.user_id, patient_id=uow.actor.patient_id, reason="dark")
    uow.record(LampLit(uow.actor.user_id))
    if fail:
        raise fail
    return uow.now


@told(query, allow=signed_in)
def look(uow):
    return uow.actor.name


@told(use_case, allow=system_only)
def follow(uow, *, fact, fact_id=None):
    followed.append((uow.actor.name, fact, fact_id))


@pytest.fixture(autouse=True)
def followed():
    globals()["followed"] = []
    return globals()["followed"]


def outbox(clinic):
    return clinic.rows(
        "SELECT kind, attempts, done_at IS NOT NULL AS done, problem FROM outbox_event WHERE kind = 'LampLit'"
    )


def chain(clinic):
    with clinic.medibook._transaction(STRANGER, writes=False) as uow:
        return audit.chain_faults(uow.session)


def test_a_story_runs_at_one_instant_and_leaves_one_audit_row_in_the_chain(clinic):
    before = len(clinic.audit())
    assert clinic.perform(clinic.ada, light_lamp) == START
    last = clinic.rows("SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1")[0]._mapping
    assert (last["action"].split(".")[-1], last["outcome"], last["role"], last["reason"]) == (
        "light_lamp",
        "ok",
        "patient",
        "dark",
    )
    assert (last["entity_type"], last["actor_name"]) == ("lamp", "")
    assert UUID(str(last["patient_id"])) == clinic.ada.patient_id
    assert len(clinic.audit()) == before + 1
    assert chain(clinic) == []


def test_reading_leaves_no_audit_row(clinic):
    before = len(clinic.audit())
    assert clinic.perform(clinic.ada, look) == "Ada Abara"
    assert len(clinic.audit()) == before


@pytest.mark.parametrize(
    ("who", "refusal", "code"),
    [("stranger", SignInNeeded, "sign_in_needed"), ("eve", Forbidden, "forbidden")],
)
def test_whoever_may_not_is_refused_changes_nothing_and_is_written_down(clinic, who, refusal, code):
    with pytest.raises(refusal):
        clinic.perform(getattr(clinic, who), light_lamp)
    assert clinic.audit()[-1][0].endswith("light_lamp")
    assert clinic.audit()[-1][1] == code
    assert outbox(clinic) == []
    assert chain(clinic) == []


def test_what_is_not_there_is_refused_and_written_down(clinic):
    with pytest.raises(NotFound):
        clinic.perform(clinic.ada, light_lamp, fail=NotFound())
    assert clinic.audit()[-1][1] == "not_found"


def test_the_guard_also_stands_when_one_story_calls_another(clinic):
    @told(use_case, allow=anyone)
    def sneak(uow):
        light_lamp(uow)

    with pytest.raises(SignInNeeded):
        clinic.perform(STRANGER, sneak)


def test_an_unmarked_function_has_no_business_behind_the_door(clinic):
    with pytest.raises(TypeError, match="not a use case"):
        clinic.perform(clinic.eve, lambda uow: uow.session)


@pytest.mark.parametrize("fault", [Conflict(), ValueError("a bug")])
def test_a_story_that_fails_leaves_neither_fact_nor_audit_row(clinic, fault):
    before = len(clinic.audit())
    with pytest.raises(type(fault)):
        clinic.perform(clinic.ada, light_lamp, fail=fault)
    assert outbox(clinic) == []
    assert len(clinic.audit()) == before


def test_what_follows_in_the_transaction_acts_as_a_named_machine_and_fails_with_it(
    clinic, followed
):
    clinic.medibook.in_transaction = {LampLit: [follow]}
    clinic.perform(clinic.ada, light_lamp)
    assert [name for name, *_ in followed] == ["follows LampLit"]

    @told(use_case, allow=system_only)
    def stumble(uow, *, fact):
        raise Conflict

    clinic.medibook.in_transaction = {LampLit: [stumble]}
    with pytest.raises(Conflict):
        clinic.perform(clinic.ada, light_lamp)
    assert len(outbox(clinic)) == 1


def test_the_effects_of_a_fact_happen_after_the_commit_and_once(clinic, followed):
    clinic.medibook.after_commit = {LampLit: [follow]}
    clinic.perform(clinic.ada, light_lamp)
    assert followed == []
    clinic.work_off()
    clinic.work_off()
    ((name, fact, fact_id),) = followed
    assert (name, fact) == ("outbox", LampLit(clinic.ada.user_id))
    assert isinstance(fact_id, UUID)
    assert [tuple(row)[1:] for row in outbox(clinic)] == [(1, True, "")]


def test_a_poisoned_fact_is_set_aside_and_holds_up_nobody(clinic, followed):
    @told(use_case, allow=system_only)
    def choke(uow, *, fact, fact_id):
        if fact.user_id == clinic.ada.user_id:
            raise ValueError("poison")
        follow(uow, fact=fact, fact_id=fact_id)

    clinic.medibook.after_commit = {LampLit: [choke]}
    clinic.perform(clinic.ada, light_lamp)
    clinic.perform(clinic.ben, light_lamp)
    clinic.work_off()
    assert [fact.user_id for _, fact, _ in followed] == [clinic.ben.user_id]
    assert ("LampLit", 1, False, "ValueError") in [tuple(row) for row in outbox(clinic)]
    clinic.later(minutes=61)
    clinic.medibook.after_commit = {LampLit: [follow]}
    clinic.work_off()
    assert len(followed) == 2


def test_a_fact_that_nobody_can_read_holds_up_nobody(clinic, followed):
    clinic.medibook.after_commit = {LampLit: [follow]}
    clinic.perform(clinic.ada, light_lamp)
    with clinic.medibook.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE outbox_event SET kind = 'Renamed' WHERE kind = 'LampLit'")
        )
    clinic.perform(clinic.ben, light_lamp)
    clinic.work_off()
    assert [fact.user_id for _, fact, _ in followed] == [clinic.ben.user_id]
    put_aside = clinic.rows("SELECT problem, done_at FROM outbox_event WHERE kind = 'Renamed'")
    assert [tuple(row) for row in put_aside] == [("cannot be read", None)]


def test_effects_that_failed_are_tried_again_soon_and_then_less_and_less_often(clinic):
    tries = []

    @told(use_case, allow=system_only)
    def fail(uow, *, fact, fact_id):
        tries.append(uow.now - START)
        raise Busy

    clinic.medibook.after_commit = {LampLit: [fail]}
    clinic.perform(clinic.ada, light_lamp)
    for _ in range(240):
        clinic.work_off()
        clinic.later(seconds=30)
    waits = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920]


def test_a_fact_that_nothing_follows_from_is_kept_and_waits_for_nobody(clinic):
    clinic.work_off()
    clinic.perform(clinic.ada, light_lamp)
    assert clinic.work_off() == 0
    ((done_at,),) = clinic.rows("SELECT done_at FROM outbox_event WHERE kind = 'LampLit'")
    assert done_at is not None


def test_a_claim_whose_worker_died_falls_due_again(clinic):
    @told(use_case, allow=system_only)
    def follow(uow, *, fact, fact_id):
        pass

    clinic.work_off()
    clinic.medibook.after_commit = {LampLit: [follow]}
    clinic.perform(clinic.ada, light_lamp)
    with clinic.medibook._transaction(system("dying"), writes=True) as uow:
        from_outbox = sys.modules["medibook.kernel.outbox"]
        assert len(from_outbox.claim_due(uow.session, uow.now)) == 1
        uow.session.commit()
    assert clinic.work_off() == 0
    clinic.later(minutes=2)
    assert clinic.work_off() == 1


def test_a_listener_that_fails_takes_nothing_back(clinic, caplog):
    def listener(facts):
        raise RuntimeError("a screen is gone")

    clinic.medibook.on_commit.append(listener)
    clinic.perform(clinic.ada, light_lamp)
    assert len(outbox(clinic)) == 1
    assert "a listener failed after the commit" in caplog.text


class DeadlockError(Exception):
    sqlstate = "40P01"


class LockedError(Exception):
    def __str__(self):
        return "database is locked"


@pytest.mark.parametrize(("times", "answer"), [(1, "done"), (3, "done"), (4, None)])
def test_a_deadlock_is_tried_again_three_times(clinic, times, answer):
    tries = []

    @told(use_case, allow=patient)
    def collide(uow):
        tries.append(uow)
        if len(tries) <= times:
            raise DBAPIError("…", {}, DeadlockError())
        return "done"

    if answer:
        assert clinic.perform(clinic.ada, collide) == answer
    else:
        with pytest.raises(DBAPIError):
            clinic.perform(clinic.ada, collide)
    assert len(tries) == min(times + 1, 4)


def test_a_lock_that_is_not_to_be_had_is_a_sentence_not_an_accident(clinic):
    with pytest.raises(Busy):
        clinic.perform(clinic.ada, light_lamp, fail=DBAPIError("…", {}, LockedError()))


@pytest.mark.parametrize(
    "words",
    ["canceling statement due to lock timeout", "storniere Anfrage wegen Zeitüberschreitung"],
)
def test_a_lock_that_is_not_to_be_had_is_known_in_every_language(words):
    cause = Exception(words)
    cause.sqlstate = "55P03"
    assert is_lock_timeout(DBAPIError("…", {}, cause))


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_who_waits_behind_a_locked_database_is_told_in_time_and_reading_goes_on(
    sqlite_cast, tmp_path, monkeypatch
):
    path, cast = tmp_path / "clinic.db", sqlite_cast[1]
    shutil.copyfile(sqlite_cast[0], path)
    medibook, clock = build(sqlite_url(path))
    clinic = Clinic(medibook, clock, cast)
    token = clinic.signs_in("ada@example.org").token
    clinic.later(minutes=5)  # a sign of life is due
    monkeypatch.setattr(db, "PATIENCE", 1.0)
    # Another process, as a backup would be: within one, SQLite's locks do not tell themselves apart.
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as backup:
        backup.stdout.readline()
        since = monotonic()
        told_them = at_once(
            *[lambda: clinic.perform(clinic.ada, light_lamp)] * 4,
            lambda: clinic.perform(clinic.ada, follow, fact=None),
        )
        assert [type(answer) for answer in told_them] == [Busy] * 5
        assert monotonic() - since < 3
        assert clinic.actor(token).user_id == clinic.ada.user_id
        backup.stdin.close()
    assert clinic.perform(clinic.ada, light_lamp)
    medibook.engine.dispose()


def test_how_long_to_wait_is_said_to_a_connection_only_when_it_changes(tmp_path):
    engine, said = db.make_engine(sqlite_url(tmp_path / "one.db")), []
    sa.event.listen(engine, "before_cursor_execute", lambda *words: said.append(words[2]))
    for patience in (None, None, 0.5, 0.5, None):
        options = db.begin_options(writes=False, patience=patience)
        with engine.connect().execution_options(**options) as connection:
            waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            assert waits == round((patience or db.PATIENCE) * 1000)
    assert [words for words in said if "=" in words] == [
        "PRAGMA busy_timeout=10000",
        "PRAGMA busy_timeout=500",
        "PRAGMA busy_timeout=10000",
    ]
    engine.dispose()


def test_many_writers_at_once_leave_one_gapless_chain(clinic):
    before = len(clinic.audit())
    threads = [
        threading.Thread(target=lambda: [clinic.perform(clinic.ada, light_lamp) for _ in range(5)])
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(clinic.audit()) == before + 30
    assert chain(clinic) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET outcome = 'ok'", "DELETE FROM audit_event"]
)
def test_the_database_keeps_the_audit_log_as_it_is(clinic, statement):
    with pytest.raises(DBAPIError), clinic.medibook.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_the_audit_log_is_not_written_over_and_not_emptied(clinic):
    clinic.perform(clinic.ada, light_lamp)
    on_sqlite = clinic.medibook.engine.dialect.name == "sqlite"
    replace = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"
    with pytest.raises(DBAPIError, match="is history"), clinic.medibook.engine.begin() as opened:
        opened.execute(sa.text(replace if on_sqlite else "TRUNCATE audit_event"))


def test_a_removed_tail_is_noticed(clinic):
    clinic.perform(clinic.ada, light_lamp)
    with clinic.medibook.engine.begin() as connection:
        for guard in guards(connection, "audit_event"):
            connection.execute(sa.text(guard))
        connection.execute(
            sa.text("DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)")
        )
    assert chain(clinic)


def test_it_is_noticed_when_the_end_of_the_log_goes_with_its_tail(clinic):
    clinic.perform(clinic.ada, light_lamp)
    with clinic.medibook.engine.begin() as connection:
        for guard in guards(connection, "audit_event"):
            connection.execute(sa.text(guard))
        connection.execute(
            sa.text("DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)")
        )
        connection.execute(sa.text("DELETE FROM audit_head"))
    assert chain(clinic)


def test_strangers_cannot_fill_the_audit_log(clinic):
    before = len(clinic.audit())
    for _ in range(STRANGERS_REFUSALS - 10):
        clinic.medibook.throttle.hit(
            "refused", "strangers", times=STRANGERS_REFUSALS, within=timedelta(minutes=10)
        )
    for _ in range(20):
        with pytest.raises(SignInNeeded):
            clinic.perform(STRANGER, look)
    assert len(clinic.audit()) == before + 10
    with pytest.raises(Forbidden):
        clinic.perform(clinic.ada, follow, fact=None)
    assert len(clinic.audit()) == before + 11


def guards(connection, table):
    if connection.dialect.name == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    names = connection.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
        {"t": table},
    )
    return [f"DROP TRIGGER {name}" for (name,) in names]


def test_the_adapters_speak_to_the_application_that_was_installed(clinic):
    assert current() is clinic.medibook


CRASH = """
import sys
from medibook.kernel.actor import system
from medibook.kernel.settings import Env, Settings
from medibook.people.service import create_admin
from tests.support.clinic import PASSWORD, build
url, point = sys.argv[1:]
medibook, _ = build(url, Settings(env=Env.TEST, db_url=url, crash_at=point))
medibook.perform(system("cli"), create_admin, email="ivy@example.org", name="Ivy Iso", password=PASSWORD)
"""


@pytest.mark.parametrize(("when", "there"), [("before-commit", 0), ("after-commit", 1)])
def test_a_process_that_is_killed_loses_nothing_committed_and_keeps_nothing_else(
    clinic, when, there
):
    url = clinic.medibook.engine.url.render_as_string(hide_password=False)
    point = f"people.service.accounts.create_admin:{when}"
    done = subprocess.run([sys.executable, "-c", CRASH, url, point], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert clinic.rows("SELECT count(*) FROM user_account WHERE email = 'ivy@example.org'") == [
        (there,)
    ]
    assert clinic.rows(
        "SELECT count(*) FROM audit_event WHERE action = 'people.service.accounts.create_admin'"
    ) == [(1 + there,)]
    assert chain(clinic) == []
    clinic.perform(clinic.ada, light_lamp)
