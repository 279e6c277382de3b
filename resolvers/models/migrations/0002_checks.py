from tortoise import migrations
from tortoise.migrations.constraints import CheckConstraint

from resolvers.models.operations import AddCheck


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        AddCheck(
            model_name="Invoice",
            constraint=CheckConstraint(
                check="paid_cents >= 0 AND paid_cents <= total_cents", name="invoice_paid_within_total"
            ),
        ),
        AddCheck(
            model_name="PlaceCount",
            constraint=CheckConstraint(
                check="taken >= 0 AND taken <= capacity", name="place_count_never_one_too_many"
            ),
        ),
    ]
