"""How the whole suite runs: the long files first, and a failure says its name when it happens."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Where failures are told: by the process that has the screen, not by those that share the work."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Telling(config), "told-at-once")


@pytest.hookimpl(trylast=True)  # after whoever shuffles
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with proofs come first: begun last, one of them would keep a single core busy at the end."""
    long = {item.path for item in items if item.get_closest_marker("proof")}
    items.sort(key=lambda item: item.path not in long)


class _Telling:
    """A run that is stopped from outside never reaches the summary; what failed should stand in its log."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say which test failed, and where, in a line."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            words = str(crash or report.longrepr).strip().splitlines() or [""]
            screen = self._config.pluginmanager.get_plugin("terminalreporter")
            screen.write_line(f"\n{report.when} failed: {report.nodeid}: {words[0]}")
