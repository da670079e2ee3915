"""Moderators and editors may do everything with comments."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Editor", "Moderator"]


def permit(apps, schema_editor):
    using = schema_editor.connection.alias
    ensure_permissions(apps, using)
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions(apps, using))


def ensure_permissions(apps, using):
    """Django creates permissions only after the last migration, which is too late for this one."""
    config = apps.get_app_config("comments")
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None


def permissions(apps, using):
    return apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="comments")


def forbid(apps, schema_editor):
    using = schema_editor.connection.alias
    for group in apps.get_model("auth", "Group").objects.using(using).filter(name__in=GROUPS):
        group.permissions.remove(*permissions(apps, using))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("posts", "0002_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(permit, forbid)]
