from tortoise import migrations
from resolvers.models.effects import EffectKind
from resolvers.models.operations import NameMembers
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0011_reasons_of_plans')]

    initial = False

    operations = [
        NameMembers(
            model_name='Effect',
            name='kind',
            field=fields.CharEnumField(description='MAIL: MAIL\nPAYMENT_POLL: PAYMENT_POLL\nACCOUNT_RECOVERY: ACCOUNT_RECOVERY\nPLACES: PLACES\nINVOICE_RUN: INVOICE_RUN', enum_type=EffectKind, max_length=20),
        ),
    ]
