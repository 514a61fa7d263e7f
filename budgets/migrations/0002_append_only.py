"""The ledger and finance's changes are written once: the database itself refuses the rest."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION budgets_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledgerentry_append_only BEFORE UPDATE OR DELETE ON budgets_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION budgets_append_only();
CREATE TRIGGER quotaadjustment_append_only BEFORE UPDATE OR DELETE ON budgets_quotaadjustment
    FOR EACH ROW EXECUTE FUNCTION budgets_append_only();
"""
ALLOW = """
DROP TRIGGER ledgerentry_append_only ON budgets_ledgerentry;
DROP TRIGGER quotaadjustment_append_only ON budgets_quotaadjustment;
DROP FUNCTION budgets_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
