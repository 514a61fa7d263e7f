"""The tables of a contract's rows, each read once for everything that looks at them in one request."""

from django.db.models import Prefetch, prefetch_related_objects

from . import companions


def load(contract) -> None:
    """Four queries the first time, none afterwards; whoever wants fresh rows takes a fresh contract."""
    items = contract._meta.get_field("items").related_model.objects
    fundings = contract._meta.get_field("fundings").related_model.objects
    prefetch_related_objects(
        [contract],
        "suppliers",
        Prefetch("items", items.select_related("plan_item__category", *companions.BESIDE_ITEMS)),
        Prefetch("fundings", fundings.select_related("confirmation__quota__fund_nature")),
        "payments",
    )
