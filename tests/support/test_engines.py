"""The tests' own ground: clean databases on both engines, and words when an engine is missing."""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from medibook.kernel.db import make_engine
from tests.support import postgres as support


def rows_after_adding_one(url: str) -> int:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE footprint (id INTEGER)"))
        connection.execute(sa.text("INSERT INTO footprint VALUES (1)"))
        found = connection.execute(sa.text("SELECT count(*) FROM footprint")).scalar_one()
    engine.dispose()
    return found


@pytest.mark.parametrize("visit", ["first", "second"])
def test_every_test_gets_a_database_without_the_footprints_of_another(db_url, visit):
    assert rows_after_adding_one(db_url) == 1


def test_a_missing_postgresql_is_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.delenv("MEDIBOOK_TEST_PG_URL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(support, "DEBIAN_BINARIES", tmp_path)
    with (
        pytest.raises(support.PostgresMissing, match="apt-get install postgresql"),
        support.server(),
    ):
        pass


def test_a_named_server_is_used_and_left_clean(monkeypatch, postgres):
    named = postgres.admin.render_as_string(hide_password=False)
    monkeypatch.setenv("MEDIBOOK_TEST_PG_URL", named)
    with support.server() as there:
        assert there.admin == postgres.admin
        left = there.create()
        assert rows_after_adding_one(left) == 1
    with pytest.raises(sa.exc.OperationalError, match="does not exist"):
        rows_after_adding_one(left)


def test_any_command_can_be_given_a_postgresql_of_its_own():
    ask = "import os, sys; sys.exit(7 if 'psycopg://' in os.environ['MEDIBOOK_DB_URL'] else 1)"
    asked = [sys.executable, "-m", "tests.support.postgres", "--durable", "--", sys.executable]
    assert subprocess.run([*asked, "-c", ask], check=False).returncode == 7
