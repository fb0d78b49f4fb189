"""Deny by default: every door stands in surface.txt, says who may use it, and lets no row out."""

from collections.abc import Iterator

import pytest
import reflex as rx
from fastapi import APIRouter, FastAPI
from reflex_base.registry import RegistrationContext
from sqlmodel import Field, SQLModel

from medibook.cli import doors
from tests.architecture import surface


@pytest.fixture(scope="module")
def walked() -> surface.Walked:
    """The doors of the demo clinic."""
    return surface.walk()


def test_every_door_is_on_the_reviewed_list(walked):
    kept, seen = set(surface.KEPT.read_text().splitlines()), set(walked.doors)
    assert (sorted(seen - kept), sorted(kept - seen)) == ([], []), (
        "the doors have changed; review them, then: python -m tests.architecture.surface"
    )


def test_every_handler_says_who_may_and_leaves_the_loop_free_and_no_value_holds_a_row(walked):
    assert walked.faults == []


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
    found = {h.name.rsplit(".", 1)[-1]: h for h in doors.handlers()}
    assert set(found) == {"undeclared(claim)", "blocking()", "plain_method()"}
    assert {h.who for h in found.values()} == {doors.UNDECLARED}
    assert [name for name, h in found.items() if h.is_async] == ["undeclared(claim)"]


def test_the_walk_sees_a_row_on_its_way_to_the_browser(planted):
    assert [v.rows for v in doors.shown_values()] == [("PlantedRow",)]


def test_the_walk_sees_the_routes_of_every_room():
    inner, outer, api = (
        APIRouter(prefix="/inner"),
        APIRouter(prefix="/outer"),
        FastAPI(openapi_url=None),
    )
    inner.add_api_route("/leak", lambda: None, methods=["POST"])
    outer.include_router(inner)
    api.include_router(outer)
    assert doors.routes(api) == ["route POST /outer/inner/leak"]
