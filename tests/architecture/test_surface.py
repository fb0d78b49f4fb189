"""Deny by default: every door stands in surface.txt, says who may use it, and lets no row out."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import reflex as rx
from fastapi import APIRouter, FastAPI
from reflex_base.registry import RegistrationContext
from sqlmodel import Field, SQLModel

from tests.architecture import surface
from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The doors of the demo clinic, walked in a process of their own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
    env |= {"MEDIBOOK_ENV": "demo", "MEDIBOOK_DATA_DIR": str(tmp_path_factory.mktemp("doors"))}
    return subprocess.run(
        [sys.executable, "-m", "tests.architecture.surface"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_door_is_on_the_reviewed_list(walked):
    kept = surface.KEPT.read_text().splitlines()
    seen = walked.stdout.splitlines()
    new, gone = sorted(set(seen) - set(kept)), sorted(set(kept) - set(seen))
    assert (new, gone) == ([], []), (
        "the doors have changed; review them, then: python -m tests.architecture.surface --write\n"
        + walked.stderr
    )


def test_every_handler_says_who_may_and_runs_off_the_loop_and_no_var_holds_a_row(walked):
    assert (walked.returncode, walked.stderr) == (0, "")


# What the walk must notice, planted in a registry of its own: nothing of it reaches the application.


@pytest.fixture
def own_registry() -> Iterator[RegistrationContext]:
    with RegistrationContext() as registry:
        yield registry


class PlantedRow(SQLModel, table=True):
    __tablename__ = "planted_row_of_the_surface_test"
    id: int = Field(primary_key=True)


SQLModel.metadata.remove(PlantedRow.__table__)  # the migrations are compared with the true tables


@pytest.fixture
def planted(own_registry: RegistrationContext) -> type[rx.State]:
    class Planted(rx.State):
        rows: list[PlantedRow] = []
        _kept: str = ""

        @rx.event
        async def undeclared(self, claim: str): ...

        @rx.event
        def blocking(self): ...

        def plain_method(self): ...

    Planted.__module__ = "medibook.planted.pages.planted"
    for handler in Planted.event_handlers.values():
        handler.fn.__dict__.setdefault("__module__", "medibook.planted.pages.planted")
        if handler.fn.__module__ == __name__:
            handler.fn.__module__ = "medibook.planted.pages.planted"
    return Planted


def test_the_walk_sees_what_nobody_declared(planted):
    found = {h.name.rsplit(".", 1)[-1]: h for h in surface.handlers()}
    assert set(found) == {"undeclared(claim)", "blocking()", "plain_method()"}
    assert {h.who for h in found.values()} == {surface.UNDECLARED}
    assert [name for name, h in found.items() if h.is_async] == ["undeclared(claim)"]


def test_the_walk_sees_a_row_on_its_way_to_the_browser(planted):
    assert [v.rows for v in surface.public_vars()] == [("PlantedRow",)]


def test_the_walk_sees_the_routes_of_every_room():
    inner, outer, api = (
        APIRouter(prefix="/inner"),
        APIRouter(prefix="/outer"),
        FastAPI(openapi_url=None),
    )
    inner.add_api_route("/leak", lambda: None, methods=["POST"])
    outer.include_router(inner)
    api.include_router(outer)
    assert surface.routes(api) == ["route POST /outer/inner/leak"]
