"""Every reason why a message has not left, collected from where it is written down."""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

from medibook.notifications.channels import twilio, wire
from medibook.notifications.service import delivery, devices, judging
from medibook.wiring import STILL_TRUE
from tests.architecture.source import ROOT

_TAKE_BACK = {"withdraw", "withdraw_facts", "take_back_naming", "withdraw_messages"}
_SAY = {"ChannelError", "gone"}
# Handed over, or asked about, where a reason is chosen; never one themselves.
_NO_REASONS = {"", "open", "active", "completed", "revoked"}
_ROOM = ROOT / "medibook" / "notifications"


def reasons() -> set[str]:
    """What stands in the rows of the ledger, an error's name and a provider's code by an example each."""
    found = {*_of_judges(), *twilio._REASONS.values(), *wire._SETTINGS.values(), "ValueError"}
    for module in (judging, delivery, devices):
        source = ast.parse(inspect.getsource(module))
        found |= {
            text
            for node in source.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
            for text in _texts(node.value, module)
            if " " in text
        }
    for path in sorted((ROOT / "medibook").rglob("service/**/*.py")):
        if any(f"{name}(" in path.read_text() for name in _TAKE_BACK):
            found |= set(_said_to(_TAKE_BACK, path, {"reason"}))
    for path in sorted(_ROOM.rglob("*.py")):
        if "pages" not in path.parts:
            found |= set(_said_to(_SAY, path, {"problem"}))
            found |= set(_kept_as_problem(path))
    return found - _NO_REASONS


def _of_judges() -> Iterator[str]:
    """What the judges of a subject say: texts, and members of an enum whose value they hand on."""
    for judge in STILL_TRUE.values():
        module = sys.modules[judge.__module__]
        functions = {
            node.name: node
            for node in ast.parse(inspect.getsource(module)).body
            if isinstance(node, ast.FunctionDef)
        }
        mine = functions[judge.__name__]
        called = [
            functions[node.id]
            for node in ast.walk(mine)
            if isinstance(node, ast.Name) and node.id in functions
        ]
        for function in (mine, *called):
            hands_on = any(
                isinstance(n, ast.Attribute) and n.attr == "value" for n in ast.walk(function)
            )
            body = function.body[1:] if ast.get_docstring(function) else function.body
            for node in ast.walk(ast.Module(body=body, type_ignores=[])):
                for text in _texts(node, module, enums=hands_on):
                    if text not in STILL_TRUE:
                        yield text


def _said_to(names: set[str], path: Path, keywords: set[str]) -> Iterator[str]:
    """The texts that are handed to these functions: as the first or the last, or by these names."""
    module = _module(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name in names:
            handed = [*node.args, *(k.value for k in node.keywords if k.arg in keywords)]
            for each in handed:
                yield from _texts(each, module)


def _kept_as_problem(path: Path) -> Iterator[str]:
    module = _module(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {
            "problem",
            "again",
        }:
            yield from _texts(node.value, module)
        if isinstance(node, ast.keyword) and node.arg == "problem":
            yield from _texts(node.value, module)
        # "_leave_unknown(…, problem)" takes it last
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_leave_unknown":
            yield from _texts(node.args[-1], module)


def _texts(node: ast.AST, module: ModuleType, *, enums: bool = True) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(p.value if isinstance(p, ast.Constant) else "400" for p in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one, module), *_texts(other, module))
        case ast.Name(id=name):
            known = getattr(module, name, None)
            if isinstance(known, str) and not name.startswith("ABOUT"):
                yield str(known)
            elif enums and isinstance(known, type) and issubclass(known, Enum):
                yield from (str(each.value) for each in known)


def _module(path: Path) -> ModuleType:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    __import__(name)
    return sys.modules[name]
