"""static/js/money.js says what the server says: amounts, products, capitals."""

import random
from decimal import Decimal

from django.templatetags.static import static

from procurement.reference.money import capitals
from procurement.reference.prices import by_unit

MANY = 10_000
ASK = """async ([url, amounts, lines]) => {
  const money = await import(url);
  return {
    shown: amounts.map((text) => money.format(money.parse(text))),
    capitals: amounts.map((text) => money.capitals(money.parse(text))),
    products: lines.map(([many, each]) => money.format(money.product(many, each))),
  };
}"""


def an_amount(chance: random.Random) -> Decimal:
    return Decimal(chance.randrange(10 ** chance.randint(1, 14))) / 100


def test_ten_thousand_amounts_agree_with_the_server_to_the_fen(browse, site):
    chance = random.Random(20261122)
    edge = [
        "0.00",
        "0.01",
        "0.10",
        "10.00",
        "1000.05",
        "10000.00",
        "10010.00",
        "100000000.00",
        "1000010000.50",
    ]
    amounts = [Decimal(text) for text in edge] + [an_amount(chance) for _ in range(MANY)]
    lines = [
        (Decimal(chance.randrange(1, 10**7)) / 10**4, Decimal(chance.randrange(1, 10**12)) / 10**6)
        for _ in range(MANY)
    ]
    page = browse(None, "/accounts/contacts/")
    texts, pairs = [f"{a:.2f}" for a in amounts], [(f"{q:.4f}", f"{p:.6f}") for q, p in lines]
    answer = page.evaluate(ASK, [site + static("js/money.js"), texts, pairs])
    assert answer["shown"] == [f"{amount:,.2f}" for amount in amounts]
    assert answer["capitals"] == [capitals(amount) for amount in amounts]
    assert answer["products"] == [f"{by_unit(price, many):,.2f}" for many, price in lines]
