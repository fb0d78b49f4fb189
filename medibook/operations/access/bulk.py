"""Many rows in few statements."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from medibook.kernel.db import table_of

Row = dict[str, Any]
_AT_ONCE = 5_000


def insert(session: Session, table: type[SQLModel], rows: Iterable[Row]) -> None:
    """Insert rows, some thousands at a time; the database's own guards stay on."""
    every = list(rows)
    for first in range(0, len(every), _AT_ONCE):
        session.execute(sa.insert(table_of(table)), every[first : first + _AT_ONCE])
