"""Charts drawn on the server: SVG with coordinates as text, links on the bars, no script and no style."""

from dataclasses import dataclass
from decimal import Decimal

WIDTH, LEFT, BAR, LINE = 560, 132, 300, 34  # of the lying bars
TALL, STEP, FOOT = 190, 130, 150  # of the standing pairs
TEN_THOUSAND = 10_000


def wan(amount: Decimal) -> str:
    """万元 with two places, as the report prints amounts."""
    return f"{amount / TEN_THOUSAND:,.2f}"


@dataclass(frozen=True)
class Datum:
    """One thing drawn: its label, plan and contract money, where it leads."""

    label: str
    budget: Decimal
    amount: Decimal
    url: str


def lying(data: list[Datum]) -> dict:
    """A bar a row, longest is full width; what has no money is left out."""
    rows = [datum for datum in data if datum.amount > 0]
    most = max((datum.amount for datum in rows), default=Decimal(1))
    bars = []
    for number, datum in enumerate(rows):
        y, width = 6 + LINE * number, max(float(datum.amount / most) * BAR, 2)
        bars.append(
            {
                "label": datum.label, "url": datum.url, "value": wan(datum.amount), "y": f"{y:g}",
                "text_y": f"{y + 16:g}", "width": f"{width:.1f}", "value_x": f"{LEFT + width + 8:.1f}",
            }
        )  # fmt: skip
    return {"bars": bars, "x": LEFT, "label_x": LEFT - 10, "width": WIDTH, "height": 12 + LINE * len(rows)}


def standing(data: list[Datum]) -> dict:
    """A pair of bars for each: plan money beside contract money."""
    most = max((max(datum.budget, datum.amount) for datum in data), default=Decimal(0)) or Decimal(1)
    pairs = []
    for number, datum in enumerate(data):
        x = 34 + STEP * number
        heights = [
            max(float(max(value, 0) / most) * (FOOT - 24), 0) for value in (datum.budget, datum.amount)
        ]
        pairs.append(
            {
                "label": datum.label, "url": datum.url,
                "budget": wan(datum.budget), "amount": wan(datum.amount),
                "middle": f"{x + 42:g}", "empty": not datum.amount and not datum.budget,
                "bars": [
                    {"x": f"{x + 44 * side:g}", "y": f"{FOOT - height:.1f}", "height": f"{height:.1f}",
                     "css": css}
                    for side, (height, css) in enumerate(zip(heights, ("plan", "used"), strict=True))
                ],
            }
        )  # fmt: skip
    return {"pairs": pairs, "width": 34 + STEP * len(data), "height": TALL, "foot": FOOT}
