"""What a page says when something was refused or went wrong: a sentence, never a traceback."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError
from reflex.istate.proxy import StateProxy

from medibook.kernel.application import current
from medibook.kernel.errors import Invalid, Refusal
from medibook.kernel.words import N_

log = logging.getLogger("medibook.ui")

WENT_WRONG = N_(
    "Something went wrong on our side. Please load the page again to see what was done; "
    "if it happens again, tell the clinic this number: {reference}"
)


@asynccontextmanager
async def in_words(state: Any, *, clear: bool) -> AsyncIterator[None]:
    """Run a handler's body; what it raises becomes ``problem`` (and ``problems`` per field)."""
    if clear:
        await _say(state, "", {})
    try:
        yield
    except Refusal as refusal:
        _ = state._words()
        fields = refusal.messages(_) if isinstance(refusal, Invalid) else {}
        await _say(state, refusal.message(_), fields)
    except ValidationError as error:  # a claim from the browser that has not even the right shape
        _ = state._words()
        fields = {str(f["loc"][0]): _(Invalid.sentence) for f in error.errors() if f["loc"]}
        await _say(state, _(Invalid.sentence), fields)
    except Exception as error:  # noqa: BLE001 - the person gets a number, the log gets the place
        await _say(state, state._words()(WENT_WRONG, reference=noted(error)), {})


async def _say(state: Any, problem: str, problems: dict[str, str]) -> None:
    if not hasattr(state, "problem") or (state.problem == problem and state.problems == problems):
        return
    if isinstance(state, StateProxy):  # a background handler holds its state only inside the lock
        async with state:
            state.problem, state.problems = problem, problems
    else:
        state.problem, state.problems = problem, problems


def noted(error: BaseException) -> str:
    """Log where an unexpected error came from, under a reference that a person can read out.

    Types and places only: the message of an error may hold what a patient has typed.
    """
    reference = current().ids.new_reference()
    log.error("unexpected, reference %s\n%s", reference, "".join(_places(error)))
    return reference


def _places(error: BaseException | None) -> list[str]:
    lines: list[str] = []
    while error is not None:
        lines += [f"{type(error).__module__}.{type(error).__qualname__}\n"]
        lines += traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__
    return lines
