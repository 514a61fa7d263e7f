"""What was filed and what was reported is written once: the database itself refuses the rest."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION statistics_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE ON statistics_fact
    FOR EACH ROW EXECUTE FUNCTION statistics_append_only();
CREATE TRIGGER report_append_only BEFORE UPDATE OR DELETE ON statistics_report
    FOR EACH ROW EXECUTE FUNCTION statistics_append_only();
"""
ALLOW = """
DROP TRIGGER fact_append_only ON statistics_fact;
DROP TRIGGER report_append_only ON statistics_report;
DROP FUNCTION statistics_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_lines_and_facts")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
