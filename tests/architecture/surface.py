"""The reviewed list of doors: ``python -m tests.architecture.surface`` writes surface.txt anew.

The doors are walked in a process of their own, because there is one application per process, and
with the settings of the demo clinic, which has every door.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

KEPT = Path(__file__).with_name("surface.txt")
_WALK = (
    "import json; from medibook.cli.doors import doors, faults; "
    "print(json.dumps({'doors': doors(), 'faults': faults()}))"
)


@dataclass(frozen=True)
class Walked:
    """What the walk found: every door, and what no door may be."""

    doors: list[str]
    faults: list[str]


def walk() -> Walked:
    env = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _WALK],
            cwd=ROOT,
            env=env | {"MEDIBOOK_ENV": "demo", "MEDIBOOK_DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return Walked(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    KEPT.write_text("\n".join(walk().doors) + "\n")
