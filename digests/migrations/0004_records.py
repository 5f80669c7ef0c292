"""What organisers write, who signs, what is corrected, withdrawn and answered."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_voting"),
        ("digests", "0003_manifest"),
        ("summit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("recommendation", "Recommendation"), ("note", "Note")],
                        default="recommendation",
                        max_length=14,
                        verbose_name="Kind",
                    ),
                ),
                ("order", models.PositiveIntegerField(default=0, editable=False, verbose_name="Order")),
                ("title_ko", models.CharField(blank=True, max_length=200, verbose_name="Title in Korean")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="Title in English")),
                ("body_ko", models.TextField(blank=True, max_length=5000, verbose_name="Text in Korean")),
                ("body_en", models.TextField(blank=True, max_length=5000, verbose_name="Text in English")),
                (
                    "opinions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Opinions",
                    ),
                ),
                ("addressee_ko", models.CharField(blank=True, max_length=200, verbose_name="Addressee in Korean")),
                ("addressee_en", models.CharField(blank=True, max_length=200, verbose_name="Addressee in English")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Answer due by")),
            ],
            options={
                "verbose_name": "recommendation or note",
                "verbose_name_plural": "recommendations and notes",
                "ordering": ["order", "created_at"],
            },
        ),
        migrations.CreateModel(
            name="Erratum",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("text_ko", models.TextField(max_length=2000, verbose_name="Text in Korean")),
                ("text_en", models.TextField(max_length=2000, verbose_name="Text in English")),
            ],
            options={
                "verbose_name": "erratum",
                "verbose_name_plural": "errata",
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name_ko", models.CharField(max_length=200, verbose_name="Host, in Korean")),
                ("name_en", models.CharField(max_length=200, verbose_name="Host, in English")),
            ],
            options={
                "verbose_name": "named host",
                "verbose_name_plural": "named hosts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, verbose_name="E-mail address")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "answering link",
                "verbose_name_plural": "answering links",
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("title_ko", models.TextField()),
                ("title_en", models.TextField()),
                ("body_ko", models.TextField()),
                ("body_en", models.TextField()),
                ("addressee_ko", models.CharField(max_length=200)),
                ("addressee_en", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                (
                    "opinions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None),
                ),
            ],
            options={
                "verbose_name": "published recommendation",
                "verbose_name_plural": "published recommendations",
                "ordering": ["edition_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accept", "Accepted in full"),
                            ("accept_in_part", "Accepted in part"),
                            ("decline", "Declined"),
                        ],
                        max_length=14,
                        verbose_name="Answer",
                    ),
                ),
                ("text_ko", models.TextField(blank=True, max_length=5000, verbose_name="Text in Korean")),
                ("text_en", models.TextField(blank=True, max_length=5000, verbose_name="Text in English")),
                ("done_by", models.DateField(blank=True, null=True, verbose_name="To be done by")),
            ],
            options={
                "verbose_name": "response",
                "verbose_name_plural": "responses",
                "ordering": ["recommendation_id", "version"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("verb", models.CharField(choices=[("publish", "Published"), ("return", "Sent back")], max_length=8)),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="Note to the addressee")),
            ],
            options={
                "verbose_name": "review of a response",
                "verbose_name_plural": "reviews of responses",
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name", models.CharField(max_length=254)),
                ("host_ko", models.CharField(max_length=410)),
                ("host_en", models.CharField(max_length=410)),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "sign-off",
                "verbose_name_plural": "sign-offs",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="compilation",
            name="language",
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name="document",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="withdrawn_en",
            field=models.TextField(blank=True, max_length=1000, verbose_name="Reason in English"),
        ),
        migrations.AddField(
            model_name="document",
            name="withdrawn_ko",
            field=models.TextField(blank=True, max_length=1000, verbose_name="Reason in Korean"),
        ),
        migrations.AddField(
            model_name="edition",
            name="figures",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_en",
            field=models.TextField(blank=True, max_length=1000, verbose_name="Reason in English"),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_ko",
            field=models.TextField(blank=True, max_length=1000, verbose_name="Reason in Korean"),
        ),
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[("draft", "Draft"), ("review", "In review"), ("published", "Published")],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_en", ""), ("withdrawn_ko", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_ko", ""), _negated=True),
                        models.Q(("withdrawn_en", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_withdrawn_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_en", ""), ("withdrawn_ko", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_ko", ""), _negated=True),
                        models.Q(("withdrawn_en", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="edition_withdrawn_with_reason",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="consultation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks",
                to="consultations.consultation",
                verbose_name="Consultation",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks",
                to="digests.edition",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="erratum",
            name="carried_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carries",
                to="digests.edition",
            ),
        ),
        migrations.AddField(
            model_name="erratum",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="errata", to="digests.edition"
            ),
        ),
        migrations.AddField(
            model_name="erratum",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="consultation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="named_hosts",
                to="consultations.consultation",
                verbose_name="Consultation",
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="summit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="named_hosts",
                to="summit.summit",
                verbose_name="Summit",
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hosting",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Person",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recommendations", to="digests.edition"
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="links", to="digests.recommendation"
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="digests.link",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="digests.recommendation"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="response",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="review", to="digests.response"
            ),
        ),
        migrations.AddField(
            model_name="signoff",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="sign_offs",
                to="digests.edition",
            ),
        ),
        migrations.AddField(
            model_name="signoff",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["recommendation", "note"])), name="block_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="erratum_number_once"),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carried_in", None), ("number", None)),
                    models.Q(("carried_in__isnull", False), ("number__isnull", False)),
                    _connector="OR",
                ),
                name="erratum_carried_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text_ko", ""), _negated=True), models.Q(("text_en", ""), _negated=True)),
                name="erratum_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.UniqueConstraint(fields=("consultation", "user"), name="host_once_a_consultation"),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.UniqueConstraint(fields=("summit", "user"), name="host_once_a_summit"),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consultation__isnull", False), ("summit", None)),
                    models.Q(("consultation", None), ("summit__isnull", False)),
                    _connector="OR",
                ),
                name="host_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="recommendation_number_once"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("recommendation",), name="link_live_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(fields=("recommendation", "version"), name="response_version_once"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["accept", "accept_in_part", "decline"])), name="response_verdict"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text_ko", ""), _negated=True), models.Q(("text_en", ""), _negated=True), _connector="OR"
                ),
                name="response_has_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_by__isnull", False), ("link", None)),
                    models.Q(("given_by", None), ("link__isnull", False)),
                    _connector="OR",
                ),
                name="response_given_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["publish", "return"])), name="review_verb"
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(fields=("edition", "user"), name="sign_off_once"),
        ),
    ]
