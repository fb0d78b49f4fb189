"""What every test may use: the two engines, the cast, the served clinic, and how hard to search."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.support.gate",
    "tests.support.postgres",
    "tests.support.engines",
    "tests.support.browser",
    "tests.support.clinic",
    "tests.support.visits",
)

# The gate searches wide and prints what it found, so that the example can be pasted into a test;
# a developer's run is quick. No deadline: a machine shared with a build is slow without being wrong.
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", max_examples=60, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
