"""What another time is, in the words of messages and of the pages behind links."""

from typing import Final

from medibook.absences.schemas import AlternativeKind
from medibook.kernel.words import N_

KIND_WORDS: Final = {
    AlternativeKind.COLLEAGUE: N_("with a colleague"),
    AlternativeKind.SAME_PRACTITIONER: N_("with the same doctor"),
    AlternativeKind.VIDEO: N_("by video"),
}
