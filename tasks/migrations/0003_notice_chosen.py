"""The notice of an only supplier is one of ours, no longer a typed number; secret books have a status."""

import django.db.models.deletion
from django.db import migrations, models


def find_notices(apps, schema_editor):
    """A number typed so far becomes the notice it names; one that names none stays in the explanation."""
    change = apps.get_model("tasks", "MethodChange")
    notices = apps.get_model("notices", "SingleSourceNotice").objects
    for row in change.objects.exclude(notice_no="").iterator():
        row.notice = notices.filter(number=row.notice_no.strip(), unit=row.unit).first()
        if row.notice is None:
            row.explanation += f"\n单一来源公示编号：{row.notice_no}"
        row.save(update_fields=["notice", "explanation"])


def begin_secret_books(apps, schema_editor):
    books = apps.get_model("tasks", "TaskBook").objects.filter(is_secret=True, execution="", state="done")
    books.exclude(kind_of_book="other").update(execution="executing")


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_single_source"), ("tasks", "0002_executors")]

    operations = [
        migrations.AddField(
            "methodchange", "notice",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="method_changes", to="notices.singlesourcenotice", verbose_name="单一来源公示",
            ),
        ),
        migrations.RunPython(find_notices, migrations.RunPython.noop),
        migrations.RunPython(begin_secret_books, migrations.RunPython.noop),
    ]  # fmt: skip
