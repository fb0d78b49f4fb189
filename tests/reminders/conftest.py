"""The clinic in business, with reminders wired as in the house, and numbers that can be texted."""

import pytest

from medibook.wiring import IN_TRANSACTION
from tests.support.visits import OpenClinic


@pytest.fixture
def reminding(open_clinic: OpenClinic) -> OpenClinic:
    """The clinic as it is wired; its SMS stand in the mailbox, as its letters do."""
    open_clinic.medibook.in_transaction = IN_TRANSACTION
    return open_clinic
