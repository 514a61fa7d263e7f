"""The field of an intent's row that names one of the unit's confirmations."""

from django import forms


class ConfirmationField(forms.ChoiceField):
    """One of the confirmations offered to this paper; the value is the row itself."""

    def offer(self, confirmations: dict) -> None:
        """`confirmations`: primary key -> row, read once a page."""
        self.offered = confirmations
        self.choices = [("", "请选择"), *((str(pk), label(row)) for pk, row in confirmations.items())]

    def clean(self, value):
        text = super().clean(value)
        return self.offered[int(text)] if text else None

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "")


def label(confirmation) -> str:
    quota = confirmation.quota
    return f"{quota.project_name}（{quota.doc_no or quota.quota_no}，确认 {confirmation.amount:,.2f} 元）"
