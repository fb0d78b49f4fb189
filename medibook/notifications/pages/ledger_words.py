"""The ledger in words: how far a message has come, and by what."""

from typing import Final

from medibook.notifications.schemas import Channel, MessageState
from medibook.ui.i18n import N_

STATES: Final = {
    MessageState.PLANNED: N_("Waits for its time"),
    MessageState.CLAIMED: N_("About to be sent"),
    MessageState.ATTEMPTING: N_("Being sent"),
    MessageState.ACCEPTED: N_("Sent"),
    MessageState.RETRY: N_("Tried again later"),
    MessageState.DEAD: N_("Given up"),
    MessageState.EXPIRED: N_("No longer needed"),
    MessageState.UNKNOWN: N_("Not known whether it has left"),
}
TONES: Final = {
    MessageState.PLANNED: "slate",
    MessageState.CLAIMED: "sky",
    MessageState.ATTEMPTING: "sky",
    MessageState.ACCEPTED: "leaf",
    MessageState.RETRY: "amber",
    MessageState.DEAD: "coral",
    MessageState.EXPIRED: "slate",
    MessageState.UNKNOWN: "amber",
}
CHANNELS: Final = {
    Channel.EMAIL: N_("E-mail"),
    Channel.SMS: N_("SMS"),
    Channel.IN_APP: N_("In the app"),
}
