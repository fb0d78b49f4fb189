"""The command line, run as an operator would, on a database of the test's own."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from medibook.cli import app


@dataclass
class Terminal:
    """Runs commands with the settings of one installation."""

    environment: dict[str, str]
    data_dir: Path

    def run(self, *words: str, typed: str = "", **settings: str) -> Result:
        return CliRunner().invoke(app, words, input=typed, env={**self.environment, **settings})


@pytest.fixture
def terminal(empty_db_url: str, tmp_path: Path) -> Terminal:
    """An installation without any table, on each engine."""
    environment = {
        "MEDIBOOK_ENV": "test", "MEDIBOOK_DATA_DIR": str(tmp_path / "data"), "MEDIBOOK_DB_URL": empty_db_url,
    }  # fmt: skip
    return Terminal(environment, tmp_path / "data")
