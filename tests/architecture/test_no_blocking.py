"""Nothing that waits runs on the event loop: one slow query there would hold every patient's screen."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, dotted, modules, violations

# The door and its kin go to the database; the rest sleeps, hashes or waits for somebody else.
WAITING_METHODS = {
    "perform",
    "actor_for",
    "refused",
    "carry_out_due",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "hash_password",
    "verify_password",
}
WAITING_CALLS = {"time.sleep", "subprocess.run", "open", "urllib.request.urlopen", "smtplib.SMTP"}


def waits_on_the_loop(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AsyncFunctionDef):
            for call in _calls(node.body):
                name = dotted(call.func)
                if name in WAITING_CALLS or name.split(".")[-1] in WAITING_METHODS:
                    yield f"{module.at(call)} {node.name} waits in {name}(…): asyncio.to_thread"


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """Calls that this body makes itself; what it only hands over (a lambda, a def) runs elsewhere."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def synchronous_handlers(module: Module) -> Iterator[str]:
    """A public method of a State is a handler, and Reflex runs a synchronous one on the loop."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef) or not _is_state(node):
            continue
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                marks = {dotted(d).split(".")[-1] for d in method.decorator_list}
                if not marks & {"var", "property", "staticmethod", "classmethod"}:
                    yield f"{module.at(method)} {node.name}.{method.name} is not async"


def _is_state(node: ast.ClassDef) -> bool:
    return any(dotted(base).split(".")[-1].endswith("State") for base in node.bases)


def test_nothing_waits_on_the_event_loop():
    assert violations(waits_on_the_loop, modules()) == []


def test_every_handler_is_async():
    assert violations(synchronous_handlers, modules()) == []


def test_the_checks_see_what_waits():
    planted = Module(
        "medibook/appointments/pages/book.py",
        "class Book(AppState, rx.State):\n"
        "    async def ok(self): await asyncio.to_thread(current().perform, self)\n"
        "    async def also(self): await asyncio.to_thread(lambda: current().perform(self))\n"
        "    async def bad(self): return current().perform(self)\n"
        "    def worse(self): ...\n"
        "    def _fine(self): ...\n"
        "    @rx.var\n    def shown(self) -> str: ...\n",
    )
    assert [v.split()[1] for v in waits_on_the_loop(planted)] == ["bad"]
    assert [v.split()[1] for v in synchronous_handlers(planted)] == ["Book.worse"]
