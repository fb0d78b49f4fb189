"""Who may do what: each use case × each role, asked of the guard itself.

``python -m tests.architecture.role_matrix`` prints the table, ``--write`` keeps it in role_matrix.txt.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import medibook
from medibook.kernel.actor import STRANGER, Actor, Role, system
from medibook.kernel.errors import Forbidden, NotFound
from medibook.kernel.use_case import REGISTRY, Mark

KEPT = Path(__file__).with_name("role_matrix.txt")
_ID = UUID(int=1)

CAST: dict[str, Actor] = {
    "stranger": STRANGER,
    "patient": Actor(role=Role.PATIENT, user_id=_ID, patient_id=_ID, session_id=_ID, approved=True),
    "applicant": Actor(role=Role.PRACTITIONER, user_id=_ID, practitioner_id=_ID, session_id=_ID),
    "practitioner": Actor(
        role=Role.PRACTITIONER, user_id=_ID, practitioner_id=_ID, session_id=_ID, approved=True
    ),
    "staff": Actor(role=Role.STAFF, user_id=_ID, session_id=_ID),
    "admin": Actor(role=Role.ADMIN, user_id=_ID, session_id=_ID),
    "system": system("role matrix"),
}


def import_every_service() -> None:
    """A use case is known once its module is read; this reads every room's."""
    for found in pkgutil.walk_packages(medibook.__path__, "medibook."):
        if ".service" in found.name or ".kernel." in found.name:
            importlib.import_module(found.name)


def use_case_of(mark: Mark) -> Any:
    module, _, name = mark.name.rpartition(".")
    return getattr(importlib.import_module(f"medibook.{module}"), name)


def is_refused(use_case: Any, actor: Actor) -> bool:
    """Tell what the guard around the body says; the body gets nothing to work with and does nothing."""
    try:
        use_case(SimpleNamespace(actor=actor))
    except Forbidden:
        return True
    except (TypeError, AttributeError, NotFound):  # past the guard: nothing is there to work with
        return False
    return False


def rows() -> list[str]:
    """One line per use case, sorted by room and name."""
    import_every_service()
    ours = [mark for mark in REGISTRY.values() if use_case_is_ours(mark)]
    width = max((len(mark.name) for mark in ours), default=8)
    head = f"{'use case':{width}} {'kind':6}" + "".join(f" {role:12}" for role in CAST)
    return [head.rstrip(), *(_row(mark, width) for mark in sorted(ours, key=lambda m: m.name))]


def use_case_is_ours(mark: Mark) -> bool:
    """A test may mark stories of its own; they are no doors of the clinic."""
    return not mark.name.startswith("tests.")


def _row(mark: Mark, width: int) -> str:
    act = use_case_of(mark)
    cells = ["-" if is_refused(act, actor) else "allowed" for actor in CAST.values()]
    kind = "writes" if mark.writes else "reads"
    return (f"{mark.name:{width}} {kind:6}" + "".join(f" {cell:12}" for cell in cells)).rstrip()


def main() -> int:
    text = "\n".join(rows()) + "\n"
    if "--write" in sys.argv:
        KEPT.write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
