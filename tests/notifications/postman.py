"""A process that delivers until it is killed: ``python -m tests.notifications.postman``.

It has read every module once and forks for each order that stdin brings (a line of JSON with the
settings), so that a round costs milliseconds. The child says who it is and waits for a word before
it begins, so that whoever wants to kill it knows whom.
"""

import json
import logging
import os
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from medibook.kernel.settings import Settings
from medibook.notifications import jobs, rules
from medibook.notifications.channels import choosing
from medibook.notifications.channels.circuit import Circuit
from medibook.notifications.channels.sendgrid import SendGrid
from medibook.notifications.channels.twilio import Twilio
from medibook.notifications.service import delivery
from medibook.wiring import STILL_TRUE, build_medibook


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        children = [start(order) for _ in range(order.get("copies", 1))]
        for child in children:
            _, status = os.waitpid(child, 0)
            say("end", os.waitstatus_to_exitcode(status))


def start(order: dict) -> int:
    child = os.fork()
    if child == 0:
        try:
            obey(order)
        finally:
            os._exit(0)
    return child


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def obey(order: dict) -> None:
    """Go round once; or, with ``until``, again and again until that file is there."""
    say("child", os.getpid())
    os.read(0, 1)  # the word to begin
    if lease := order.get("lease"):
        hurry(lease)
    delivery.CLAIMED_AT_ONCE = order.get("share", delivery.CLAIMED_AT_ONCE)
    medibook = build_medibook(Settings(**order["settings"]))
    if until := order.get("until"):
        while not Path(until).exists():
            beat(medibook)
            time.sleep(0.1)
    else:
        jobs.deliver_messages(medibook, STILL_TRUE)


def beat(medibook) -> None:
    try:
        jobs.deliver_messages(medibook, STILL_TRUE)
    except Exception:  # as the scheduler: a heartbeat that fails once must beat again
        logging.getLogger("postman").exception("the beat failed")


def hurry(lease: float) -> None:
    """Leases run out, and records are asked, after seconds: a proof need not wait for minutes."""
    rules.LEASE = jobs.LEASE = timedelta(seconds=lease)
    jobs._FRESH = lease / 5
    rules.PAUSE = rules.LOOK_AFTER = rules.LOOK_AGAIN = timedelta(seconds=lease / 5)
    choosing.Circuit = partial(Circuit, pause=timedelta(seconds=lease / 5))
    SendGrid.settles_after = Twilio.settles_after = timedelta(seconds=lease / 10)


if __name__ == "__main__":
    main()
