"""Ada and Ben come to Dr Cho on Wednesday, who will be ill."""

import pytest

from tests.absences.support import WEDNESDAY, wired


@pytest.fixture
def house(open_clinic):
    """Nobody has a visit yet."""
    return wired(open_clinic)


@pytest.fixture
def booked(house):
    """Ada at nine, Ben at nine twenty."""
    house.notes["ada"] = house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00", reason="rash")
    house.notes["ben"] = house.books("Ben", "Dr Cho", f"{WEDNESDAY} 09:20")
    house.work_off()
    return house
