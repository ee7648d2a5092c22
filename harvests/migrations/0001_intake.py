"""What is bought, for how much, from whom; and what telephones sent of it."""

import datetime as dt
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
import kallari.history.context
import kallari.history.records
import kallari.text
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models
from kallari.new_tables import NewTables


class Migration(NewTables):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("members", "0013_status_names_its_sanction"),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", kallari.text.LineField(blank=True, max_length=80, verbose_name="nombre")),
                (
                    "first_seen_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="conocido desde"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=500, verbose_name="nota")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta que lo trajo",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispositivo",
                "verbose_name_plural": "dispositivos",
                "ordering": ["-first_seen_at"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAdvance",
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
                    "number",
                    models.PositiveIntegerField(
                        editable=False,
                        error_messages={"unique": "Ya hay un anticipo con ese número."},
                        verbose_name="número",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="valor (USD)",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="entregado el")),
                (
                    "given_by",
                    kallari.text.LineField(max_length=120, verbose_name="quién lo entregó"),
                ),
                (
                    "purpose",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="para qué"),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "voided_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
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
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical anticipo",
                "verbose_name_plural": "historical anticipos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_5b6ac3d8_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_5b6ac3d8_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_5b6ac3d8_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_5b6ac3d8_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_advance_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCollectionCenter",
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
                    "code",
                    models.CharField(
                        error_messages={"unique": "Ya hay un centro con ese código."},
                        help_text="Con él comienzan los folios; no cambia nunca.",
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9]{1,5}$", "De dos a seis letras mayúsculas o cifras."
                            )
                        ],
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=80, verbose_name="nombre")),
                (
                    "address",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="dirección"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="cerrado el")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
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
                "verbose_name": "historical centro de acopio",
                "verbose_name_plural": "historical centros de acopio",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_34c3efdf_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_34c3efdf_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_34c3efdf_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_34c3efdf_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_collectioncenter_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDevice",
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
                ("name", kallari.text.LineField(blank=True, max_length=80, verbose_name="nombre")),
                (
                    "first_seen_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="conocido desde"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=500, verbose_name="nota")),
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta que lo trajo",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical dispositivo",
                "verbose_name_plural": "historical dispositivos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_8474873f_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_8474873f_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_8474873f_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_8474873f_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_device_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPriceList",
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
                ("name", kallari.text.NameField(max_length=100, verbose_name="nombre")),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La que la aprueba, con su número y fecha, como está en el acta.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "valid_from",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rige desde"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="publicada el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
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
                "verbose_name": "historical lista de precios",
                "verbose_name_plural": "historical listas de precios",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_a2b7f109_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_a2b7f109_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_a2b7f109_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_a2b7f109_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_pricelist_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProduct",
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
                    "code",
                    models.SlugField(
                        db_index=False,
                        error_messages={"unique": "Ya hay un producto con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("crafts", "artesanías"),
                            ("other", "otro producto"),
                        ],
                        help_text="Qué comercio es: de ello depende si cuenta para ser socia o socio.",
                        max_length=10,
                        verbose_name="clase",
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Los de número menor aparecen primero.",
                        verbose_name="orden",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Vacío: se compra.",
                        null=True,
                        verbose_name="ya no se compra desde",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
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
                "verbose_name": "historical producto",
                "verbose_name_plural": "historical productos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_6fa1dc86_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_6fa1dc86_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_6fa1dc86_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_6fa1dc86_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_product_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("op_id", models.UUIDField(null=True, verbose_name="operación")),
                ("entity", models.CharField(blank=True, max_length=20, verbose_name="de qué")),
                ("entity_id", models.UUIDField(null=True, verbose_name="identificador")),
                ("action", models.CharField(blank=True, max_length=10, verbose_name="acto")),
                ("digest", models.CharField(max_length=64, verbose_name="huella")),
                ("raw", models.TextField(verbose_name="lo que llegó")),
                (
                    "device_seq",
                    models.BigIntegerField(null=True, verbose_name="número en el dispositivo"),
                ),
                ("received_at", models.DateTimeField(verbose_name="recibida el")),
                (
                    "times_received",
                    models.PositiveIntegerField(default=1, verbose_name="veces recibida"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("created", "registrada"),
                            ("duplicate", "repetida"),
                            ("held", "en espera"),
                            ("conflict", "en conflicto"),
                            ("rejected", "ilegible"),
                        ],
                        max_length=10,
                        verbose_name="resultado",
                    ),
                ),
                ("folio", models.CharField(blank=True, max_length=24, verbose_name="folio")),
                ("errors", models.JSONField(blank=True, default=list, verbose_name="qué pasó")),
                ("is_open", models.BooleanField(default=True, verbose_name="espera a la oficina")),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="harvests.device",
                        verbose_name="dispositivo",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta que lo envió",
                    ),
                ),
            ],
            options={
                "verbose_name": "operación recibida",
                "verbose_name_plural": "operaciones recibidas",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["device", "device_seq"], name="operations_of_a_device"),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["-id"],
                        name="operations_that_wait",
                    ),
                    models.Index(fields=["entity_id"], name="operations_of_an_entity"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("op_id", "digest"),
                        name="one_operation_a_content",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalOperationDecision",
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
                    "verdict",
                    models.CharField(
                        choices=[
                            ("retried", "se registró"),
                            ("amended", "se registró con correcciones"),
                            ("corrected", "corrigió la que estaba registrada"),
                            ("discarded", "no se registra"),
                        ],
                        max_length=10,
                        verbose_name="decisión",
                    ),
                ),
                ("reason", kallari.text.NoteField(max_length=500, verbose_name="por qué")),
                (
                    "amended",
                    models.JSONField(blank=True, null=True, verbose_name="lo que se corrigió"),
                ),
                ("folio", models.CharField(blank=True, max_length=24, verbose_name="folio")),
                ("decided_at", models.DateTimeField(verbose_name="decidido el")),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.operation",
                        verbose_name="operación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical decisión sobre lo recibido",
                "verbose_name_plural": "historical decisiones sobre lo recibido",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_7228d81d_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_7228d81d_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_7228d81d_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_7228d81d_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_operationdecision_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="OperationDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("retried", "se registró"),
                            ("amended", "se registró con correcciones"),
                            ("corrected", "corrigió la que estaba registrada"),
                            ("discarded", "no se registra"),
                        ],
                        max_length=10,
                        verbose_name="decisión",
                    ),
                ),
                ("reason", kallari.text.NoteField(max_length=500, verbose_name="por qué")),
                (
                    "amended",
                    models.JSONField(blank=True, null=True, verbose_name="lo que se corrigió"),
                ),
                ("folio", models.CharField(blank=True, max_length=24, verbose_name="folio")),
                ("decided_at", models.DateTimeField(verbose_name="decidido el")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "operation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="harvests.operation",
                        verbose_name="operación",
                    ),
                ),
            ],
            options={
                "verbose_name": "decisión sobre lo recibido",
                "verbose_name_plural": "decisiones sobre lo recibido",
                "ordering": ["-decided_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")),
                        name="a_decision_on_an_operation_says_why",
                        violation_error_message="Escriba por qué.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", kallari.text.NameField(max_length=100, verbose_name="nombre")),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La que la aprueba, con su número y fecha, como está en el acta.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "valid_from",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rige desde"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="publicada el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
            ],
            options={
                "verbose_name": "lista de precios",
                "verbose_name_plural": "listas de precios",
                "ordering": [
                    models.OrderBy(models.F("valid_from"), descending=True, nulls_first=True),
                    "-id",
                ],
                "permissions": [("publish_pricelist", "Can publish price lists")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("valid_from", None)),
                            models.Q(
                                ("published_at__isnull", False),
                                ("valid_from__isnull", False),
                                models.Q(("resolution", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_published_list_has_resolution_and_start",
                        violation_error_message="Una lista se publica con la resolución que la aprueba y el momento desde el que rige.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        error_messages={"unique": "Ya hay un producto con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("crafts", "artesanías"),
                            ("other", "otro producto"),
                        ],
                        help_text="Qué comercio es: de ello depende si cuenta para ser socia o socio.",
                        max_length=10,
                        verbose_name="clase",
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Los de número menor aparecen primero.",
                        verbose_name="orden",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Vacío: se compra.",
                        null=True,
                        verbose_name="ya no se compra desde",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
            ],
            options={
                "verbose_name": "producto",
                "verbose_name_plural": "productos",
                "ordering": ["place", "name"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMarketPrice",
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
                ("day", models.DateField(verbose_name="día")),
                (
                    "usd_per_tonne",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="USD por tonelada",
                    ),
                ),
                ("source", kallari.text.LineField(max_length=200, verbose_name="fuente")),
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
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical precio del mercado",
                "verbose_name_plural": "historical precios del mercado",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_53153245_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_53153245_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_53153245_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_53153245_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_marketprice_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProductForm",
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
                    "code",
                    models.SlugField(
                        db_index=False,
                        error_messages={"unique": "Ya hay una presentación con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "counted",
                    models.CharField(
                        choices=[("weight", "por peso"), ("piece", "por unidad")],
                        default="weight",
                        max_length=6,
                        verbose_name="se cuenta",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        default="kg",
                        help_text="La que se propone al pesar; se puede escoger otra.",
                        max_length=6,
                        verbose_name="unidad usual",
                    ),
                ),
                (
                    "tare_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        help_text="La que se propone por cada saco, balde o caja.",
                        max_digits=7,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="tara de un envase (kg)",
                    ),
                ),
                (
                    "asks_moisture",
                    models.BooleanField(default=False, verbose_name="se pregunta la humedad"),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se compra desde"),
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
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical presentación",
                "verbose_name_plural": "historical presentaciones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_7438299d_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_7438299d_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_7438299d_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_7438299d_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_productform_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSeason",
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
                ("name", kallari.text.LineField(max_length=60, verbose_name="nombre")),
                ("starts_on", models.DateField(verbose_name="primer día")),
                ("ends_on", models.DateField(verbose_name="último día")),
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
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical temporada",
                "verbose_name_plural": "historical temporadas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_7dbf6a18_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_7dbf6a18_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_7dbf6a18_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_7dbf6a18_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_season_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalVariety",
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
                    "code",
                    models.SlugField(
                        db_index=False,
                        error_messages={"unique": "Ya hay una variedad con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se ofrece desde"),
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
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical variedad",
                "verbose_name_plural": "historical variedades",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_843d493c_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_843d493c_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_843d493c_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_843d493c_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_variety_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="MarketPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="día")),
                (
                    "usd_per_tonne",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="USD por tonelada",
                    ),
                ),
                ("source", kallari.text.LineField(max_length=200, verbose_name="fuente")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="market_prices",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "precio del mercado",
                "verbose_name_plural": "precios del mercado",
                "ordering": ["product", "-day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_tonne__lt", Decimal("10000000000"))),
                        name="a_market_price_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.UniqueConstraint(
                        fields=("product", "day"),
                        name="one_market_price_a_day",
                        violation_error_message="Ya hay un precio del mercado de ese día: corríjalo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_tonne__gt", 0)),
                        name="a_market_price_is_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        error_messages={"unique": "Ya hay una presentación con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "counted",
                    models.CharField(
                        choices=[("weight", "por peso"), ("piece", "por unidad")],
                        default="weight",
                        max_length=6,
                        verbose_name="se cuenta",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        default="kg",
                        help_text="La que se propone al pesar; se puede escoger otra.",
                        max_length=6,
                        verbose_name="unidad usual",
                    ),
                ),
                (
                    "tare_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        help_text="La que se propone por cada saco, balde o caja.",
                        max_digits=7,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="tara de un envase (kg)",
                    ),
                ),
                (
                    "asks_moisture",
                    models.BooleanField(default=False, verbose_name="se pregunta la humedad"),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se compra desde"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "presentación",
                "verbose_name_plural": "presentaciones",
                "ordering": ["place", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counted", "piece"), ("unit", "piece")),
                            models.Q(
                                ("counted", "weight"), models.Q(("unit", "piece"), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_form_is_counted_in_its_unit",
                        violation_error_message="Lo que se cuenta por unidad no se pesa, y lo que se pesa no se cuenta.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tare_kg__gte", 0)),
                        name="an_empty_container_weighs_nothing_or_more",
                        violation_error_message="La tara no es menor que cero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("late_days", "días desde la cosecha hasta que se avisa"),
                            ("ripe_months", "meses desde la polinización hasta que está madura"),
                            ("dry_yield", "rendimiento esperado en seco"),
                            ("dry_yield_low", "rendimiento más bajo que se espera"),
                            ("dry_yield_high", "rendimiento más alto que se espera"),
                        ],
                        max_length=15,
                        verbose_name="qué dice",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="valor",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        blank=True,
                        help_text="Vacío: desde siempre.",
                        null=True,
                        verbose_name="rige desde",
                    ),
                ),
                ("source", kallari.text.LineField(max_length=300, verbose_name="de dónde sale")),
                (
                    "confirmed",
                    models.BooleanField(
                        default=False,
                        help_text="Alguien de la asociación responde por él.",
                        verbose_name="confirmado",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "cifra de una presentación",
                "verbose_name_plural": "cifras de las presentaciones",
                "ordering": [
                    "form",
                    "kind",
                    models.OrderBy(models.F("valid_from"), nulls_first=True),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("form", "kind", "valid_from"),
                        name="one_figure_of_a_form_a_day",
                        nulls_distinct=False,
                        violation_error_message="Ya hay un valor desde ese día: corríjalo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__regex", "\\S")),
                        name="a_figure_has_a_source",
                        violation_error_message="Escriba de dónde sale el valor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="a_figure_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalFormFigure",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("late_days", "días desde la cosecha hasta que se avisa"),
                            ("ripe_months", "meses desde la polinización hasta que está madura"),
                            ("dry_yield", "rendimiento esperado en seco"),
                            ("dry_yield_low", "rendimiento más bajo que se espera"),
                            ("dry_yield_high", "rendimiento más alto que se espera"),
                        ],
                        max_length=15,
                        verbose_name="qué dice",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="valor",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        blank=True,
                        help_text="Vacío: desde siempre.",
                        null=True,
                        verbose_name="rige desde",
                    ),
                ),
                ("source", kallari.text.LineField(max_length=300, verbose_name="de dónde sale")),
                (
                    "confirmed",
                    models.BooleanField(
                        default=False,
                        help_text="Alguien de la asociación responde por él.",
                        verbose_name="confirmado",
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
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cifra de una presentación",
                "verbose_name_plural": "historical cifras de las presentaciones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_6c09267f_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_6c09267f_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_6c09267f_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_6c09267f_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_formfigure_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQuality",
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
                    "code",
                    models.SlugField(
                        db_index=False,
                        error_messages={"unique": "Ya hay una calidad con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="La que se toma cuando nadie dice otra.",
                        verbose_name="la usual",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se ofrece desde"),
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
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical calidad",
                "verbose_name_plural": "historical calidades",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_c059d33b_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_c059d33b_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_c059d33b_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_c059d33b_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_quality_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQuota",
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
                ("starts_on", models.DateField(verbose_name="primer día")),
                ("ends_on", models.DateField(verbose_name="último día")),
                (
                    "limit_kg",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="hasta (kg)",
                    ),
                ),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="quién lo decidió"
                    ),
                ),
                (
                    "withdrawn_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="retirado el"
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
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cupo",
                "verbose_name_plural": "historical cupos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_3f204bf2_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_3f204bf2_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_3f204bf2_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_3f204bf2_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_quota_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Quality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        error_messages={"unique": "Ya hay una calidad con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="La que se toma cuando nadie dice otra.",
                        verbose_name="la usual",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se ofrece desde"),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualities",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "calidad",
                "verbose_name_plural": "calidades",
                "ordering": ["form", "place", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("form",),
                        name="one_usual_quality_a_form",
                        violation_error_message="Esa presentación ya tiene una calidad usual.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPriceLine",
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
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "price_usd",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="De una unidad.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                        verbose_name="precio (USD)",
                    ),
                ),
                (
                    "premium_usd",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        help_text="Por unidad, además del precio: orgánico, calidad, comercio justo.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="premio (USD)",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="por",
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
                    "price_list",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.pricelist",
                        verbose_name="lista",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "quality",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.quality",
                        verbose_name="calidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical precio",
                "verbose_name_plural": "historical precios",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_376bbde7_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_376bbde7_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_376bbde7_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_376bbde7_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_priceline_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PriceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "price_usd",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="De una unidad.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                        verbose_name="precio (USD)",
                    ),
                ),
                (
                    "premium_usd",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        help_text="Por unidad, además del precio: orgánico, calidad, comercio justo.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="premio (USD)",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="por",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="harvests.pricelist",
                        verbose_name="lista",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="price_lines",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "quality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="price_lines",
                        to="harvests.quality",
                        verbose_name="calidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "precio",
                "verbose_name_plural": "precios",
                "ordering": ["price_list", "form", "quality", "certification_class"],
                "indexes": [
                    models.Index(fields=["form", "price_list"], name="price_lines_by_form")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("price_usd__lt", Decimal("10000000000")),
                            ("premium_usd__lt", Decimal("10000000000")),
                        ),
                        name="a_price_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.UniqueConstraint(
                        fields=("price_list", "form", "quality", "certification_class"),
                        name="one_price_a_list_and_kind",
                        violation_error_message="La lista ya tiene ese precio: corríjalo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("premium_usd__gte", 0), ("price_usd__gt", 0)),
                        name="a_price_is_above_zero",
                        violation_error_message="El precio es mayor que cero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="primer día")),
                ("ends_on", models.DateField(verbose_name="último día")),
                (
                    "limit_kg",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="hasta (kg)",
                    ),
                ),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="quién lo decidió"
                    ),
                ),
                (
                    "withdrawn_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="retirado el"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="members.community",
                        verbose_name="comunidad",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
            ],
            options={
                "verbose_name": "cupo",
                "verbose_name_plural": "cupos",
                "ordering": ["-starts_on", "form", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("limit_kg__lt", Decimal("10000000000"))),
                        name="a_quota_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_quota_ends_after_it_began",
                        violation_error_message="El cupo termina después de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit_kg__gt", 0)),
                        name="a_quota_is_above_zero",
                        violation_error_message="El cupo es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("community", None), ("family", None), _connector="OR"),
                        name="a_quota_is_of_a_family_or_a_community",
                        violation_error_message="Un cupo es de una familia o de una comunidad.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", kallari.text.LineField(max_length=60, verbose_name="nombre")),
                ("starts_on", models.DateField(verbose_name="primer día")),
                ("ends_on", models.DateField(verbose_name="último día")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seasons",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "temporada",
                "verbose_name_plural": "temporadas",
                "ordering": ["product", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_season_ends_after_it_began",
                        violation_error_message="La temporada termina después de empezar.",
                    ),
                    models.UniqueConstraint(
                        fields=("product", "name"),
                        name="one_season_a_name",
                        violation_error_message="Ese producto ya tiene una temporada con ese nombre.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Variety",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        error_messages={"unique": "Ya hay una variedad con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se ofrece desde"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="varieties",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "variedad",
                "verbose_name_plural": "variedades",
                "ordering": ["product", "name"],
            },
        ),
        migrations.CreateModel(
            name="Advance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False,
                        error_messages={"unique": "Ya hay un anticipo con ese número."},
                        unique=True,
                        verbose_name="número",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="valor (USD)",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="entregado el")),
                (
                    "given_by",
                    kallari.text.LineField(max_length=120, verbose_name="quién lo entregó"),
                ),
                (
                    "purpose",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="para qué"),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "voided_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advances",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
            ],
            options={
                "verbose_name": "anticipo",
                "verbose_name_plural": "anticipos",
                "ordering": ["-given_on", "-number"],
                "indexes": [models.Index(fields=["-given_on", "-number"], name="advances_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("given_on__gte", dt.date(1990, 1, 1))),
                        name="an_advance_is_of_our_time",
                        violation_error_message="Revise el año de esa fecha.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_usd__lt", Decimal("10000000000"))),
                        name="an_advance_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_usd__gt", 0)),
                        name="an_advance_is_above_zero",
                        violation_error_message="El anticipo es mayor que cero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionCenter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        error_messages={"unique": "Ya hay un centro con ese código."},
                        help_text="Con él comienzan los folios; no cambia nunca.",
                        max_length=6,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9]{1,5}$", "De dos a seis letras mayúsculas o cifras."
                            )
                        ],
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=80, verbose_name="nombre")),
                (
                    "address",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="dirección"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="cerrado el")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
            ],
            options={
                "verbose_name": "centro de acopio",
                "verbose_name_plural": "centros de acopio",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z][A-Z0-9]{1,5}$")),
                        name="a_center_code_can_begin_a_folio",
                        violation_error_message="De dos a seis letras mayúsculas o cifras.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "folio",
                    models.CharField(
                        editable=False, max_length=24, unique=True, verbose_name="folio"
                    ),
                ),
                (
                    "folio_year",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="año del folio"),
                ),
                (
                    "folio_number",
                    models.PositiveIntegerField(editable=False, verbose_name="número del folio"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("valid", "vale"),
                            ("superseded", "corregida por otra"),
                            ("voided", "anulada"),
                        ],
                        default="valid",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sin valor desde"
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("device", "aplicación de acopio"),
                            ("api", "programa"),
                            ("office", "oficina"),
                            ("import", "registros anteriores"),
                        ],
                        max_length=6,
                        verbose_name="por dónde llegó",
                    ),
                ),
                (
                    "reference",
                    kallari.text.LineField(
                        blank=True,
                        help_text="De registros anteriores: cuaderno y folio, o número de la factura.",
                        max_length=120,
                        verbose_name="documento anterior",
                    ),
                ),
                (
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        max_length=12,
                        verbose_name="certificación ese día",
                    ),
                ),
                (
                    "harvested_on",
                    models.DateField(blank=True, null=True, verbose_name="cosechado el"),
                ),
                (
                    "pollinated_on",
                    models.DateField(blank=True, null=True, verbose_name="polinizado el"),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, max_digits=12, verbose_name="cantidad"),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="unidad",
                    ),
                ),
                (
                    "containers",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="envases"),
                ),
                (
                    "gross_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso bruto (kg)",
                    ),
                ),
                (
                    "tare_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=9,
                        verbose_name="tara (kg)",
                    ),
                ),
                (
                    "deduction_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=9,
                        verbose_name="descuento (kg)",
                    ),
                ),
                (
                    "deduction_reason",
                    kallari.text.LineField(
                        blank=True, max_length=200, verbose_name="por qué se descuenta"
                    ),
                ),
                (
                    "net_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso neto (kg)",
                    ),
                ),
                (
                    "moisture_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="humedad (%)",
                    ),
                ),
                (
                    "unit_price_usd",
                    models.DecimalField(
                        decimal_places=4, max_digits=10, verbose_name="precio (USD)"
                    ),
                ),
                (
                    "premium_unit_usd",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="premio por unidad (USD)",
                    ),
                ),
                (
                    "price_unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="precio por",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                (
                    "premium_usd",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=12,
                        verbose_name="premio (USD)",
                    ),
                ),
                ("weighed_at", models.DateTimeField(verbose_name="pesado el")),
                (
                    "weighed_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("weighed_at"),
                            template="(%(expressions)s AT TIME ZONE 'America/Guayaquil')::date",
                        ),
                        output_field=models.DateField(),
                        verbose_name="día del peso",
                    ),
                ),
                (
                    "told_weighed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="hora del dispositivo"
                    ),
                ),
                (
                    "clock_offset_ms",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="desfase del reloj (ms)"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="registrado el")),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="longitud",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=8,
                        null=True,
                        verbose_name="latitud",
                    ),
                ),
                (
                    "accuracy_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=7,
                        null=True,
                        verbose_name="exactitud (m)",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "content_digest",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="huella de lo enviado"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién recibió",
                    ),
                ),
                (
                    "center",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="members.community",
                        verbose_name="comunidad ese día",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="members.partner",
                        verbose_name="socia o socio ese día",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="harvests.delivery",
                        verbose_name="corrige a",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="harvests.device",
                        verbose_name="dispositivo",
                    ),
                ),
                (
                    "price_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="harvests.priceline",
                        verbose_name="precio aplicado",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "quality",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.quality",
                        verbose_name="calidad",
                    ),
                ),
                (
                    "variety",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.variety",
                        verbose_name="variedad",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrega",
                "verbose_name_plural": "entregas",
                "ordering": ["-weighed_at", "-id"],
                "permissions": [
                    ("decide_delivery", "Can decide what is held, doubled or asked about"),
                    ("value_delivery", "Can see what deliveries are worth"),
                    ("import_delivery", "Can take in what was bought before this program"),
                ],
                "indexes": [
                    models.Index(fields=["-weighed_at", "-id"], name="deliveries_newest_first"),
                    models.Index(
                        fields=["family", "weighed_on"],
                        include=(
                            "form",
                            "status",
                            "net_kg",
                            "quantity",
                            "amount_usd",
                            "premium_usd",
                        ),
                        name="deliveries_of_a_family",
                    ),
                    models.Index(
                        fields=["community", "-weighed_at", "-id"], name="deliveries_of_a_community"
                    ),
                    models.Index(
                        condition=models.Q(("status", "valid")),
                        fields=["weighed_on"],
                        include=(
                            "form",
                            "community",
                            "center",
                            "agent",
                            "partner",
                            "certification_class",
                            "net_kg",
                            "quantity",
                            "amount_usd",
                            "premium_usd",
                        ),
                        name="deliveries_to_add_up",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("center", "folio_year", "folio_number"), name="one_folio_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("unit", "piece"), _negated=True),
                                ("gross_kg__isnull", False),
                                ("net_kg__isnull", False),
                                (
                                    "net_kg",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("gross_kg"), "-", models.F("tare_kg")
                                        ),
                                        "-",
                                        models.F("deduction_kg"),
                                    ),
                                ),
                                ("net_kg__gt", 0),
                            ),
                            models.Q(
                                ("deduction_kg", 0),
                                ("gross_kg__isnull", True),
                                ("net_kg__isnull", True),
                                ("tare_kg", 0),
                                ("unit", "piece"),
                            ),
                            _connector="OR",
                        ),
                        name="net_is_gross_less_tare_and_deduction",
                        violation_error_message="El peso neto es el bruto menos la tara y el descuento, y es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deduction_kg__gte", 0), ("quantity__gt", 0), ("tare_kg__gte", 0)
                        ),
                        name="weights_are_not_negative",
                        violation_error_message="Los pesos no son menores que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deduction_kg", 0),
                            models.Q(("deduction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_deduction_says_why",
                        violation_error_message="Escriba por qué se descuenta.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.math.Abs(
                                    models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("amount_usd"),
                                                "*",
                                                models.Case(
                                                    models.When(
                                                        price_unit="kg",
                                                        then=models.Value(Decimal("1")),
                                                    ),
                                                    models.When(
                                                        price_unit="lb",
                                                        then=models.Value(Decimal("0.45359237")),
                                                    ),
                                                    models.When(
                                                        price_unit="qq",
                                                        then=models.Value(Decimal("45.359237")),
                                                    ),
                                                    models.When(
                                                        price_unit="arroba",
                                                        then=models.Value(Decimal("11.33980925")),
                                                    ),
                                                    default=models.Value(Decimal("1")),
                                                    output_field=models.DecimalField(
                                                        decimal_places=20, max_digits=40
                                                    ),
                                                ),
                                            ),
                                            "-",
                                            django.db.models.expressions.CombinedExpression(
                                                models.Case(
                                                    models.When(
                                                        then=models.F("quantity"), unit="piece"
                                                    ),
                                                    default=models.F("net_kg"),
                                                    output_field=models.DecimalField(
                                                        decimal_places=20, max_digits=40
                                                    ),
                                                ),
                                                "*",
                                                models.F("unit_price_usd"),
                                            ),
                                        ),
                                        output_field=models.DecimalField(
                                            decimal_places=20, max_digits=40
                                        ),
                                    )
                                ),
                                models.ExpressionWrapper(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Case(
                                            models.When(
                                                price_unit="kg", then=models.Value(Decimal("1"))
                                            ),
                                            models.When(
                                                price_unit="lb",
                                                then=models.Value(Decimal("0.45359237")),
                                            ),
                                            models.When(
                                                price_unit="qq",
                                                then=models.Value(Decimal("45.359237")),
                                            ),
                                            models.When(
                                                price_unit="arroba",
                                                then=models.Value(Decimal("11.33980925")),
                                            ),
                                            default=models.Value(Decimal("1")),
                                            output_field=models.DecimalField(
                                                decimal_places=20, max_digits=40
                                            ),
                                        ),
                                        "*",
                                        models.Value(
                                            Decimal("0.005"),
                                            output_field=models.DecimalField(
                                                decimal_places=20, max_digits=40
                                            ),
                                        ),
                                    ),
                                    output_field=models.DecimalField(
                                        decimal_places=20, max_digits=40
                                    ),
                                ),
                            ),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.math.Abs(
                                    models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("premium_usd"),
                                                "*",
                                                models.Case(
                                                    models.When(
                                                        price_unit="kg",
                                                        then=models.Value(Decimal("1")),
                                                    ),
                                                    models.When(
                                                        price_unit="lb",
                                                        then=models.Value(Decimal("0.45359237")),
                                                    ),
                                                    models.When(
                                                        price_unit="qq",
                                                        then=models.Value(Decimal("45.359237")),
                                                    ),
                                                    models.When(
                                                        price_unit="arroba",
                                                        then=models.Value(Decimal("11.33980925")),
                                                    ),
                                                    default=models.Value(Decimal("1")),
                                                    output_field=models.DecimalField(
                                                        decimal_places=20, max_digits=40
                                                    ),
                                                ),
                                            ),
                                            "-",
                                            django.db.models.expressions.CombinedExpression(
                                                models.Case(
                                                    models.When(
                                                        then=models.F("quantity"), unit="piece"
                                                    ),
                                                    default=models.F("net_kg"),
                                                    output_field=models.DecimalField(
                                                        decimal_places=20, max_digits=40
                                                    ),
                                                ),
                                                "*",
                                                models.F("premium_unit_usd"),
                                            ),
                                        ),
                                        output_field=models.DecimalField(
                                            decimal_places=20, max_digits=40
                                        ),
                                    )
                                ),
                                models.ExpressionWrapper(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Case(
                                            models.When(
                                                price_unit="kg", then=models.Value(Decimal("1"))
                                            ),
                                            models.When(
                                                price_unit="lb",
                                                then=models.Value(Decimal("0.45359237")),
                                            ),
                                            models.When(
                                                price_unit="qq",
                                                then=models.Value(Decimal("45.359237")),
                                            ),
                                            models.When(
                                                price_unit="arroba",
                                                then=models.Value(Decimal("11.33980925")),
                                            ),
                                            default=models.Value(Decimal("1")),
                                            output_field=models.DecimalField(
                                                decimal_places=20, max_digits=40
                                            ),
                                        ),
                                        "*",
                                        models.Value(
                                            Decimal("0.005"),
                                            output_field=models.DecimalField(
                                                decimal_places=20, max_digits=40
                                            ),
                                        ),
                                    ),
                                    output_field=models.DecimalField(
                                        decimal_places=20, max_digits=40
                                    ),
                                ),
                            ),
                        ),
                        name="an_amount_is_quantity_times_price",
                        violation_error_message="El valor es la cantidad por el precio.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unit", "piece"), ("price_unit", "piece")),
                            models.Q(
                                models.Q(("unit", "piece"), _negated=True),
                                models.Q(("price_unit", "piece"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_weighed_is_priced_by_weight",
                        violation_error_message="Lo que se pesa se paga por peso.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("price_line__isnull", False), ("via", "import"), _connector="OR"
                        ),
                        name="a_delivery_is_valued_by_a_published_price",
                        violation_error_message="No hay un precio que rija para esa entrega.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("via", "import"), _negated=True),
                            models.Q(("reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_earlier_record_says_where_it_stands",
                        violation_error_message="Escriba en qué documento consta.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moisture_percent", None),
                            models.Q(("moisture_percent__gte", 0), ("moisture_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="moisture_is_a_percentage",
                        violation_error_message="La humedad va de 0 a 100 %.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "valid"), ("ended_at", None)),
                            models.Q(
                                models.Q(("status", "valid"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_delivery_without_value_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weighed_at__lte", models.F("received_at"))),
                        name="nothing_is_weighed_in_the_future",
                        violation_error_message="Esa hora todavía no llega.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certification_class__in", ("organic", "transition", "conventional"))
                        ),
                        name="a_delivery_is_of_a_known_class",
                        violation_error_message="Esa certificación no existe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__lt", Decimal("10000000000")),
                            ("gross_kg__lt", Decimal("10000000000")),
                            ("tare_kg__lt", Decimal("10000000000")),
                            ("deduction_kg__lt", Decimal("10000000000")),
                            ("net_kg__lt", Decimal("10000000000")),
                            ("amount_usd__lt", Decimal("10000000000")),
                            ("premium_usd__lt", Decimal("10000000000")),
                        ),
                        name="a_delivery_weighs_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("late_harvest", "cosechado hace demasiado"),
                            ("unripe", "recogido antes de madurar"),
                            ("above_estimate", "más de lo que se estimó que daría la chakra"),
                            ("quota", "pasa del cupo"),
                            ("double", "quizá es la misma de otra entrega"),
                            ("clock", "el reloj del dispositivo estaba mal"),
                            ("price_seen", "en el teléfono se vio otro precio"),
                        ],
                        max_length=15,
                        verbose_name="aviso",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="cifras")),
                ("is_open", models.BooleanField(verbose_name="espera decisión")),
                ("raised_at", models.DateTimeField(verbose_name="avisado el")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("explained", "está bien así"),
                            ("voided", "se anuló la entrega"),
                            ("corrected", "se corrigió la entrega"),
                        ],
                        max_length=10,
                        verbose_name="decisión",
                    ),
                ),
                (
                    "decision_reason",
                    kallari.text.NoteField(blank=True, max_length=500, verbose_name="por qué"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decidido el"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts_of_others",
                        to="harvests.delivery",
                        verbose_name="la otra entrega",
                    ),
                ),
            ],
            options={
                "verbose_name": "aviso sobre una entrega",
                "verbose_name_plural": "avisos sobre entregas",
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["-raised_at", "-id"],
                        name="alerts_that_wait",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", ""), ("decided_at", None)),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("is_open", False),
                                models.Q(("decision_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_decision_on_an_alert_says_who_when_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weighed_on", models.DateField(verbose_name="día del peso")),
                (
                    "share",
                    models.DecimalField(decimal_places=6, max_digits=7, verbose_name="parte"),
                ),
                (
                    "net_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso neto (kg)",
                    ),
                ),
                (
                    "chakra",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_shares",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
            ],
            options={
                "verbose_name": "parte de una chakra",
                "verbose_name_plural": "partes de las chakras",
                "ordering": ["delivery", "id"],
                "indexes": [
                    models.Index(fields=["chakra", "weighed_on"], name="shares_of_a_chakra")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("delivery", "chakra"), name="one_share_a_delivery_and_chakra"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                        name="a_share_is_a_part_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("net_kg__lt", Decimal("10000000000"))),
                        name="a_share_weighs_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FolioSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "center",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="folio_series",
                        to="harvests.collectioncenter",
                    ),
                ),
            ],
            options={
                "verbose_name": "serie de folios",
                "verbose_name_plural": "series de folios",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("center", "year"), name="one_folio_series_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDelivery",
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
                ("folio", models.CharField(editable=False, max_length=24, verbose_name="folio")),
                (
                    "folio_year",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="año del folio"),
                ),
                (
                    "folio_number",
                    models.PositiveIntegerField(editable=False, verbose_name="número del folio"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("valid", "vale"),
                            ("superseded", "corregida por otra"),
                            ("voided", "anulada"),
                        ],
                        default="valid",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sin valor desde"
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("device", "aplicación de acopio"),
                            ("api", "programa"),
                            ("office", "oficina"),
                            ("import", "registros anteriores"),
                        ],
                        max_length=6,
                        verbose_name="por dónde llegó",
                    ),
                ),
                (
                    "reference",
                    kallari.text.LineField(
                        blank=True,
                        help_text="De registros anteriores: cuaderno y folio, o número de la factura.",
                        max_length=120,
                        verbose_name="documento anterior",
                    ),
                ),
                (
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        max_length=12,
                        verbose_name="certificación ese día",
                    ),
                ),
                (
                    "harvested_on",
                    models.DateField(blank=True, null=True, verbose_name="cosechado el"),
                ),
                (
                    "pollinated_on",
                    models.DateField(blank=True, null=True, verbose_name="polinizado el"),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, max_digits=12, verbose_name="cantidad"),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="unidad",
                    ),
                ),
                (
                    "containers",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="envases"),
                ),
                (
                    "gross_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso bruto (kg)",
                    ),
                ),
                (
                    "tare_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=9,
                        verbose_name="tara (kg)",
                    ),
                ),
                (
                    "deduction_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=9,
                        verbose_name="descuento (kg)",
                    ),
                ),
                (
                    "deduction_reason",
                    kallari.text.LineField(
                        blank=True, max_length=200, verbose_name="por qué se descuenta"
                    ),
                ),
                (
                    "net_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso neto (kg)",
                    ),
                ),
                (
                    "moisture_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="humedad (%)",
                    ),
                ),
                (
                    "unit_price_usd",
                    models.DecimalField(
                        decimal_places=4, max_digits=10, verbose_name="precio (USD)"
                    ),
                ),
                (
                    "premium_unit_usd",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="premio por unidad (USD)",
                    ),
                ),
                (
                    "price_unit",
                    models.CharField(
                        choices=[
                            ("kg", "kilos"),
                            ("lb", "libras"),
                            ("qq", "quintales"),
                            ("arroba", "arrobas"),
                            ("piece", "unidades"),
                        ],
                        max_length=6,
                        verbose_name="precio por",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                (
                    "premium_usd",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=12,
                        verbose_name="premio (USD)",
                    ),
                ),
                ("weighed_at", models.DateTimeField(verbose_name="pesado el")),
                (
                    "told_weighed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="hora del dispositivo"
                    ),
                ),
                (
                    "clock_offset_ms",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="desfase del reloj (ms)"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="registrado el")),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="longitud",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=8,
                        null=True,
                        verbose_name="latitud",
                    ),
                ),
                (
                    "accuracy_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=7,
                        null=True,
                        verbose_name="exactitud (m)",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "content_digest",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="huella de lo enviado"
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
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién recibió",
                    ),
                ),
                (
                    "center",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
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
                        verbose_name="comunidad ese día",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.device",
                        verbose_name="dispositivo",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.partner",
                        verbose_name="socia o socio ese día",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.delivery",
                        verbose_name="corrige a",
                    ),
                ),
                (
                    "price_line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.priceline",
                        verbose_name="precio aplicado",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "quality",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.quality",
                        verbose_name="calidad",
                    ),
                ),
                (
                    "variety",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.variety",
                        verbose_name="variedad",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical entrega",
                "verbose_name_plural": "historical entregas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_9b81fe88_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_9b81fe88_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_9b81fe88_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_9b81fe88_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_delivery_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDeliveryAlert",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("late_harvest", "cosechado hace demasiado"),
                            ("unripe", "recogido antes de madurar"),
                            ("above_estimate", "más de lo que se estimó que daría la chakra"),
                            ("quota", "pasa del cupo"),
                            ("double", "quizá es la misma de otra entrega"),
                            ("clock", "el reloj del dispositivo estaba mal"),
                            ("price_seen", "en el teléfono se vio otro precio"),
                        ],
                        max_length=15,
                        verbose_name="aviso",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="cifras")),
                ("is_open", models.BooleanField(verbose_name="espera decisión")),
                ("raised_at", models.DateTimeField(verbose_name="avisado el")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("explained", "está bien así"),
                            ("voided", "se anuló la entrega"),
                            ("corrected", "se corrigió la entrega"),
                        ],
                        max_length=10,
                        verbose_name="decisión",
                    ),
                ),
                (
                    "decision_reason",
                    kallari.text.NoteField(blank=True, max_length=500, verbose_name="por qué"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decidido el"),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.delivery",
                        verbose_name="la otra entrega",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical aviso sobre una entrega",
                "verbose_name_plural": "historical avisos sobre entregas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_8290fe60_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_8290fe60_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_8290fe60_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_8290fe60_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_deliveryalert_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDeliveryShare",
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
                ("weighed_on", models.DateField(verbose_name="día del peso")),
                (
                    "share",
                    models.DecimalField(decimal_places=6, max_digits=7, verbose_name="parte"),
                ),
                (
                    "net_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="peso neto (kg)",
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
                    "chakra",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical parte de una chakra",
                "verbose_name_plural": "historical partes de las chakras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_7a6b25fb_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_7a6b25fb_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_7a6b25fb_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_7a6b25fb_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_deliveryshare_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectioncenter",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="d959f1eb30dcd22a49a7429242b2fe5dc483842e",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_29250",
                    table="harvests_collectioncenter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectioncenter",
            trigger=pgtrigger.compiler.Trigger(
                name="a_center_keeps_its_code",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.code <> OLD.code)",
                    func="\n            RAISE EXCEPTION 'the code of a collection center never changes'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_center_keeps_its_code';\n        ",
                    hash="6e8027fc5f6e40fa84f9fd83d2d8983d3108b59d",
                    operation='UPDATE OF "code"',
                    pgid="pgtrigger_a_center_keeps_its_code_9946a",
                    table="harvests_collectioncenter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcollectioncenter",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="937ee22efa48b6e9bf5d1f785e91f9e69aea4426",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_95812",
                    table="harvests_historicalcollectioncenter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpricelist",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="f6b6117c4e783e494e8c39655be1299701762022",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_c918b",
                    table="harvests_historicalpricelist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="da092e27d13c2f3de3ae1dd4a1571bbfbb7a09a6",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_dc73f",
                    table="harvests_historicalproduct",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pricelist",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="30550efc8429f57d38e44af1ef57cf646fb0c5f4",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_e4f0e",
                    table="harvests_pricelist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pricelist",
            trigger=pgtrigger.compiler.Trigger(
                name="a_published_list_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.published_at IS NOT NULL)",
                    func="\n            IF NEW IS DISTINCT FROM OLD THEN\n                RAISE EXCEPTION 'a published price list stays as it is'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_price_stays';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5a2970d80d520da4c8fbc9a9f3e16617fbdd9291",
                    operation="UPDATE",
                    pgid="pgtrigger_a_published_list_stays_5f57d",
                    table="harvests_pricelist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="83ccb33c900c2dd9a0c349f50abd426363b41164",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_d98e2",
                    table="harvests_product",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="advance",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="63efeda30a71dbacc2315caadc85432b8a223e4d",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_a060b",
                    table="harvests_advance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveryalert",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="529344fc7f22d05a7298e6be101ef31a7f25fef3",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_d0543",
                    table="harvests_deliveryalert",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveryshare",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="295ef6b5d293e86d307e50547e65e394cc13e365",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_1b2d0",
                    table="harvests_deliveryshare",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveryshare",
            trigger=pgtrigger.compiler.Trigger(
                name="shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1\n                FROM (SELECT delivery_id, sum(net_kg) AS net_kg, sum(share) AS share,\n                             min(weighed_on) AS first_on, max(weighed_on) AS last_on\n                      FROM harvests_deliveryshare\n                      WHERE delivery_id IN (SELECT delivery_id FROM written)\n                      GROUP BY delivery_id) shared\n                JOIN harvests_delivery delivery ON delivery.id = shared.delivery_id\n                WHERE shared.net_kg IS DISTINCT FROM delivery.net_kg\n                   OR shared.share <> 1\n                   OR shared.first_on <> delivery.weighed_on\n                   OR shared.last_on <> delivery.weighed_on\n            ) THEN\n                RAISE EXCEPTION 'the shares do not add up to the delivery'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_add_up';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="5fe81e5cab87bb2403bc89b48ff240624a4c7e8a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_shares_add_up_a9538",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_deliveryshare",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="device",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="e078a6b36c2ceda27175eae0abdb6d63b6e532d5",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_06270",
                    table="harvests_device",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="folioseries",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="e3a0e95e97bee362c888a106dccd652a455003d6",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_a729f",
                    table="harvests_folioseries",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="folioseries",
            trigger=pgtrigger.compiler.Trigger(
                name="folios_count_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.last < OLD.last OR (NEW.center_id, NEW.year) <> (OLD.center_id, OLD.year))",
                    func="RAISE EXCEPTION '% is append-only: folios count on', TG_TABLE_NAME;",
                    hash="f82a451d97c492f8235e2ccee702956d90264fce",
                    operation="UPDATE",
                    pgid="pgtrigger_folios_count_on_1e31a",
                    table="harvests_folioseries",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaladvance",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="e6f2c52781aa02dfcdd3fd4aad6712d8e29b9440",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_602c6",
                    table="harvests_historicaladvance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaldeliveryalert",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="dd1237127dd1e2e005b2482df2505d84b32ba44a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7e075",
                    table="harvests_historicaldeliveryalert",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaldeliveryshare",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="d9dffddb3befd5575ce1da35bc0112c5f95d97d2",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b56ef",
                    table="harvests_historicaldeliveryshare",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaldevice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="f756b2dfc194c5a538f16003f63c0597a4724075",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_261e3",
                    table="harvests_historicaldevice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="ab8d57de78f95a20ed71538c79e0eb727f48bb7d",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_63814",
                    table="harvests_operation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operation",
            trigger=pgtrigger.compiler.Trigger(
                name="what_was_sent_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: what was sent stays', TG_TABLE_NAME;",
                    hash="9ce011ff5b69adfdf1cff1aa494db9eba232c0c4",
                    operation='UPDATE OF "op_id", "entity", "entity_id", "action", "digest", "raw", "user_id", "device_id", "device_seq", "received_at"',
                    pgid="pgtrigger_what_was_sent_stays_d19f6",
                    table="harvests_operation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operation",
            trigger=pgtrigger.compiler.Trigger(
                name="what_became_of_it_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.result IN ('created', 'duplicate') AND (NEW.result, NEW.folio) IS DISTINCT FROM (OLD.result, OLD.folio))",
                    func="RAISE EXCEPTION '% is append-only: what was answered stays', TG_TABLE_NAME;",
                    hash="91504e19362dc0316e03a2c270aa9d0eb78d8a23",
                    operation='UPDATE OF "result", "folio"',
                    pgid="pgtrigger_what_became_of_it_stays_43891",
                    table="harvests_operation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaloperationdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="fd2d590d39f1cf0df6ec32cc12397ff83be8b57a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_68231",
                    table="harvests_historicaloperationdecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operationdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="ff366a658ee993d30678aeb293b86cdff9762f8f",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_99844",
                    table="harvests_operationdecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marketprice",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="53e16955da9118a867e7bffc8f8c68162f5c8065",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_80901",
                    table="harvests_marketprice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalvariety",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="ff837d070ef41ca57f254a4e90f14709a4379cb7",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_eeb8d",
                    table="harvests_historicalvariety",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalseason",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="c241aea247a69fb4231cc55f310ee9abc873374d",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_95844",
                    table="harvests_historicalseason",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalproductform",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="8a9a5b64beeb6c14907d8c59dfb7082aff50ba35",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_137ac",
                    table="harvests_historicalproductform",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalmarketprice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="48eb1b0e29111fc5070aa796bd24f4774f568772",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_23754",
                    table="harvests_historicalmarketprice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productform",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="53aab3e98dc4b9786c69345a3a1b2401293e8735",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_18d94",
                    table="harvests_productform",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalquota",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="77ce75364e069c4b06353c6670b3384b455f6a79",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_59454",
                    table="harvests_historicalquota",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalquality",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="78a412e909be8c08419ca05270d1adff769f3158",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_33c4f",
                    table="harvests_historicalquality",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalformfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="3a69b028b55ec985975ccfb329035209d6ab659a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_5153b",
                    table="harvests_historicalformfigure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5ae6ef6cc157ed854935f6ecc37c663e8656c4e6",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_ded0d",
                    table="harvests_formfigure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quality",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="dce89b252904fd092400af152960c7457f05d4a2",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_5106a",
                    table="harvests_quality",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="priceline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_published_line_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lists bigint[];",
                    func="\n            IF TG_OP = 'INSERT' THEN\n                lists := ARRAY[NEW.price_list_id];\n            ELSIF TG_OP = 'DELETE' THEN\n                lists := ARRAY[OLD.price_list_id];\n            ELSE\n                lists := ARRAY[OLD.price_list_id, NEW.price_list_id];\n            END IF;\n            PERFORM 1 FROM harvests_pricelist WHERE id = ANY (lists) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM harvests_pricelist\n                       WHERE id = ANY (lists) AND published_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'a published price list stays as it is'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_price_stays';\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="bc6e55d35cf3431a9cc0aea28afea2ec4dd0bcdb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_a_published_line_stays_4a191",
                    table="harvests_priceline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpriceline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="21895d4ed0a9910331cd57eba3177a0c9fcda69a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_157a4",
                    table="harvests_historicalpriceline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quota",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="e74214867027601a0eac787611856c08347f1228",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_39151",
                    table="harvests_quota",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="season",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="6762f7586f6f45d577ebb8d0787bc62c36db790f",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_0215d",
                    table="harvests_season",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="variety",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="88a7291391589965d7a12cc491517dd9cfe19045",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_8685d",
                    table="harvests_variety",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaldelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="cfac4b34d420e1dbbdf3b822558ca64435038e27",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_8408a",
                    table="harvests_historicaldelivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="3a7d7aa4beec4a7f9d73322e68ae3250a360e9f6",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_e2878",
                    table="harvests_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="a_delivery_stays_as_it_was_weighed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF OLD.status <> 'valid'\n               OR (to_jsonb(NEW) - ARRAY['status', 'ended_at', 'weighed_on'])\n                  IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'ended_at', 'weighed_on']) THEN\n                RAISE EXCEPTION '% is append-only: a delivery is superseded or voided',\n                                TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d55d97cacbb6eff30796f3d1b6cab348a3037300",
                    operation="UPDATE",
                    pgid="pgtrigger_a_delivery_stays_as_it_was_weighed_efef2",
                    table="harvests_delivery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
