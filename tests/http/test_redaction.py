"""What people typed, and the keys to their sessions, stay out of the log."""

import logging

import pytest

from medibook.http.redaction import Redact, log_browser_mishap, log_mishap, outline

SECRET = "canary-7f3a"


@pytest.mark.parametrize(
    "message",
    [
        f"Error transforming event payload for handler SignIn.send: {SECRET} is no int",
        f"Error processing event queue entry for Event(name='x', payload={{'p': '{SECRET}'}}):",
        f"Received event from session 1 with no associated token. Event data: {SECRET}",
        f"Attempting to send delta to disconnected client '{SECRET}'",
        f"Event x not found {{'cookie': '{SECRET}'}}",
    ],
)
def test_a_record_of_reflex_keeps_what_happened_and_loses_what_was_sent(message):
    record = logging.LogRecord("reflex.app", logging.ERROR, __file__, 1, message, (), None)
    assert Redact().filter(record)
    assert SECRET not in record.getMessage()
    assert record.getMessage()[:5] == message[:5]


def test_a_traceback_keeps_kind_and_place_and_loses_its_words():
    try:
        int(SECRET)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        shown = outline(error)
    record = logging.LogRecord("reflex.app", logging.ERROR, __file__, 1, "Error in task", (), info)
    Redact().filter(record)
    text = logging.Formatter().format(record)
    assert SECRET not in text + shown
    assert "ValueError" in text
    assert "test_a_traceback_keeps" in shown


def test_errors_that_nobody_expected_are_logged_without_their_words(caplog):
    log_mishap(ValueError(SECRET))
    log_browser_mishap(RuntimeError(SECRET))
    assert len(caplog.records) == 2
    assert SECRET not in caplog.text
