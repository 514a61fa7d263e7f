"""Amounts in capitals, in 万元, and the two-way price."""

import random
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.reference.money import capitals, fen, plain, wan
from procurement.reference.prices import agrees, by_total, by_unit

EXACT = {
    "0": "人民币零元整",
    "0.05": "人民币伍分",
    "0.50": "人民币伍角整",
    "10.50": "人民币壹拾元伍角整",
    "100.05": "人民币壹佰元零伍分",
    "10010": "人民币壹万零壹拾元整",
    "100000": "人民币壹拾万元整",
    "1000000010": "人民币壹拾亿零壹拾元整",
    "5480132.50": "人民币伍佰肆拾捌万零壹佰叁拾贰元伍角整",
    "-50000": "人民币负伍万元整",
}


def oracle(amount: Decimal) -> str:
    """cn2an leaves out the currency, and the 整 that the bank rules want after 角."""
    text = cn2an.an2cn(str(amount), "rmb")
    # cn2an's one slip: it drops the 零 of an empty 万 group (454亿0000万5002) that 支付结算办法附一 wants
    if amount >= 10**8 and amount // 10**4 % 10**4 == 0 and amount // 10**3 % 10:
        text = text.replace("亿", "亿零")
    return "人民币" + text + ("" if text.endswith(("分", "整")) else "整")


@pytest.mark.parametrize(("amount", "text"), EXACT.items())
def test_amounts_in_capitals(amount, text):
    assert capitals(Decimal(amount)) == text


def test_capitals_equal_cn2an_on_100_000_random_amounts():
    dice = random.Random(20260101)
    wrong = []
    for _ in range(100_000):
        cents = dice.randrange(10 ** dice.randint(1, 14))
        if dice.random() < 0.4:  # many zeros, where the rules are hard
            cents = int("".join(dice.choice("0000" + d) for d in str(cents)) or "0")
        amount = Decimal(cents).scaleb(-2)
        if capitals(amount) != oracle(amount):
            wrong.append((amount, capitals(amount), oracle(amount)))
    assert wrong == []


def test_capitals_refuse_a_fraction_of_a_fen_and_the_unspeakable():
    with pytest.raises(ValueError, match="fraction"):
        capitals(Decimal("0.001"))
    with pytest.raises(ValueError, match="too large"):
        capitals(Decimal(10) ** 16)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("4800000", "480.00"),
        ("186532.50", "18.65325"),
        ("0.01", "0.000001"),
        ("15000", "1.50"),
        ("0", "0.00"),
    ],
)
def test_wan_keeps_two_to_six_decimals(amount, text):
    assert wan(Decimal(amount)) == text


def test_fen_and_plain():
    assert fen(Decimal("12.34")) == 1234
    assert plain(Decimal("-1234567.5")) == "-1,234,567.50"


def test_the_example_of_the_specification():
    assert by_total(Decimal("10000.00"), Decimal(3)) == Decimal("3333.333333")
    assert by_unit(Decimal("3333.333333"), Decimal(3)) == Decimal("10000.00")
    assert by_unit(Decimal("0.005"), Decimal(1)) == Decimal("0.01")


totals = st.decimals("0.01", "9999999999999999.99", places=2)
quantities = st.decimals("0.0001", "99999999999999.9999", places=4)


@given(totals, quantities)
def test_a_price_cut_from_a_total_agrees_with_it(total, quantity):
    assert agrees(by_total(total, quantity), quantity, total)


@given(st.decimals("0.000001", "99999999999.999999", places=6), quantities)
def test_a_total_made_from_a_price_agrees_with_it(price, quantity):
    assert agrees(price, quantity, by_unit(price, quantity))


def test_a_wrong_total_does_not_agree():
    assert not agrees(Decimal("10"), Decimal("3"), Decimal("30.02"))
