"""Files between looking and writing."""

import django.db.models.deletion
import kallari.history.context
import kallari.history.records
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models
from kallari.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        ("history", "0001_one_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=40, verbose_name="lista")),
                (
                    "file_name",
                    models.CharField(editable=False, max_length=150, verbose_name="archivo"),
                ),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="huella")),
                ("content", models.BinaryField(verbose_name="contenido")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "por confirmar"),
                            ("imported", "importado"),
                            ("discarded", "descartado"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="entregado")),
                (
                    "outcome",
                    models.JSONField(default=dict, editable=False, verbose_name="resultado"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entregado por",
                    ),
                ),
            ],
            options={
                "verbose_name": "archivo para importar",
                "verbose_name_plural": "archivos para importar",
                "ordering": ["-uploaded_at"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HistoricalUpload",
            fields=[
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
                ("id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(editable=False, max_length=40, verbose_name="lista")),
                (
                    "file_name",
                    models.CharField(editable=False, max_length=150, verbose_name="archivo"),
                ),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="huella")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "por confirmar"),
                            ("imported", "importado"),
                            ("discarded", "descartado"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "uploaded_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="entregado"),
                ),
                (
                    "outcome",
                    models.JSONField(default=dict, editable=False, verbose_name="resultado"),
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
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entregado por",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical archivo para importar",
                "verbose_name_plural": "historical archivos para importar",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_5347df69_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_5347df69_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_5347df69_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_5347df69_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="imports_upload_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalupload",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="bb329c261bcaec974ad8fca159bb68d6b6acee92",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_5fd0f",
                    table="imports_historicalupload",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("content", b""), _connector="OR"),
                name="only_a_waiting_file_keeps_its_content",
            ),
        ),
    ]
