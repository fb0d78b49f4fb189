"""``medibook import practitioners``: a directory file comes in; every row is accounted for."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from medibook.cli.reporting import print_json, refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.operations.rules.directory_file import (
    DirectoryMapping,
    Entry,
    Gathered,
    Outcome,
    RowReport,
    gather,
)
from medibook.operations.rules.directory_mapping import MappingFault, read_mapping
from medibook.operations.service.importing import PORTION, Fate, compare_entries, import_entries
from medibook.wiring import build_medibook

_WHO = system("command line")
_MOST_ROWS = 2_000_000

importing = typer.Typer(help="Take in what other systems have.", no_args_is_help=True)


@importing.callback()
def _what() -> None:
    """Take in what other systems have."""


@importing.command("practitioners")
def practitioners(
    *,
    file: Annotated[Path, typer.Argument(help="A CSV file with a line of headings.")],
    mapping: Annotated[
        Path | None, typer.Option(help="What its columns mean (TOML); else FILE with .toml.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write what became of each row into this CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Take in a directory of practitioners; a second time changes nothing."""
    began = perf_counter()
    console = Console(stderr=True, quiet=as_json)
    meaning = _mapping(mapping or file.with_suffix(".toml"))
    gathered = _gathered(file, meaning)
    medibook = build_medibook(settings_or_refuse())
    try:
        fates = _carried_out(medibook, gathered.entries, meaning, console, dry_run=dry_run)
    finally:
        medibook.engine.dispose()
    done = _Done(tuple(_final(gathered, fates)), perf_counter() - began, dry_run)
    if report is not None:
        _write(report, done.reports)
    if as_json:
        print_json(done.summary())
    else:
        _show(done)


@dataclass(frozen=True, slots=True)
class _Done:
    reports: tuple[RowReport, ...]
    seconds: float
    is_dry: bool

    def summary(self) -> dict[str, object]:
        """Everything, for machines: every row is in exactly one of the outcomes."""
        outcomes = Counter(report.outcome.value for report in self.reports)
        reasons = Counter(
            note
            for report in self.reports
            if report.outcome in {Outcome.REFUSED, Outcome.MERGED, Outcome.KEPT}
            for note in report.notes
        )
        return {
            "rows": len(self.reports),
            **{outcome.value: outcomes[outcome.value] for outcome in Outcome},
            "rows_changed_on_the_way": sum("→" in " ".join(r.notes) for r in self.reports),
            "reasons": dict(reasons.most_common(20)),
            "seconds": round(self.seconds, 2),
            "rows_a_second": round(len(self.reports) / self.seconds),
            "dry_run": self.is_dry,
        }


def _mapping(path: Path) -> DirectoryMapping:
    try:
        return read_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"The mapping {path} cannot be read: {error}. Name one with --mapping.")
    except MappingFault as fault:
        refuse(f"{path}: {fault}")


def _gathered(file: Path, mapping: DirectoryMapping) -> Gathered:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if missing := mapping.missing_in(reader.fieldnames or ()):
                refuse(f"{file} has no column {', '.join(missing)}; it has {reader.fieldnames}.")
            return gather(_bounded(reader), mapping)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        refuse(f"{file} cannot be read as a CSV file in UTF-8: {error}.")


def _bounded(rows: Iterable[dict[str, str | None]]) -> Iterator[dict[str, str | None]]:
    for number, row in enumerate(rows, start=1):
        if number > _MOST_ROWS:
            refuse(f"More than {_MOST_ROWS:,} rows: please cut the file.")
        yield row


def _carried_out(
    medibook: MediBook,
    entries: Sequence[Entry],
    mapping: DirectoryMapping,
    console: Console,
    *,
    dry_run: bool,
) -> dict[UUID, Fate]:
    fates: dict[UUID, Fate] = {}
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("Comparing" if dry_run else "Importing", total=len(entries))
        for first in range(0, len(entries), PORTION):
            portion = entries[first : first + PORTION]
            if dry_run:
                fates |= medibook.perform(_WHO, compare_entries, entries=portion)
            else:
                fates |= medibook.perform(_WHO, import_entries, entries=portion, mapping=mapping)
            bar.advance(task, len(portion))
    return fates


def _final(gathered: Gathered, fates: dict[UUID, Fate]) -> Iterator[RowReport]:
    by_key = {entry.key: fates[entry.practitioner_id] for entry in gathered.entries}
    for report in gathered.reports:
        fate = by_key.get(report.key)
        if report.outcome is Outcome.NEW and fate is not None:
            yield report.but(fate.outcome, *([fate.note] if fate.note else []))
        else:
            yield report


def _write(path: Path, reports: Sequence[RowReport]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["row", "key", "outcome", "notes"])
        for each in reports:
            table.writerow([each.row, _harmless(each.key), each.outcome, "; ".join(each.notes)])


def _harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _show(done: _Done) -> None:
    said = done.summary()
    table = Table("Rows", "Outcome", title="Nothing was written" if done.is_dry else None)
    for outcome in Outcome:
        table.add_row(str(said[outcome.value]), outcome.value)
    table.add_row(str(said["rows"]), "in the file", style="bold")
    console = Console(stderr=True)
    console.print(table)
    reasons = said["reasons"]
    for reason, count in reasons.items() if isinstance(reasons, dict) else ():
        # What stands in a file is no markup: a "[/]" in a name must not end the report.
        console.print(f"{count:>6}  {reason}", markup=False)
    console.print(
        f"{said['rows_changed_on_the_way']} rows read more tidily here than in the file; "
        f"{said['seconds']} s, {said['rows_a_second']} rows a second. --report FILE says each row."
    )
