"""The fixed words of the task book's paper (domain.md §12)."""

from .models.choices import BookKind

NAMES = {
    BookKind.MALL: "商城类", BookKind.CENTRAL: "集中采购类", BookKind.DECENTRALIZED: "分散采购类",
    BookKind.RESEARCH: "科研采购类", BookKind.TERRITORIAL: "属地采购类", BookKind.OTHER: "",
}  # fmt: skip
WITHIN = "严格在采购预算范围内执行；采购内容、金额、方式需要调整的，先办理变更或撤销，不得超本任务书采购。"
SIGN = "自中标（成交）通知书发出之日起 30 日内签订采购合同（《政府采购法》第四十六条）。"
FILE = "自采购合同签订之日起 7 个工作日内办理合同备案（《政府采购法》第四十七条）。"


def title(kind: str, *, history: bool) -> str:
    """「安徽省省级政府采购任务书（××类）」; what is no government procurement says so."""
    if kind == BookKind.OTHER:
        return "非政府采购任务书（历史合同补录）" if history else "非政府采购任务书"
    return f"安徽省省级政府采购任务书（{NAMES[kind]}）"


def notes(kind: str, year: int, *, history: bool) -> list[str]:
    """办理要求, by kind."""
    if kind == BookKind.MALL:
        until = f"本任务书有效期至 {year} 年 12 月 31 日，期满未使用的数量和金额自动失效。"
        return [WITHIN, "凭本任务书编号在所选商城下单，数量和金额不得超过可用余额。", until, FILE]
    if history:
        return [
            "本任务书仅补录已签订的历史合同，不作为新的采购依据。",
            "合同原件由采购单位留存，至少保存 15 年。",
        ]
    if kind == BookKind.OTHER:
        return ["本任务书仅作记录，所列事项不属于政府采购，由采购单位按内部控制制度自行组织。", WITHIN]
    if kind == BookKind.RESEARCH:
        own = "由采购单位按科研采购管理制度自行组织，采购文件和评审记录留存备查。"
        return [WITHIN, own, SIGN, FILE]
    return [WITHIN, SIGN, FILE]
