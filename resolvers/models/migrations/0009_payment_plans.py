from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0008_money')]

    initial = False

    operations = [
        ops.AddField(
            model_name='CreditNote',
            name='credit_cents',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AlterModelOptions(
            name='Instalment',
            options={'table': 'instalment', 'app': 'models', 'indexes': [Index(fields=['plan_id']), Index(fields=['withdrawn_at', 'due_on'])], 'pk_attr': 'id', 'table_description': 'The share of one invoice in one part of a payment plan « échéancier ».'},
        ),
        ops.AddField(
            model_name='Instalment',
            name='missed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instalment',
            name='plan_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddIndex(
            model_name='Instalment',
            index=Index(fields=['plan_id']),
        ),
        ops.AddIndex(
            model_name='Instalment',
            index=Index(fields=['withdrawn_at', 'due_on']),
        ),
    ]
