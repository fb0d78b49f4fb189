"""Marking of sentences for translation, for modules that may not know the screen."""


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark ``sentence`` for the catalogue; it is translated where its reader is known."""
    return sentence
