"""The words of a notice: its title, its basis, its rows as the portal prints them (财库〔2020〕10号)."""

from collections.abc import Sequence
from datetime import date

from django.template.loader import render_to_string

LAW = "《财政部关于开展政府采购意向公开工作的通知》（财库〔2020〕10号）"


def span(months: Sequence[date]) -> str:
    """2026年11月, 2026年11月至12月, 2026年12月至2027年1月; empty without months."""
    if not months:
        return ""
    first, last = min(months), max(months)
    text = f"{first.year}年{first.month}月"
    if first.year != last.year:
        return f"{text}至{last.year}年{last.month}月"
    return f"{text}至{last.month}月" if first.month != last.month else text


def title(paper, months: Sequence[date]) -> str:
    """The usual title; the clerk may write another (domain.md §7)."""
    if paper.notice == "cancel":
        return f"关于撤销《{paper.supersedes.title[:280]}》的公告"
    ending = "政府采购意向变更公告" if paper.notice == "change" else "政府采购意向"
    return f"{paper.unit.name}{span(months)}{ending}"


def basis(paper, months: Sequence[date]) -> str:
    """The opening sentence, naming the paper it rests on."""
    what = {"change": "采购意向变更情况", "cancel": "采购意向撤销情况"}.get(paper.notice, "采购意向")
    return (
        f"为便于供应商及时了解政府采购信息，根据{LAW}等有关规定，"
        f"现将{paper.unit.name}{span(months)}{what}公开如下："
    )


def set_aside(item) -> str:
    """The statement on small and medium enterprises that 备注 must carry (财库〔2020〕46号 art. 6)."""
    if item.sme_reserved == "part":
        return f"部分预留（{item.sme_share.normalize():f}%）专门面向中小企业采购"
    return "专门面向中小企业采购" if item.sme_reserved == "whole" else "不专门面向中小企业采购"


def article(paper, items, on: date) -> str:
    """The notice as HTML: allowed tags and class attributes only, user text escaped by the template."""
    return render_to_string("intents/article.html", {"paper": paper, "items": items, "on": on})


def data(paper, items) -> dict:
    """The same for programs; the category is internal and stays here."""
    return {
        "number": paper.number,
        "withdrawal": paper.notice == "cancel",
        "reason": paper.change_reason,
        "items": [
            {
                "name": item.project_name,
                "demand": item.demand_summary,
                "amount": str(item.amount),
                "month": f"{item.expected_month:%Y-%m}",
                "remark": item.published_remark,
            }
            for item in items
        ],
    }
