"""Villages and the spellings under which they are found."""

import django.db.models.deletion
import kallari.history.context
import kallari.history.records
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
from django.db import migrations, models
from kallari.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("history", "0001_one_order"),
        ("kallari", "0002_names_in_any_spelling"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCommunity",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                (
                    "request_id",
                    models.UUIDField(
                        default=kallari.history.context.current_request_id,
                        editable=False,
                        null=True,
                        verbose_name="solicitud",
                    ),
                ),
                (
                    "actor_name",
                    models.TextField(
                        blank=True,
                        default=kallari.history.context.current_actor_name,
                        editable=False,
                        verbose_name="persona",
                    ),
                ),
                (
                    "actor_role",
                    models.TextField(
                        blank=True,
                        default=kallari.history.context.current_actor_role,
                        editable=False,
                        verbose_name="rol",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Como lo escribe la comunidad misma.",
                        max_length=80,
                        verbose_name="nombre",
                    ),
                ),
                ("canton", models.CharField(blank=True, max_length=60, verbose_name="cantón")),
                ("parish", models.CharField(blank=True, max_length=60, verbose_name="parroquia")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día la asociación ya no trabaja en la comunidad.",
                        null=True,
                        verbose_name="cerrada el",
                    ),
                ),
                (
                    "history_change_reason",
                    models.TextField(blank=True, default="", verbose_name="motivo"),
                ),
                ("history_user_id", models.BigIntegerField(null=True, verbose_name="cuenta")),
                (
                    "history_id",
                    models.BigIntegerField(
                        db_default=kallari.history.records.NextHistoryId(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical comunidad",
                "verbose_name_plural": "historical comunidades",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_3134e2d7_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_3134e2d7_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_3134e2d7_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_3134e2d7_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_community_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Community",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Como lo escribe la comunidad misma.",
                        max_length=80,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "search_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("name"), function="kallari_search_key"),
                        output_field=models.TextField(),
                        verbose_name="letras del nombre",
                    ),
                ),
                (
                    "sound_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("name"), function="kallari_sound_key"),
                        output_field=models.TextField(),
                        verbose_name="sonido del nombre",
                    ),
                ),
                ("canton", models.CharField(blank=True, max_length=60, verbose_name="cantón")),
                ("parish", models.CharField(blank=True, max_length=60, verbose_name="parroquia")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día la asociación ya no trabaja en la comunidad.",
                        null=True,
                        verbose_name="cerrada el",
                    ),
                ),
            ],
            options={
                "verbose_name": "comunidad",
                "verbose_name_plural": "comunidades",
                "ordering": ["search_key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("search_key",),
                        name="one_community_a_name",
                        violation_error_message="Ya hay una comunidad con ese nombre, quizá con otros acentos o espacios.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("search_key", ""), _negated=True),
                        name="a_community_name_has_letters",
                        violation_error_message="Escriba un nombre con letras o cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunityAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("spelling", models.CharField(max_length=80, verbose_name="otra escritura")),
                (
                    "search_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("spelling"), function="kallari_search_key"),
                        output_field=models.TextField(),
                        verbose_name="letras del nombre",
                    ),
                ),
                (
                    "sound_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("spelling"), function="kallari_sound_key"),
                        output_field=models.TextField(),
                        verbose_name="sonido del nombre",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="El papel o la persona que la escribe así.",
                        max_length=120,
                        verbose_name="de dónde",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="members.community",
                        verbose_name="comunidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "otra escritura",
                "verbose_name_plural": "otras escrituras",
                "ordering": ["search_key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("search_key",),
                        name="one_community_a_spelling",
                        violation_error_message="Ya se encuentra una comunidad con esa escritura.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("search_key", ""), _negated=True),
                        name="a_spelling_has_letters",
                        violation_error_message="Escriba un nombre con letras o cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCommunityAlias",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                (
                    "request_id",
                    models.UUIDField(
                        default=kallari.history.context.current_request_id,
                        editable=False,
                        null=True,
                        verbose_name="solicitud",
                    ),
                ),
                (
                    "actor_name",
                    models.TextField(
                        blank=True,
                        default=kallari.history.context.current_actor_name,
                        editable=False,
                        verbose_name="persona",
                    ),
                ),
                (
                    "actor_role",
                    models.TextField(
                        blank=True,
                        default=kallari.history.context.current_actor_role,
                        editable=False,
                        verbose_name="rol",
                    ),
                ),
                ("spelling", models.CharField(max_length=80, verbose_name="otra escritura")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="El papel o la persona que la escribe así.",
                        max_length=120,
                        verbose_name="de dónde",
                    ),
                ),
                (
                    "history_change_reason",
                    models.TextField(blank=True, default="", verbose_name="motivo"),
                ),
                ("history_user_id", models.BigIntegerField(null=True, verbose_name="cuenta")),
                (
                    "history_id",
                    models.BigIntegerField(
                        db_default=kallari.history.records.NextHistoryId(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.community",
                        verbose_name="comunidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical otra escritura",
                "verbose_name_plural": "historical otras escrituras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_43f00b90_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_43f00b90_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_43f00b90_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_43f00b90_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_communityalias_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="community",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="8d5bcaebf7de6698b15296cb07b6092b4e50fff1",
                    operation="DELETE",
                    pgid="pgtrigger_never_removed_68605",
                    table="members_community",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="community",
            trigger=pgtrigger.compiler.Trigger(
                name="no_spelling_of_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            PERFORM pg_advisory_xact_lock(hashtext('members_community_spelling'));\n            IF EXISTS (SELECT 1 FROM members_communityalias other WHERE other.search_key = NEW.search_key AND other.community_id <> NEW.id) THEN\n                RAISE EXCEPTION 'the spelling belongs to another community'\n                USING ERRCODE = 'unique_violation',\n                      CONSTRAINT = 'no_spelling_of_two_communities';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="ff8be5e8b1c9df0f1270083cd70285ce56858194",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_spelling_of_two_754f3",
                    table="members_community",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcommunity",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="80b5b170d6e1a7cf9c874ef118c264302d6fc247",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_a348c",
                    table="members_historicalcommunity",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="communityalias",
            trigger=pgtrigger.compiler.Trigger(
                name="no_spelling_of_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            PERFORM pg_advisory_xact_lock(hashtext('members_community_spelling'));\n            IF EXISTS (SELECT 1 FROM members_community other WHERE other.search_key = NEW.search_key AND other.id <> NEW.community_id) THEN\n                RAISE EXCEPTION 'the spelling belongs to another community'\n                USING ERRCODE = 'unique_violation',\n                      CONSTRAINT = 'no_spelling_of_two_communities';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="78d39c9faeba6ad2f0705b5f9bd34b97c37c5b89",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_spelling_of_two_fa0e9",
                    table="members_communityalias",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcommunityalias",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="01f48a82ed37bab0285b3212e8ea93c690b54b9e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_a2888",
                    table="members_historicalcommunityalias",
                    when="BEFORE",
                ),
            ),
        ),
    ]
