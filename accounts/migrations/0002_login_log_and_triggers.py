"""Certificate events and the login log are written once: the database refuses to change or delete a row."""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION accounts_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGER = """
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION accounts_written_once()
"""
DROP = "DROP TRIGGER written_once ON {table}"
TABLES = ("accounts_certificateevent", "accounts_loginlog")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="loginlog",
            name="browser",
            field=models.CharField(blank=True, max_length=16, verbose_name="浏览器会话"),
        ),
        migrations.AddIndex(
            model_name="loginlog",
            index=models.Index(fields=["browser", "at"], name="login_log_by_browser"),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION accounts_written_once()"),
        *(migrations.RunSQL(TRIGGER.format(table=t), DROP.format(table=t)) for t in TABLES),
    ]
