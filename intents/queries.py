"""Reads of intents and their rows."""

from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from notices.published import PublishedQuerySet
from procurement.flow.models import Desk


class IntentQuerySet(PublishedQuerySet):
    """Lists of intents bring their rows' summary along too: still one query."""

    def for_list(self):
        items = self.model._meta.get_field("items").related_model
        rows = items.objects.filter(intent=OuterRef("pk")).order_by()
        summary = JSONObject(n=Count("pk"), first=Min("expected_month"), last=Max("expected_month"))
        after = self.model.objects.filter(supersedes=OuterRef("pk"), state=Desk.DONE)
        return (
            super()
            .for_list()
            .annotate(
                summary=Subquery(rows.values("intent").annotate(found=summary).values("found")),
                followed_by=Subquery(after.values("notice")[:1]),
            )
        )


class ItemQuerySet(models.QuerySet):
    """Rows of intents."""

    def live(self):
        """Rows that still stand: not void, not replaced or cancelled by a published notice."""
        intents = self.model._meta.get_field("intent").related_model.objects
        replaced = Exists(intents.filter(supersedes=OuterRef("intent"), state=Desk.DONE))
        return self.filter(~Q(intent__state=Desk.VOID), ~replaced)

    def weighed(self):
        """Rows with what other papers intend: `others` on the same confirmation, `twin` of the same name."""
        others = self.model.objects.live().filter(
            ~Q(intent=OuterRef("intent")), ~Q(intent=Coalesce(OuterRef("intent__supersedes"), 0))
        )
        same_money = others.filter(confirmation=OuterRef("confirmation")).order_by()
        same_name = others.filter(
            project_name=OuterRef("project_name"),
            intent__unit=OuterRef("intent__unit"),
            intent__fiscal_year=OuterRef("intent__fiscal_year"),
        )
        return (
            self.select_related("category", "confirmation__quota")
            .annotate(
                others=Subquery(same_money.values("confirmation").annotate(sum=Sum("amount")).values("sum")),
                twin=Exists(same_name),
            )
            .order_by("pk")
        )
