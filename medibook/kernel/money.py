"""Fees and payments: whole minor units of one currency, never a float.

One rounding rule for the whole house, *commercial rounding*: a tie goes away from zero
(half a cent owed becomes a cent owed), as bills are rounded by hand. It is applied in
``Money.of`` and nowhere else. How an amount looks is the screen's business (``ui/i18n``).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

# ISO 4217, list one: money that people pay with; funds, metals and test codes are left out.
_BY_EXPONENT: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
        "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
        "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL "
        "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN "
        "PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
        "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
EXPONENTS: Final = {
    code: exponent for exponent, codes in _BY_EXPONENT.items() for code in codes.split()
}


class CurrencyMismatch(ValueError):  # noqa: N818 - named by what happened
    """Euros and dollars were put into one sum; nobody here knows the rate."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} cannot be reckoned together")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount to be paid: ``Money(4500, "EUR")`` is 45 euros, ``Money(4500, "JPY")`` 4,500 yen.

    Raises:
        ValueError: ``minor`` is not a whole number, or the currency is not one of ISO 4217.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            message = f"money is counted in whole minor units, not {self.minor!r}"
            raise ValueError(message)
        if self.currency not in EXPONENTS:
            message = f"no currency of ISO 4217: {self.currency!r}"
            raise ValueError(message)

    @classmethod
    def of(cls, amount: Decimal | Fraction | int, currency: str) -> Money:
        """So many euros (not cents), rounded commercially to the currency's smallest unit."""
        if isinstance(amount, float):
            message = "a float is not an amount of money; give a Decimal"
            raise ValueError(message)
        if currency not in EXPONENTS:
            return cls(0, currency)
        return cls(_rounded(Fraction(amount) * 10 ** EXPONENTS[currency]), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing owed; where a sum starts."""
        return cls(0, currency)

    @property
    def exponent(self) -> int:
        """Digits after the point: 2 for euros, 0 for yen, 3 for dinars."""
        return EXPONENTS[self.currency]

    @property
    def amount(self) -> Decimal:
        """The amount in whole units with all its digits: ``Decimal("45.00")``."""
        return Decimal(self.minor).scaleb(-self.exponent)

    def times(self, factor: Decimal | Fraction | int) -> Money:
        """A part or a multiple, as a cancellation fee of 50 %; rounded commercially."""
        return Money(_rounded(Fraction(factor) * self.minor), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: Money) -> int:
        """The other's minor units, once it is sure that they are of the same kind."""
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor


def _rounded(value: Fraction) -> int:
    """Commercial rounding, exact: ties away from zero."""
    whole, rest = divmod(abs(value), 1)
    units = int(whole) + (rest >= Fraction(1, 2))
    return units if value >= 0 else -units
