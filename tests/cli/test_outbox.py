"""``outbox`` and ``run-job``: what an operator does when messages are in the way."""

import json
from uuid import uuid4

from typer.testing import CliRunner

from medibook.cli import app
from medibook.kernel.actor import system
from medibook.notifications import service
from medibook.notifications.schemas import NewMessage


def run(clinic, monkeypatch, *command):
    url = clinic.medibook.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("MEDIBOOK_DB_URL", url)
    monkeypatch.setenv("MEDIBOOK_ENV", "test")
    return CliRunner().invoke(app, command)


def test_an_operator_lists_what_is_in_the_way_and_tries_it_again(clinic, monkeypatch):
    empty = run(clinic, monkeypatch, "outbox", "list")
    assert (empty.exit_code, "left in time" in empty.output) == (0, True)
    new = NewMessage(
        fact_id=uuid4(),
        kind="visit-booked",
        recipient_id=None,
        to="nobody@x.invalid",
        subject="s",
        body="b",
    )
    worker = system("test")
    with clinic.medibook._writers, clinic.medibook._transaction(worker, writes=True) as uow:
        service.tell(uow, new)
        uow.session.commit()
    listed = run(clinic, monkeypatch, "outbox", "list", "--json")
    assert listed.exit_code == 1
    (line,) = json.loads(listed.output)["lines"]
    assert (line["state"], line["problem"]) == ("dead", "no address yet")
    again = run(clinic, monkeypatch, "outbox", "retry", line["message_id"])
    assert again.exit_code == 0
    assert clinic.rows("SELECT state FROM message") == [("retry",)]
    assert run(clinic, monkeypatch, "outbox", "retry", str(uuid4())).exit_code == 2


def test_a_job_runs_once_and_an_unknown_one_lists_all(clinic, monkeypatch):
    assert run(clinic, monkeypatch, "run-job", "post").exit_code == 0
    unknown = run(clinic, monkeypatch, "run-job", "nothing")
    assert unknown.exit_code == 2
    assert "release-holds" in unknown.output
