"""Sets of rows that are read, checked and written with the same number of queries whatever their length."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.functional import cached_property

from procurement.flow.forms import LineForm


class KnownRow(forms.Field):
    """The hidden key of a saved row, looked up among the rows already read."""

    widget = forms.HiddenInput

    def __init__(self, known: dict, **options):
        super().__init__(required=False, **options)
        self.known = known

    def clean(self, value):
        text = str(value or "")
        if not text:
            return None
        row = self.known.get(int(text)) if text.isdecimal() and text.isascii() and len(text) < 19 else None
        if row is None:
            raise ValidationError("这一行已被他人删除，请刷新后重新填写。")
        return row

    def has_changed(self, initial, data) -> bool:
        return False


def worded(bound) -> str:
    """The value of a field in words: the label of a choice, 是 for a tick."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "是" if value else "否"
    if isinstance(bound.field, forms.ChoiceField):
        groups = (
            label if isinstance(label, (list, tuple)) else [(key, label)]
            for key, label in bound.field.choices
        )
        labels = {str(key): str(label) for group in groups for key, label in group if key != ""}
        return labels.get(str(value), str(value or ""))
    return str(value if value is not None else "")


class Shared(dict):
    """Fields made once for all rows of a set: a row may hold others, it never changes these."""

    def __deepcopy__(self, memo):
        return dict(self)


class RowForm(LineForm):
    """One row; its keys are checked against what was offered."""

    checked_here: tuple[str, ...] = ()  # relations this form resolves itself

    def __init__(self, *args, shared: Shared | None = None, **options):
        if shared is not None:
            self.base_fields = shared
        super().__init__(*args, **options)

    def told(self) -> list[str]:
        """What is typed in the row, in the order of its cells, as a person reads it."""
        return [worded(field) for field in self.visible_fields() if field.name != "DELETE"]

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | set(self.checked_here)


class RowSet(BaseInlineFormSet):
    """Writes with one statement for the new rows, one for the changed, one for the deleted."""

    related: tuple[str, ...] = ()  # what the page shows of a row's relations
    added: dict | None = None  # the fields Django adds to every row

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset().select_related(*self.related)
        return self._queryset

    def told(self) -> list[list[str]]:
        """What was typed, for the page that cannot save it."""
        return [form.told() for form in self.forms if form.has_changed() or form.instance.pk]

    @cached_property
    def known(self) -> dict:
        return {row.pk: row for row in self.get_queryset()}

    def common(self) -> dict:
        """What the forms of all rows are told, beside the paper."""
        return {}

    @cached_property
    def shared(self) -> Shared:
        return Shared(self.form(**super().get_form_kwargs(None), **self.common()).fields)

    def get_form_kwargs(self, index) -> dict:
        return super().get_form_kwargs(index) | self.common() | {"shared": self.shared}

    def add_fields(self, form, index) -> None:
        if self.added is None:
            own = set(form.fields)
            super().add_fields(form, index)
            self.added = {name: field for name, field in form.fields.items() if name not in own}
        form.fields |= self.added
        form.fields["id"] = KnownRow(self.known, initial=form.instance.pk)

    def save(self, commit=True) -> list:
        """All rows in their order; returns the living ones."""
        gone = [form.instance.pk for form in self.initial_forms if form.instance.pk and self.leaves(form)]
        if gone:
            self.model.objects.filter(pk__in=gone).delete()
        kept = [form for form in self.forms if self.stays(form)]
        changed = [form.instance for form in kept if form.instance.pk and form.has_changed()]
        new = [form.instance for form in kept if not form.instance.pk]
        for row in new:
            setattr(row, self.fk.name, self.instance)
        names = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        if changed:  # one INSERT … ON CONFLICT: bulk_update builds a CASE of every row for every column
            changes = {"update_fields": [name for name in names if name != self.fk.name]}
            self.model.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], **changes)
        self.model.objects.bulk_create(new)
        self.new_objects, self.changed_objects, self.deleted_objects = new, changed, gone
        return [form.instance for form in kept]

    def leaves(self, form) -> bool:
        return bool(form.cleaned_data.get("DELETE"))

    def stays(self, form) -> bool:
        return bool(form.instance.pk or form.has_changed()) and not self.leaves(form)

    def get_unique_error_message(self, unique_check) -> str:
        return "同一内容重复填写，请检查。"
