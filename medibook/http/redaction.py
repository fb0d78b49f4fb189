"""Keep what people typed, and the keys to their sessions, out of the log.

Reflex logs whole events when something about them is wrong: payloads with passwords, cookies,
client tokens. Of its records we keep where and what kind, and drop every value.
"""

import logging
import re
import traceback

_log = logging.getLogger("medibook.http")
_TALKATIVE = (
    "reflex.app",
    "reflex.state",
    "reflex.utils.token_manager",
    "reflex_base.event.processor.base_state_processor",
    "reflex_base.event.processor.event_processor",
    "reflex_base.event.processor.future",
    "engineio.server",
    "socketio.server",
)
# A message is kept up to the first thing that can hold a value.
_FIRST_VALUE = re.compile(r"[\[({'\":=]|\b[A-Z]\w+\(|\bfor (?=Event)|\d{3,}|[0-9a-f]{8}-")


class Redact(logging.Filter):
    """Leaves of a record what happened and where; takes away what was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; nothing is ever silenced."""
        text = record.getMessage()
        value = _FIRST_VALUE.search(text)
        if value:
            text = f"{text[: value.start()].rstrip()} [values withheld]"
        if record.exc_info and record.exc_info[1]:
            text = f"{text} {outline(record.exc_info[1])}"
        record.msg, record.args, record.exc_info, record.exc_text = text, (), None, None
        return True


def outline(error: BaseException) -> str:
    """The kind of an error and the places it went through, without its words or values."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'unknown place'}"


def redact_reflex_logs() -> None:
    """Put the filter on every logger of Reflex that is known to print what clients send."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        # A filter works on the logger it hangs on, not on its children: hence the list of names.
        if not any(isinstance(present, Redact) for present in logger.filters):
            logger.addFilter(Redact())


def log_mishap(exception: Exception) -> None:
    """What Reflex does with an error that no page expected: the log learns kind and place."""
    _log.error("unexpected %s", outline(exception))


def log_browser_mishap(exception: Exception) -> None:
    """A browser reports an error of its own: counted, but its words are the visitor's to choose."""
    _log.warning("a browser reported an error (%d characters)", len(str(exception)))
