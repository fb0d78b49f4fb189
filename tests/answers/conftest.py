"""What tests of answers share with those of the waiting list."""

from tests.waitlist.conftest import waiting
from tests.waitlist.test_promotion import full

__all__ = ["full", "waiting"]
