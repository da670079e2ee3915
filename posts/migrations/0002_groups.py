"""The three kinds of people who work on a blog; comments.migrations gives the moderators their rights."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Author": [
        "add_post",
        "change_post",
        "delete_post",
        "view_post",
        "publish_post",
        "add_image",
        "add_audio",
        "view_category",
        "view_series",
        "view_tag",
    ],
    "Editor": None,
    "Moderator": [],
}


def create_groups(apps, schema_editor):
    using = schema_editor.connection.alias
    ensure_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="posts")
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*(permissions if codenames is None else permissions.filter(codename__in=codenames)))


def ensure_permissions(apps, using):
    """Django creates permissions only after the last migration, which is too late for this one."""
    config = apps.get_app_config("posts")
    config.models_module = True
    create_permissions(config, apps=apps, using=using, verbosity=0)
    config.models_module = None


def delete_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, delete_groups)]
