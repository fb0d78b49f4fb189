"""A demo clinic on each engine, laid once; each test harms it in a transaction of its own."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from medibook.kernel import audit
from medibook.kernel.actor import system
from medibook.kernel.db import begin_options, make_engine
from medibook.operations.access import seeding
from medibook.operations.rules.demo import demo_clinic
from tests.support.engines import ENGINES, sqlite_url
from tests.support.postgres import Server

# A Wednesday, on which London is in surgery, four weeks after Berlin left summer time.
NOW = datetime(2026, 11, 18, 10, 7, tzinfo=UTC)


@pytest.fixture(scope="session", params=ENGINES)
def demo_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The demo clinic as of NOW, on each engine; nobody commits to it."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("demo") / "demo.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = sqlite_url(path)
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(template=request.getfixturevalue("postgresql_template"))
    engine = make_engine(url)
    with Session(engine) as session:
        seeding.write(session, demo_clinic(NOW), password_hash="not a hash of anything")
        for action in ("first", "second", "third"):
            audit.append(session, system("seed"), NOW, action=action)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def session(demo_engine: Engine) -> Iterator[Session]:
    """A transaction on the demo clinic that is taken back, whatever the test did."""
    with Session(demo_engine) as opened:
        opened.connection(execution_options=begin_options(writes=True))
        yield opened
        opened.rollback()
