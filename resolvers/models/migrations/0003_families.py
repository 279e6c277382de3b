from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from resolvers.models.documents import DocumentState
from resolvers.models.dossiers import PieceState
from plugins.rules.custody import CustodyPattern
from plugins.rules.entourage import Permission
from resolvers.models.families import ChangeState
from resolvers.models.households import QuotientSource, QuotientState
from resolvers.models.keys import new_key
from plugins.rules.requests import RequestKind, RequestState
from resolvers.models.requests import RequestEventKind
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_checks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ConsentGiven',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField(null=True)),
                ('account_id', fields.UUIDField()),
                ('code', fields.CharField(max_length=40)),
                ('version', fields.CharField(max_length=40)),
                ('granted', fields.BooleanField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'consent_given', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Proof that a person said yes or no to one version of a text about a child: never changed, never deleted.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ContactPermission',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField(db_index=True)),
                ('contact_id', fields.UUIDField()),
                ('permission', fields.CharEnumField(description='FETCH: FETCH\nCALL: CALL\nFORBIDDEN: FORBIDDEN', enum_type=Permission, max_length=10)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'contact_permission', 'app': 'models', 'unique_together': (('household_id', 'child_id', 'contact_id', 'permission'),), 'pk_attr': 'id', 'table_description': 'One permission of one contact about one child, as a household declared it.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Custody',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField(db_index=True)),
                ('pattern', fields.CharEnumField(description='ALTERNATE_WEEKS: ALTERNATE_WEEKS\nWEEKDAYS: WEEKDAYS', enum_type=CustodyPattern, max_length=16)),
                ('anchor', fields.DateField(null=True)),
                ('weekdays', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('first_day', fields.DateField()),
                ('last_day', fields.DateField(null=True)),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'custody', 'app': 'models', 'pk_attr': 'id', 'table_description': 'When a child is with a household: who books and pays those days. ``weekdays`` are ISO numbers.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Document',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField(null=True)),
                ('code', fields.CharField(max_length=60)),
                ('file_name', fields.CharField(max_length=120)),
                ('media_type', fields.CharField(max_length=40)),
                ('size', fields.IntField()),
                ('digest', fields.CharField(max_length=64)),
                ('state', fields.CharEnumField(default=DocumentState.RECEIVED, description='RECEIVED: RECEIVED\nACCEPTED: ACCEPTED\nREFUSED: REFUSED', enum_type=DocumentState, max_length=8)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('valid_until', fields.DateField(null=True)),
                ('added_by', fields.UUIDField()),
                ('added_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_by', fields.UUIDField(null=True)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('reminded_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'document', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A file of a household, for one child or for all. ``code`` is the required document it answers.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='DocumentContent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('document', fields.ForeignKeyField('models.Document', source_field='document_id', unique=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('household_id', fields.UUIDField()),
                ('sealed', fields.BinaryField()),
            ],
            options={'table': 'document_content', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The sealed bytes of a document, apart so that lists stay light.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='DocumentReading',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('document', fields.ForeignKeyField('models.Document', source_field='document_id', db_index=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('household_id', fields.UUIDField()),
                ('account_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'document_reading', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Proof of who opened a document and when: never changed, never deleted.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='DossierPiece',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('dossier', fields.ForeignKeyField('models.Dossier', source_field='dossier_id', db_index=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('household_id', fields.UUIDField()),
                ('code', fields.CharField(max_length=60)),
                ('document_id', fields.UUIDField(null=True)),
                ('state', fields.CharEnumField(default=PieceState.GIVEN, description='GIVEN: GIVEN\nACCEPTED: ACCEPTED\nASKED: ASKED', enum_type=PieceState, max_length=8)),
                ('reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'dossier_piece', 'app': 'models', 'unique_together': (('dossier_id', 'code'),), 'pk_attr': 'id', 'table_description': 'A document of the vault used in a file, or one that the service asked for.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='EmailChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_index=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('email', fields.CharField(max_length=254)),
                ('old_token_hash', fields.CharField(unique=True, max_length=64)),
                ('new_token_hash', fields.CharField(unique=True, max_length=64)),
                ('old_confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('new_confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'email_change', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A new e-mail address, in force once both addresses have confirmed it. Only the hashes of the tokens are kept.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='FieldChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('person_id', fields.UUIDField()),
                ('request_id', fields.UUIDField(null=True, db_index=True)),
                ('name', fields.CharField(max_length=40)),
                ('old', fields.TextField(unique=False)),
                ('new', fields.TextField(unique=False)),
                ('state', fields.CharEnumField(description='WAITING: WAITING\nAPPLIED: APPLIED\nREFUSED: REFUSED\nOVERTAKEN: OVERTAKEN', enum_type=ChangeState, max_length=10)),
                ('asked_by', fields.UUIDField()),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_by', fields.UUIDField(null=True)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'field_change', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One particular that somebody asked to change: old and new values, sealed, and what became of it.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Request',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('number', fields.CharField(unique=True, max_length=24)),
                ('kind', fields.CharEnumField(description='HOUSEHOLD: HOUSEHOLD\nPARTICULARS: PARTICULARS\nENTOURAGE: ENTOURAGE\nCHILD: CHILD\nDOSSIER: DOSSIER\nENROLMENT: ENROLMENT\nQUOTIENT: QUOTIENT\nDOCUMENT: DOCUMENT\nE_INVOICE: E_INVOICE\nDIRECT_DEBIT: DIRECT_DEBIT\nOTHER: OTHER', enum_type=RequestKind, max_length=16)),
                ('state', fields.CharEnumField(description='DRAFT: DRAFT\nSENT: SENT\nIN_REVIEW: IN_REVIEW\nAWAITING_FAMILY: AWAITING_FAMILY\nACCEPTED: ACCEPTED\nREFUSED: REFUSED\nCANCELLED: CANCELLED', enum_type=RequestState, max_length=16)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField(null=True)),
                ('subject_id', fields.UUIDField(null=True, db_index=True)),
                ('service', fields.CharField(max_length=40)),
                ('title', fields.CharField(max_length=200)),
                ('details', fields.TextField(default='', unique=False)),
                ('created_by', fields.UUIDField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'request', 'app': 'models', 'indexes': [Index(fields=['state', 'updated_at'])], 'pk_attr': 'id', 'table_description': 'One request. ``number`` is what people quote, ``subject_id`` the row it is about, ``details`` is sealed.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='RequestEvent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('request', fields.ForeignKeyField('models.Request', source_field='request_id', db_index=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('household_id', fields.UUIDField()),
                ('kind', fields.CharEnumField(description='STATE: STATE\nMESSAGE: MESSAGE', enum_type=RequestEventKind, max_length=8)),
                ('state', fields.CharEnumField(description='DRAFT: DRAFT\nSENT: SENT\nIN_REVIEW: IN_REVIEW\nAWAITING_FAMILY: AWAITING_FAMILY\nACCEPTED: ACCEPTED\nREFUSED: REFUSED\nCANCELLED: CANCELLED', enum_type=RequestState, max_length=16)),
                ('by_agent', fields.BooleanField()),
                ('account_id', fields.UUIDField(null=True)),
                ('text', fields.TextField(default='', unique=False)),
                ('documents', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'request_event', 'app': 'models', 'pk_attr': 'id', 'table_description': "One line of a request's history, never changed. ``text`` is sealed: families write what they want there."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', unique=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('sealed_secret', fields.CharField(max_length=255)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_step', fields.BigIntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'second_factor', 'app': 'models', 'pk_attr': 'id', 'table_description': "An agent's time-based one-time passwords (RFC 6238): the sealed secret, and the last step that was spent."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ServiceKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('person_id', fields.UUIDField()),
                ('key_hash', fields.CharField(unique=True, max_length=64)),
                ('created_by', fields.UUIDField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'service_key', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A « clé enfance »: an agent gives it to a family, and it links a household to the account that types it once.'},
            bases=['Row'],
        ),
        ops.AddField(
            model_name='Dossier',
            name='answers',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AddField(
            model_name='Dossier',
            name='request_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Dossier',
            name='saved_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Dossier',
            name='saved_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Dossier',
            name='version',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Person',
            name='birth_name',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.AddField(
            model_name='Person',
            name='country',
            field=fields.CharField(default='', db_default='', max_length=60),
        ),
        ops.AddField(
            model_name='Person',
            name='lives_with_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Person',
            name='title',
            field=fields.CharField(default='', db_default='', max_length=20),
        ),
        ops.AddField(
            model_name='QuotientFamilial',
            name='request_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='QuotientFamilial',
            name='source',
            field=fields.CharEnumField(default=QuotientSource.AGENT, description='AGENT: AGENT\nDECLARED: DECLARED\nCAF: CAF', db_default='AGENT', enum_type=QuotientSource, max_length=10),
        ),
        ops.AddField(
            model_name='QuotientFamilial',
            name='state',
            field=fields.CharEnumField(default=QuotientState.ACCEPTED, description='WAITING: WAITING\nACCEPTED: ACCEPTED\nREFUSED: REFUSED', db_default='ACCEPTED', enum_type=QuotientState, max_length=10),
        ),
    ]
