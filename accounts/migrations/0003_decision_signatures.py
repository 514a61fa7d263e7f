import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

TRIGGER = """
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON accounts_decisionsignature
FOR EACH ROW EXECUTE FUNCTION accounts_written_once()
"""
DROP = "DROP TRIGGER written_once ON accounts_decisionsignature"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_login_log_and_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='DecisionSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=60, verbose_name='对象')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('action', models.CharField(max_length=20, verbose_name='操作')),
                ('content', models.TextField(verbose_name='签名内容')),
                ('cms', models.BinaryField(verbose_name='签名')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='签名指纹')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='上一签名指纹')),
                ('evidence', models.JSONField(default=list, verbose_name='吊销依据')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='accounts.usercertificate', verbose_name='证书')),
            ],
            options={
                'verbose_name': '业务签名',
                'verbose_name_plural': '业务签名',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('subject'), models.F('previous'), name='decision_signature_chain')],
            },
        ),
        migrations.RunSQL(TRIGGER, DROP),
    ]
