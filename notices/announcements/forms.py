"""One form for all formats, drawn from the format's declaration."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory

from procurement import clock
from procurement.flow.forms import PaperForm, speak_plainly

from . import terms
from .fields import LIMIT, InstantField, form_field, stored
from .formats import Field, Table
from .models import FARTHEST, Announcement

ROWS = 100


class TableSet(BaseFormSet):
    """Rows of a table of the content; they live in the paper's own JSON, so there is nothing to save."""

    table: Table

    def initial_form_count(self) -> int:
        """Every row is a new one: what counts is what was posted."""
        return 0

    @property
    def title(self) -> str:
        return self.table.label

    def save(self) -> None:
        """The head keeps them."""

    def content(self) -> list[dict[str, str]]:
        rows = [form.cleaned_data for form in self.forms if form.has_changed()]
        kept = [row for row in rows if row and not row.get("DELETE")]
        return [{one.key: stored(row.get(one.key)) for one in self.table.columns} for row in kept]


class RowForm(forms.Form):
    """One row; its fields come from the table."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)


def table_set(table: Table, data, rows: list[dict]) -> TableSet:
    """The rows as saved and one to begin, or as posted."""
    fields = {one.key: form_field(one, row=True) for one in table.columns}
    row = type("Row", (RowForm,), fields)
    options = {"extra": len(rows) + 1, "max_num": ROWS, "absolute_max": ROWS + 1, "validate_max": True}
    made = formset_factory(row, formset=TableSet, can_delete=True, **options)
    made.table = table
    return made(data, prefix=table.key, initial=None if data is not None else rows)


class AnnouncementForm(PaperForm):
    """Title, time of publication, and whatever the format asks for."""

    publish_at = InstantField(
        label="定时发布", required=False, help_text="不填则在点“发布”后立即发送；填了则到时自动发送，不会提前"
    )

    class Meta:
        model = Announcement
        fields = ["title", "publish_at"]
        labels = {"title": "公告标题"}
        help_texts = {"title": "留空则按项目名称自动生成，可修改"}

    def __init__(self, data=None, files=None, *, instance, by=None, start: dict | None = None, **options):
        super().__init__(data, files, instance=instance, by=by, **options)
        content = instance.content if start is None else start
        self.fields["title"].required = False
        for key, field in instance.form.fields.items():
            self.fields[f"c_{key}"] = form_field(field)
            self.initial[f"c_{key}"] = content.get(key, "")
        speak_plainly(self.fields)
        self.advise(content)
        self.line_sets = {
            key: table_set(table, data, content.get(key) or []) for key, table in instance.form.tables.items()
        }

    def advise(self, content: dict) -> None:
        """What the law asks of a day, beside its field."""
        said = terms.guidance(self.instance.form, content, self.instance.publication_day())
        for key, sentences in said.items():
            field = self.fields[f"c_{key}"]
            field.help_text = "；".join(filter(None, [field.help_text, *sentences]))

    def clean_publish_at(self):
        """Not in the past, unless it stands there since before."""
        at = self.cleaned_data["publish_at"]
        if at and at != self.instance.publish_at and at <= clock.now():
            raise ValidationError("定时发布的时间已经过去，请改为以后的时间，或留空立即发布。")
        if at and at > clock.now() + FARTHEST:
            raise ValidationError(f"定时发布最多提前 {FARTHEST.days} 天安排。")
        return at

    def check_together(self) -> None:
        paper = self.instance
        paper.content = self.content()
        if paper.usual_amount() >= LIMIT:
            self.add_error(None, "金额合计太大，请检查。")

    def content(self) -> dict:
        """Everything typed, as it is stored."""
        head = {key: stored(self.cleaned_data.get(f"c_{key}")) for key in self.instance.form.fields}
        return head | {key: rows.content() for key, rows in self.line_sets.items()}

    def fill(self, paper) -> None:
        """Title unless the clerk wrote his own, amount."""
        paper.may_follow()
        paper.content = self.content()
        paper.title = paper.title.strip() or paper.usual_title()
        paper.amount = paper.usual_amount()

    def sections(self) -> list[dict]:
        """The format's sections with their bound fields and row sets, for the template; small ones share."""
        cards: list[dict] = []
        for card in self.cards():
            if cards and card["small"] and cards[-1]["small"]:
                cards[-1]["title"] += f"、{card['title']}"
                cards[-1]["fields"] += card["fields"]
            else:
                cards.append(card)
        return cards

    def cards(self) -> list[dict]:
        return [
            {
                "key": f"s{number}",
                "title": section.title,
                "text": section.text,
                "small": section.is_small,
                "fields": [self[f"c_{part.key}"] for part in section.parts if isinstance(part, Field)],
                "tables": [
                    (part, self.line_sets[part.key]) for part in section.parts if isinstance(part, Table)
                ],
            }
            for number, section in enumerate(self.instance.form.sections, start=1)
        ]
