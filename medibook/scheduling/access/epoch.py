"""An instant as whole seconds since 1970, counted by the database itself.

Making a ``datetime`` of each column costs more than reading the row; a month of busy time has
hundreds of both. All instants of this room are whole seconds, since hours and grids are minutes.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class epoch(GenericFunction[int]):  # noqa: N801 - written like the SQL function that it is
    """``epoch(column)``: the seconds from 1970 to the instant."""

    type = sa.Integer()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _on_sqlite(element: epoch, compiler: Any, **kwargs: Any) -> str:  # noqa: ANN401 - likewise
    return f"unixepoch({compiler.process(element.clauses, **kwargs)})"


@compiles(epoch, "postgresql")
def _on_postgresql(element: epoch, compiler: Any, **kwargs: Any) -> str:  # noqa: ANN401 - likewise
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kwargs)}) AS BIGINT)"
