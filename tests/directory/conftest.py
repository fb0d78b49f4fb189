"""The clinic in business with its directory kept, as the house is wired."""

from __future__ import annotations

import pytest

from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.kernel.actor import system
from medibook.wiring import IN_TRANSACTION
from tests.support.visits import OpenClinic


@pytest.fixture
def listed_clinic(open_clinic: OpenClinic) -> OpenClinic:
    """Dr Cho and Dr Diaz can be found; whatever happens from now on is followed."""
    open_clinic.medibook.in_transaction = IN_TRANSACTION
    open_clinic.perform(system("test"), directory.rebuild_directory)
    mend_directory(open_clinic.medibook)
    return open_clinic
