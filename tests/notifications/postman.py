"""A process that delivers until it is killed: ``python -m tests.notifications.postman``.

It has read every module once and forks for each round that stdin asks for (a line of JSON with the
settings), so that a round costs milliseconds. The child says who it is and waits for a line before
it begins, so that whoever wants to kill it knows whom.
"""

import json
import os
import sys

from medibook.kernel.settings import Settings
from medibook.notifications import jobs, rules
from medibook.wiring import STILL_TRUE, build_medibook


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                go_round(order)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        say("end", os.waitstatus_to_exitcode(status))


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def go_round(order: dict) -> None:
    say("child", os.getpid())
    os.read(0, 1)  # the word to begin
    if lease := order.get("lease"):
        shorter_lease(lease)
    medibook = build_medibook(Settings(**order["settings"]))
    rounds = order.get("rounds", 1)
    while rounds:
        say("took", jobs.deliver_messages(medibook, STILL_TRUE))
        rounds -= 1


def shorter_lease(seconds: float) -> None:
    """A proof that a lease runs out need not wait for five minutes."""
    rules.LEASE = type(rules.LEASE)(seconds=seconds)
    jobs._FRESH = seconds / 5


if __name__ == "__main__":
    main()
