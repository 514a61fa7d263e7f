"""Taking quotas in: everything is checked first, then all of it is saved, or nothing."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db import connection, transaction

from accounts.models import User

from .models import AdjustmentKind, Quota, QuotaAdjustment, QuotaImport
from .rows import HEADERS, LABELS, REQUIRED, Names, QuotaRow
from .tables import BadTable, Row

ONE_AT_A_TIME = 340001  # advisory lock: two imports at once would both think a quota is new


class Fault(NamedTuple):
    """What is wrong, and in which cell."""

    address: str
    message: str

    def __str__(self):
        return f"{self.address}：{self.message}"


class ImportRefused(Exception):
    """Nothing was saved; `faults` says why, cell by cell."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__(f"发现 {len(faults)} 处错误，未导入任何指标")


class Change(NamedTuple):
    """One dated change of finance, with its number there (the feed gives them one by one)."""

    external_id: str
    amount: Decimal
    doc_no: str = ""
    reason: str = ""


class Record(NamedTuple):
    """A row to be taken in: its form, where it stood, and its single changes if the source tells them."""

    form: QuotaRow
    address: callable
    changes: list[Change] | None = None


def from_table(rows: list[Row]) -> list[Record]:
    """Records of an uploaded table."""
    missing = [name for name in REQUIRED if rows and name not in rows[0].letters]
    if not rows or missing:
        raise BadTable(f"缺少列：{'、'.join(missing)}。" if missing else "文件中没有数据行。")
    names = Names()
    return [
        Record(
            QuotaRow({field: row.values.get(header, "") for header, field in HEADERS.items()}, names),
            lambda field, row=row: row.address(LABELS.get(field, "")),
        )
        for row in rows
    ]


def from_feed(items: Iterable[dict]) -> list[Record]:
    """Records of the finance feed (JSON objects)."""
    names, records = Names(), []
    for number, item in enumerate(items, 1):
        changes = [change_of(entry, number) for entry in item.get("adjustments") or []]
        data = {name: "" if item.get(name) is None else str(item[name]) for name in LABELS}
        data["adjusted"] = str(sum((change.amount for change in changes), Decimal(0)))
        place = f"第 {number} 条（{data['external_id'] or '无 ID'}）"
        records.append(
            Record(
                QuotaRow(data, names), lambda field, place=place: f"{place}{LABELS.get(field, '')}", changes
            )
        )
    return records


def change_of(entry: dict, number: int) -> Change:
    try:
        amount = Decimal(entry["amount"])
        if not amount.is_finite() or amount != round(amount, 2) or not amount:
            raise InvalidOperation
        return Change(
            str(entry["external_id"])[:60], amount, entry.get("doc_no", ""), entry.get("reason", "")
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise BadTable(f"第 {number} 条指标的调整记录格式不对。") from None


@transaction.atomic
def take_in(records: list[Record], source: str, name: str, by: User | None = None) -> QuotaImport:
    """Save all records or raise ImportRefused; taking the same in again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    for record in records:
        record.form.full_clean()
    found = Quota.objects.filter(external_id__in=cleaned(records, "external_id")).order_by("pk")
    stored = {quota.external_id: quota for quota in found.select_for_update(of=("self",))}
    if faults := sorted(find_faults(records, stored), key=lambda fault: (len(fault.address), fault.address)):
        raise ImportRefused(faults)
    created = changed = 0
    for record in records:
        quota = stored.get(record.form.cleaned_data["external_id"])
        created += quota is None
        changed += save(record, quota, by) and quota is not None
    return QuotaImport.objects.create(
        source=source, name=name[:200], rows=len(records), created=created, changed=changed, by=by
    )


def cleaned(records: list[Record], field: str) -> list:
    """One field of all rows where it could be understood."""
    return [record.form.cleaned_data[field] for record in records if field in record.form.cleaned_data]


def find_faults(records: list[Record], stored: dict[str, Quota]) -> Iterable[Fault]:
    """Everything wrong with the records, each alone and against each other and what is stored."""
    same_no = Quota.objects.filter(quota_no__in=cleaned(records, "quota_no"))
    taken = dict(same_no.values_list("quota_no", "external_id"))
    seen: set[str] = set()
    for record in records:
        for field, messages in record.form.errors.items():
            yield from (Fault(record.address(field), message) for message in messages)
        data = record.form.cleaned_data
        external_id = data.get("external_id", "")
        if external_id and external_id in seen:
            yield Fault(record.address("external_id"), f"指标ID“{external_id}”重复。")
        seen.add(external_id)
        owner = taken.setdefault(data.get("quota_no", ""), external_id)
        if external_id and owner != external_id:
            yield Fault(record.address("quota_no"), f"指标编号“{data['quota_no']}”已被另一条指标使用。")
        if (quota := stored.get(external_id)) is not None:
            yield from contradictions(record, quota)


def contradictions(record: Record, quota: Quota) -> Iterable[Fault]:
    """What may not change once a quota exists: whose it is, which year, and changes already booked."""
    data = record.form.cleaned_data
    unit = data.get("unit_budget_code")
    if unit and unit.pk != quota.unit_id:
        yield Fault(record.address("unit_budget_code"), "这条指标已属于另一个单位，不能改变预算单位。")
    if data.get("fiscal_year") not in (None, quota.fiscal_year):
        yield Fault(record.address("fiscal_year"), f"这条指标属于 {quota.fiscal_year} 年，不能改变年度。")
    booked = dict(
        QuotaAdjustment.objects.filter(
            external_id__in=[change.external_id for change in record.changes or []]
        ).values_list("external_id", "amount")
    )
    for change in record.changes or []:
        if booked.get(change.external_id, change.amount) != change.amount:
            yield Fault(record.address("adjusted"), f"财政流水“{change.external_id}”与已入账金额不同。")


def save(record: Record, quota: Quota | None, by: User | None) -> bool:
    """Insert or update one quota; whether anything changed."""
    data, differences = record.form.cleaned_data, {}
    if quota is None:
        quota = Quota.objects.create(external_id=data["external_id"], **record.form.quota_fields())
    elif differences := record.form.differences(quota):
        for name, value in differences.items():
            setattr(quota, name, value)
        quota.save(update_fields=list(differences))
    moves = [
        (AdjustmentKind.ISSUE, Change("", data["issued"] - quota.issued_amount, data["doc_no"])),
        *((AdjustmentKind.ADJUST, change) for change in adjustments(record, quota)),
        (AdjustmentKind.FREEZE, Change("", (data["frozen"] or Decimal(0)) - quota.frozen_amount)),
    ]
    moves = [(kind, change) for kind, change in moves if change.amount]
    for kind, change in moves:
        quota.change(
            kind,
            change.amount,
            external_id=change.external_id or None,
            doc_no=change.doc_no,
            reason=change.reason,
            by=by,
        )
    return bool(moves or differences)


def adjustments(record: Record, quota: Quota) -> list[Change]:
    """The single changes not booked yet; a table tells only the total, so its difference is one change."""
    if record.changes is None:
        total = record.form.cleaned_data["adjusted"]
        return [] if total is None else [Change("", total - quota.adjusted_amount)]
    booked = set(quota.adjustments.exclude(external_id=None).values_list("external_id", flat=True))
    return [change for change in record.changes if change.external_id not in booked]
