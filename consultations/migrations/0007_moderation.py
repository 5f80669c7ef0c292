"""Moderation: second persons, merging, redaction, acts on many, words for reasons, due times; and what only the database
can keep: records are insert-only, two people are two, the text of a version is overwritten through one door."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# As migration 0002 does for decisions.
INSERT_ONLY = """
CREATE TRIGGER {name}_insert_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION consultations_refuse_change();
CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_refuse_change();
"""
CHANGEABLE = "DROP TRIGGER {name}_insert_only ON {table}; DROP TRIGGER {name}_no_truncate ON {table};"
RECORDS = {name: f"consultations_{name}" for name in ("redaction", "bulk", "bulkrow", "voiding")}

# A confirmation is another person's; and where an answer is given, the question stands on the same text.
TWO_PEOPLE = r"""
CREATE FUNCTION consultations_check_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first consultations_decision;
BEGIN
    SELECT * INTO first FROM consultations_decision WHERE id = NEW.answers_id;
    IF NEW.verb LIKE 'confirm\_%' AND (NEW.actor_id IS NULL OR NEW.actor_id IS NOT DISTINCT FROM first.actor_id) THEN
        RAISE EXCEPTION 'a confirmation wants a second person' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.opinion_id, NEW.argument_id) IS DISTINCT FROM (first.opinion_id, first.argument_id) THEN
        RAISE EXCEPTION 'an answer is about the same text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_two_people BEFORE INSERT ON consultations_decision
    FOR EACH ROW WHEN (NEW.answers_id IS NOT NULL OR NEW.verb LIKE 'confirm\_%')
    EXECUTE FUNCTION consultations_check_answer();
