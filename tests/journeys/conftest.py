"""Every test of this folder drives the served clinic in a real Chromium."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.support.browser import Served

_LEAST_BUSY = """
select substr(user_account.email, 1, instr(user_account.email, '@') - 1)
from user_account join patient on patient.user_id = user_account.id
left join appointment on appointment.patient_id = patient.id
    and appointment.status not in ('cancelled', 'fulfilled', 'noshow')
where user_account.email glob 'patient[0-9][0-9]@*'
group by user_account.id order by count(appointment.id), user_account.email
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            # A browser on two busy cores may be late once; what is wrong is wrong twice. A second
            # go is named in the summary (R), so that it is looked at and not lived with.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def _people(served: Served) -> Iterator[str]:
    with closing(sqlite3.connect(served.data_dir / "medibook.db")) as rows:
        return iter([name for (name,) in rows.execute(_LEAST_BUSY)])


@pytest.fixture
def somebody(_people: Iterator[str]) -> Callable[[], str]:
    """Another patient of the demo at each call, with room for more visits."""
    return lambda: next(_people)
