"""The dimensions of the report, as SQL tallies them and as the pages name them (domain.md §20)."""

from django.db.models import Q

from contracts.suppliers.choices import Size, Special
from plans.models import Method
from procurement.reference.models import Category

from .models import ContractBucket, OrgKind
from .models.choices import PLAN_COLUMN

# dimension -> SQL over a fact, NULL where the fact has no value of it
DIMENSIONS = {
    "total": "''",
    "type": "f.type",
    "kind": "f.org_kind",
    "cross": "f.type || f.org_kind",
    "method": "f.method",
    "size": "f.size",
    "special": "CASE WHEN f.special <> '9' THEN f.special END",
    "energy": "CASE WHEN f.energy_saving THEN '1' END",
    "water": "CASE WHEN f.water_saving THEN '1' END",
    "saving": "CASE WHEN f.energy_saving OR f.water_saving THEN '1' END",
    "green": "CASE WHEN f.environmental THEN '1' END",
    "saving_all": "CASE WHEN f.saving_like THEN '1' END",
    "green_all": "CASE WHEN f.green_like THEN '1' END",
    "rural": "CASE WHEN f.rural THEN '1' END",
}
SME = ("2", "3", "4")
SMALL = ("3", "4")

Key = tuple[str, tuple[str, ...]]  # a dimension and the values of it that a row adds up
TABLES: list[tuple[str, list[tuple[str, Key]]]] = [
    ("合计", [("采购总计", ("total", ("",)))]),
    ("采购类型", [(label, ("type", (value,))) for value, label in Category.Type.choices]),
    ("组织形式", [(label, ("kind", (value,))) for value, label in OrgKind.choices]),
    (
        "采购方式",
        [(label, ("method", (value,))) for value, label in Method.choices]
        + [("其他方式", ("method", ("",)))],
    ),
    (
        "节能、节水和环保产品",
        [
            ("节能、节水产品", ("saving", ("1",))),
            ("其中：节能产品", ("energy", ("1",))),
            ("其中：节水产品", ("water", ("1",))),
            ("节能、节水同类产品合计", ("saving_all", ("1",))),
            ("环保产品", ("green", ("1",))),
            ("环保同类产品合计", ("green_all", ("1",))),
        ],
    ),
    (
        "供应商规模",
        [
            ("中小企业", ("size", SME)),
            ("其中：小微企业", ("size", SMALL)),
            (str(Size.LARGE.label), ("size", ("1",))),
            (str(Size.OTHER.label), ("size", ("9",))),
        ],
    ),
    (
        "监狱企业和残疾人福利性单位",
        [(Special(value).label, ("special", (value,))) for value in ("1", "2")],
    ),
    ("脱贫地区农副产品网络销售平台", [("832平台采购", ("rural", ("1",)))]),
]
# 占同类产品的比重: a row of the table, measured against another (domain.md §20)
LIKE: dict[str, Key] = {
    "saving": ("saving_all", ("1",)), "energy": ("saving_all", ("1",)), "water": ("saving_all", ("1",)),
    "green": ("green_all", ("1",)),
}  # fmt: skip
NATURES = [(bucket.label, ("nature", (str(bucket.value),))) for bucket in ContractBucket]
CROSS = [
    (f"{type_label} · {kind_label}", ("cross", (type_ + kind,)))
    for type_, type_label in Category.Type.choices
    for kind, kind_label in OrgKind.choices
]


def slug(key: Key) -> str:
    """How an address names a key."""
    return "-".join(filter(None, (key[0], "".join(key[1]))))


KEYS: dict[str, tuple[str, Key]] = {
    slug(key): (label.removeprefix("其中："), key)
    for rows in (*(rows for _, rows in TABLES), NATURES, CROSS)
    for label, key in rows
} | {"returned": ("终止合同退回", ("returned", ()))}
FIELDS = {"type": "type", "kind": "org_kind", "method": "method", "size": "size", "special": "special"}
FLAGS = {
    "energy": Q(energy_saving=True),
    "water": Q(water_saving=True),
    "saving": Q(energy_saving=True) | Q(water_saving=True),
    "green": Q(environmental=True),
    "saving_all": Q(saving_like=True),
    "green_all": Q(green_like=True),
    "rural": Q(rural=True),
    "returned": Q(contract__returned__gt=0),
    "total": Q(),
}


def condition(key: Key) -> Q:
    """Which facts count under a key."""
    dimension, values = key
    if dimension in FIELDS:
        return Q(**{f"{FIELDS[dimension]}__in": values})
    if dimension == "cross":
        return Q(type=values[0][0], org_kind=values[0][1])
    if dimension == "nature":
        return ~Q(**{f"agreed_{values[0]}": 0}) | ~Q(**{f"planned_{PLAN_COLUMN[int(values[0])]}": 0})
    return FLAGS[dimension]
