"""A category without a layout of its own has its parent's: new ones need no choice, and a department is changed once."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def leave_to_the_parent(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Categories below a department that are laid out as it is; one SQL statement."""
    Category = apps.get_model("catalog", "Category")
    above = Category.objects.filter(pk=OuterRef("parent_id")).values("default_layout")
    Category.objects.filter(parent__parent=None, parent__isnull=False, default_layout=Subquery(above)).update(
        default_layout=""
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_item_group_index")]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="default_layout",
            field=models.CharField(
                max_length=8,
                choices=[("grid", "Grid"), ("list", "List"), ("card", "Card")],
                blank=True,
                help_text="How its products are shown until a shopper chooses: a list for what is bought by its facts, "
                "a grid for what is bought by its looks. Empty: as the category above; without one, a grid.",
            ),
        ),
        migrations.RunPython(leave_to_the_parent, migrations.RunPython.noop),
    ]
