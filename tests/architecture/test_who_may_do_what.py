"""Each use case × each role: allowed or refused, as role_matrix.txt was reviewed to say."""

import pytest

from medibook.kernel import actor as kernel_actor
from medibook.kernel.use_case import REGISTRY, use_case
from tests.architecture import role_matrix


def test_every_use_case_has_its_row_and_every_cell_holds():
    seen, kept = role_matrix.rows(), role_matrix.KEPT.read_text().splitlines()
    # Columns are aligned by the longest name: compare the words.
    new = sorted({" ".join(r.split()) for r in seen} - {" ".join(r.split()) for r in kept})
    gone = sorted({" ".join(r.split()) for r in kept} - {" ".join(r.split()) for r in seen})
    assert (new, gone) == ([], []), (
        "who may do what has changed; review it, then: python -m tests.architecture.role_matrix --write"
    )


@pytest.mark.parametrize("role", role_matrix.CAST)
def test_the_guard_stands_around_the_body(role):
    ran = []

    @use_case(allow=kernel_actor.admin)
    def planted(uow):
        ran.append(uow.actor.role)

    del REGISTRY[planted.__use_case__.name]
    assert role_matrix.is_refused(planted, role_matrix.CAST[role]) is (role != "admin")
    assert ran == ([kernel_actor.Role.ADMIN] if role == "admin" else [])
