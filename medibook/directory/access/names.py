"""Words of names: those that begin with what was typed, and those that are spelt like it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from medibook.directory.access.rows import SPELLING, WORD
from medibook.directory.rules.names import after_prefix, spellings
from medibook.kernel.use_case import UnitOfWork

# Written once: building it costs more than running it.
_SPELT = (
    sa.select(SPELLING.c.word)
    .distinct()
    .where(SPELLING.c.variant.in_(sa.bindparam("variants", expanding=True)))
)


def begins_a_name(uow: UnitOfWork, words: Sequence[str]) -> list[bool]:
    """Of each word, whether somebody's name has one that begins with it."""
    asked = {name: value for n, word in enumerate(words) for name, value in range_of(n, word)}
    return list(uow.session.execute(_each_begins(len(words)), asked).one())


def words_spelt_like(uow: UnitOfWork, words: Sequence[str]) -> list[str]:
    """Words of names that share a spelling with one of these: some of them are near, some are not."""
    variants = {variant for word in words for variant in spellings(word)}
    return list(uow.session.execute(_SPELT, {"variants": list(variants)}).scalars())


def begins(number: int) -> tuple[sa.ColumnElement[bool], ...]:
    """That a word of a name begins with the word of this number."""
    word = WORD.c.word
    return word >= sa.bindparam(f"word_{number}"), word < sa.bindparam(f"past_{number}")


def range_of(number: int, word: str) -> tuple[tuple[str, str], ...]:
    """What :func:`begins` is to be asked with."""
    return (f"word_{number}", word), (f"past_{number}", after_prefix(word))


@lru_cache(maxsize=16)
def _each_begins(words: int) -> sa.Select[Any]:
    return sa.select().add_columns(*(sa.exists().where(*begins(n)) for n in range(words)))