"""
ONE_PERSON = """
DROP TRIGGER decision_two_people ON consultations_decision;
DROP FUNCTION consultations_check_answer();
"""

# `consultations.overwriting` opens the door for its own transaction (SET LOCAL).
TEXT_STAYS = """
CREATE FUNCTION consultations_keep_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('summit.overwriting', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'the text of a version stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_text_stays BEFORE UPDATE ON consultations_opinionversion FOR EACH ROW WHEN (
    (OLD.opinion_id, OLD.number, OLD.proposal, OLD.problem, OLD.reason, OLD.addressee, OLD.horizon, OLD.evidence,
     OLD.interests)
    IS DISTINCT FROM
    (NEW.opinion_id, NEW.number, NEW.proposal, NEW.problem, NEW.reason, NEW.addressee, NEW.horizon, NEW.evidence,
     NEW.interests)
) EXECUTE FUNCTION consultations_keep_text();
"""
TEXT_CHANGES = """
DROP TRIGGER version_text_stays ON consultations_opinionversion;
DROP FUNCTION consultations_keep_text();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("consultations", "0006_map"),
        ("summit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=20)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
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
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="Note to the author")),
            ],
            options={
                "verbose_name": "act on many",
                "verbose_name_plural": "acts on many",
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("outcome", models.CharField(max_length=40)),
                ("said", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "row of an act on many",
                "verbose_name_plural": "rows of acts on many",
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="CoAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "co-author",
                "verbose_name_plural": "co-authors",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_joint", models.BooleanField()),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
            },
        ),
        migrations.CreateModel(
            name="ReasonText",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "code",
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
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("title_ko", models.CharField(max_length=100, verbose_name="Title in Korean")),
                ("title_en", models.CharField(max_length=100, verbose_name="Title in English")),
                ("rule_ko", models.CharField(max_length=500, verbose_name="The rule, in Korean")),
                ("rule_en", models.CharField(max_length=500, verbose_name="The rule, in English")),
                ("advice_ko", models.CharField(max_length=500, verbose_name="What can be done, in Korean")),
                ("advice_en", models.CharField(max_length=500, verbose_name="What can be done, in English")),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "words for a reason",
                "verbose_name_plural": "words for reasons",
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("field", models.CharField(max_length=20)),
                ("start", models.PositiveIntegerField()),
                ("length", models.PositiveIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "redaction",
                "verbose_name_plural": "redactions",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Voiding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("voids", models.BooleanField()),
                ("reason", models.CharField(max_length=300, verbose_name="Reason")),
            ],
            options={
                "verbose_name": "voiding",
                "verbose_name_plural": "voidings",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_open_once_an_argument",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_argument_has_one",
        ),
        migrations.RemoveConstraint(
            model_name="report",
            name="report_once",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_waiting",
        ),
        migrations.AddField(
            model_name="argument",
            name="changes_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="closed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed",
                to="consultations.decision",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="half_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opened",
                to="consultations.decision",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="urgent_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consultation",
            name="works_on_days_off",
            field=models.BooleanField(
                default=False,
                help_text="Then the service time runs on these days too.",
                verbose_name="Moderators work on weekends and public holidays",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="answers",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answer",
                to="consultations.decision",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="second_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="opinion",
            name="entered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="summit.meeting",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="argument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="consultations.argument",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="society",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.society",
            ),
        ),
        migrations.AlterField(
            model_name="opinion",
            name="source",
            field=models.CharField(
                choices=[
                    ("form", "Web form"),
                    ("api", "API"),
                    ("import", "Import"),
                    ("entered", "Entered for a member"),
                    ("floor", "From the floor of a meeting"),
                    ("merge", "Joint text"),
                ],
                default="form",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="argument",
            index=models.Index(
                condition=models.Q(("state", "changes_requested")),
                fields=["changes_due_at"],
                name="argument_changes_due",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("urgent_since"), nulls_last=True),
                models.F("opened_at"),
                models.F("id"),
                condition=models.Q(("closed_at", None)),
                name="case_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["half_at"], name="case_half"),
        ),
        migrations.AddConstraint(
            model_name="argument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "changes_requested"), _negated=True),
                    ("changes_due_at__isnull", False),
                    _connector="OR",
                ),
                name="argument_changes_have_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("argument", "kind"), name="case_open_once_an_argument"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("argument__isnull", False), ("kind", "argument")),
                    ("kind__in", ["report", "appeal"]),
                    models.Q(("argument", None), ("kind__in", ["new", "version"])),
                    _connector="OR",
                ),
                name="case_argument_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("opinion", "argument", "user"), name="report_once", nulls_distinct=False
            ),
        ),
        migrations.AddField(
            model_name="bulk",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bulk",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="consultations.bulk",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="bulk",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="consultations.bulk",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consultations.case"
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="consultations.decision",
            ),
        ),
        migrations.AddField(
            model_name="coauthor",
            name="opinion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="coauthors",
                to="consultations.opinion",
            ),
        ),
        migrations.AddField(
            model_name="coauthor",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="coauthored", to="consultations.participant"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="consultations.opinion"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="merge",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="consultations.merge",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="merge",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="originals",
                to="consultations.merge",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("waits_for_second", True)), fields=["second_until"], name="decision_wants_second"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_until", None), ("waits_for_second", False)),
                    models.Q(("second_until__isnull", False), ("waits_for_second", True)),
                    _connector="OR",
                ),
                name="decision_second_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merge__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merge", None)),
                    _connector="OR",
                ),
                name="opinion_merged_into_something",
            ),
        ),
        migrations.AddField(
            model_name="reasontext",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="argument",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="redactions",
                to="consultations.argument",
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="redactions", to="consultations.decision"
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="redactions",
                to="consultations.opinionversion",
            ),
        ),
        migrations.AddField(
            model_name="voiding",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="voiding",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="voidings", to="consultations.participant"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(fields=("bulk", "place"), name="bulk_row_once"),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.UniqueConstraint(fields=("opinion", "participant"), name="coauthor_once"),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("argument__isnull", False), ("version", None)),
                    models.Q(("argument", None), ("version__isnull", False)),
                    _connector="OR",
                ),
                name="redaction_of_one_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(condition=models.Q(("length__gte", 1)), name="redaction_of_something"),
        ),
        *(
            migrations.RunSQL(INSERT_ONLY.format(name=n, table=t), CHANGEABLE.format(name=n, table=t))
            for n, t in RECORDS.items()
        ),
        migrations.RunSQL(TWO_PEOPLE, ONE_PERSON),
        migrations.RunSQL(TEXT_STAYS, TEXT_CHANGES),
    ]
