"""One step of the list in a process of its own, which kills itself where it is told to.

``python -m tests.waitlist.beater <database> <instant> <where it dies> beat`` is one beat of the list's
heart; ``… accept <offer> <account> <patient>`` is somebody's one tap.
"""

import sys
from datetime import datetime
from uuid import UUID

from medibook.kernel.actor import Actor, Role
from medibook.kernel.settings import Env, Settings
from medibook.waitlist import jobs
from medibook.waitlist import service as waitlist
from medibook.wiring import build_medibook


class StandingClock:
    """A clock that stands where the test's clock stands."""

    def __init__(self, at: str) -> None:
        self.time = datetime.fromisoformat(at)

    def now(self) -> datetime:
        return self.time


def main(url: str, at: str, crash_at: str, act: str, *ids: str) -> None:
    settings = Settings(env=Env.TEST, db_url=url, crash_at=crash_at)
    medibook = build_medibook(settings, clock=StandingClock(at))
    if act == "beat":
        jobs.lapse_offers(medibook)
        return
    offer_id, user_id, patient_id = map(UUID, ids)
    who = Actor(role=Role.PATIENT, user_id=user_id, patient_id=patient_id, name="the one who taps")
    medibook.perform(who, waitlist.accept_offer, offer_id=offer_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
