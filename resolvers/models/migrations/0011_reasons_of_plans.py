from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_pending_payments')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Instalment',
            name='reason',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='Instalment',
            name='withdrawal',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
    ]
