"""The page of 履约登记: payments, acceptances, the end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from procurement.flow import paper_pages
from procurement.flow.models import Refused
from procurement.flow.signing import hand

from . import performance
from .forms.performance import AcceptanceForm, EndForm, PaymentForm
from .stages import ContractStage

FORMS = {"pay": PaymentForm, "accept": AcceptanceForm, "end": EndForm}
SAID = {"pay": "付款已登记。", "accept": "验收已登记。", "end": "合同履行状态已登记。"}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, pk: int):
    """Three short forms; one of them is posted at a time."""
    contract = paper_pages.fetch(ContractStage, request, pk)
    if why := performance.obstacle(contract, request.user):
        raise Refused(why)
    wanted = request.POST.get("action", "")
    forms = {
        name: form(request.POST if name == wanted else None, prefix=name) for name, form in FORMS.items()
    }
    if wanted in forms and forms[wanted].is_valid() and stored(request, contract, wanted, forms[wanted]):
        messages.success(request, SAID[wanted])
        return redirect("contract-performance", pk)
    return show(request, contract, forms, wanted)


def stored(request, contract, wanted: str, form) -> bool:
    """Write it; a refusal is said beside the field."""
    user = request.user
    try:
        if wanted == "end":
            data = form.cleaned_data
            performance.end(contract.pk, user, data["verb"], data["reason"], **hand(request))
        else:
            act = performance.pay if wanted == "pay" else performance.accept
            act(contract.pk, user, form.save(commit=False))
    except ValidationError as problem:
        if problem.messages:
            form.add_error(None, problem)
        return False
    return True


def show(request, contract, forms: dict, wanted: str):
    request.menu_url = "contract-list"
    context = {
        "stage": ContractStage, "paper": contract, "forms": forms, "wanted": forms.get(wanted),
        "title": f"履约登记：{contract.title}", "paid": list(contract.paid.select_related("by")),
        "accepted": list(contract.accepted.select_related("by")), "paid_total": performance.paid(contract),
    }  # fmt: skip
    return render(request, "contracts/performance.html", context)
