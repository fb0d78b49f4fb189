"""What a clinic had before there were pools is still there afterwards, and on the way back."""

import pytest
import sqlalchemy as sa

from alembic import command
from medibook.cli.migrate import config_for
from medibook.kernel.db import make_engine

LOCATION, ROOM, TALK, SURGERY = (f"{digit * 8}-0000-4000-8000-{digit * 12}" for digit in "1234")


def rows(url, statement):
    engine = make_engine(url)
    with engine.begin() as connection:
        found = connection.execute(sa.text(statement))
        answer = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return answer


@pytest.fixture
def before(empty_db_url):
    """A clinic as it was before: one room, one visit type that needs any room, one that needs none."""
    command.upgrade(config_for(empty_db_url), "0003")
    own = str if "postgres" in empty_db_url else (lambda key: key.replace("-", ""))
    rows(
        empty_db_url,
        "INSERT INTO location (id, name, address, city, postcode, country, zone, phone) "
        f"VALUES ('{own(LOCATION)}', 'Elm Row', '1', 'London', '', 'GB', 'Europe/London', '')",
    )
    rows(empty_db_url, f"INSERT INTO room VALUES ('{own(ROOM)}', '{own(LOCATION)}', 'Room 1')")
    for key, name, needs in ((TALK, "Talk", "false"), (SURGERY, "Surgery", "true")):
        rows(
            empty_db_url,
            "INSERT INTO service (id, name, minutes, buffer_before_minutes, buffer_after_minutes, "
            f"needs_room) VALUES ('{own(key)}', '{name}', 20, 0, 0, {needs})",
        )
    return empty_db_url


def test_the_rooms_that_were_there_become_one_pool_and_go_back(before):
    command.upgrade(config_for(before), "0004")
    ((pool, name),) = rows(before, "SELECT id, name FROM room_pool")
    assert name == "Rooms"
    assert rows(before, "SELECT pool_id FROM room") == [(pool,)]
    needed = rows(before, "SELECT name, pool_id, is_video, visit_kind FROM service ORDER BY name")
    assert [(n, p, bool(v), k) for n, p, v, k in needed] == [
        ("Surgery", pool, False, "any"),
        ("Talk", None, False, "any"),
    ]
    command.downgrade(config_for(before), "0003")
    back = rows(before, "SELECT name, minutes, needs_room FROM service ORDER BY name")
    assert [(n, m, bool(r)) for n, m, r in back] == [("Surgery", 20, True), ("Talk", 20, False)]
    assert rows(before, "SELECT name FROM room") == [("Room 1",)]


def test_a_clinic_without_rooms_gets_no_pool(empty_db_url):
    command.upgrade(config_for(empty_db_url), "0004")
    assert rows(empty_db_url, "SELECT id FROM room_pool") == []
