"""Pages of 供应商登记, and the search a contract's form asks."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Post
from procurement.flow import lists
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS

from .forms import SupplierFilter, SupplierForm
from .models import Supplier

LABEL = "供应商登记"
WRITERS = frozenset([Post.CLERK, Post.APPROVER])
EVERYBODY = WRITERS | {Post.REVIEWER} | READERS
FOUND = 12  # rows of a search; who needs more types another letter
both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def search(request):
    """?q=: who fits, with everything a contract copies; JSON for the form's picker."""
    need(request, WRITERS, LABEL)
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    found = Supplier.objects.matching(words).prefetch_related("former_names") if words else []
    rows = [{"id": row.pk, "former": former(row), "labels": labels(row), **row.card} for row in found[:FOUND]]
    return JsonResponse({"q": words, "rows": rows}, json_dumps_params={"ensure_ascii": False})


def former(row: Supplier) -> list[str]:
    return [name.name for name in row.former_names.all()]


def labels(row: Supplier) -> dict[str, str]:
    """The chosen ones in words, for a page that shows them."""
    return {"size": row.get_size_display(), "special": row.get_special_display()}


@require_safe
def listing(request):
    need(request, EVERYBODY, LABEL)
    filters = SupplierFilter(request.GET)
    page = lists.keyset(filters.apply(Supplier.objects.all()), request.GET)
    context = {"title": LABEL, "filters": filters, "page": page, "may_add": writes(request)}
    return render(request, "contracts/supplier_list.html", context)


def writes(request) -> bool:
    return request.user.current is not None and request.user.current.post in WRITERS


@require_safe
def shown(request, pk: int):
    need(request, EVERYBODY, LABEL)
    row = get_object_or_404(Supplier.objects.select_related("created_by"), pk=pk)
    request.menu_url = "supplier-list"
    corrects = request.user.current.post == Post.APPROVER
    names = row.former_names.select_related("by")
    context = {"title": row.name, "supplier": row, "names": names, "may_change": corrects}
    return render(request, "contracts/supplier_detail.html", context)


@both
def new(request):
    need(request, WRITERS, "新增供应商")
    return write(request, Supplier(), "新增供应商")


@both
def edit(request, pk: int):
    """A correction concerns every unit that buys there, so it is the procurement office's."""
    need(request, {Post.APPROVER}, "修改供应商信息")
    return write(request, get_object_or_404(Supplier, pk=pk), "修改供应商信息")


def write(request, row: Supplier, title: str):
    request.menu_url = "supplier-list"
    form = SupplierForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid() and (saved := stored(request, form)):
        messages.success(request, f"已保存供应商“{saved.name}”。")
        return redirect("supplier-detail", saved.pk)
    context = {"title": title, "form": form, "supplier": row if row.pk else None}
    return render(request, "contracts/supplier_form.html", context)


def stored(request, form: SupplierForm) -> Supplier | None:
    """None when somebody registered the same code a moment ago: said beside the field."""
    try:
        with transaction.atomic():
            return form.save_as(request.user)
    except IntegrityError:
        form.instance.pk = None
        form.add_error("uscc", Supplier._meta.get_field("uscc").error_messages["unique"])
        return None
