"""How every command speaks: JSON on stdout for machines, sentences on stderr, exit codes 0, 1 and 2.

0: done, all is well. 1: done, and something is wrong (violations, overlaps). 2: not done, with the reason.
"""

import json
from typing import NoReturn

import typer

from medibook.kernel.errors import Invalid, Refusal
from medibook.kernel.settings import Settings, SettingsFault, load_settings


def settings_or_refuse() -> Settings:
    """Read the settings; with faults, say all of them and end."""
    try:
        return load_settings()
    except SettingsFault as fault:
        refuse(f"The settings cannot be used:\n{fault}")


def refuse(sentence: str) -> NoReturn:
    """Say why nothing was done, and end with code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def in_words(refusal: Refusal) -> str:
    """What a use case refused and why, field by field; in English, as every word of a command."""
    lines = [refusal.message(_plain)]
    if isinstance(refusal, Invalid):
        lines += [f"- {field}: {words}" for field, words in refusal.messages(_plain).items()]
    return "\n".join(lines)


def _plain(sentence: str, **facts: object) -> str:
    return sentence.format(**facts)


def print_json(report: object) -> None:
    """Print a report for machines."""
    typer.echo(json.dumps(report, indent=2, default=str))
