from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from plugins.rules.requests import RequestKind
from resolvers.models.absences import AbsenceState
from resolvers.models.bookings import EnrolmentState
from resolvers.models.effects import EffectKind
from resolvers.models.keys import new_key
from resolvers.models.operations import AddCheck, NameMembers
from resolvers.models.waiting import HoldPurpose, WaitingState
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0006_origins_of_lines')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AbsenceReport',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField()),
                ('first_day', fields.DateField()),
                ('last_day', fields.DateField()),
                ('cause', fields.CharField(max_length=80)),
                ('reason', fields.TextField(default='', unique=False)),
                ('state', fields.CharEnumField(default=AbsenceState.REPORTED, description='REPORTED: REPORTED\nDECIDED: DECIDED\nWITHDRAWN: WITHDRAWN', enum_type=AbsenceState, max_length=10)),
                ('document_id', fields.UUIDField(null=True)),
                ('document_code', fields.CharField(default='', max_length=60)),
                ('proved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('request_id', fields.UUIDField(null=True)),
                ('account_id', fields.UUIDField()),
                ('told_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_by', fields.UUIDField(null=True)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'absence_report', 'app': 'models', 'indexes': [Index(fields=['child_id', 'first_day'])], 'pk_attr': 'id', 'table_description': "A child's absence as its family told it. ``cause`` is the label of a cause of the rules, ``reason`` is sealed."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='AbsentDay',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField()),
                ('report_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField()),
                ('activity', fields.CharField(max_length=60)),
                ('unit', fields.CharField(max_length=60)),
                ('day', fields.DateField()),
                ('percent_due', fields.IntField()),
                ('reason', fields.CharField(max_length=500)),
                ('by_agent', fields.BooleanField(default=False)),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'absent_day', 'app': 'models', 'unique_together': (('child_id', 'day', 'activity', 'unit'),), 'indexes': [Index(fields=['day'])], 'pk_attr': 'id', 'table_description': 'What stays due of one booked unit of an absence, in per cent of its price, and why in French.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Basket',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(unique=True)),
                ('wanted', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(default=0)),
                ('saved_by', fields.UUIDField()),
                ('saved_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('until', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'basket', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One per household. ``wanted`` is the wanted set as last saved, and ``version`` grows at each save.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('account_id', fields.UUIDField(db_index=True)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('read_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'calendar_feed', 'app': 'models', 'pk_attr': 'id', 'table_description': "A secret address where a household's bookings are read as a calendar. Only the hash of the secret is kept."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='CapacityChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('pool', fields.CharField(max_length=60)),
                ('first_day', fields.DateField()),
                ('last_day', fields.DateField()),
                ('capacity', fields.IntField()),
                ('reason', fields.CharField(default='', max_length=200)),
                ('decided_by', fields.UUIDField()),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'capacity_change', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What an agent decided of the places of a pool over some days: never changed, never deleted.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Closure',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('activity', fields.CharField(default='', max_length=60)),
                ('site', fields.CharField(default='', max_length=120)),
                ('units', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('first_day', fields.DateField(db_index=True)),
                ('last_day', fields.DateField()),
                ('cause', fields.CharField(max_length=80)),
                ('label', fields.CharField(max_length=120)),
                ('decided_by', fields.UUIDField()),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'closure', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Units that do not take place on some days, for everybody: a strike, snow, an outing.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PlaceHold',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField()),
                ('day', fields.DateField()),
                ('pool', fields.CharField(max_length=60)),
                ('purpose', fields.CharEnumField(description='BASKET: BASKET\nOFFER: OFFER', enum_type=HoldPurpose, max_length=8)),
                ('source_id', fields.UUIDField(db_index=True)),
                ('until', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'place_hold', 'app': 'models', 'unique_together': (('child_id', 'day', 'pool'),), 'pk_attr': 'id', 'table_description': 'A place of a pool kept for a child on a day until an instant: it counts as taken as long as the row exists.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PublicFile',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('page_id', fields.UUIDField(unique=True)),
                ('media_type', fields.CharField(max_length=40)),
                ('content', fields.BinaryField()),
            ],
            options={'table': 'public_file', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The file of a public page, apart so that lists stay light.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ReminderWish',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('account_id', fields.UUIDField(unique=True)),
                ('hours_before', fields.IntField()),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reminder_wish', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A parent who wants a mail so many hours before bookings close: none when ``hours_before`` is 0.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_key, unique=True, db_index=True)),
                ('household_id', fields.UUIDField(db_index=True)),
                ('child_id', fields.UUIDField()),
                ('activity', fields.CharField(max_length=60)),
                ('unit', fields.CharField(max_length=60)),
                ('day', fields.DateField()),
                ('state', fields.CharEnumField(default=WaitingState.WAITING, description='WAITING: WAITING\nOFFERED: OFFERED\nBOOKED: BOOKED\nLEFT: LEFT\nEXPIRED: EXPIRED\nCLOSED: CLOSED', enum_type=WaitingState, max_length=8)),
                ('priority', fields.IntField(default=0)),
                ('priority_reason', fields.CharField(default='', max_length=200)),
                ('account_id', fields.UUIDField()),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('offered_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'waiting_entry', 'app': 'models', 'unique_together': (('child_id', 'day', 'activity', 'unit'),), 'indexes': [Index(fields=['state', 'day'])], 'pk_attr': 'id', 'table_description': 'A child that waits for a unit of a day. The highest ``priority`` comes first, then the first that asked.'},
            bases=['Row'],
        ),
        ops.AddField(
            model_name='Account',
            name='services',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Attendance',
            name='arrived_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Attendance',
            name='left_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Attendance',
            name='seen_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='BookingChange',
            name='late',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='BookingChange',
            name='occasion',
            field=fields.CharField(default='', db_default='', max_length=160),
        ),
        NameMembers(
            model_name='Effect',
            name='kind',
            field=fields.CharEnumField(description='MAIL: MAIL\nPAYMENT_POLL: PAYMENT_POLL\nACCOUNT_RECOVERY: ACCOUNT_RECOVERY\nPLACES: PLACES', enum_type=EffectKind, max_length=20),
        ),
        ops.AlterModelOptions(
            name='Enrolment',
            options={'table': 'enrolment', 'app': 'models', 'unique_together': (('household_id', 'child_id', 'activity', 'school_year'),), 'pk_attr': 'id', 'table_description': "A child's place in an activity for a period: bookings are made inside it, once it is ACTIVE."},
        ),
        ops.AddField(
            model_name='Enrolment',
            name='request_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Enrolment',
            name='state',
            field=fields.CharEnumField(default=EnrolmentState.ACTIVE, description='ACTIVE: ACTIVE\nASKED: ASKED\nREFUSED: REFUSED\nENDED: ENDED', db_default='ACTIVE', enum_type=EnrolmentState, max_length=8),
        ),
        ops.AddField(
            model_name='Person',
            name='school',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.AddField(
            model_name='PublicPage',
            name='file_name',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
        NameMembers(
            model_name='Request',
            name='kind',
            field=fields.CharEnumField(description='HOUSEHOLD: HOUSEHOLD\nPARTICULARS: PARTICULARS\nENTOURAGE: ENTOURAGE\nCHILD: CHILD\nDOSSIER: DOSSIER\nENROLMENT: ENROLMENT\nBOOKING: BOOKING\nABSENCE: ABSENCE\nQUOTIENT: QUOTIENT\nDOCUMENT: DOCUMENT\nE_INVOICE: E_INVOICE\nDIRECT_DEBIT: DIRECT_DEBIT\nOTHER: OTHER', enum_type=RequestKind, max_length=16),
        ),
        AddCheck(model_name='AbsentDay', constraint=CheckConstraint(check='percent_due >= 0 AND percent_due <= 100', name='absent_day_per_cent')),
    ]
