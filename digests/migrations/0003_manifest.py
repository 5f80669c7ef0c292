"""Manifests of editions, when drafts are planned and what meetings ask for, and requests that can be cancelled."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_voting"),
        ("digests", "0002_immutable"),
        ("summit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("compiles", models.BooleanField(default=True, verbose_name="Compile drafts at the cut-off")),
                (
                    "cutoff_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty: when the meeting ends.", null=True, verbose_name="Cut-off"
                    ),
                ),
            ],
            options={
                "verbose_name": "digests of meetings",
                "verbose_name_plural": "digests of meetings",
            },
        ),
        migrations.AddField(
            model_name="compilation",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="compilation",
            name="origin",
            field=models.CharField(
                choices=[("asked", "Asked for"), ("meeting", "Of a meeting's cut-off")],
                db_default="asked",
                default="asked",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="manifest_sha256",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="compilation",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="compilation",
            name="step",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting for a worker"),
                    ("snapshot", "Reading opinions and votes"),
                    ("figures", "Computing figures"),
                    ("documents", "Setting the documents"),
                    ("open_data", "Writing the open data"),
                    ("storing", "Storing the edition"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="compilation",
            index=models.Index(condition=models.Q(("state", "planned")), fields=["due_at"], name="compilation_planned"),
        ),
        migrations.AddConstraint(
            model_name="compilation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "meeting")),
                fields=("consultation", "meeting"),
                name="compilation_once_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="compilation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "asked"), ("state", "planned")),
                fields=("consultation", "due_at"),
                name="compilation_planned_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="compilation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "planned"), _negated=True), ("due_at__isnull", False), _connector="OR"
                ),
                name="compilation_planned_has_time",
            ),
        ),
        migrations.AddField(
            model_name="meetingplan",
            name="meeting",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="summit.meeting",
                verbose_name="Meeting",
            ),
        ),
        migrations.AddField(
            model_name="meetingplan",
            name="summit",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="summit.summit",
                verbose_name="Summit",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cutoff_at", None), ("meeting", None), ("summit__isnull", False)),
                    models.Q(("meeting__isnull", False), ("summit", None)),
                    _connector="OR",
                ),
                name="meeting_plan_of_one",
            ),
        ),
    ]
