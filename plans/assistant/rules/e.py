"""E01–E10: papers, wording, calendar."""

from plans.models.choices import FundKind, IntentExemption, Method, PlanType

from ..context import Context
from ..facts import PlanFacts
from ..findings import doubt, fine
from ..papers import PAPERS, missing, switched
from ..registry import rule
from ..sources import BUDGET_LAW, DEMAND, REGULATION, SEVERAL_YEARS, SYSTEM, TENDERS
from ..wording import anchor, listed, rows

BRANDS = (
    "华为", "联想", "惠普", "戴尔", "苹果", "佳能", "爱普生", "海康", "大华", "格力", "美的", "海尔",
    "索尼", "三星", "飞利浦", "西门子", "岛津", "安捷伦", "赛默飞", "蔡司", "奥林巴斯", "思科", "华三",
    "浪潮",
)  # fmt: skip
EXCLUDING = ("指定", "唯一", "进口品牌", "原装进口", "原厂授权", "独家", "同等品牌不予")
CUSTOM_SOFTWARE = "C1601"


def survey_due(facts: PlanFacts, context: Context) -> bool:
    """财库〔2021〕22号第十一条: large, imported or custom-made."""
    custom = any(item.category and item.category.code.startswith(CUSTOM_SOFTWARE) for item in facts.items)
    return bool(facts.imported) or custom or facts.total >= context.limit("demand_survey", facts.type)


def paper_rule(facts: PlanFacts, context: Context, code: str):
    if not facts.is_project or not facts.type or not survey_due(facts, context):
        return None
    if code in facts.files:
        return fine(f"已附{PAPERS[code]}")
    return doubt(f"本项目应有{PAPERS[code]}，尚未上传。", "请上传。", "s-files")


@rule("E01", "需求调查", "财库〔2021〕22号第十一条", DEMAND, reads="demand_survey")
def demand_survey(facts: PlanFacts, context: Context):
    return paper_rule(facts, context, "demand_survey")


@rule("E02", "采购需求审查", "财库〔2021〕22号第三十一条、第三十三条", DEMAND, reads="demand_survey")
def demand_review(facts: PlanFacts, context: Context):
    return paper_rule(facts, context, "demand_review")


def words_in(text: str) -> list[str]:
    return [word for word in BRANDS + EXCLUDING if word in text]


@rule("E03", "没有指定品牌的表述", "政府采购法实施条例第二十条", REGULATION)
def no_brands(facts: PlanFacts, context: Context):
    if not facts.items or not facts.is_planned:
        return None
    hits = {item: words_in(item.content + item.requirement + item.spec) for item in facts.items}
    wrong = [item for item in facts.items if hits[item]]
    words = [word for item in wrong for word in hits[item]] + words_in(facts.demand_summary)
    if words:
        where = rows(wrong) if wrong else "采购需求概述"
        at = anchor(wrong, "content") if wrong else "id_demand_summary"
        return doubt(
            f"{where}出现“{listed(words)}”等表述，可能限定品牌或供应商。", "请改为技术、服务要求的表述。", at
        )
    return fine("没有限定品牌、供应商的表述")


@rule("E04", "采购需求描述", "操作手册 3.5.1（选填）", SYSTEM, reads="requirement_length")
def requirement_told(facts: PlanFacts, context: Context):
    if not facts.items:
        return None
    least = context.count("requirement_length")
    short = [item for item in facts.items if len(item.requirement.strip()) < least]
    if short:
        return doubt(
            f"{rows(short)}采购需求描述未填写或不足 {least} 个字（选填）。", "宜写明功能、质量和服务要求。",
            anchor(short, "requirement"),
        )  # fmt: skip
    return fine("采购需求描述已填写")


@rule("E05", "年度内完成", "预算法第四十二条", BUDGET_LAW)
def within_the_year(facts: PlanFacts, context: Context):
    if facts.expected_finish is None or not facts.year:
        return None
    if facts.expected_finish.year <= facts.year:
        return fine("预计在预算年度内完成")
    if facts.multi_year and facts.type == "C":
        return fine("一签多年的服务项目，可以跨年度")
    return doubt(
        f"预计完成日期 {facts.expected_finish:%Y-%m-%d} 晚于预算年度末。", "年末未支付的资金须办理结转。",
        "id_expected_finish",
    )  # fmt: skip


@rule(
    "E06",
    "年内能完成招标",
    "财政部令第87号（等标期不少于二十日）",
    TENDERS,
    reads="tender_last_month",
)
def in_time_for_a_tender(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.method != Method.OPEN:
        return None
    start = max(context.day, facts.expected_start or context.day)
    last = context.count("tender_last_month")
    if start.year < facts.year or (start.year == facts.year and start.month <= last):
        return fine("申报时间足够年内完成公开招标")
    return doubt(
        f"公开招标从 {start:%Y 年 %-m 月}开始，等标期不少于二十日，年内可能完不成。",
        "请核对时间安排，必要时提前开展采购准备。",
        "id_expected_start",
    )


@rule("E07", "一签多年", "财库〔2014〕37号", SEVERAL_YEARS, reads="multi_year_least multi_year_most")
def several_years(facts: PlanFacts, context: Context):
    if not facts.multi_year:
        return None
    if facts.type != "C":
        return doubt("一签多年只用于服务项目。", "请取消“一签多年”。", "id_multi_year")
    least, most = context.count("multi_year_least"), context.count("multi_year_most")
    if facts.years is None or not least <= facts.years <= most:
        return doubt(f"一签多年的合同年限为 {least} 至 {most} 年。", "请填写合同年限。", "id_years")
    if any(row.year not in (None, facts.year) for row in facts.fundings):
        return doubt("一签多年只落实首年资金，所选指标有其他年度的。", "请核对指标。", "s-fundings")
    return fine(f"一签多年的服务项目，合同年限不超过 {most} 年")


@rule("E08", "涉密采购", "《中央预算单位变更政府采购方式审批管理办法》（涉密证明，参照执行）", SYSTEM)
def secret(facts: PlanFacts, context: Context):
    if facts.is_secret:
        if facts.intent_item:
            return doubt("涉密采购不能关联公开的采购意向。", "请取消采购意向。", "id_intent_item")
        if "secrecy" not in facts.files:
            return doubt("涉密采购须附涉密证明材料。", "请上传。", "s-files")
        return fine("涉密采购材料齐全，不公开发布")
    if facts.intent_exemption == IntentExemption.SECRET:
        return doubt(
            "以涉密为由不公开意向，但计划未标为涉密。", "请核对“涉密”和不公开意向的情形。",
            "id_intent_exemption",
        )  # fmt: skip
    return None


@rule("E09", "附件齐全", "操作手册 3.5.1、3.5.4、3.5.6", SYSTEM)
def papers_there(facts: PlanFacts, context: Context):
    wanted = switched(facts)
    if not wanted:
        return None
    if lacking := missing(facts, [(code,) for code in wanted]):
        return doubt(f"按所选内容还缺附件：{listed(lacking)}。", "请上传。", "s-files")
    return fine("所选内容要求的附件已上传")


@rule("E10", "预采购资金", "预采购管理要求；保障中小企业款项支付条例第八条", SYSTEM)
def pre_procurement(facts: PlanFacts, context: Context):
    pre = [row for row in facts.fundings if row.kind == FundKind.PRE]
    if not pre or facts.plan_type != PlanType.PROJECT:
        return None
    return doubt(
        "使用预采购指标：在指标转正前可以开展采购，不能签订合同。", "请知悉；确认后写明理由即可。",
        pre[0].at("confirmation"),
    )  # fmt: skip
