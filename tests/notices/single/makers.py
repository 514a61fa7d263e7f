"""Single-source notices for tests, made the way a clerk makes them."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from notices.models import Expert, Publication, SingleSourceNotice
from procurement.flow.attachments import Attachment
from procurement.flow.models import Desk
from tests.intents.makers import confirmation
from tests.world import credit_code

YEAR = timezone.localdate().year
PROJECT = "核磁共振波谱仪维护服务"
GOODS = "四百兆赫兹核磁共振波谱仪的液氦回收与超导磁体维护服务，含两次年度检修及全年应急响应。"
REASON = "现有波谱仪的超导磁体为原厂专利结构，控制软件只向原厂工程师授权，其他供应商不能替代维护。"
OPINION = "经查阅资料和现场核实，同意采用单一来源采购方式。"
EXPERTS = (
    ("张明远", "示例科学研究院", "研究员"),
    ("李文静", "示例理工大学", "教授"),
    ("王建国", "示例计量院", "高级工程师"),
)


def pdf(name: str = "材料.pdf", content: bytes = b"%PDF-1.7 trial") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@transaction.atomic
def notice(unit, clerk, *, confirmed=None, experts=EXPERTS, **fields) -> SingleSourceNotice:
    """A complete notice on the clerk's desk."""
    confirmed = confirmed or confirmation(unit, clerk, name="核磁共振维护")
    given = {
        "title": f"{unit.name}{PROJECT}单一来源采购公示", "project_name": PROJECT, "content": "维护服务",
        "goods_description": GOODS, "amount": Decimal("800000.00"), "reason": REASON,
        "reason_code": SingleSourceNotice.Cause.PATENT, "supplier_name": "示例波谱技术有限公司",
        "supplier_address": "安徽省合肥市示例路 1 号", "supplier_uscc": credit_code(77),
        "contact": "李经办", "phone": "0551-62816021", "address": "安徽省合肥市示例大道 9 号",
        "finance": Organization.objects.office().name, "finance_contact": "刘敏",
        "finance_phone": "0551-68150309", "finance_address": "安徽省合肥市示例街 2 号",
        "confirmation": confirmed, "case": confirmed.quota.case,
    }  # fmt: skip
    paper = SingleSourceNotice.begin(unit, clerk, year=YEAR, **(given | fields))
    paper.assign_number()
    paper.save()
    for name, employer, title in experts:
        signed = Attachment.receive(paper, pdf(f"{name}.pdf"), "signature", clerk)
        Expert.objects.create(
            notice=paper, name=name, employer=employer, title=title, opinion=OPINION, signature=signed
        )
    return paper


def approved(unit, clerk, officer, **fields) -> SingleSourceNotice:
    paper = notice(unit, clerk, **fields).perform("submit", clerk)
    paper = paper.perform("approve", officer, "同意")
    assert paper.state == Desk.DONE
    return paper


def completed(unit, clerk, officer, **fields) -> SingleSourceNotice:
    """As it stands once nobody has objected: for tests that start from there."""
    paper = approved(unit, clerk, officer, **fields)
    start = timezone.localdate() - timedelta(days=20)
    SingleSourceNotice.objects.filter(pk=paper.pk).update(
        publicity_start=start, publicity_end=start + timedelta(days=9), outcome="completed"
    )
    return SingleSourceNotice.objects.get(pk=paper.pk)


def published(unit, clerk, officer, *, at=None, **fields) -> SingleSourceNotice:
    """As it stands once the worker has been at the portal."""
    paper = approved(unit, clerk, officer, **fields)
    Publication.objects.filter(document=paper).update(
        state="sent", sent_at=at or timezone.now(), remote_id="7", remote_url="http://portal.test/notices/7"
    )
    return SingleSourceNotice.objects.get(pk=paper.pk)


def again(paper) -> SingleSourceNotice:
    """The row as it stands now."""
    return SingleSourceNotice.objects.get(pk=paper.pk)


def posted(confirmed, *experts: dict, action: str = "save", **fields) -> dict:
    """What the form posts."""
    data = {
        "action": action, "confirmation": confirmed.pk, "intent_number": "", "project_name": PROJECT,
        "amount": "800,000.00", "content": "维护服务", "goods_description": GOODS, "legal_basis": "31-1",
        "reason_code": "patent", "reason": REASON, "original_contract": "", "original_amount": "",
        "supplier_name": "示例波谱技术有限公司", "supplier_uscc": credit_code(77),
        "supplier_address": "安徽省合肥市示例路 1 号", "contact": "李经办", "phone": "0551-62816021",
        "address": "安徽省合肥市示例大道 9 号", "finance": "政府采购处", "finance_contact": "刘敏",
        "finance_phone": "0551-68150309", "finance_address": "安徽省合肥市示例街 2 号", "agency": "",
        "agency_contact": "", "agency_phone": "", "agency_address": "",
        "experts-TOTAL_FORMS": str(len(experts)), "experts-INITIAL_FORMS": "0",
        "experts-MIN_NUM_FORMS": "0", "experts-MAX_NUM_FORMS": "15",
    } | fields  # fmt: skip
    for number, row in enumerate(experts):
        data |= {f"experts-{number}-{name}": value for name, value in row.items()}
    return data


def expert(name: str = "张明远", **fields) -> dict:
    return {
        "name": name, "employer": "示例科学研究院", "title": "研究员", "opinion": OPINION,
        "signed": pdf(f"{name}.pdf"),
    } | fields  # fmt: skip
