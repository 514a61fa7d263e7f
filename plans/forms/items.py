"""采购清单: a row of the list, with its import block (manual 3.5.1, 3.5.6; domain.md §§9.2, 11)."""

from decimal import Decimal

from django import forms
from django.utils.functional import cached_property

from procurement.flow.forms import lines_of
from procurement.reference.fields import CategoryField, KnownCategories
from procurement.reference.prices import by_total, by_unit

from ..models import ImportApproval, Plan, PlanItem, PlanType
from ..models.choices import ImportCase, ImportClass
from ..widgets import Quick, QuickArea, QuickCheck, QuickSelect
from .drawing import Pattern
from .rows import RowForm, RowSet

LIMIT = Decimal(10) ** 16  # what numeric(18, 2) holds
NUMBER = {"inputmode": "decimal", "class": "n", "autocomplete": "off"}
LINE = [
    "category", "content", "entry_mode", "unit_price", "quantity", "measure", "total_price", "is_import",
]  # fmt: skip
FOLD = ["requirement", "spec", "industry", "is_core", "energy_saving", "water_saving", "environmental"]
IMPORT_FIELDS = ["country", "purpose", "import_class", "import_case", "policy", "reason"]


def text(label: str, most: int, widget=Quick, **attrs) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=widget(attrs=attrs))


def choice(label: str, options) -> forms.ChoiceField:
    offered = [("", "请选择"), *options.choices]
    return forms.ChoiceField(label=label, choices=offered, required=False, widget=QuickSelect)


class PlanItemForm(RowForm):
    """One thing to buy: either the price or the total is typed, the other follows."""

    checked_here = ("category",)
    parts = {"line": LINE, "fold": FOLD, "importing": IMPORT_FIELDS}  # as item.html draws them

    category = CategoryField(
        label="采购目录",
        max_length=80,
        widget=Quick(attrs={"list": "categories", "placeholder": "编码、名称或首字母"}),
    )
    country = text("原产国别", 60)
    purpose = text("用途", 300)
    import_class = choice("进口类别", ImportClass)
    import_case = choice("适用情形", ImportCase)
    policy = text("鼓励目录名称及文号", 200)
    reason = text("需求理由", 2000, QuickArea)

    class Meta:
        model = PlanItem
        fields = [*LINE, *FOLD]
        widgets = {
            "content": Quick(),
            "entry_mode": QuickSelect(),
            "unit_price": Quick(NUMBER),
            "quantity": Quick(NUMBER),
            "measure": Quick({"placeholder": "台、套"}),
            "total_price": Quick(NUMBER),
            "requirement": QuickArea(),
            "spec": QuickArea(),
            "industry": QuickSelect(),
            "is_import": QuickCheck({"class": "sw-f"}),
            "is_core": QuickCheck(),
            "energy_saving": QuickCheck(),
            "water_saving": QuickCheck(),
            "environmental": QuickCheck(),
        }

    def __init__(self, *args, categories: KnownCategories | None = None, **options):
        super().__init__(*args, **options)
        self.fields["category"].known = categories
        row = self.instance
        if row.pk:
            self.initial["category"] = str(row.category)
            self.initial |= {
                name: f"{getattr(row, name).normalize():f}" for name in ("unit_price", "quantity")
            }
            if (block := getattr(row, "import_approval", None)) is not None:
                self.initial |= {name: getattr(block, name) for name in IMPORT_FIELDS}

    def line_fields(self) -> list:
        return [self[name] for name in LINE]

    @property
    def category_note(self) -> str:
        """Of a copied row: what became of its category."""
        return "" if self.is_bound else self.initial.get("category_note", "")

    @property
    def opened(self) -> bool:
        """Does the fold below the row hold something to read or to mend?"""
        return any(name in self.errors for name in [*IMPORT_FIELDS, *FOLD])

    def clean(self):
        data = super().clean()
        quantity = data.get("quantity")
        if quantity is not None and quantity <= 0:
            self.add_error("quantity", "数量须大于 0。")
        elif quantity is not None:
            self.work_out(data, quantity)
        self.know_category(data)
        if data.get("is_import"):
            self.check_import(data)
        return data

    def work_out(self, data: dict, quantity: Decimal) -> None:
        """The server computes what the page only showed; the total is authoritative in 总价÷数量."""
        by_price = data.get("entry_mode") != PlanItem.Mode.BY_TOTAL
        typed, derived = ("unit_price", "total_price") if by_price else ("total_price", "unit_price")
        self.errors.pop(derived, None)
        given = data.get(typed)
        if given is None or given <= 0:
            if typed not in self.errors:
                self.add_error(typed, f"请填写{self.fields[typed].label.removesuffix('（元）')}，须大于 0。")
            return
        data[derived] = by_unit(given, quantity) if by_price else by_total(given, quantity)
        if not 0 < data["total_price"] < LIMIT:
            self.add_error("total_price", "总价须大于 0 且不超过 16 位整数，请检查单价和数量。")
        elif data["unit_price"] >= 10**14:
            self.add_error("unit_price", "单价太大，请检查总价和数量。")

    def know_category(self, data: dict) -> None:
        """What the catalogue prescribes is switched on; the mall sells only what it lists."""
        category = data.get("category")
        if category is None:
            return
        data["energy_saving"] = data.get("energy_saving") or category.energy_saving
        data["environmental"] = data.get("environmental") or category.environmental
        if self.paper.plan_type == PlanType.MALL and not category.mall_allowed:
            self.add_error("category", f"“{category.name}”不在商城品目范围内，请改用项目采购计划。")

    def check_import(self, data: dict) -> None:
        """政府采购法第十条: why no domestic product will do."""
        for name in IMPORT_FIELDS:
            needed = name != "policy" or data.get("import_class") == ImportClass.ENCOURAGED
            if needed and not data.get(name) and name not in self.errors:
                self.add_error(name, f"进口产品请填写{self.fields[name].label}。")


class ItemSet(RowSet):
    """The list; its categories are looked up with one query, its import blocks written with three."""

    title = "采购清单"
    related = ("category", "import_approval")

    def __init__(self, data=None, *args, **options):
        super().__init__(data, *args, **options)
        names = [name for name in data or () if name.startswith(self.prefix) and name.endswith("-category")]
        start = [row.get("category") for row in self.initial_extra or ()]
        self.categories = KnownCategories([data[name] for name in names] + start)

    def common(self) -> dict:
        return {"categories": self.categories}

    @cached_property
    def pattern(self) -> Pattern:
        return Pattern(self, "plans/item.html")

    def drawn(self) -> list[str]:
        return [self.pattern.draw(form, row, row + 1) for row, form in enumerate(self.forms)]

    def drawn_blank(self) -> str:
        return self.pattern.draw(self.empty_form, "__prefix__")

    def save(self, commit=True) -> list:
        rows = super().save(commit)
        kept = [form for form in self.forms if self.stays(form)]
        blocks = [
            ImportApproval(
                plan=self.instance,
                item=form.instance,
                **{name: form.cleaned_data[name] for name in IMPORT_FIELDS},
            )
            for form in kept
            if form.cleaned_data["is_import"]
        ]
        ImportApproval.objects.filter(plan=self.instance).delete()
        ImportApproval.objects.bulk_create(blocks)
        return rows


ITEMS = lines_of(Plan, PlanItem, PlanItemForm, formset=ItemSet)
