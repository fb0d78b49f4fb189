"""``medibook prove``: fire concurrent bookings, moves and cancels at a scratch copy, and count overlaps.

Exit code 0: no overlap, no error. 1: overlaps or errors, as ``--without-guard`` must show.
"""

import multiprocessing
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import SpawnProcess
from time import perf_counter, sleep
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from medibook.cli.migrate import upgrade
from medibook.cli.reporting import print_json
from medibook.kernel.clock import SystemClock
from medibook.kernel.ids import RandomIds
from medibook.kernel.settings import Env, Settings
from medibook.operations.rules.contest import Tally, attempts, small_clinic
from medibook.operations.service.contest import contend
from medibook.operations.service.proof import disable_locks, scratch_copy, state_of
from medibook.wiring import build_medibook

_LOOK = 0.2  # seconds between two looks at the workers


@dataclass(frozen=True, slots=True)
class _Order:
    """What one worker process is to do."""

    url: str
    worker: int
    workers: int
    attempts: int
    is_guarded: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out."""

    tally: Tally
    overlaps: int
    violations: tuple[str, ...]
    seconds: float
    engine: str
    is_guarded: bool

    @property
    def holds(self) -> bool:
        """Whether nobody was booked twice, and nothing broke."""
        return not (self.overlaps or self.tally.errors or self.violations)

    def report(self) -> dict[str, object]:
        """Everything, for machines."""
        tally = self.tally
        return {
            "attempts": tally.attempts, "wins": tally.wins, "refusals": tally.refusals.total(),
            "overlaps": self.overlaps, "errors": tally.errors.total(), "seconds": round(self.seconds, 2),
            "rate": round(tally.attempts / self.seconds, 1), "wanted_by_all": tally.wanted_by_all,
            "wins_by_act": dict(tally.won),
            "refusals_by_code": dict(tally.refusals), "errors_by_text": dict(tally.errors.most_common(20)),
            "violations": self.violations, "engine": self.engine, "guard": self.is_guarded,
        }  # fmt: skip


def prove(
    *,
    number: Annotated[
        int, typer.Option("--attempts", min=1, help="How many attempts in all.")
    ] = 10_000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes.")] = 8,
    db: Annotated[str, typer.Option(help="A PostgreSQL server to make the scratch copy on.")] = "",
    without_guard: Annotated[
        bool,
        typer.Option("--without-guard", help="Drop the guard and the locks on the scratch copy."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Try to book one time twice, with all force, on a scratch copy."""
    console = Console(stderr=True, quiet=as_json)
    proof = run_proof(number, workers, db or None, is_guarded=not without_guard, console=console)
    if as_json:
        print_json(proof.report())
    else:
        _show(proof)
    raise typer.Exit(0 if proof.holds else 1)


def run_proof(
    number: int, workers: int, db: str | None, *, is_guarded: bool, console: Console
) -> Proof:  # fmt: skip
    """Make the scratch copy, let the workers fight over it, and look at what stands there."""
    clock = SystemClock()
    name = str(RandomIds().new_id())
    with scratch_copy(
        db, small_clinic(clock.now()), name=name, migrate=upgrade, is_guarded=is_guarded
    ) as url:
        shares = [number // workers + (worker < number % workers) for worker in range(workers)]
        orders = [_Order(url, n, workers, share, is_guarded) for n, share in enumerate(shares)]
        begun = perf_counter()
        tally = _fight(orders, console)
        seconds = perf_counter() - begun
        overlaps, violations = state_of(url, clock.now())
    told = tuple(f"{v.invariant}: {v.what}" for v in violations[:20])
    return Proof(tally, overlaps, told, seconds, url.partition(":")[0], is_guarded)


def _fight(orders: list[_Order], console: Console) -> Tally:
    spawn = multiprocessing.get_context("spawn")
    done, results = spawn.Value("l", 0), spawn.SimpleQueue()
    processes = [spawn.Process(target=_work, args=(order, done, results)) for order in orders]
    for process in processes:
        process.start()
    total = Tally()
    columns = (
        TextColumn("Proving"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=console.quiet
    ) as progress:
        task = progress.add_task("", total=sum(order.attempts for order in orders), rate="")
        begun = perf_counter()
        while any(process.is_alive() for process in processes) or not results.empty():
            while not results.empty():
                total.add(results.get())
            rate = f"{done.value / (perf_counter() - begun):.0f}/s"
            progress.update(task, completed=done.value, rate=rate)
            sleep(_LOOK)
    _count_the_fallen(processes, total)
    return total


def _count_the_fallen(processes: list[SpawnProcess], total: Tally) -> None:
    for process in processes:
        process.join()
        if process.exitcode:
            total.errors[f"a worker ended with code {process.exitcode}"] += 1


def _work(order: _Order, done: Any, results: Any) -> None:  # noqa: ANN401 - of multiprocessing
    """Run in a process of its own: fight, and hand back the tally."""
    medibook = build_medibook(Settings(env=Env.TEST, db_url=order.url))
    if not order.is_guarded:
        disable_locks(medibook)
    mine = attempts(
        order.worker,
        order.attempts,
        medibook.clock.now().date(),
        round_now=lambda: int(done.value) // (2 * order.workers),
    )
    results.put(contend(medibook, mine, worker=order.worker, after_each=partial(_count, done)))
    medibook.engine.dispose()


def _count(done: Any) -> None:  # noqa: ANN401 - of multiprocessing
    with done.get_lock():
        done.value += 1


def _show(proof: Proof) -> None:
    report = proof.report()
    title = f"{proof.engine}, {'guarded' if proof.is_guarded else 'WITHOUT guard and locks'}"
    table = Table("What", "How many", title=title)
    for key in ("attempts", "wins", "refusals", "overlaps", "errors", "seconds", "rate"):
        table.add_row(key, f"{report[key]:,}")
    for act, times in proof.tally.won.most_common():
        table.add_row(f"  won: {act}", f"{times:,}")
    for code, times in proof.tally.refusals.most_common():
        table.add_row(f"  refused: {code}", f"{times:,}")
    console = Console()
    console.print(table)
    for text, times in proof.tally.errors.most_common(5):
        console.print(f"error × {times}: {text}", markup=False)
    for words in proof.violations:
        console.print(words, markup=False)
    console.print(_verdict(proof))


def _verdict(proof: Proof) -> str:
    if proof.holds:
        return "Nothing was booked twice, and every loser was told so."
    if not proof.is_guarded and proof.overlaps:
        return "Without the guard, times were given twice: so the proof can fail, and the guard is needed."
    return "The proof has FAILED."
