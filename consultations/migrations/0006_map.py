"""The opinion map, and how far each opinion is agreed across groups."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_voting"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpinionMap",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="opinion_map",
                        serialize=False,
                        to="consultations.consultation",
                    ),
                ),
                ("computed_at", models.DateTimeField()),
                ("votes", models.PositiveIntegerField()),
                ("facts", models.JSONField()),
                (
                    "participants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "xs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, size=None),
                ),
                (
                    "ys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, size=None),
                ),
                (
                    "opinions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "weights_x",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, size=None),
                ),
                (
                    "weights_y",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, size=None),
                ),
                (
                    "extremity",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, size=None),
                ),
            ],
            options={
                "verbose_name": "opinion map",
                "verbose_name_plural": "opinion maps",
            },
        ),
        migrations.AddField(
            model_name="opinion",
            name="rank_across",
            field=models.FloatField(db_default=0, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.OrderBy(models.F("rank_across"), descending=True),
                models.OrderBy(models.F("publish_sequence"), descending=True),
                condition=models.Q(("state", "published")),
                name="opinion_across",
            ),
        ),
    ]
