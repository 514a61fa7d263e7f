"""Pages for anybody: a notice with the form to object, the receipt, the published papers."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from notices.models import Objection, SingleSourceNotice
from procurement.flow.attachments import Attachment

from .files import download
from .forms import ObjectionForm
from .lodging import TooLate, TooMany, lodge, source_of
from .public import answer_of, context_of

both = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_not_required
@both
def publicised(request, number: str):
    """A notice as anybody may read it, and the form to object while it stands."""
    paper = get_object_or_404(SingleSourceNotice.objects.public(), number=number)
    if request.method != "POST":
        return render(request, "notices/objection_public.html", context_of(paper, ObjectionForm()))
    form = ObjectionForm(request.POST, request.FILES)
    refused, status = "", 200
    if form.is_valid():
        try:
            taken = lodge(number, form.typed(), form.cleaned_data["papers"], source_of(request))
        except TooLate as late:
            refused, status = str(late), 409
        except TooMany as many:
            refused, status = str(many), 429
        else:
            return redirect("objection-receipt", taken.code)
    context = context_of(paper, form) | {"refused": refused}
    return render(request, "notices/objection_public.html", context, status=status)


@never_cache
@login_not_required
@require_safe
def receipt(request, code: str):
    """For whoever holds the code: how far it is. What was typed is not shown again."""
    found = Objection.objects.select_related("notice__unit")
    objection = get_object_or_404(found, code=code)
    context = {"objection": objection, "answer": answer_of(objection.notice)}
    return render(request, "notices/objection_receipt.html", context)


@never_cache
@login_not_required
@require_safe
def file(request, number: str, file: int):
    """A paper published along with the notice; nothing else of it."""
    paper = get_object_or_404(SingleSourceNotice.objects.public(), number=number)
    return download(get_object_or_404(Attachment, document=paper, is_public=True, pk=file))
