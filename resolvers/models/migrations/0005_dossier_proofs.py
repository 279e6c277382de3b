from tortoise import migrations
from tortoise.migrations import operations as ops
from resolvers.models.keys import new_key
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_public')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DossierReading',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('dossier', fields.ForeignKeyField('models.Dossier', source_field='dossier_id', db_index=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('household_id', fields.UUIDField()),
                ('account_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'dossier_reading', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Proof of which agent read the answers of a file and when, health included: never changed, never deleted.'},
            bases=['Row'],
        ),
        ops.AddField(
            model_name='ConsentGiven',
            name='person_id',
            field=fields.UUIDField(null=True),
        ),
    ]
