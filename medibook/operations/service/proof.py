"""A scratch copy to fight over, and what is true in it afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from medibook.kernel.application import MediBook
from medibook.kernel.db import make_engine
from medibook.operations.access import Session, overlaps, scratch
from medibook.operations.rules.seeds import ClinicSeed
from medibook.operations.schemas import Violation
from medibook.operations.service.check import check_invariants


@contextmanager
def scratch_copy(
    server: str | None,
    clinic: ClinicSeed,
    *,
    name: str,
    migrate: Callable[[str], object],
    is_guarded: bool = True,
) -> Iterator[str]:
    """The URL of a database of its own with this clinic in it; gone after the block.

    Unguarded, the database no longer refuses overlaps.
    """
    with scratch.scratch_database(server, name=name) as url:
        migrate(url)
        engine = make_engine(url)
        scratch.fill(engine, clinic)
        if not is_guarded:
            scratch.drop_guards(engine)
        engine.dispose()
        yield url


def disable_locks(medibook: MediBook) -> None:
    """Let this process's writers look first and write later, with nothing in between."""
    scratch.disable_locks(medibook.engine)


def state_of(url: str, now: datetime) -> tuple[int, tuple[Violation, ...]]:
    """Count the overlapping pairs among visits and holds, from rows, and ask for every invariant.

    A pair that overlaps for practitioner, room and patient at once is one pair.
    """
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            found = [
                *overlaps.overlapping_busy_time(session),
                *overlaps.overlapping_visits(session, now),
            ]
            pairs = {frozenset((one.source_id, other.source_id)) for one, other in found}
            return len(pairs), check_invariants(session, now)
    finally:
        engine.dispose()
