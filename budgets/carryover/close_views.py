"""年度关账: the list of what is unfinished; the office asks, an administrator confirms."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.models import Post
from procurement import clock
from procurement.flow import export
from procurement.flow.kinds import kinds
from procurement.flow.models import Refused

from . import closing, surrender
from .models import YearClose

SHOWN = 300
HEAD = ["单位", "单据类型", "草稿（关账时作废）", "草稿（随计划继续）", "已退回", "审核中", "待备案或待发布"]


def may_ask(user) -> bool:
    return user.current is not None and user.current.post == Post.APPROVER


def year_of(request) -> int:
    """The year that is over, unless another is asked for."""
    this, asked = clock.today().year, request.GET.get("year", "")
    if asked and asked not in {str(this - back) for back in range(5)}:
        raise Http404
    return int(asked or this - 1)


def guard(request) -> None:
    if not (may_ask(request.user) or request.user.is_superuser):
        raise Refused("“年度关账”由政府采购处和系统管理员办理，您当前的岗位不能打开。")


def year_close(request):
    guard(request)
    year, problem = year_of(request), []
    if request.method == "POST":
        try:
            return decided(request, year)
        except ValidationError as refused:
            problem = refused.messages
    request.menu_url = "year-close"
    context = listed(request.user, year) | {"problem": problem}
    return render(request, "budgets/year_close.html", context, status=409 if problem else 200)


def listed(user, year: int) -> dict:
    """What is unfinished, how far the closing has come, and what this person can do about it."""
    row = YearClose.objects.filter(fiscal_year=year).select_related("asked_by", "confirmed_by").first()
    papers, names = list(closing.unfinished(year)[: SHOWN + 1]), kinds()
    stranded = row is not None and closing.stranded(row)
    for paper in papers:
        paper["label"] = names[paper["kind"]]._meta.verbose_name
    return {
        "title": f"{year} 年度关账", "section": "年终结转", "year": year, "row": row,
        "obstacles": list(closing.obstacles(year)), "papers": papers[:SHOWN], "more": len(papers) > SHOWN,
        "drafts": sum(paper["drafts"] for paper in papers), "money": closing.money_left(year)[:SHOWN],
        "may_ask": may_ask(user) and (row is None or stranded), "stranded": stranded,
        "may_confirm": user.is_superuser and row is not None and row.confirmed_at is None,
        "unclaimed": surrender.unclaimed(year),
        "years": [clock.today().year - back for back in range(3)],
    }  # fmt: skip


def decided(request, year: int):
    """申请关账, or 确认关账; the job does the rest."""
    from .jobs import close_years

    if request.POST.get("action") == "confirm":
        if not request.user.is_superuser:
            raise Refused("“确认关账”由系统管理员办理。")
        with transaction.atomic():
            if not YearClose.objects.filter(fiscal_year=year).exists():
                raise ValidationError("请先由政府采购处申请关账。")
            closing.confirm(year, request.user)
            transaction.on_commit(lambda: close_years.delay())
        messages.success(request, f"已确认 {year} 年度关账，草稿正在作废，未申请结转的资金正在交回财政。")
    else:
        if not may_ask(request.user):
            raise Refused("“申请关账”由政府采购处办理。")
        confirmed = closing.ask(year, request.user).confirmed_at
        then = "草稿继续作废" if confirmed else "等待系统管理员确认"
        messages.success(request, f"已申请 {year} 年度关账，{then}。")
    return redirect(f"{request.path}?year={year}")


def exported(request):
    """The whole list as a spreadsheet."""
    guard(request)
    year, names = year_of(request), kinds()
    counts = ("drafts", "kept", "returned", "review", "filing")
    lines = (
        [row["unit__name"], names[row["kind"]]._meta.verbose_name, *(row[name] for name in counts)]
        for row in closing.unfinished(year)
    )
    return export.download(f"{year}年未办结清单.xlsx", export.workbook("未办结清单", HEAD, lines))
