"""Words of names: those that begin with what was typed, and those that are spelt like it."""

from collections.abc import Sequence

import sqlalchemy as sa

from medibook.directory.access.rows import SPELLING, WORD
from medibook.directory.rules.names import after_prefix, spellings
from medibook.kernel.use_case import UnitOfWork


def begins_a_name(uow: UnitOfWork, words: Sequence[str]) -> list[bool]:
    """Of each word, whether somebody's name has one that begins with it."""
    asked = [sa.exists().where(*begins(word)) for word in words]
    return list(uow.session.execute(sa.select(*asked)).one())


def words_spelt_like(uow: UnitOfWork, words: Sequence[str]) -> list[str]:
    """Words of names that share a spelling with one of these: some of them are near, some are not."""
    variants = {variant for word in words for variant in spellings(word)}
    chosen = sa.select(SPELLING.c.word).distinct().where(SPELLING.c.variant.in_(variants))
    return list(uow.session.execute(chosen).scalars())


def begins(word: str) -> tuple[sa.ColumnElement[bool], ...]:
    """That a word of a name begins with this."""
    return WORD.c.word >= word, WORD.c.word < after_prefix(word)
