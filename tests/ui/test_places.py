"""The navigation leads nobody to a page that turns them away, and fits at the bottom of a phone."""

import importlib
import pkgutil

import pytest

import medibook
from medibook.ui.places import PLACES
from medibook.ui.shell import PAGES, with_slash
from tests.architecture.role_matrix import CAST

ENTRIES = [(role, place.path) for role, places in PLACES.items() for place in places]


@pytest.fixture(scope="module")
def pages():
    """Every page of the app, by its address."""
    for found in pkgutil.walk_packages(medibook.__path__, "medibook."):
        if ".pages." in found.name:
            importlib.import_module(found.name)
    return {with_slash(page.path): page for page in PAGES}


@pytest.mark.parametrize(("role", "path"), ENTRIES)
def test_every_main_place_lets_its_role_in(pages, role, path):
    actor = CAST[role or "stranger"]
    refused = [load for load in pages[path].on_load if not load.fn.__allow__(actor)]
    assert refused == []


def test_admins_see_the_front_desks_day_and_the_front_desk_what_the_clinic_is():
    assert ("admin", "/desk/") in ENTRIES
    assert ("staff", "/admin/places/") in ENTRIES


@pytest.mark.parametrize("role", PLACES)
def test_a_phone_has_room_for_five_places(role):
    assert len(PLACES[role]) <= 5
