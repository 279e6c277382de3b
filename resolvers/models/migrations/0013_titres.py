from tortoise import migrations
from tortoise.migrations import operations as ops
from resolvers.models.keys import new_key
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0012_runs_alone')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Titre',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('invoice_id', fields.UUIDField(unique=True)),
                ('exercise', fields.IntField()),
                ('number', fields.IntField()),
                ('line', fields.IntField()),
                ('recorded_by', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'titre', 'app': 'models', 'unique_together': (('exercise', 'number', 'line'),), 'pk_attr': 'id', 'table_description': 'The reference, in three parts, under which the treasury collects an invoice « titre ».'},
            bases=['Row'],
        ),
    ]
