"""H: what stops a submission. They say nothing while all is well; their milder twins do."""

from plans.models.choices import FUND_MATRIX, FundKind, PlanType

from ..context import Context
from ..facts import ZERO, PlanFacts
from ..findings import stop
from ..registry import rule
from ..sources import CATALOGUE_2022, IMPORTS, REGULATION, SIGNATURES, SYSTEM
from ..wording import anchor, listed, rows, yuan
from .a_money import short
from .c_methods import notice_due, notice_field, notice_trouble


@rule("H01", "采购清单", "操作手册 3.5.1", SYSTEM)
def no_items(facts: PlanFacts, context: Context):
    return None if facts.items else stop("采购清单是空的。", "请至少填写一项。", "s-items")


@rule("H02", "资金构成", "操作手册 3.5.1", SYSTEM)
def no_money(facts: PlanFacts, context: Context):
    return None if facts.fundings else stop("资金构成是空的。", "请选择采购指标。", "s-fundings")


@rule("H03", "清单与资金相等", "操作手册 3.5.1", SYSTEM, covers="A08")
def unequal(facts: PlanFacts, context: Context):
    gap = facts.funded - facts.total
    if not gap or not facts.items or not facts.fundings:
        return None
    return stop(
        f"资金合计比清单合计{'多' if gap > 0 else '少'} {yuan(abs(gap))}，两者须相等。",
        "请修改。",
        "s-fundings",
    )


@rule("H04", "指标余额", "操作手册 3.2", SYSTEM, covers="A09")
def overdraft(facts: PlanFacts, context: Context):
    if not (wrong := short(facts)):
        return None
    told = listed(
        f"指标 {row.quota_no} 可用 {yuan(row.available)}，本次使用 {yuan(row.amount)}" for row in wrong
    )
    return stop(f"{told}，超出可用余额。", "请减少金额或另选指标。", wrong[0].at("amount"))


@rule("H05", "指标属于本单位本年度", "操作手册 3.2、3.5.1", SYSTEM)
def foreign_money(facts: PlanFacts, context: Context):
    named = [row for row in facts.fundings if row.confirmation]
    unit = facts.unit if facts.unit is not None else context.unit.pk
    years = (None, facts.year) if facts.year else {row.year for row in named}
    wrong = [row for row in named if not row.usable or row.unit not in (None, unit) or row.year not in years]
    if not wrong:
        return None
    told = listed(row.quota_no for row in wrong)
    return stop(f"指标 {told} 不是本单位本年度的有效指标。", "请重新选择指标。", wrong[0].at("confirmation"))


@rule("H06", "数量和金额大于零", "操作手册 3.5.1", SYSTEM)
def not_positive(facts: PlanFacts, context: Context):
    wrong = [
        item
        for item in facts.items
        if item.quantity is None or item.quantity <= 0 or item.total is None or item.total <= 0
    ]
    if not wrong:
        return None
    return stop(
        f"{rows(wrong)}的数量、总价须大于零。", "请填写。", anchor(wrong, "quantity")
    )  # fmt: skip


@rule("H07", "品目有效", "《政府采购品目分类目录》（2022年版）", CATALOGUE_2022)
def unknown_category(facts: PlanFacts, context: Context):
    wrong = [item for item in facts.items if item.category is None]
    if not wrong:
        return None
    return stop(f"{rows(wrong)}没有选择有效的品目。", "请从目录中选择。", anchor(wrong, "category"))


@rule("H08", "单一来源公示", "政府采购法实施条例第三十八条", REGULATION, reads="open_tender", covers="C08")
def notice_missing(facts: PlanFacts, context: Context):
    if not facts.is_project or not notice_due(facts, context):
        return None
    trouble, mend = notice_trouble(facts)
    if not trouble:
        return None
    what = f"只能从唯一供应商处采购且达到公开招标数额标准的，须先完成公示，{trouble}。"
    return stop(what, mend, notice_field(facts))


@rule("H09", "进口产品材料", "操作手册 3.5.6；财库〔2007〕119号", IMPORTS)
def imports_without_papers(facts: PlanFacts, context: Context):
    if not facts.imported or any(code.startswith("import") for code in facts.files):
        return None
    return stop(f"{rows(facts.imported)}为进口产品，没有上传任何报批材料。", "请上传。", "s-files")


@rule("H10", "采购方式变更中", "政府采购法第二十七条；政府采购法实施条例第二十三条", REGULATION)
def locked(facts: PlanFacts, context: Context):
    if not facts.locked_by:
        return None
    return stop(f"本计划正在办理采购方式变更（{facts.locked_by}），不能提交。", "请等变更办结。", "s-head")


@rule("H11", "数字证书有效", "电子签名法第十三条", SIGNATURES)
def expired(facts: PlanFacts, context: Context):
    return stop("您的数字证书已过期，不能提交。", "请更换证书。") if facts.certificate_expired else None


@rule("H12", "资金类型适用", "操作手册 3.5.1（不同计划类型对应不同资金构成）", SYSTEM)
def wrong_money(facts: PlanFacts, context: Context):
    allowed = FUND_MATRIX.get(facts.plan_type, set())
    wrong = [row for row in facts.fundings if row.kind and row.kind not in allowed]
    if not wrong:
        return None
    kinds = listed(FundKind(row.kind).label if row.kind in FundKind.values else row.kind for row in wrong)
    label = PlanType(facts.plan_type).label if facts.plan_type in PlanType.values else facts.plan_type
    return stop(f"{label}不能使用“{kinds}”。", "请改选资金。", wrong[0].at("confirmation"))


@rule("H13", "指标不重复", "操作手册 3.5.1", SYSTEM)
def money_twice(facts: PlanFacts, context: Context):
    named = [row.confirmation for row in facts.fundings if row.confirmation]
    wrong = [row for row in facts.fundings if row.confirmation and named.count(row.confirmation) > 1]
    if not wrong:
        return None
    told = listed(row.quota_no for row in wrong)
    return stop(f"指标 {told} 在本计划中选了不止一次。", "请合并成一行。", wrong[-1].at("confirmation"))


@rule("H14", "采购包预算合计", "操作手册 3.5.1", SYSTEM)
def packages_unequal(facts: PlanFacts, context: Context):
    packed = sum((package.budget or ZERO for package in facts.packages), ZERO)
    if not facts.is_project or not facts.packages or packed == facts.total:
        return None
    return stop(
        f"采购包预算合计 {yuan(packed)}与清单合计 {yuan(facts.total)}不相等。", "请修改包预算。", "s-packages"
    )
