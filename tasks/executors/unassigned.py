"""未能归属的回报: what executors signed about books we never handed over; the office looks into it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Post
from procurement.flow.list_pages import need
from procurement.flow.lists import keyset

from ..models import ExecutorEvent
from . import outcome

TITLE = "未能归属的回报"
POSTS = frozenset([Post.APPROVER])
TABS = {"open": "待核实", "done": "已核实"}


def listing(request):
    """Oldest last; each with what was signed, and a box for what was found out."""
    need(request, POSTS, TITLE)
    current = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    page = keyset(ExecutorEvent.objects.unassigned().filter(needs_person=current == "open"), request.GET)
    context = {"title": TITLE, "tab": current, "tabs": TABS.items(), "page": page}
    return render(request, "tasks/unassigned.html", context)


def dismiss(request, pk: int):
    """核实: it stays on record with what the office found out."""
    need(request, POSTS, TITLE)
    event = get_object_or_404(ExecutorEvent.objects.unassigned(), pk=pk)
    note = request.POST.get("note", "").replace("\0", "").strip()
    if not 5 <= len(note) <= 150:
        messages.error(request, "请写明核实意见，5 至 150 个字。")
    else:
        with transaction.atomic():
            outcome.dismiss(event, request.user, note)
        messages.success(request, f"{event.book_number} 的回报已核实。")
    return redirect("executor-reports")
