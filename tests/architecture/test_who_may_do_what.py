"""Each use case × each role: allowed or refused, as role_matrix.txt was reviewed to say."""

import ast
from collections.abc import Iterator

import pytest

from medibook.kernel import actor as kernel_actor
from medibook.kernel.use_case import REGISTRY, use_case
from tests.architecture import role_matrix
from tests.architecture.source import Module, dotted, modules, violations

MARKS = {"use_case", "query"}


def public_stories_without_a_mark(module: Module) -> Iterator[str]:
    """A public function that takes a unit of work is a story, and says who may."""
    if "/service" not in module.name:
        return
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        first = node.args.args[0] if node.args.args else None
        takes_work = (
            first is not None
            and first.annotation is not None
            and ("UnitOfWork" in ast.unparse(first.annotation))
        )
        if takes_work and not any(dotted(d).split(".")[-1] in MARKS for d in node.decorator_list):
            yield f"{module.at(node)} {node.name} takes a UnitOfWork but does not say who may"


def test_every_use_case_has_its_row_and_every_cell_holds():
    seen, kept = role_matrix.rows(), role_matrix.KEPT.read_text().splitlines()
    # Columns are aligned by the longest name: compare the words.
    new = sorted({" ".join(r.split()) for r in seen} - {" ".join(r.split()) for r in kept})
    gone = sorted({" ".join(r.split()) for r in kept} - {" ".join(r.split()) for r in seen})
    assert (new, gone) == ([], []), (
        "who may do what has changed; review it, then: python -m tests.architecture.role_matrix --write"
    )


def test_every_public_story_says_who_may():
    assert violations(public_stories_without_a_mark, modules()) == []


def test_the_check_sees_an_unmarked_story():
    planted = Module(
        "medibook/people/service.py",
        "def suspend(uow: UnitOfWork, *, user_id: UUID) -> None: ...\n"
        "@use_case(allow=admin)\ndef approve(uow: UnitOfWork) -> None: ...\n",
    )
    assert len(list(public_stories_without_a_mark(planted))) == 1


@pytest.mark.parametrize("role", role_matrix.CAST)
def test_the_guard_stands_around_the_body(role):
    ran = []

    @use_case(allow=kernel_actor.admin)
    def planted(uow):
        ran.append(uow.actor.role)

    del REGISTRY[planted.__use_case__.name]
    assert role_matrix.is_refused(planted, role_matrix.CAST[role]) is (role != "admin")
    assert ran == ([kernel_actor.Role.ADMIN] if role == "admin" else [])
