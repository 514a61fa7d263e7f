"""A secret paper can never be owed to the outside, nor become secret while it is: the database says so.

`document_secret` is false by CHECK; together with the paper's id it must exist in flow_document, so a paper
with is_secret = true has nothing to point at, whatever the program does (domain.md §13).
"""

from django.db import migrations

ADD = """
ALTER TABLE flow_delivery ADD CONSTRAINT delivery_document_not_secret
FOREIGN KEY (document_id, document_secret) REFERENCES flow_document (id, is_secret)
DEFERRABLE INITIALLY IMMEDIATE
"""
DROP = "ALTER TABLE flow_delivery DROP CONSTRAINT delivery_document_not_secret"


class Migration(migrations.Migration):
    dependencies = [("flow", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
