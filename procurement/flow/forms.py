"""Forms of papers: a head, its sets of lines, the move form."""

from django import forms
from django.db import transaction
from django.forms import BaseInlineFormSet, inlineformset_factory

from .desks import Desk, ReturnReason
from .moves import Conflict, details_of

USUAL = {
    "required": "请填写{label}。",
    "invalid": "{label}的格式不对，请检查。",
    "invalid_choice": "请从列表中选择{label}。",
    "max_length": "{label}最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "min_length": "{label}至少 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "max_digits": "{label}的数字太长，请检查。",
    "max_decimal_places": "{label}最多 %(max)s 位小数。",
    "max_whole_digits": "{label}的整数部分最多 %(max)s 位。",
    "min_value": "{label}不能小于 %(limit_value)s。",
    "max_value": "{label}不能大于 %(limit_value)s。",
}


PLAIN = {"required", "invalid"}


def speak_plainly(fields: dict[str, forms.Field]) -> None:
    """Error messages that name the field, and amounts that accept 1,234.50 and full-width digits."""
    for field in fields.values():
        label = str(field.label or "")
        escaped = label.replace("%", "%%")  # for the messages that Django fills with figures
        for code, text in USUAL.items():
            field.error_messages[code] = text.format(label=label if code in PLAIN else escaped)
        for validator in field.validators:
            if (text := USUAL.get(getattr(validator, "code", None))) is not None:
                validator.message = text.format(label=escaped)
        if getattr(field, "empty_label", None) is not None:
            field.empty_label = "请选择"
        elif isinstance(field, forms.TypedChoiceField) and field.choices and field.choices[0][0] == "":
            field.choices = [("", "请选择"), *field.choices[1:]]
        if isinstance(field, forms.DecimalField):
            field.__class__ = AmountField


class AmountField(forms.DecimalField):
    """A decimal typed by people: 1，234．50 and 1,234.50 元 are fine."""

    widget = forms.TextInput
    table = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")

    def to_python(self, value):
        if isinstance(value, str):
            value = value.translate(self.table).replace(",", "").replace("元", "").replace(" ", "")
            if len(value) > 40 or "e" in value.lower():
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class PaperForm(forms.ModelForm):
    """The head of a paper together with its sets of lines: one thing to validate, one thing to save."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    lines: dict[str, type[BaseInlineFormSet]] = {}  # related name -> formset class, see `lines_of`

    def __init__(self, data=None, files=None, *, instance, by=None, **options):
        self.by = by
        super().__init__(data, files, instance=instance, **options)
        self.initial["version"] = instance.version
        self.line_sets = {
            name: formset(data, files, instance=instance, prefix=name, form_kwargs={"paper": instance})
            for name, formset in self.lines.items()
        }
        speak_plainly(self.fields)

    def is_valid(self) -> bool:
        lines = [formset.is_valid() for formset in self.line_sets.values()]
        if not (super().is_valid() and all(lines)):
            return False
        self.check_together()
        return not self.errors

    def check_together(self) -> None:
        """Rules between head and lines; `add_error` what is wrong."""

    def hush(self) -> None:
        """Say nothing of errors yet: unfinished typing is shown again, not judged."""
        self.errors.clear()
        for formset in self.line_sets.values():
            formset.non_form_errors().clear()
            for line in formset.forms:
                line.errors.clear()

    def live_lines(self, name: str) -> list[dict]:
        """The cleaned rows of one set that are neither empty nor deleted."""
        rows = [
            form.cleaned_data for form in self.line_sets[name].forms if form.has_changed() or form.instance.pk
        ]
        return [row for row in rows if row and not row.get("DELETE")]

    @transaction.atomic
    def save(self, commit=True):
        """Write head and lines; raises Conflict when somebody saved in between."""
        paper = self.instance
        if paper.pk:
            fresh = type(paper).objects.locked(paper.pk)
            if fresh.version != self.cleaned_data["version"] or fresh.state != Desk.CLERK:
                raise Conflict("这份单据在您填写期间已被他人修改。")
            paper.version = fresh.version + 1
        paper.assign_number()
        self.fill(paper)
        paper.save()
        for formset in self.line_sets.values():
            formset.save()
        return paper

    def fill(self, paper) -> None:
        """Set what the form derives: title, amount."""


class LineForm(forms.ModelForm):
    """One row of a paper."""

    def __init__(self, *args, paper=None, **options):
        self.paper = paper
        super().__init__(*args, **options)
        if self.base_fields is type(self).base_fields:  # fields shared by many rows speak already
            speak_plainly(self.fields)


def lines_of(paper, line, form: type[LineForm], **options) -> type[BaseInlineFormSet]:
    """A formset class for the rows `line` of `paper`; one empty row, no more than 500."""
    settings = {"extra": 1, "max_num": 500, "absolute_max": 501, "validate_max": True, **options}
    return inlineformset_factory(paper, line, form=form, **settings)


class MoveForm(forms.Form):
    """A decision: which of the moves open to this user, to where, why."""

    verb = forms.ChoiceField(label="审核结论", widget=forms.RadioSelect)
    to = forms.ChoiceField(label="流程退回", required=False)
    reason = forms.ChoiceField(
        label="退回原因", required=False, choices=[("", "请选择"), *ReturnReason.choices]
    )
    opinion = forms.CharField(
        label="审核意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, paper, user, verbs: list[str] | None = None):
        super().__init__(data, initial={"version": paper.version})
        self.paper = paper
        open_verbs = paper.open_verbs(user) if verbs is None else verbs
        self.fields["verb"].choices = [(verb, paper.verb_label(verb)) for verb in open_verbs]
        self.fields["to"].choices = [(str(desk), desk.label) for desk in paper.return_desks()]
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        verb, opinion = data.get("verb"), (data.get("opinion") or "").strip()
        if verb == "send_back":
            if not data.get("to"):
                self.add_error("to", "请选择要退回到哪一岗。")
            if not data.get("reason"):
                self.add_error("reason", "请选择退回原因。")
            if len(opinion) < 5:
                self.add_error("opinion", "退回时请写明意见，至少 5 个字，便于经办人修改。")
        if verb != "send_back" and self.is_grave(verb) and len(opinion) < 5:
            self.add_error("opinion", f"{self.paper.verb_label(verb)}时请写明原因，至少 5 个字。")
        data["opinion"] = opinion or ("同意" if verb == "approve" else "")
        return data

    def is_grave(self, verb: str | None) -> bool:
        """A move that takes something back needs its reason."""
        return verb in self.paper.verb_names() and details_of(getattr(self.paper, verb))["tone"] == "danger"

    @property
    def grave(self) -> bool:
        """Of the one verb it asks about."""
        return self.is_grave(self.initial.get("verb"))

    def act(self, paper, by, **hand):
        """Perform the chosen move; returns the fresh paper."""
        data = self.cleaned_data
        details = {"to": data["to"]} if data["verb"] == "send_back" else {}
        return paper.perform(
            data["verb"],
            by,
            data["opinion"],
            version=data["version"],
            reason=data["reason"],
            **hand,
            **details,
        )
