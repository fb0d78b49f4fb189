"""What an operator asks: make the demo clinic, check the invariants."""

from medibook.operations.service.check import check_invariants
from medibook.operations.service.demo import demo_is_there, has_demo_accounts, seed_demo
from medibook.operations.service.promises import promise_sheet

__all__ = [
    "check_invariants",
    "demo_is_there",
    "has_demo_accounts",
    "promise_sheet",
    "seed_demo",
]
