"""D01–D04, D08: imports, energy saving, environment, trusted IT."""

from ..context import Context
from ..facts import PlanFacts
from ..findings import doubt, fine
from ..papers import import_papers, missing
from ..registry import rule
from ..sources import GREEN_LISTS, IMPORTS, STANDARDS_2023
from ..wording import anchor, listed, rows

STANDARD_2023 = ("计算机", "服务器", "工作站", "操作系统", "数据库", "基础软件")


def record_filing(facts: PlanFacts, context: Context) -> bool:
    """Universities and institutes put research imports on record instead of having them approved."""
    return context.research_filing and context.unit.is_research


@rule("D01", "进口产品报批", "政府采购法第十条；操作手册 3.5.6；财库〔2007〕119号", IMPORTS)
def imports_argued(facts: PlanFacts, context: Context):
    if not facts.items:
        return None
    if not facts.imported:
        return fine("没有采购进口产品")
    bare = [item for item in facts.imported if not (item.approval and item.approval.complete)]
    if bare:
        return doubt(
            f"{rows(bare)}为进口产品，进口信息未填完整；须附进口论证材料，并由采购处审核。",
            "请填写原产国别、用途、进口类别、适用情形和需求理由（鼓励进口的还须填目录文号）。",
            anchor(bare, "is_import"),
        )
    if lacking := missing(facts, import_papers(facts, record_filing(facts, context))):
        return doubt(
            f"进口产品须附论证材料，并由采购处审核；还缺：{listed(lacking)}。", "请上传。", "s-files"
        )
    return fine("进口产品信息和材料齐全，将由采购处审核")


@rule("D02", "进口论证专家组", "财库〔2007〕119号", IMPORTS, reads="import_panel")
def panel(facts: PlanFacts, context: Context):
    if not facts.imported or (record_filing(facts, context) and not facts.experts):
        return None
    people = [person for person in facts.experts if person.name.strip()]
    own = {context.unit.name, context.unit.short_name} - {""}
    faults, least = [], context.count("import_panel")
    if len(people) < least:
        faults.append(f"不足 {least} 人（现有 {len(people)} 人）")
    if len(people) % 2 == 0:
        faults.append("人数不是单数")
    if not any(person.is_lawyer for person in people):
        faults.append("没有法律专家")
    if inside := [person.name for person in people if person.employer.strip() in own]:
        faults.append(f"{listed(inside)}是本单位人员")
    if faults:
        return doubt(f"进口论证专家组{'、'.join(faults)}。", "请补充或调整专家。", "s-experts")
    return fine("进口论证专家组符合要求")


@rule("D03", "强制节能产品", "财库〔2019〕19号（节能产品品目清单）", GREEN_LISTS)
def energy(facts: PlanFacts, context: Context):
    mandatory = [item for item in facts.items if item.category and item.category.energy_saving]
    if not mandatory:
        return None
    bare = [item for item in mandatory if not item.energy_saving]
    if bare:
        return doubt(
            f"{rows(bare)}属于强制采购节能产品的品目，未勾选“强制节能”。", "请勾选，或写明理由。",
            anchor(bare, "energy_saving"),
        )  # fmt: skip
    return fine("强制节能品目已勾选")


@rule("D04", "环境标志产品", "财库〔2019〕18号（环境标志产品品目清单）", GREEN_LISTS)
def environment(facts: PlanFacts, context: Context):
    preferred = [item for item in facts.items if item.category and item.category.environmental]
    if not preferred:
        return None
    bare = [item for item in preferred if not item.environmental]
    if bare:
        return doubt(
            f"{rows(bare)}在环境标志产品清单内，未勾选“优先环保”。", "请勾选，或写明理由。",
            anchor(bare, "environmental"),
        )  # fmt: skip
    return fine("环境标志品目已勾选优先环保")


@rule("D08", "适用 2023 年需求标准", "政府采购需求标准（2023年版）", STANDARDS_2023)
def trusted_it(facts: PlanFacts, context: Context):
    covered = [
        item
        for item in facts.items
        if item.type == "A" and any(word in item.category.name for word in STANDARD_2023)
    ]
    if not covered or not facts.is_planned:
        return None
    if facts.is_trusted_it:
        return fine("计算机、软件适用 2023 年需求标准")
    return doubt(
        f"{rows(covered)}有 2023 年政府采购需求标准，未勾选适用。", "请勾选，或写明理由。", "id_is_trusted_it"
    )
