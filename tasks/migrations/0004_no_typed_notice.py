from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_notice_chosen")]

    operations = [migrations.RemoveField("methodchange", "notice_no")]
