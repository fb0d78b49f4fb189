"""A process of postmen, for the tests that kill and freeze them; it reads its modules once."""

import json
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


class Postmen:
    """Gives orders to the process and reads what its children say."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def order(self, order: dict) -> list[int]:
        """Start the children that an order asks for; they wait for the word to begin."""
        self._write(json.dumps(order) + "\n")
        return [int(self._read("child")) for _ in range(order.get("copies", 1))]

    def begin(self, copies: int = 1) -> None:
        self._write("\n" * copies)

    def end(self) -> int:
        """How the next of the children has ended, in the order in which they were started."""
        return int(self._read("end"))

    def _write(self, said: str) -> None:
        self._process.stdin.write(said)
        self._process.stdin.flush()

    def _read(self, wanted: str) -> str:
        word, _, rest = self._process.stdout.readline().strip().partition(" ")
        assert word == wanted, "the postmen have ended by themselves"
        return rest


@pytest.fixture(scope="session")
def postmen():
    with subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.postman"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        yield Postmen(running)
        running.stdin.close()
