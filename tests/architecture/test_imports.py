"""The arrows between rooms and floors point down: import-linter reads the contracts in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT


def test_every_import_contract_is_kept():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
