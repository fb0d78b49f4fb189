"""``medibook migrate``: bring the database to the schema that this version of the code expects."""

import io
from pathlib import Path
from typing import Annotated

import typer
from alembic.config import Config
from alembic.script import ScriptDirectory
from rich.console import Console
from rich.progress import track
from sqlalchemy import make_url

from alembic import command
from medibook.cli.reporting import print_json, refuse, settings_or_refuse
from medibook.kernel.db import make_engine, schema_revision

_INI = Path(__file__).resolve().parents[2] / "alembic.ini"


class DatabaseIsNewer(Exception):  # noqa: N818 - named by what is the case
    """The database was made by a newer version of MediBook than the one that runs."""


def migrate(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """Create or update the tables; safe to run again."""
    settings = settings_or_refuse()
    console = Console(stderr=True, quiet=as_json)
    try:
        done = upgrade(settings.database, console=console)
    except DatabaseIsNewer as newer:
        refuse(
            f"The database stands at revision {newer}, which this version of MediBook does not know: "
            "it was made by a newer one. Install that version, or restore a backup from before."
        )
    if as_json:
        print_json({"migrated": done})
    else:
        words = f"Migrated: {', '.join(done)}." if done else "The database is up to date."
        console.print(words)


def upgrade(url: str, *, console: Console | None = None) -> list[str]:
    """Run what is missing at ``url``, oldest first; returns the revisions that were run.

    Raises:
        DatabaseIsNewer: the database's revision is none of ours.
    """
    config = config_for(url)
    revisions = _missing(config, url)
    shown = console or Console(quiet=True)
    for revision in track(revisions, "Migrating", console=shown, disable=not revisions):
        command.upgrade(config, revision)
    return revisions


def rebuild(url: str) -> None:
    """Take every table away with all that is in it, and lay them anew, empty."""
    config = config_for(url)
    command.downgrade(config, "base")
    command.upgrade(config, "head")


def config_for(url: str) -> Config:
    """Alembic's configuration for the database at ``url``, speaking to nobody."""
    config = Config(str(_INI), stdout=io.StringIO())
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))  # % is the ini file's own
    return config


def _missing(config: Config, url: str) -> list[str]:
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    here = _present_revision(url)
    if here is not None and here not in known:
        raise DatabaseIsNewer(here)
    newer = script.iterate_revisions("head", here or "base")
    return [revision.revision for revision in newer][::-1]


def _present_revision(url: str) -> str | None:
    if (path := make_url(url).database) and url.startswith("sqlite"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    try:
        return schema_revision(engine)
    finally:
        engine.dispose()
