"""How what a practitioner offers stands in the directory."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from medibook.clinic.schemas import ServiceCard
from medibook.directory.rules.names import folded
from medibook.kernel.money import EXPONENTS, Money


class OfferRow(NamedTuple):
    """A visit type as the search compares it."""

    practitioner_id: UUID
    service_id: UUID
    rank_name: str
    is_usual: bool
    is_usual_video: bool
    fee: int
    fee_currency: str


def offer_rows(who: UUID, name: str, offers: Sequence[ServiceCard]) -> Iterator[OfferRow]:
    """Each visit type of somebody; the first is the usual one, and so is the first by video."""
    video = next((card.service_id for card in offers if card.is_video), None)
    for position, card in enumerate(offers):
        yield OfferRow(
            practitioner_id=who,
            service_id=card.service_id,
            rank_name=folded(name)[:130],
            is_usual=position == 0,
            is_usual_video=card.service_id == video,
            fee=hundredths(card.fee),
            fee_currency=card.fee.currency,
        )


def hundredths(fee: Money) -> int:
    """A fee in hundredths, so that 45.00, ¥45 and 45.000 can stand in one column."""
    return fee.minor * 100 // int(10 ** EXPONENTS[fee.currency])
