"""What a browser claims, read strictly; a page's own data can be missing, too, when it never loaded."""

from enum import Enum
from typing import TypeVar
from uuid import UUID

from medibook.kernel.errors import Invalid, NotFound

Choice = TypeVar("Choice", bound=Enum)


def claimed_id(claim: object) -> UUID:
    """Return the id that a browser names; raises NotFound when it is none at all."""
    try:
        return UUID(str(claim))
    except ValueError as error:
        raise NotFound from error


def claimed_choice(choices: type[Choice], claim: object) -> Choice:
    """Return the one of ``choices`` that a browser names; raises Invalid when there is none."""
    try:
        return choices(claim)
    except ValueError as error:
        raise Invalid from error
