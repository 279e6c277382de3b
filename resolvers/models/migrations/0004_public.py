from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from resolvers.models.keys import new_key
from resolvers.models.public import PageKind
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_families')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Menu',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('site', fields.CharField(max_length=80)),
                ('week', fields.DateField(db_index=True)),
                ('days', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('published_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'menu', 'app': 'models', 'unique_together': (('site', 'week'),), 'pk_attr': 'id', 'table_description': 'The menu of a site for the week of a Monday, whose ``days`` are ``plugins.rules.menus.WeekMenu.plain``.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PublicPage',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('kind', fields.CharEnumField(description='DOCUMENT: DOCUMENT\nPRACTICAL: PRACTICAL', enum_type=PageKind, max_length=16)),
                ('title', fields.CharField(max_length=200)),
                ('body', fields.TextField(default='', unique=False)),
                ('link', fields.CharField(default='', max_length=500)),
                ('published_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'public_page', 'app': 'models', 'indexes': [Index(fields=['kind', 'published_at'])], 'pk_attr': 'id', 'table_description': 'A page readable without an account, until it is withdrawn. ``link`` is where its file or its site is, if any.'},
            bases=['Row'],
        ),
        ops.AddField(
            model_name='Article',
            name='withdrawn_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
