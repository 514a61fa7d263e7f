"""B01–B04: the catalogue, the malls, the asset standards."""

from decimal import Decimal

from ..context import Context
from ..facts import ItemFacts, PlanFacts
from ..findings import doubt, fine
from ..registry import rule
from ..sources import ASSETS, CATALOGUE_2022, SYSTEM
from ..wording import anchor, listed, rows, yuan


def usable(item: ItemFacts, context: Context) -> bool:
    """A leaf, or a row a procurement catalogue names at a higher level, of an edition in force."""
    row = item.category
    begun = row.valid_from is None or row.valid_from <= context.day
    ended = row.valid_to is not None and row.valid_to < context.day
    return (row.is_leaf or row.central or row.mall_allowed) and begun and not ended


@rule("B01", "使用现行末级品目", "《政府采购品目分类目录》（2022年版）", CATALOGUE_2022)
def current_category(facts: PlanFacts, context: Context):
    items = [item for item in facts.items if item.category]
    wrong = [item for item in items if not usable(item, context)]
    if wrong:
        return doubt(
            f"{rows(wrong)}的品目不是现行目录的末级品目。", "请改选末级品目。", anchor(wrong, "category")
        )
    return fine("品目均为现行目录的末级品目") if items else None


@rule("B02", "商城采购限额", "操作手册 3.5.4；安徽省政府集中采购目录及标准", SYSTEM, reads="mall_limit")
def mall_limit(facts: PlanFacts, context: Context):
    if not facts.is_mall or not facts.items:
        return None
    limit = context.limit("mall_limit")
    if facts.total <= limit:
        return fine(f"未超过商城采购限额 {yuan(limit)}")
    return doubt(
        f"计划金额 {yuan(facts.total)}超过商城采购限额 {yuan(limit)}。",
        "商城超标，将由采购处审核。请减少金额，或填写超标采购理由并上传说明材料。",
        "id_over_reason",
    )


def above_standard(facts: PlanFacts, context: Context, *, senior: bool = False) -> list[tuple]:
    """(row, standard) of rows whose unit price is above the asset standard."""
    found: list[tuple[ItemFacts, Decimal]] = []
    for item in facts.items:
        standard = context.standard(item.category.name)[senior] if item.category else None
        if standard is not None and item.unit_price is not None and item.unit_price > standard:
            found.append((item, standard))
    return found


@rule("B03", "资产配置标准", "财资〔2016〕27号（参照执行）", ASSETS, reads="asset asset_senior")
def asset_standard(facts: PlanFacts, context: Context):
    known = [item for item in facts.items if item.category and context.standard(item.category.name)[0]]
    if not known:
        return None
    wrong = above_standard(facts, context)
    if not wrong:
        return fine("单价未超过资产配置标准")
    told = listed(f"第 {item.number} 项{item.category.name}标准 {yuan(limit)}" for item, limit in wrong)
    beyond = above_standard(facts, context, senior=True)
    grade = "" if beyond else "（在厅局级人员标准以内）"
    ending = "商城超标，将由采购处审核。" if facts.is_mall else ""
    return doubt(
        f"单价超过资产配置标准：{told}{grade}。",
        f"{ending}请降低单价，或写明配备对象和理由。",
        wrong[0][0].at("unit_price"),
    )


@rule("B04", "商城可采品目", "安徽省政府集中采购目录及标准（备注栏）", SYSTEM)
def mall_categories(facts: PlanFacts, context: Context):
    items = [item for item in facts.items if item.category]
    if not facts.is_mall or not items:
        return None
    wrong = [item for item in items if not item.category.mall_allowed]
    if wrong:
        return doubt(
            f"{rows(wrong)}的品目不在商城采购范围。", "请改选商城品目，或改为项目采购计划。",
            anchor(wrong, "category"),
        )  # fmt: skip
    return fine("品目均在商城采购范围")
