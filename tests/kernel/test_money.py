"""Money is whole minor units of one currency."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medibook.kernel.money import EXPONENTS, CurrencyMismatch, Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (Decimal("45.00"), "EUR", 4500),
        (45, "EUR", 4500),
        (4500, "JPY", 4500),
        (Decimal("1.234"), "KWD", 1234),
        (Decimal("0.005"), "EUR", 1),
        (Decimal("-0.005"), "EUR", -1),
        (Decimal("0.0049"), "EUR", 0),
        (Decimal("2.675"), "EUR", 268),  # a float would say 267
        (Fraction(1, 3), "EUR", 33),
    ],
)
def test_an_amount_is_rounded_commercially_to_the_smallest_unit(amount, currency, minor):
    assert Money.of(amount, currency) == Money(minor, currency)


def test_a_fee_knows_its_digits():
    assert str(Money(4500, "EUR").amount) == "45.00"
    assert str(Money(4500, "JPY").amount) == "4500"
    assert str(Money(4500, "BHD").amount) == "4.500"


def test_sums_and_differences_stay_in_one_currency():
    fee = Money(4500, "EUR")
    assert fee + Money(500, "EUR") == Money(5000, "EUR")
    assert fee - Money(5000, "EUR") == Money(-500, "EUR")
    assert -fee == Money(-4500, "EUR")
    assert sum([fee, fee], start=Money.zero("EUR")) == Money(9000, "EUR")


@pytest.mark.parametrize(
    "reckon",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_euros_and_dollars_are_never_reckoned_together(reckon):
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        reckon(Money(1, "EUR"), Money(1, "USD"))
    assert Money(1, "EUR") != Money(1, "USD")


def test_half_a_fee_is_rounded_like_any_amount():
    assert Money(4501, "EUR").times(Fraction(1, 2)) == Money(2251, "EUR")
    assert Money(-4501, "EUR").times(Decimal("0.5")) == Money(-2251, "EUR")


@pytest.mark.parametrize("minor", [45.0, True, "45", Decimal(45)])
def test_minor_units_are_whole_numbers(minor):
    with pytest.raises(ValueError, match="whole minor units"):
        Money(minor, "EUR")


@pytest.mark.parametrize("currency", ["EURO", "eur", "", "XXX", "DEM"])
def test_only_money_that_people_pay_with_is_a_currency(currency):
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)
    with pytest.raises(ValueError, match="ISO 4217"):
        Money.of(1, currency)


def test_a_float_is_not_an_amount():
    with pytest.raises(ValueError, match="Decimal"):
        Money.of(45.0, "EUR")


@given(st.integers(), st.sampled_from(sorted(EXPONENTS)))
def test_an_amount_and_its_minor_units_are_the_same_money(minor, currency):
    money = Money(minor, currency)
    assert Money.of(Fraction(minor, 10**money.exponent), currency) == money
    if abs(minor) < 10**20:
        assert Money.of(money.amount, currency) == money


@given(st.integers(), st.integers())
def test_money_is_ordered_like_its_minor_units(a, b):
    one, other = Money(a, "EUR"), Money(b, "EUR")
    assert (one < other, one <= other, one > other, one >= other) == (a < b, a <= b, a > b, a >= b)
