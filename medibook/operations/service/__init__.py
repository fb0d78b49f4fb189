"""What an operator asks: make the demo clinic, check the invariants."""

from medibook.operations.service.broadcasting import (
    ABOUT,
    broadcast_result,
    broadcast_still_goes_on,
    broadcasts,
    check_broadcast,
    schedule_broadcast,
    stop_broadcast,
    tell_next_readers,
    try_broadcast,
)
from medibook.operations.service.check import check_invariants
from medibook.operations.service.demo import demo_is_there, has_demo_accounts, seed_demo
from medibook.operations.service.promises import promise_sheet

__all__ = [
    "ABOUT",
    "broadcast_result",
    "broadcast_still_goes_on",
    "broadcasts",
    "check_broadcast",
    "check_invariants",
    "demo_is_there",
    "has_demo_accounts",
    "promise_sheet",
    "schedule_broadcast",
    "seed_demo",
    "stop_broadcast",
    "tell_next_readers",
    "try_broadcast",
]
