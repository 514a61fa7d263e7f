"""Pages: the file, its progress, and the public check."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.models import Post, TrustedCA
from procurement.flow.models import Document
from procurement.flow.moves import Refused

from . import checking, limits, published
from .forms import CodeForm, FileForm
from .models import SealedDownload, SealedPaper


def visible(request, pk: int) -> SealedPaper:
    """Who may see the document may see its sealed papers; for everybody else there is none."""
    papers = Document.objects.visible_to(request.user).values("pk")
    return get_object_or_404(SealedPaper.objects.select_related("document"), document__in=papers, pk=pk)


def may_retry(user, document) -> bool:
    """The unit's clerk and the office, as they stand behind the paper."""
    return user.posts.holds(Post.CLERK, document.unit_id) or user.posts.holds(
        Post.APPROVER, document.office_id
    )


@require_GET
def file(request, pk: int):
    """The signed PDF as a download, on record."""
    paper = visible(request, pk)
    if not paper.file or not default_storage.exists(paper.file.name):
        raise Http404
    SealedDownload.objects.create(paper=paper, by=request.user)
    response = FileResponse(paper.file.open(), as_attachment=True, filename=paper.file_name)
    response["Content-Type"] = "application/pdf"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def notice_file(request, number: str):
    """The paper of a published notice; before it is sealed, the page that says so."""
    found = published.papers(Document.objects.visible_to(request.user).values("pk")).filter(number=number)
    paper = get_object_or_404(found)
    return redirect("sealed-file", paper.pk) if paper.file else redirect(paper.check_path)


@never_cache
@require_safe
def state(request, pk: int):
    """How far it is: the part of the paper's page that a script asks for again and again."""
    paper = visible(request, pk)
    return render(
        request, "sealing/state.html", {"sealed": paper, "may_retry": may_retry(request.user, paper.document)}
    )


@require_POST
def retry(request, pk: int):
    """重新生成, after a failure."""
    paper = visible(request, pk)
    if not may_retry(request.user, paper.document):
        raise Refused("只有本单位经办岗或政府采购处可以重新生成签章文件。")
    if paper.try_again():
        messages.success(request, "已安排重新生成，稍后自动完成。")
    else:
        messages.warning(request, f"文件现在是“{paper.get_state_display()}”，不需要重新生成。")
    wanted = request.headers.get("Referer", "")  # the page the button stands on, fetched part or not
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if safe else "home")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Anyone: a number with its code, or the file."""
    asked = request.GET if {"number", "code"} & request.GET.keys() else None
    posted = request.method == "POST"
    forms = {
        "code_form": CodeForm(None if posted else asked),
        "file_form": FileForm(request.POST, request.FILES) if posted else FileForm(),
    }
    form = forms["file_form" if posted else "code_form"]
    if not form.is_bound:
        return render(request, "sealing/verify.html", forms)
    if limits.exhausted(request):
        return render(request, "sealing/verify.html", {**forms, "limited": True}, status=429)
    return render(request, "sealing/verify.html", {**forms, "finding": examine(request, form)})


def examine(request, form) -> checking.Finding | None:
    """The finding; None when the form has something to say itself."""
    if not form.is_valid():
        return None
    content = form.cleaned_data.get("file")
    finding = checking.by_file(content) if content else checking.by_code(**form.cleaned_data)
    if finding.answer == checking.Answer.UNKNOWN:
        limits.failed(request)
    return finding


@login_not_required
@require_safe
def offline_program(request):
    """The program that verifies without us: one file, to be kept and read by whoever doubts."""
    answer = HttpResponse(Path(__file__).with_name("offline.py").read_bytes(), content_type="text/x-python")
    answer["Content-Disposition"] = 'attachment; filename="offline.py"'
    return answer


@login_not_required
@require_safe
def trust_certificates(request):
    """The roots our seals lead to; compare their fingerprints by another way before trusting them."""
    roots = TrustedCA.objects.filter(enabled=True, role=TrustedCA.Role.ANCHOR)
    text = "".join(f"# {row.name} SHA-256 {row.sha256}\n{row.certificate.strip()}\n" for row in roots)
    answer = HttpResponse(text, content_type="application/x-pem-file")
    answer["Content-Disposition"] = 'attachment; filename="trust.pem"'
    return answer
