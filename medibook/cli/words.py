"""``medibook words``: take new texts into the catalogues and say what still wants words."""

from typing import Annotated

import typer
from rich.console import Console

from medibook.cli.reporting import print_json
from medibook.ui.catalogues import update_catalogues


def words(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """Bring the catalogues in step with the code; exit code 1 while a text is untranslated."""
    missing = update_catalogues()
    if as_json:
        print_json({"missing": missing})
    else:
        for locale, count in missing.items():
            Console(stderr=True).print(f"{locale}: {count} texts without a translation")
    raise typer.Exit(1 if any(missing.values()) else 0)
