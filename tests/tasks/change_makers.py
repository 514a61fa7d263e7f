"""Changes of method, for tests."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from procurement.flow.models import Attachment
from tasks import causes
from tasks.models import MethodChange

WORDS = "本项目两次公开招标，合格供应商均不足三家，招标文件没有不合理条款，程序符合规定，需要改用竞争性谈判。"
FIELDS = {
    "new_method": "competitive_negotiation", "main_cause": "no_bidder", "explanation": WORDS,
    "responsive_suppliers": 1, "contact": "李经办", "phone": "0551-62816021",
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(paper, code: str, by) -> Attachment:
    return Attachment.receive(paper, SimpleUploadedFile(f"{code}.pdf", PDF), code, by)


@transaction.atomic
def change(plan, clerk, *, papers=True, **fields) -> MethodChange:
    """A complete change of a filed plan on the clerk's desk."""
    paper = MethodChange.about(plan, clerk)
    for name, value in (FIELDS | fields).items():
        setattr(paper, name, value)
    paper.assign_number()
    paper.save()
    if papers:
        for code in causes.papers(paper.main_cause, paper.is_secret):
            upload(paper, code, clerk)
    return MethodChange.objects.get(pk=paper.pk)


def approved(plan, clerk, reviewer, officer, **fields) -> MethodChange:
    paper = change(plan, clerk, **fields).perform("submit", clerk).perform("approve", reviewer)
    return paper.perform("approve", officer, "同意变更")
