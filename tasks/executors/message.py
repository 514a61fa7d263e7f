"""What an executor is told: the order, and that it was taken back. Money is text, never a float."""

from decimal import Decimal


def order(book) -> dict:
    """Everything needed to carry out the book; nothing about money's origin or the unit's review."""
    plan = book.approved_plan
    return {
        "message": "order",
        **identity(book),
        "kind": book.kind_of_book,
        "title": book.title,
        "plan": plan.number,
        "fiscal_year": book.fiscal_year,
        "unit": place(book.unit),
        "executor": place(book.executor),
        "amount": money(book.amount),
        "filed_at": book.filed_at.isoformat(),
        "valid_until": f"{book.valid_until}",
        "contact": {"name": plan.handler_name, "phone": plan.handler_phone},
        "organisation": organisation(plan),
        "items": [item(row) for row in plan.items.select_related("category")],
        "packages": [{"name": row.name, "budget": money(row.budget)} for row in plan.packages.all()],
    }


def withdrawal(book) -> dict:
    return {"message": "withdrawal", **identity(book), "reason": book.revoke_reason}


def identity(book) -> dict:
    return {"number": book.number}


def place(organization) -> dict | None:
    if organization is None:
        return None
    return {
        "name": organization.name,
        "uscc": organization.uscc or "",
        "address": organization.address,
        "phone": organization.phone,
    }


def organisation(plan) -> dict:
    """采购组织信息 in words: the far end shows them, it does not calculate with them."""
    names = ["org_form", "method", "entrust_mode", "implement", "mall_platform", "mall_mode"]
    return {name: getattr(plan, f"get_{name}_display")() for name in names if getattr(plan, name)}


def item(row) -> dict:
    return {
        "id": row.pk,
        "code": row.category.code,
        "category": row.category.name,
        "content": row.content,
        "quantity": money(row.quantity),
        "measure": row.measure,
        "unit_price": money(row.unit_price),
        "total": money(row.total_price),
        "is_import": row.is_import,
        "requirement": row.requirement,
        "spec": row.spec,
    }


def money(value: Decimal) -> str:
    """Plain digits without superfluous zeros after the cents."""
    return f"{value.normalize():f}" if value.as_tuple().exponent < -2 else f"{value:f}"
