"""Drafts, vectors of sentences, and the time until which changes are waited for."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgvector.django
import pgvector.django.halfvec
import pgvector.django.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_integrity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("form", models.CharField(default="opinion", max_length=20)),
                ("fields", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
            },
        ),
        migrations.CreateModel(
            name="OpinionVector",
            fields=[
                (
                    "opinion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="vector",
                        serialize=False,
                        to="consultations.opinion",
                    ),
                ),
                ("version_id", models.BigIntegerField()),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=512)),
                ("bands", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "verbose_name": "vector",
                "verbose_name_plural": "vectors",
            },
        ),
        migrations.AddField(
            model_name="opinion",
            name="changes_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                condition=models.Q(("state", "changes_requested")),
                fields=["changes_due_at"],
                name="opinion_changes_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "changes_requested"), _negated=True),
                    ("changes_due_at__isnull", False),
                    _connector="OR",
                ),
                name="opinion_changes_have_an_end",
            ),
        ),
        migrations.CreateModel(
            name="DraftVector",
            fields=[
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="vector",
                        serialize=False,
                        to="consultations.draft",
                    ),
                ),
                ("proposal", models.TextField()),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=512)),
            ],
            options={
                "verbose_name": "vector of a draft",
                "verbose_name_plural": "vectors of drafts",
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="consultation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="consultations.consultation"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="opinionvector",
            name="consultation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="consultations.consultation"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["user", "saved_at"], name="draft_of"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("sent_at", None), _negated=True),
                fields=["saved_at"],
                name="draft_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None), ("sent_at", None)),
                fields=("user", "consultation", "form"),
                name="draft_active_once",
            ),
        ),
        migrations.AddIndex(
            model_name="opinionvector",
            index=pgvector.django.indexes.HnswIndex(
                ef_construction=64,
                fields=["vector"],
                m=16,
                name="opinion_vector_near",
                opclasses=["halfvec_cosine_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="opinionvector",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["bands"], name="opinion_vector_bands"
            ),
        ),
    ]
