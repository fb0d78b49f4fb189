"""migrate, demo, create-admin, create-staff, check: said twice they do no harm, and they refuse in words."""

import json
import stat

import pytest
import sqlalchemy as sa

from medibook.http.readiness import readiness
from medibook.kernel.db import make_engine
from medibook.kernel.settings import Env, Settings
from medibook.operations.rules.demo import DEMO_IN_PRODUCTION, PASSPHRASE
from medibook.wiring import build_medibook


def execute(terminal, statement: str) -> None:
    engine = make_engine(terminal.environment["MEDIBOOK_DB_URL"])
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def test_migrate_makes_the_tables_and_a_second_run_changes_nothing(terminal):
    assert json.loads(terminal.run("migrate", "--json").stdout)["migrated"][0] == "0001"
    again = terminal.run("migrate", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, {"migrated": []})


def test_migrate_refuses_a_database_that_is_newer_than_the_code(terminal):
    terminal.run("migrate")
    execute(terminal, "UPDATE alembic_version SET version_num = '9999'")
    refused = terminal.run("migrate")
    assert refused.exit_code == 2
    assert "9999" in refused.stderr
    assert "newer" in refused.stderr


def test_the_demo_is_made_once_and_leaves_its_accounts_to_their_owner_alone(terminal):
    made = json.loads(terminal.run("demo", "--json").stdout)
    again = json.loads(terminal.run("demo", "--json").stdout)
    assert (made["was_there"], again["was_there"]) == (False, True)
    assert (made["practitioners"], made["patients"]) == (13, 60)
    kept = terminal.data_dir / "demo-accounts.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    accounts = json.loads(kept.read_text())["accounts"]
    assert [a["email"] for a in accounts][:2] == ["patient@demo.example", "doctor@demo.example"]
    assert {a["passphrase"] for a in accounts} == {PASSPHRASE}
    assert terminal.run("check").exit_code == 0


def test_a_reset_wipes_everything_but_asks_before(terminal):
    terminal.run("demo")
    execute(terminal, "UPDATE location SET name = 'Somewhere else'")
    assert terminal.run("demo", "--reset", typed="n\n").exit_code == 1
    assert json.loads(terminal.run("demo", "--json").stdout)["was_there"] is True
    reset = json.loads(terminal.run("demo", "--reset", "--yes", "--json").stdout)
    assert reset["was_there"] is False


def test_the_demo_is_refused_where_a_clinic_stands_already(terminal):
    terminal.run("migrate")
    secret = {"MEDIBOOK_ADMIN_PASSWORD": "seven violet ladders and a moon"}
    made = terminal.run("create-admin", "eve@clinic.example", "Eve", **secret)
    assert made.exit_code == 0, made.output
    refused = terminal.run("demo")
    assert refused.exit_code == 2
    assert "holds a clinic already" in refused.stderr


def test_the_demo_is_refused_in_production(terminal):
    safe = {"MEDIBOOK_SECRET_KEY": "x" * 40, "MEDIBOOK_BASE_URL": "https://clinic.example"}
    refused = terminal.run("demo", MEDIBOOK_ENV="production", **safe)
    assert refused.exit_code == 2
    assert "production" in refused.stderr


def test_production_does_not_serve_the_demo_whose_passphrase_everybody_knows(terminal):
    safe = {
        "MEDIBOOK_ENV": "production",
        "MEDIBOOK_SECRET_KEY": "x" * 40,
        "MEDIBOOK_BASE_URL": "https://clinic.example",
    }
    terminal.run("demo")
    refused = terminal.run("run", **safe)
    assert refused.exit_code == 2
    assert "holds the demo clinic" in refused.stderr
    settings = Settings(env=Env.PRODUCTION, db_url=terminal.environment["MEDIBOOK_DB_URL"],
                        secret_key="x" * 40, base_url="https://clinic.example")  # fmt: skip
    medibook = build_medibook(settings)
    assert readiness(medibook)() == [DEMO_IN_PRODUCTION]
    execute(terminal, "UPDATE user_account SET email = REPLACE(email, 'demo.example', 'x.example')")
    assert readiness(medibook)() == []
    medibook.engine.dispose()


def test_create_admin_takes_the_password_from_standard_input_and_refuses_a_short_one(terminal):
    terminal.run("migrate")
    refused = terminal.run("create-admin", "eve@clinic.example", "Eve", typed="short\n")
    assert refused.exit_code == 2
    assert "password:" in refused.stderr
    words = "seven violet ladders and a moon\n"
    assert terminal.run("create-admin", "eve@clinic.example", "Eve", typed=words).exit_code == 0


def test_an_operator_makes_the_accounts_of_the_front_desk(terminal):
    terminal.run("migrate")
    secret = {"MEDIBOOK_STAFF_PASSWORD": "seven violet ladders and a moon"}
    made = terminal.run("create-staff", "gus@clinic.example", "Gus", **secret)
    assert made.exit_code == 0, made.output
    engine = make_engine(terminal.environment["MEDIBOOK_DB_URL"])
    with engine.connect() as connection:
        kept = sa.text("SELECT role, status FROM user_account WHERE email = 'gus@clinic.example'")
        assert tuple(connection.execute(kept).one()) == ("staff", "active")
    engine.dispose()


def test_check_names_what_is_wrong_and_ends_with_one(terminal):
    terminal.run("demo")
    execute(terminal, "UPDATE user_account SET status = 'suspended' WHERE role = 'admin'")
    told = terminal.run("check", "--json")
    assert told.exit_code == 1
    assert [v["invariant"] for v in json.loads(told.stdout)["violations"]] == ["I16"]


@pytest.mark.parametrize("command", ["migrate", "demo", "check"])
def test_wrong_settings_are_all_told_at_once(terminal, command):
    refused = terminal.run(command, MEDIBOOK_ENV="holiday", MEDIBOOK_SESSION_HOURS="0")
    assert refused.exit_code == 2
    assert "MEDIBOOK_ENV" in refused.stderr
    assert "MEDIBOOK_SESSION_HOURS" in refused.stderr
