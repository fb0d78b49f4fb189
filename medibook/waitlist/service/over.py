"""Why an offered time is no longer somebody's to take, in true words: the same in letters and on pages."""

from typing import Final

from medibook.kernel.words import N_
from medibook.ui.i18n import Translator
from medibook.waitlist.schemas import OfferCard, OfferState

_WHY: Final = {
    OfferState.LAPSED: N_("There was no answer in time, so {when} is no longer kept for you."),
    OfferState.OPEN: N_("There was no answer in time, so {when} is no longer kept for you."),
    OfferState.WITHDRAWN: N_("The time on {when} can no longer be had."),
    OfferState.OVERRIDDEN: N_("The clinic has given the time on {when} to somebody else."),
}


def over_words(_: Translator, offer: OfferCard, when: str) -> str:
    """What has become of an offer that its reader has not answered; ``when`` is its time."""
    if offer.another_was_first:
        return _("Somebody else was faster and has taken the time on {when}.", when=when)
    return _(_WHY[offer.state], when=when) if offer.state in _WHY else ""
