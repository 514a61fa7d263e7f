"""What must be there before a notice goes to the office: the seven legal items (实施条例第三十八条)."""

from collections.abc import Iterator
from decimal import Decimal

from notices.enclosures import PUBLIC_MIMES

TENTH = Decimal("0.1")  # 政府采购法第三十一条第三项: 不超过原合同采购金额百分之十
LEAST = 30  # characters of the description
REACHED = (  # 财政部令第74号第三十八条第七项: address, person and telephone of each
    "contact", "phone", "address", "finance", "finance_contact", "finance_phone", "finance_address",
)  # fmt: skip


def requirements(paper) -> Iterator[tuple[str, bool, str]]:
    """(field, is it wrong, what to do) of every rule that stops a submission."""
    usable = paper.confirmation.status == "active" and paper.confirmation.quota.unit_id == paper.unit_id
    yield "confirmation", not usable, "这条采购指标已被删除，请重新选择指标。"
    short = len(paper.goods_description.strip())
    yield (
        "goods_description",
        short < LEAST,
        f"拟采购的货物或服务的说明至少 {LEAST} 个字，现在有 {short} 个。",
    )
    yield from of_the_ground(paper)
    yield from of_the_experts(paper)
    closed = paper.attachments.filter(category="open").exclude(mime__in=PUBLIC_MIMES)
    yield "__all__", closed.exists(), "随公示公开的论证材料只能是 PDF 或 OFD，请重新上传。"
    for name in REACHED:
        label = paper._meta.get_field(name).verbose_name
        yield name, not getattr(paper, name).strip(), f"请填写{label}，公示须写明异议受理的联系方式。"
    for name in ("agency_contact", "agency_phone", "agency_address"):
        label = paper._meta.get_field(name).verbose_name
        yield (
            name,
            bool(paper.agency) and not getattr(paper, name).strip(),
            f"委托代理机构的，请填写{label}。",
        )


def of_the_ground(paper) -> Iterator[tuple[str, bool, str]]:
    """What each case of article 31 asks for besides."""
    only, adding = paper.legal_basis == paper.Ground.ONLY, paper.legal_basis == paper.Ground.FOLLOW_UP
    yield "reason_code", only and not paper.reason_code, "请选择唯一性原因。"
    yield "original_contract", adding and not paper.original_contract.strip(), "添购请填写原合同编号。"
    original = paper.original_amount or Decimal(0)
    yield "original_amount", adding and not original, "添购请填写原合同金额。"
    much = adding and original > 0 and paper.amount > original * TENTH
    yield "amount", much, f"添购金额不得超过原合同金额的百分之十（{original * TENTH:,.2f} 元）。"


def of_the_experts(paper) -> Iterator[tuple[str, bool, str]]:
    experts = list(paper.experts.all())
    only = paper.legal_basis == paper.Ground.ONLY
    yield "__all__", only and not experts, "请填写专业人员的论证意见及其姓名、工作单位和职称。"
    bare = [expert.name for expert in experts if expert.signature_id is None]
    yield "__all__", bool(bare), f"请上传{'、'.join(bare)}的签字文件。"
