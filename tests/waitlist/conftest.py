"""A clinic in business, wired as the house is: what is freed goes to whoever waits."""

import pytest

from medibook.wiring import IN_TRANSACTION
from tests.support.visits import OpenClinic
from tests.waitlist.queue import WaitingClinic


@pytest.fixture
def waiting(open_clinic: OpenClinic) -> WaitingClinic:
    """The clinic with a list, on each engine."""
    open_clinic.medibook.in_transaction = IN_TRANSACTION
    return WaitingClinic(open_clinic.medibook, open_clinic.clock, open_clinic.cast)
