"""What a link in a message may let its reader do: the words that every room makes links with."""

from enum import StrEnum


class Action(StrEnum):
    """What a link may let somebody do."""

    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"
    TAKE = "take"
    DECLINE = "decline"
    LEAVE = "leave"
