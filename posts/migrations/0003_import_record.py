import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0002_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=600, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("post_version", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField(auto_now=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_records",
                        to="posts.post",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
