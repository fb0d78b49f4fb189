"""The directory's heartbeat: whoever is missing comes in, and bounds that the clock overtook go on."""

from medibook.directory import service as directory
from medibook.kernel.actor import system
from medibook.kernel.application import MediBook

_ROUNDS = 20  # of 250 each: a country's directory is looked through in a few beats


def mend_directory(medibook: MediBook) -> int:
    """Enter who is missing or has changed, then mend next free times; returns how many were changed.

    What is found is read first and written afterwards, in a short transaction: nobody who books
    waits for the looking.
    """
    me = system("mend-directory")
    done = 0
    for _ in range(_ROUNDS * 5):
        astray = medibook.perform(me, directory.astray_in_directory)
        if not astray:
            break
        medibook.perform(me, directory.enter_into_directory, practitioner_ids=astray)
        done += len(astray)
    for _ in range(_ROUNDS):
        mended = medibook.perform(me, directory.stale_bounds)
        if not mended:
            break
        done += medibook.perform(me, directory.raise_bounds, mended=mended)
        if len(mended) < directory.AT_ONCE:
            break
    return done
