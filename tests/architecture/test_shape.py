"""Pieces stay small enough to read at once, and are called what they are."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, functions, modules, violations

MODULE_LINES = 300
FUNCTION_LINES = 40
DRAWERS = re.compile(r"(^|/|_)(helpers?|utils?|misc|manager)(/|_|\.py$)")


def too_long(module: Module) -> Iterator[str]:
    if (lines := module.text.count("\n")) > MODULE_LINES:
        yield f"{module.name} has {lines} lines, more than {MODULE_LINES}"
    for function in functions(module.tree):
        start = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        if (lines := (function.end_lineno or start) - start + 1) > FUNCTION_LINES:
            yield f"{module.at(function)} {function.name} has {lines} lines, more than {FUNCTION_LINES}"


def drawers(module: Module) -> Iterator[str]:
    if DRAWERS.search(module.name):
        yield f"{module.name}: a drawer that every codebase grows; name what is in it"


def doctors(module: Module) -> Iterator[str]:
    """Code says Practitioner; "doctor" is a word for screens and addresses."""
    for node in ast.walk(module.tree):
        for name in _names(node):
            if "doctor" in name.lower():
                yield f"{module.at(node)} {name}: the glossary's word is practitioner"


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name
        case ast.alias(name=name, asname=asname):
            yield from (word for word in (name, asname) if word)
        case _:
            pass


def test_modules_and_functions_can_be_read_at_once():
    assert violations(too_long, modules()) == []


def test_no_drawer_is_opened():
    assert violations(drawers, modules()) == []


def test_doctor_is_never_an_identifier():
    assert violations(doctors, modules()) == []


def test_the_checks_see_what_they_look_for():
    long = Module("medibook/x/service.py", "def f():\n" + "    a = 1\n" * 41)
    longer = Module("medibook/x/rules.py", "a = 1\n" * 301)
    named = Module("medibook/x/helpers.py", "class DoctorCard: pass\ndef f(doctor_id): pass\n")
    assert len(list(too_long(long))) == 1
    assert len(list(too_long(longer))) == 1
    assert len(list(drawers(named))) == 1
    assert len(list(doctors(named))) == 2
