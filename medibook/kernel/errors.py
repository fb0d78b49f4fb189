"""Refusals: what a use case says instead of acting, in a sentence for people."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from medibook.kernel.words import N_

Translate = Callable[..., str]


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A use case said no; nothing was changed. ``code`` is stable, ``sentence`` is for people."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = N_("That is not possible.")
    status: ClassVar[int] = 400

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def message(self, translate: Translate) -> str:
        """Return the sentence in the reader's language, with its facts filled in."""
        return translate(self.sentence, **self.facts)


class NotFound(Refusal):
    """There is no such thing, or it is not this actor's to know."""

    code = "not_found"
    sentence = N_("We could not find that. It may have been removed, or the link may be wrong.")
    status = 404


class Forbidden(Refusal):
    """The actor's role does not allow this."""

    code = "forbidden"
    sentence = N_(
        "Your account is not allowed to do this. Ask the clinic if you think it should be."
    )
    status = 403


class SignInNeeded(Forbidden):
    """A stranger asked for what needs an account."""

    code = "sign_in_needed"
    sentence = N_("Please sign in first.")
    status = 401


class Conflict(Refusal):
    """Somebody else was faster, or the thing has changed meanwhile."""

    code = "conflict"
    sentence = N_("This has changed in the meantime. Please look again.")
    status = 409


class Busy(Conflict):
    """The database could not take the change in time; trying again is safe."""

    code = "busy"
    sentence = N_("The clinic's computer is very busy. Nothing was changed. Please try again.")
    status = 503


class TooManyAttempts(Refusal):
    """A path that takes a secret was tried too often."""

    code = "too_many_attempts"
    sentence = N_("Too many attempts. Please wait {minutes} minutes and try again.")
    status = 429


class Invalid(Refusal):
    """Input that cannot be taken; ``problems`` has each field's own (untranslated) sentence."""

    code = "invalid"
    sentence = N_("Please check what you have entered.")
    status = 422

    def __init__(self, problems: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(**facts)
        self.problems = dict(problems or {})

    def messages(self, translate: Translate) -> dict[str, str]:
        """Return each field's sentence in the reader's language."""
        return {field: translate(text, **self.facts) for field, text in self.problems.items()}
