"""``medibook run-job``: run one of the heartbeats now, once."""

from typing import Annotated

import typer

from medibook.cli.reporting import refuse, settings_or_refuse
from medibook.scheduler import JOBS
from medibook.wiring import build_medibook


def run_job(
    name: Annotated[str, typer.Argument(help="The job's name; unknown names list all.")],
) -> None:
    """Run a job once, beside a clinic that runs or without one: every job claims what it does."""
    jobs = {job.name: job for job in JOBS}
    if name not in jobs:
        refuse(f"There is no job {name!r}. There are: {', '.join(sorted(jobs))}.")
    medibook = build_medibook(settings_or_refuse())
    try:
        done = jobs[name].run(medibook)
    finally:
        medibook.engine.dispose()
    typer.echo(f"{name}: done{'' if done is None else f', {done}'}.", err=True)
