"""The list's orders and search, arguments with their marks, reports, and the count of published opinions."""

import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.math
from django.conf import settings
from django.db import migrations, models

# Exact at any size without a count on any page. A bulk insert costs one update for each of its consultations.
PUBLISHED_COUNT = """
CREATE FUNCTION consultations_count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consultations_consultation AS consultation SET published_count = published_count + added.many
    FROM (SELECT consultation_id, count(*) AS many FROM added_rows WHERE state = 'published' GROUP BY 1) added
    WHERE consultation.id = added.consultation_id;
    RETURN NULL;
END $$;
CREATE FUNCTION consultations_count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = 'published' THEN
        UPDATE consultations_consultation SET published_count = published_count + 1 WHERE id = NEW.consultation_id;
    ELSIF OLD.state = 'published' THEN
        UPDATE consultations_consultation SET published_count = published_count - 1 WHERE id = OLD.consultation_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER opinion_count_inserted AFTER INSERT ON consultations_opinion
    REFERENCING NEW TABLE AS added_rows FOR EACH STATEMENT EXECUTE FUNCTION consultations_count_inserted();
CREATE TRIGGER opinion_count_moved AFTER UPDATE OF state ON consultations_opinion
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION consultations_count_moved();
CREATE TRIGGER opinion_count_deleted AFTER DELETE ON consultations_opinion
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION consultations_count_moved();

-- Only those triggers write it: a form that saves a whole row puts back no count that it read earlier.
CREATE FUNCTION consultations_keep_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.published_count := OLD.published_count;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_keep_count BEFORE UPDATE ON consultations_consultation
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.published_count IS DISTINCT FROM NEW.published_count)
    EXECUTE FUNCTION consultations_keep_count();
"""

NO_PUBLISHED_COUNT = """
DROP TRIGGER consultation_keep_count ON consultations_consultation;
DROP TRIGGER opinion_count_inserted ON consultations_opinion;
DROP TRIGGER opinion_count_moved ON consultations_opinion;
DROP TRIGGER opinion_count_deleted ON consultations_opinion;
DROP FUNCTION consultations_keep_count();
DROP FUNCTION consultations_count_moved();
DROP FUNCTION consultations_count_inserted();
"""

# Opinions that were there before: counted while nothing keeps the count yet.
COUNT_ALL = """
UPDATE consultations_consultation AS consultation SET published_count = published.many
FROM (SELECT consultation_id, count(*) AS many FROM consultations_opinion WHERE state = 'published' GROUP BY 1) published
WHERE consultation.id = published.consultation_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Argument",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "side",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against")], max_length=7, verbose_name="Side"
                    ),
                ),
                ("text", models.CharField(max_length=1000, verbose_name="Argument")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waiting for a moderator"),
                            ("changes_requested", "Changes requested"),
                            ("published", "Published"),
                            ("held", "Held"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("merged", "Merged"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="submitted",
                        max_length=20,
                        verbose_name="State",
                    ),
                ),
                ("language", models.CharField(max_length=8, verbose_name="Language")),
                (
                    "shown_as",
                    models.CharField(
                        choices=[("society", "A member of my society"), ("name", "My name"), ("member", "A member")],
                        default="society",
                        max_length=10,
                        verbose_name="Shown as",
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(blank=True, editable=False, max_length=80, null=True)),
            ],
            options={
                "verbose_name": "argument",
                "verbose_name_plural": "arguments",
            },
        ),
        migrations.CreateModel(
            name="Helpful",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "helpful mark",
                "verbose_name_plural": "helpful marks",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("off_topic", "Outside this consultation"),
                            ("duplicate", "Already proposed"),
                            ("personal_data", "Contains personal data"),
                            ("insult", "Insulting"),
                            ("unsupported_accusation", "Accusation without support"),
                            ("advertising", "Advertising"),
                            ("confidential", "Confidential information"),
                            ("not_a_member", "Author is not a member"),
                            ("unreadable", "Cannot be understood"),
                            ("several_points", "Several proposals in one"),
                            ("conflict_not_declared", "Conflict of interest not declared"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                        verbose_name="Reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="What is wrong")),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "opinion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="consultations.opinion",
                    ),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "search text",
                "verbose_name_plural": "search texts",
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_open_once_a_kind",
        ),
        migrations.AddField(
            model_name="consultation",
            name="published_count",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="opinion",
            name="rank_agreed",
            field=models.FloatField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="opinion",
            name="rank_divided",
            field=models.FloatField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="opinion",
            name="rank_votes",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="opinion",
            name="shuffle",
            field=models.FloatField(db_default=django.db.models.functions.math.Random(), editable=False),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.F("theme"),
                models.OrderBy(models.F("publish_sequence"), descending=True),
                condition=models.Q(("state", "published")),
                name="opinion_by_theme",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.OrderBy(models.F("rank_agreed"), descending=True),
                models.OrderBy(models.F("publish_sequence"), descending=True),
                condition=models.Q(("state", "published")),
                name="opinion_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.OrderBy(models.F("rank_divided"), descending=True),
                models.OrderBy(models.F("publish_sequence"), descending=True),
                condition=models.Q(("state", "published")),
                name="opinion_divided",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.F("rank_votes"),
                models.F("publish_sequence"),
                condition=models.Q(("state", "published")),
                name="opinion_fewest",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                models.F("consultation"),
                models.F("shuffle"),
                models.F("publish_sequence"),
                condition=models.Q(("state", "published")),
                name="opinion_shuffled",
            ),
        ),
        migrations.AddField(
            model_name="argument",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="arguments", to="consultations.participant"
            ),
        ),
        migrations.AddField(
            model_name="argument",
            name="opinion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="arguments",
                to="consultations.opinion",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="argument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cases",
                to="consultations.argument",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="argument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="consultations.argument",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("argument", None), ("closed_at", None)),
                fields=("opinion", "kind"),
                name="case_open_once_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("argument",), name="case_open_once_an_argument"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("argument__isnull", False), ("kind", "argument")),
                    models.Q(models.Q(("kind", "argument"), _negated=True), ("argument", None)),
                    _connector="OR",
                ),
                name="case_argument_has_one",
            ),
        ),
        migrations.AddField(
            model_name="helpful",
            name="argument",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="marks",
                to="consultations.argument",
            ),
        ),
        migrations.AddField(
            model_name="helpful",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="consultations.participant"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="consultations.case"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="opinion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="consultations.opinion",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="searchtext",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="consultations.opinionversion",
            ),
        ),
        migrations.AddIndex(
            model_name="argument",
            index=models.Index(fields=["opinion", "state", "published_at"], name="argument_shown"),
        ),
        migrations.AddConstraint(
            model_name="argument",
            constraint=models.UniqueConstraint(
                fields=("author", "idempotency_key"), name="argument_idempotency_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="argument",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["for", "against"])), name="argument_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="argument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="argument_published_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpful",
            constraint=models.UniqueConstraint(fields=("argument", "participant"), name="helpful_once"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("opinion", "user"), name="report_once"),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="search_text_vector"),
        ),
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(PUBLISHED_COUNT, NO_PUBLISHED_COUNT),
    ]
