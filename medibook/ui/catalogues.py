"""Keeping the catalogues in step with the words that stand in the code."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from medibook.ui.i18n import CATALOGUES, DEFAULT_LOCALE, LOCALES

_ROOT = CATALOGUES.parents[1]
# Line numbers and a running date would make every branch touch every line.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "plural": (1, 2)}


def words_in_code() -> Catalog:
    """Every text the code marks for a reader, as an empty catalogue."""
    with (_ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalogue = Catalog(project="MediBook", charset="utf-8")
    found = extract_from_dir(
        _ROOT, methods, options, keywords=_KEYWORDS, comment_tags=("For translators:",)
    )
    for file, line, message, comments, context in found:
        catalogue.add(message, locations=[(file, line)], auto_comments=comments, context=context)
    return catalogue


def catalogue_of(locale: str) -> Catalog:
    """What has been translated into ``locale`` so far."""
    source = _file(locale)
    if not source.exists():
        return Catalog(locale=locale, project="MediBook", charset="utf-8", header_comment="#")
    with source.open("rb") as text:
        return read_po(text, locale=locale)


def update_catalogues() -> dict[str, int]:
    """Take new texts into every catalogue; answers how many still want words, per language."""
    template = words_in_code()
    missing = {}
    for locale in LOCALES:
        if locale == DEFAULT_LOCALE:
            continue
        catalogue = catalogue_of(locale)
        # A guessed translation is worse than none in a clinic: no fuzzy matching.
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        text = io.BytesIO()
        write_po(text, catalogue, width=100, sort_output=True, include_lineno=False)
        _file(locale).parent.mkdir(parents=True, exist_ok=True)
        _file(locale).write_bytes(text.getvalue())
        missing[locale] = len(untranslated(catalogue))
    return missing


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that a reader of this catalogue would meet in the default language."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not _said(message.string))
    ]


def _said(string: str | Sequence[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else all(string or [""])


def _file(locale: str) -> Path:
    return CATALOGUES / locale / "LC_MESSAGES" / "medibook.po"
