"""The source files of the house, read as syntax trees, and what a violation looks like when shown."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "medibook"


@dataclass(frozen=True)
class Module:
    """One source file; ``name`` is its path below the top, with slashes."""

    name: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    @property
    def is_page(self) -> bool:
        return "/pages/" in self.name or self.name.endswith("/pages.py")


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the application, in order."""
    return tuple(
        Module(path.relative_to(ROOT).as_posix(), path.read_text())
        for path in sorted(HOUSE.rglob("*.py"))
    )


def violations(rule: Callable[[Module], Iterable[str]], among: Iterable[Module]) -> list[str]:
    return [found for module in among for found in rule(module)]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a chain of names, else an empty string."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{base}.{attr}" if (base := dotted(value)) else attr
        case ast.Call(func=func):
            return dotted(func)
        case _:
            return ""
