"""The picture 指标 → 确认 → 占用 → 合同 → 余额, computed to the pixel; the template only draws it."""

from decimal import Decimal
from typing import NamedTuple

from procurement.reference.money import plain

LEFT, STEP, WIDTH, TOP, BASE = 78, 122, 78, 44, 232
ZERO = Decimal(0)


class Bar(NamedTuple):
    """One bar: where it stands, what is written at it."""

    css: str
    label: str
    text: str
    share: str
    x: str
    middle: str
    y: str
    height: str
    above: str
    last: bool


class Totals(NamedTuple):
    """The five amounts of one quota."""

    issued: Decimal
    confirmed: Decimal
    reserved: Decimal
    committed: Decimal
    carried: Decimal

    @property
    def unconfirmed(self) -> Decimal:
        return self.issued - self.confirmed

    @property
    def over(self) -> Decimal:
        """Confirmed beyond what is issued, after a cut by finance."""
        return max(-self.unconfirmed, ZERO)

    @property
    def available(self) -> Decimal:
        return self.confirmed - self.reserved - self.committed - self.carried


def signed(amount: Decimal) -> str:
    """−1,234.50 with a real minus sign; + where more was confirmed than issued."""
    return f"{'+' if amount < 0 else '−' if amount else ''}{plain(abs(amount))}"


def mark(amount: Decimal) -> str:
    """万元 on the axis, without idle zeros."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def steps(totals: Totals) -> list[tuple]:
    """(css, label, text, size, from, to) of each bar, amounts not yet pixels."""
    after_reserved = totals.confirmed - totals.reserved
    after_committed = after_reserved - totals.committed
    rows = [
        ("b1", "指标金额", plain(totals.issued), totals.issued, ZERO, totals.issued),
        (
            "b0",
            "未确认" if totals.unconfirmed >= 0 else "超额确认",
            signed(totals.unconfirmed),
            abs(totals.unconfirmed),
            totals.confirmed,
            totals.issued,
        ),
        ("b2", "已确认", plain(totals.confirmed), totals.confirmed, ZERO, totals.confirmed),
        ("b3", "计划占用", signed(totals.reserved), totals.reserved, after_reserved, totals.confirmed),
        ("b4", "已签合同", signed(totals.committed), totals.committed, after_committed, after_reserved),
    ]
    if totals.carried:
        rows.append(
            ("b0", "已结转", signed(totals.carried), totals.carried, totals.available, after_committed)
        )
    rows.append(("b2", "可用余额", plain(totals.available), totals.available, ZERO, totals.available))
    return rows


def draw(totals: Totals) -> dict:
    """Bars, connecting lines, axis marks and the size of the picture."""
    most = max(totals.issued, totals.confirmed) or Decimal(1)
    rows = steps(totals)

    def level(amount: Decimal) -> float:
        return float(BASE - (BASE - TOP) * amount / most)

    bars = []
    for place, (css, label, text, size, low, high) in enumerate(rows):
        x, upper, lower = LEFT + STEP * place, level(max(low, high)), level(min(low, high))
        share = f"{size / totals.issued * 100:.2f}%" if totals.issued else "—"
        bars.append(
            Bar(
                css,
                label,
                text,
                share,
                f"{x}",
                f"{x + WIDTH / 2:.0f}",
                f"{upper:.1f}",
                f"{max(lower - upper, 0.5):.1f}",
                f"{upper - 9:.1f}",
                place == len(rows) - 1,
            )
        )
    return {
        "bars": bars,
        "links": links(rows, level),
        "marks": [
            {
                "y": f"{level(most * n / 4):.1f}",
                "text_y": f"{level(most * n / 4) + 4:.1f}",
                "text": mark(most * n / 40000),
            }
            for n in range(5)
        ],
        "base": BASE,
        "width": LEFT + STEP * len(rows) - 22,
    }


def links(rows: list[tuple], level) -> list[dict]:
    """Dashed lines at the level handed from one bar to the next."""
    found, top = [], ZERO
    for place, (css, _, _, _, low, high) in enumerate(rows[:-1]):
        top = high if css in ("b1", "b2") else low
        x = LEFT + STEP * place + WIDTH
        found.append({"x1": x, "x2": x + STEP - WIDTH, "y": f"{level(top):.1f}"})
    return found
