"""How what a practitioner offers stands in the directory."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
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
    kind: int


class Kind(NamedTuple):
    """All that a filter can ask of somebody with one visit type."""

    specialties: str
    cities: str
    languages: str
    accepts_new: bool
    has_video: bool
    fee: int

    @property
    def number(self) -> int:
        """The same for the same, and for others another."""
        return int.from_bytes(blake2b(repr(tuple(self)).encode(), digest_size=7).digest())


def offer_rows(
    who: UUID, name: str, offers: Sequence[ServiceCard], like: Kind
) -> Iterator[OfferRow]:
    """Each visit type of somebody; the first is the usual one, and so is the first by video."""
    video = next((card.service_id for card in offers if card.is_video), None)
    numbers = (each.number for each in kinds(like, offers))
    for position, (card, number) in enumerate(zip(offers, numbers, strict=True)):
        yield OfferRow(
            practitioner_id=who,
            service_id=card.service_id,
            rank_name=folded(name)[:130],
            is_usual=position == 0,
            is_usual_video=card.service_id == video,
            fee=hundredths(card.fee),
            fee_currency=card.fee.currency,
            kind=number,
        )


def kinds(like: Kind, offers: Sequence[ServiceCard]) -> Iterator[Kind]:
    """What somebody is like with each of their visit types."""
    return (like._replace(fee=hundredths(card.fee)) for card in offers)


def hundredths(fee: Money) -> int:
    """A fee in hundredths, so that 45.00, ¥45 and 45.000 can stand in one column."""
    return fee.minor * 100 // int(10 ** EXPONENTS[fee.currency])


def in_one_text(words: Iterable[str], sign: str) -> str:
    """A list as one text, every item between two signs."""
    return sign + "".join(word + sign for word in words)
