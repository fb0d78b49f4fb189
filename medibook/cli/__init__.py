"""The command line: what an operator, a test or the launcher asks of the clinic."""

import typer

from medibook.cli import (
    build,
    check,
    create_account,
    demo,
    dev,
    endpoints,
    import_practitioners,
    migrate,
    outbox,
    prove,
    rebuild_search,
    run,
    run_job,
    words,
)

app = typer.Typer(
    help="MediBook: the tool behind the clinic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold patients' data
)
app.command("run")(run.run)
app.command("build")(build.build)
app.command("dev")(dev.dev)
app.command("migrate")(migrate.migrate)
app.command("demo")(demo.demo)
app.command("create-admin")(create_account.create_admin)
app.command("create-staff")(create_account.create_staff)
app.command("prove")(prove.prove)
app.command("endpoints")(endpoints.endpoints)
app.command("check")(check.check)
app.command("rebuild-search")(rebuild_search.rebuild_search)
app.command("words")(words.words)
app.command("run-job")(run_job.run_job)
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(import_practitioners.importing, name="import")
