"""Every registered event handler, ours and Reflex's, as a hostile client finds them.

``python -m tests.hostile.handlers --write`` keeps who may call what in handler_matrix.txt.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from reflex_base.registry import RegistrationContext

from medibook.ui.guard import INTERNAL, allowed
from tests.architecture.role_matrix import CAST
from tests.support.browser import ROOT

KEPT = Path(__file__).with_name("handler_matrix.txt")
ROLES = ("stranger", "patient", "applicant", "practitioner", "staff", "admin")


@dataclass(frozen=True)
class Door:
    """One name that a socket can send; ``may`` are the roles that its declaration lets in."""

    event: str
    what: str  # as the audit log names it
    state: str
    is_ours: bool
    is_internal: bool
    declared: bool
    may: tuple[str, ...]
    open: tuple[tuple[str, str], ...]  # arguments of a browser, each with its annotation
    hidden: tuple[str, ...]


def doors() -> list[Door]:
    """Walk the registry in a process of its own: there is one application per process."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.handlers"],
            cwd=ROOT, env=env | {"MEDIBOOK_DATA_DIR": folder},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        Door(**{**d, "may": tuple(d["may"]), "open": tuple(map(tuple, d["open"]))})
        for d in json.loads(done.stdout.splitlines()[-1])
    ]


def matrix(found: list[Door], may: dict[str, set[str]]) -> str:
    """The table of our handlers; ``may`` maps an audit name to the roles that were let in."""
    ours = sorted({d.what for d in found if d.is_ours})
    width = max(map(len, ours))
    lines = [f"{'handler':{width}}" + "".join(f" {role:12}" for role in ROLES)]
    for what in ours:
        cells = ("allowed" if role in may[what] else "-" for role in ROLES)
        lines.append(f"{what:{width}}" + "".join(f" {cell:12}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def declared(found: list[Door]) -> dict[str, set[str]]:
    return {d.what: set(d.may) for d in found if d.is_ours}


def _walk() -> list[Door]:
    importlib.import_module("medibook.medibook")  # its settings are those of this process
    context, found = RegistrationContext.get(), []
    for name, registered in context.event_handlers.items():
        fn, rule = registered.handler.fn, allowed(registered)
        state, _, handler = name.rpartition(".")
        parameters = list(inspect.signature(fn).parameters.values())[1:]
        is_open = [
            p.kind is p.POSITIONAL_OR_KEYWORD and not p.name.startswith("_") for p in parameters
        ]
        found.append(
            Door(
                event=name,
                what=f"{context.base_states[state].__name__}.{handler}",
                state=state,
                is_ours=fn.__module__.startswith("medibook"),
                is_internal=name in INTERNAL,
                declared=rule is not None,
                may=tuple(r for r in ROLES if rule is not None and rule(CAST[r])),
                open=tuple(
                    (p.name, str(getattr(p.annotation, "__name__", p.annotation)))
                    for p, ok in zip(parameters, is_open, strict=True) if ok
                ),
                hidden=tuple(
                    p.name for p, ok in zip(parameters, is_open, strict=True) if not ok
                ),
            )
        )  # fmt: skip
    return found


if __name__ == "__main__":
    if "--write" in sys.argv:
        KEPT.write_text(matrix(found := doors(), declared(found)))
    else:
        print(json.dumps([asdict(door) for door in _walk()]))  # noqa: T201 - its answer to the test
