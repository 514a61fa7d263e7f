"""What people do about the execution of a book: enter it, look into it, send it again."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Post
from procurement.flow.models import Delivery, Refused

from ..models import TaskBook
from ..models.events import Kind
from . import manual, outcome
from .envelope import Unreadable
from .forms import ResultForm, SettleForm


def visible(request, pk: int) -> TaskBook:
    related = ("unit", "office", "executor", "approved_plan")
    return get_object_or_404(TaskBook.objects.visible_to(request.user).select_related(*related), pk=pk)


def may_settle(user, book) -> bool:
    """The unit's clerk and the office, as they stand behind the book."""
    return user.posts.holds(Post.CLERK, book.unit_id) or user.posts.holds(Post.APPROVER, book.office_id)


def acts(user, book) -> dict:
    """What the book's page offers this user."""
    return {
        "may_settle": may_settle(user, book),
        "steps": [(kind, Kind(kind).label) for kind in manual.open_steps(book, user)],
        "may_enter_result": manual.may_enter_result(book, user),
    }


def refusal(book, user) -> str:
    return manual.obstacle(book, user) or f"任务书现在是“{book.get_execution_display()}”，不能这样登记。"


def entry(request, pk: int):
    """录入结果: the clerk, for an executor without a system."""
    book = visible(request, pk)
    if not manual.may_enter_result(book, request.user):
        raise Refused(refusal(book, request.user))
    form = ResultForm(request.POST if request.method == "POST" else None, book=book)
    if form.is_bound and form.is_valid():
        heard = manual.enter(
            book, request.user, Kind.RESULT, event_id=form.cleaned_data["event_id"], result=form.content
        )
        tell(request, heard)
        return redirect("taskbook-detail", book.pk)
    request.menu_url = f"taskbook-{book.kind_of_book}"
    context = {"form": form, "paper": book, "checked": form.is_bound, "title": "录入采购结果"}
    return render(request, "tasks/result_form.html", context)


def step(request, pk: int, kind: str):
    """登记接收、退回、完成."""
    book = visible(request, pk)
    if kind not in manual.open_steps(book, request.user):
        raise Refused(refusal(book, request.user))
    reason = request.POST.get("reason", "").strip()
    if kind == Kind.RETURNED and len(reason) < 5:
        messages.error(request, "退回时请写明原因，至少 5 个字。")
        return redirect("taskbook-detail", book.pk)
    try:
        tell(request, manual.enter(book, request.user, kind, reason=reason))
    except Unreadable as error:
        messages.error(request, f"{error}。")
    return redirect("taskbook-detail", book.pk)


def tell(request, heard) -> None:
    if heard.verdict in ("accepted", "duplicate"):
        messages.success(request, heard.sentence or "已登记。")
    else:
        messages.warning(request, heard.sentence)


def settle(request, pk: int, event: int):
    """核实: a report that cannot be true as it stands is taken or not."""
    book = visible(request, pk)
    if not may_settle(request.user, book):
        raise Refused("只有采购单位经办岗或政府采购处可以核实执行反馈。")
    row, form = get_object_or_404(book.events, pk=event), SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择是否采纳，并写明核实意见，至少 5 个字。")
        return redirect("taskbook-detail", book.pk)
    with transaction.atomic():
        outcome.settle(row, request.user, **form.cleaned_data)
    messages.success(request, "核实意见已记录。")
    return redirect("taskbook-detail", book.pk)


def resend(request, pk: int, delivery: int):
    """立即重发: the tries begin anew."""
    book = visible(request, pk)
    if not may_settle(request.user, book):
        raise Refused("只有采购单位经办岗或政府采购处可以重新下达任务书。")
    owed = get_object_or_404(Delivery, document=book, pk=delivery)
    again = owed.send_again()
    messages.success(request, "已安排重新下达，稍后刷新查看结果。" if again else "现在不需要重新下达。")
    return redirect("taskbook-detail", book.pk)
