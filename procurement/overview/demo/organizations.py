"""Organisations and the phone list. All units are fictional; their credit codes start 12340000MB."""

from accounts.creditcode import check_digit
from accounts.models import ContactGroup, Organization, OrgKind

OFFICE = "安徽省财政厅政府采购处(示例)"
DIVISIONS = {  # manual 4: the phone of each
    "综合处": "0551-68150190", "农业农村处": "0551-68150190", "企业处": "0551-68150190",
    "金融处": "0551-68150190", "资环处": "0551-68150413", "行政处": "0551-68150622",
    "政法处": "0551-68150622", "社保处": "0551-68150631", "经建处": "0551-68150631",
    "教科文处": "0551-68150309",
}  # fmt: skip
DEPARTMENTS = {"示例教育厅": "105", "示例卫健委": "361", "示例交通厅": "348"}
UNITS = [  # budget code, name, short name, department, division, more
    ("105000", "示例教育厅机关", "示例厅机关", "示例教育厅", "教科文处", {}),
    ("105001", "安徽示例大学", "", "示例教育厅", "教科文处", {"is_research": True}),
    ("105012", "江淮示例学院", "", "示例教育厅", "教科文处", {"is_research": True, "location": "芜湖市"}),
    ("361003", "安徽示例医院", "", "示例卫健委", "社保处", {}),
    ("361008", "安徽示例疾病预防控制中心", "安徽示例疾控中心", "示例卫健委", "社保处", {}),
    ("348005", "示例公路事业发展中心", "示例公路事业中心", "示例交通厅", "经建处", {}),
]
OTHERS = [
    (OrgKind.CENTRAL_AGENCY, "安徽省示例政府采购中心"),
    (OrgKind.AGENCY, "安徽示例招标咨询有限公司"),
    (OrgKind.AGENCY, "江淮示例工程咨询有限公司"),
    (OrgKind.AGENCY, "皖江示例项目管理有限公司"),
    (OrgKind.MALL, "徽采商城(模拟)"),
    (OrgKind.MALL, "皖采商城(模拟)"),
]
CONTACTS = [  # manual 4
    ("综合、农业农村、企业、金融处", ["综合处", "农业农村处", "企业处", "金融处"], "0551-68150190"),
    ("资环处", ["资环处"], "0551-68150413"),
    ("行政、政法处", ["行政处", "政法处"], "0551-68150622"),
    ("社保、经建处", ["社保处", "经建处"], "0551-68150631"),
    ("教科文处", ["教科文处"], "0551-68150309"),
]


def credit_code(serial: int, company: bool = False) -> str:
    """A valid and obviously fake code."""
    body = f"{'91' if company else '12'}340000MB{serial:07d}"
    return body + check_digit(body)


def create() -> dict[str, Organization]:
    """Make what is missing; {name: organisation}."""
    made: dict[str, Organization] = {}

    def add(name: str, kind: OrgKind, **fields) -> Organization:
        company = kind in (OrgKind.AGENCY, OrgKind.MALL)
        fields |= {"kind": kind, "uscc": credit_code(len(made) + 1, company)}
        made[name], _ = Organization.objects.get_or_create(name=name, defaults=fields)
        return made[name]

    add(OFFICE, OrgKind.OFFICE, short_name="政府采购处", phone="0551-68150640", address="合肥市示例街 2 号")
    for name, phone in DIVISIONS.items():
        add(name, OrgKind.DIVISION, phone=phone)
    for name, code in DEPARTMENTS.items():
        add(name, OrgKind.DEPARTMENT, budget_code=code)
    for number, (code, name, short, department, division, more) in enumerate(UNITS):
        add(
            name, OrgKind.PURCHASER, budget_code=code, short_name=short, parent=made[department],
            division=made[division], phone=f"0551-6281{number:02d}00", contact="采购办",
            address="合肥市示例路 1 号", **more,
        )  # fmt: skip
    for kind, name in OTHERS:
        add(name, kind)
    return made


def create_contacts(places: dict[str, Organization]) -> None:
    """The phone list of the manual, as it stood in 2021."""
    for position, (name, divisions, phone) in enumerate(CONTACTS):
        group, _ = ContactGroup.objects.get_or_create(
            name=name, defaults={"kind": "policy", "phones": phone, "position": position}
        )
        group.divisions.set(places[division] for division in divisions)
    technical = {
        "kind": "technical", "phones": "0551-68150640 15256996635", "qq": "2638063219",
        "note": "系统操作与 CA 证书问题（2021 年公布）", "position": 9,
    }  # fmt: skip
    ContactGroup.objects.get_or_create(name="技术支持", defaults=technical)
