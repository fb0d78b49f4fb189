"""Rows are reached in access.py alone: the place where it is judged who may see them."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, dotted, modules, violations

# The kernel opens the database, keeps its two tables and checks the whole; tables declare columns.
KNOWS_THE_DATABASE = re.compile(
    r"medibook/("
    r"tables\.py"
    r"|kernel/(db|audit|outbox|application|use_case)(\.py|/\w+\.py)"
    r"|kernel/__init__\.py"
    r"|\w+/(access|tables)(\.py|/\w+\.py)"
    r")$"
)
# The commands that make, migrate and prove a database open it themselves, outside any use case.
OPENS_AN_ENGINE = re.compile(r"medibook/(medibook\.py|cli(\.py|/\w+\.py))$")
ORM_WORDS = ("select", "insert", "update", "delete", "text")
QUERIES = {*ORM_WORDS, *(f"{p}.{w}" for p in ("sa", "sqlalchemy", "sqlmodel") for w in ORM_WORDS)}
SESSION_METHODS = {
    "get",
    "get_one",
    "exec",
    "execute",
    "scalar",
    "scalars",
    "add",
    "add_all",
    "delete",
    "merge",
    "refresh",
    "flush",
    "commit",
    "rollback",
    "query",
}


def rows_reached_elsewhere(module: Module) -> Iterator[str]:
    if KNOWS_THE_DATABASE.match(module.name):
        return
    opens = OPENS_AN_ENGINE.match(module.name)
    queries = QUERIES & _taken_from_the_orm(module)
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module=str(source)) if _is_orm(source) and not opens:
                yield f"{module.at(node)} imports {source}"
            case ast.Import(names=names) if not opens:
                yield from (f"{module.at(node)} imports {n.name}" for n in names if _is_orm(n.name))
            case ast.Call(func=func) if dotted(func) in queries:
                yield f"{module.at(node)} calls {dotted(func)}(…)"
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if (
                attr in SESSION_METHODS and dotted(value).split(".")[-1] == "session"
            ):
                yield f"{module.at(node)} calls session.{attr}(…)"
            case _:
                pass


def _taken_from_the_orm(module: Module) -> set[str]:
    """Names that stand for the ORM here, also behind a prefix: ``select``, ``sa.select``."""
    names = set()
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module=str(source), names=taken) if _is_orm(source):
                names |= {n.asname or n.name for n in taken}
            case ast.Import(names=taken):
                names |= {
                    f"{n.asname or n.name}.{query}"
                    for n in taken
                    if _is_orm(n.name)
                    for query in ORM_WORDS
                }
            case _:
                pass
    return names


def _is_orm(source: str) -> bool:
    return source.split(".")[0] in {"sqlmodel", "sqlalchemy"}


def test_rows_are_reached_only_in_access():
    assert violations(rows_reached_elsewhere, modules()) == []


def test_the_check_sees_a_query_in_a_service():
    planted = Module(
        "medibook/appointments/service.py",
        "from sqlmodel import select\n"
        "def a(uow):\n    uow.session.get(Appointment, 1)\n    return select(Appointment)\n",
    )
    assert len(list(rows_reached_elsewhere(planted))) == 3


def test_the_check_sees_a_query_in_a_command_but_not_a_select_box():
    command = Module(
        "medibook/cli/prove.py", "import sqlalchemy as sa\nsa.select(1)\nsa.create_engine(2)\n"
    )
    form = Module("medibook/ui/form.py", "from medibook.ui.components import select\nselect(1)\n")
    assert [v.split()[-1] for v in rows_reached_elsewhere(command)] == ["sa.select(…)"]
    assert list(rows_reached_elsewhere(form)) == []
