"""附件: which papers a plan needs for the choices made in it (domain.md §§9, 11, 14 E09)."""

from plans.models.choices import ImportClass, Method, MethodReason, PlanType

from .facts import PlanFacts

PAPERS = {
    "demand": "采购需求文件",
    "demand_survey": "需求调查记录",
    "demand_review": "采购需求审查记录",
    "over": "超标采购说明材料",
    "import_application": "政府采购进口产品申请表",
    "import_policy": "国家鼓励进口产品的政策文件",
    "import_authority": "行业主管部门意见",
    "import_opinion": "进口产品专家论证意见",
    "single_source": "单一来源论证材料",
    "urgent": "紧急采购证明材料",
    "secrecy": "涉密证明材料",
    "contract": "合同扫描件",
    "other": "其他附件",
}


def import_papers(facts: PlanFacts, record_filing: bool) -> list[tuple[str, ...]]:
    """Each entry is a choice: one of its papers must be there (the ministry's import rules, ①–④)."""
    if not facts.imported:
        return []
    classes = {item.approval.import_class for item in facts.imported if item.approval}
    wanted: list[tuple[str, ...]] = [("import_application",)]
    if ImportClass.ENCOURAGED in classes:
        wanted.append(("import_policy",))
    if record_filing:  # research instruments of universities are put on record instead of being argued
        return wanted
    if ImportClass.RESTRICTED in classes:
        wanted += [("import_authority",), ("import_opinion",)]
    elif ImportClass.OTHER in classes:
        wanted.append(("import_authority", "import_opinion"))
    return wanted


def switched(facts: PlanFacts) -> list[str]:
    """Papers the other switches of the form ask for."""
    asked = {
        "over": facts.plan_type == PlanType.MALL and bool(facts.over_reason),
        "single_source": facts.method == Method.SINGLE,
        "urgent": facts.method_reason in (MethodReason.URGENT, MethodReason.EMERGENCY)
        or facts.implement == "502",
        "contract": facts.plan_type == PlanType.HISTORY,
    }
    return [code for code, wanted in asked.items() if wanted]


def missing(facts: PlanFacts, wanted: list[tuple[str, ...]]) -> list[str]:
    """Labels of what is not attached yet."""
    return ["或".join(PAPERS[code] for code in each) for each in wanted if not facts.files & set(each)]
