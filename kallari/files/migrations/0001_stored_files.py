"""Files that belong to records."""

import django.db.models.deletion
import django.utils.timezone
import kallari.history.context
import kallari.history.records
import kallari.text
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
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photograph", "fotografía"), ("document", "documento")],
                        editable=False,
                        max_length=10,
                        verbose_name="clase",
                    ),
                ),
                (
                    "name",
                    kallari.text.LineField(
                        editable=False, max_length=150, verbose_name="nombre del archivo"
                    ),
                ),
                (
                    "content_type",
                    models.CharField(editable=False, max_length=20, verbose_name="formato"),
                ),
                (
                    "size",
                    models.PositiveIntegerField(editable=False, verbose_name="tamaño en bytes"),
                ),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="huella")),
                ("content", models.BinaryField(blank=True, verbose_name="contenido")),
                (
                    "preview",
                    models.BinaryField(blank=True, default=b"", verbose_name="vista reducida"),
                ),
                (
                    "preview_digest",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="huella de la vista reducida"
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="ancho en puntos"
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="alto en puntos"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("kept", "guardado"), ("erased", "borrado")],
                        default="kept",
                        editable=False,
                        max_length=6,
                        verbose_name="estado",
                    ),
                ),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="entregado"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entregado por",
                    ),
                ),
            ],
            options={
                "verbose_name": "archivo",
                "verbose_name_plural": "archivos",
                "ordering": ["-uploaded_at"],
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="HistoricalStoredFile",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("photograph", "fotografía"), ("document", "documento")],
                        editable=False,
                        max_length=10,
                        verbose_name="clase",
                    ),
                ),
                (
                    "name",
                    kallari.text.LineField(
                        editable=False, max_length=150, verbose_name="nombre del archivo"
                    ),
                ),
                (
                    "content_type",
                    models.CharField(editable=False, max_length=20, verbose_name="formato"),
                ),
                (
                    "size",
                    models.PositiveIntegerField(editable=False, verbose_name="tamaño en bytes"),
                ),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="huella")),
                (
                    "preview_digest",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="huella de la vista reducida"
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="ancho en puntos"
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="alto en puntos"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("kept", "guardado"), ("erased", "borrado")],
                        default="kept",
                        editable=False,
                        max_length=6,
                        verbose_name="estado",
                    ),
                ),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="entregado"
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
                "verbose_name": "historical archivo",
                "verbose_name_plural": "historical archivos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_e41c892a_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_e41c892a_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_e41c892a_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_e41c892a_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="files_storedfile_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalstoredfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="a8a84a4d9843fb204763dee1d880ccd45f0d9fe5",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_906fa",
                    table="files_historicalstoredfile",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "kept"), ("state", "erased"), _connector="OR"),
                name="a_file_is_kept_or_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content", b""), ("preview", b""), ("state", "erased")),
                    models.Q(
                        (
                            "digest",
                            models.Func(
                                models.Func(models.F("content"), function="sha256"),
                                models.Value("hex"),
                                function="encode",
                                output_field=models.CharField(),
                            ),
                        ),
                        (
                            "preview_digest",
                            models.Func(
                                models.Func(models.F("preview"), function="sha256"),
                                models.Value("hex"),
                                function="encode",
                                output_field=models.CharField(),
                            ),
                        ),
                        (
                            "size",
                            models.Func(
                                models.F("content"),
                                function="octet_length",
                                output_field=models.IntegerField(),
                            ),
                        ),
                        ("size__gt", 0),
                        ("state", "kept"),
                    ),
                    _connector="OR",
                ),
                name="a_kept_file_is_what_its_digest_says",
                violation_error_message="El contenido del archivo no es el de su huella.",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("content_type", "image/jpeg"),
                        ("height__isnull", False),
                        ("kind", "photograph"),
                        ("width__isnull", False),
                    ),
                    models.Q(
                        ("content_type__in", ["image/jpeg", "application/pdf"]),
                        ("kind", "document"),
                    ),
                    _connector="OR",
                ),
                name="a_file_is_a_cleaned_photograph_or_a_paper",
                violation_error_message="Solo se guardan fotografías JPEG y documentos PDF.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="331deed34046090987a51b6e0fb7a69017d5d09b",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_c2014",
                    table="files_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - ARRAY['state', 'content', 'preview'])\n                IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'content', 'preview'])\n            OR (OLD.state, NEW.state) IS DISTINCT FROM ('kept', 'erased')\n                AND (OLD.state, OLD.content, OLD.preview)\n                    IS DISTINCT FROM (NEW.state, NEW.content, NEW.preview)\n            THEN\n                RAISE EXCEPTION '% rows never change; they are erased', TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5083b067dd2ea9173a15f4895ad00d2b4e49be7d",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_9b610",
                    table="files_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
