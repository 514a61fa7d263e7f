"""Names a plan gives itself."""


def plan_title(plan, categories: list) -> str:
    """One category: its name; several: the first and how many there are (manual 3.5.1)."""
    names = list(dict.fromkeys(category.name for category in categories))
    if not names:
        return plan.get_plan_type_display()
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}项"
