"""Kinds of process, batches, lots, and the ledger of every kilo that moves."""

import datetime as dt
import django.core.validators
import django.db.models.deletion
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
    dependencies = [
        ("accounts", "__first__"),
        ("harvests", "0002_vacuumed_as_it_grows"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalproductform",
            name="is_bought",
            field=models.BooleanField(
                default=True,
                help_text="Si no, solo sale de los procesos: tabletas, vainilla curada.",
                verbose_name="se compra a las familias",
            ),
        ),
        migrations.AddField(
            model_name="historicalproductform",
            name="piece_kg",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="De lo que se cuenta por unidad: una tableta de 50 g pesa 0,05.",
                max_digits=7,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                verbose_name="peso de una unidad (kg)",
            ),
        ),
        migrations.AddField(
            model_name="productform",
            name="is_bought",
            field=models.BooleanField(
                default=True,
                help_text="Si no, solo sale de los procesos: tabletas, vainilla curada.",
                verbose_name="se compra a las familias",
            ),
        ),
        migrations.AddField(
            model_name="productform",
            name="piece_kg",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="De lo que se cuenta por unidad: una tableta de 50 g pesa 0,05.",
                max_digits=7,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                verbose_name="peso de una unidad (kg)",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPlace",
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
                        error_messages={"unique": "Ya hay un lugar con ese código."},
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
                            ("box", "cajón de fermentación"),
                            ("dryer", "secadora o cámara de secado"),
                            ("table", "mesa o máquina de trabajo"),
                            ("store", "bodega"),
                            ("plant", "planta de fuera"),
                        ],
                        max_length=6,
                        verbose_name="qué es",
                    ),
                ),
                (
                    "capacity_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="caben (kg)",
                    ),
                ),
                (
                    "address",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="dirección"),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se usa desde"),
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
                    "center",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Vacío: fuera de los centros.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical lugar",
                "verbose_name_plural": "historical lugares",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_272117d2_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_272117d2_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_272117d2_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_272117d2_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_place_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProcessKind",
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
                        error_messages={"unique": "Ya hay un proceso con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "mark",
                    models.CharField(
                        help_text="Con ella comienza el código de cada proceso de esta clase: F-26-0001.",
                        max_length=2,
                        verbose_name="letra",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "asks_added",
                    models.BooleanField(
                        default=False,
                        help_text="Azúcar o leche: se anotan aparte y no cuentan como kilos de las familias.",
                        verbose_name="se agregan ingredientes",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se hace desde"),
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
                "verbose_name": "historical clase de proceso",
                "verbose_name_plural": "historical clases de proceso",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_c1992357_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_c1992357_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_c1992357_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_c1992357_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_processkind_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Place",
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
                        error_messages={"unique": "Ya hay un lugar con ese código."},
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
                            ("box", "cajón de fermentación"),
                            ("dryer", "secadora o cámara de secado"),
                            ("table", "mesa o máquina de trabajo"),
                            ("store", "bodega"),
                            ("plant", "planta de fuera"),
                        ],
                        max_length=6,
                        verbose_name="qué es",
                    ),
                ),
                (
                    "capacity_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="caben (kg)",
                    ),
                ),
                (
                    "address",
                    kallari.text.LineField(blank=True, max_length=200, verbose_name="dirección"),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se usa desde"),
                ),
                (
                    "center",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vacío: fuera de los centros.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
                    ),
                ),
            ],
            options={
                "verbose_name": "lugar",
                "verbose_name_plural": "lugares",
                "ordering": ["kind", "place", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity_kg", None), ("capacity_kg__gt", 0), _connector="OR"
                        ),
                        name="a_place_holds_something",
                        violation_error_message="Lo que cabe es mayor que cero.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessKind",
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
                        error_messages={"unique": "Ya hay un proceso con ese código."},
                        help_text="Corto y sin espacios; los teléfonos y los programas lo usan y no cambia.",
                        max_length=20,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "mark",
                    models.CharField(
                        help_text="Con ella comienza el código de cada proceso de esta clase: F-26-0001.",
                        max_length=2,
                        verbose_name="letra",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="orden")),
                (
                    "asks_added",
                    models.BooleanField(
                        default=False,
                        help_text="Azúcar o leche: se anotan aparte y no cuentan como kilos de las familias.",
                        verbose_name="se agregan ingredientes",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="ya no se hace desde"),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
            ],
            options={
                "verbose_name": "clase de proceso",
                "verbose_name_plural": "clases de proceso",
                "ordering": ["place", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mark__regex", "^[A-Z]{1,2}$")),
                        name="a_process_is_marked_by_letters",
                        violation_error_message="Una o dos letras mayúsculas.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        editable=False,
                        error_messages={"unique": "Ya hay un proceso con ese código."},
                        max_length=16,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="año")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="número")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "en proceso"),
                            ("finished", "terminado"),
                            ("voided", "anulado"),
                        ],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="estado",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="empezó")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="terminó"
                    ),
                ),
                (
                    "yield_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="se esperaba, al menos",
                    ),
                ),
                (
                    "yield_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="se esperaba, a lo más",
                    ),
                ),
                (
                    "yield_note",
                    kallari.text.NoteField(
                        blank=True,
                        max_length=500,
                        verbose_name="por qué salió más o menos de lo esperado",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "center",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo empezó",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
            ],
            options={
                "verbose_name": "proceso",
                "verbose_name_plural": "procesos",
                "ordering": ["-started_at", "-id"],
                "indexes": [
                    models.Index(fields=["-started_at", "-id"], name="batches_newest_first"),
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["started_at"],
                        name="batches_under_way",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "year", "number"), name="one_batch_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "open"), ("ended_at", None)),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_batch_that_ended_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="a_batch_ends_after_it_began",
                        violation_error_message="El proceso termina después de empezar.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchReading",
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
                        choices=[
                            ("turn", "se volteó"),
                            ("temperature", "temperatura (°C)"),
                            ("moisture", "humedad del grano (%)"),
                            ("acidity", "acidez (pH)"),
                            ("weight", "peso (kg)"),
                            ("note", "observación"),
                        ],
                        max_length=11,
                        verbose_name="qué",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=9, null=True, verbose_name="valor"
                    ),
                ),
                ("read_at", models.DateTimeField(verbose_name="cuándo")),
                ("note", kallari.text.NoteField(blank=True, max_length=500, verbose_name="nota")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="harvests.batchreading",
                        verbose_name="en lugar de",
                    ),
                ),
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.place",
                        verbose_name="lugar",
                    ),
                ),
            ],
            options={
                "verbose_name": "lectura",
                "verbose_name_plural": "lecturas",
                "ordering": ["batch", "read_at", "id"],
                "indexes": [models.Index(fields=["batch", "read_at"], name="readings_of_a_batch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "turn"), ("value", None)),
                            models.Q(
                                ("kind", "note"),
                                ("value", None),
                                models.Q(("note", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "temperature"), ("value__gte", -10), ("value__lte", 90)
                            ),
                            models.Q(("kind", "moisture"), ("value__gte", 0), ("value__lte", 100)),
                            models.Q(("kind", "acidity"), ("value__gte", 0), ("value__lte", 14)),
                            models.Q(("kind", "weight"), ("value__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_reading_is_possible",
                        violation_error_message="Esa lectura no es posible. Revise el número.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalBatch",
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
                    "code",
                    models.CharField(
                        editable=False,
                        error_messages={"unique": "Ya hay un proceso con ese código."},
                        max_length=16,
                        verbose_name="código",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="año")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="número")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "en proceso"),
                            ("finished", "terminado"),
                            ("voided", "anulado"),
                        ],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="estado",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="empezó")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="terminó"
                    ),
                ),
                (
                    "yield_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="se esperaba, al menos",
                    ),
                ),
                (
                    "yield_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="se esperaba, a lo más",
                    ),
                ),
                (
                    "yield_note",
                    kallari.text.NoteField(
                        blank=True,
                        max_length=500,
                        verbose_name="por qué salió más o menos de lo esperado",
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
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo empezó",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical proceso",
                "verbose_name_plural": "historical procesos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_ab3716cb_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_ab3716cb_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_ab3716cb_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_ab3716cb_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_batch_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalBatchReading",
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
                        choices=[
                            ("turn", "se volteó"),
                            ("temperature", "temperatura (°C)"),
                            ("moisture", "humedad del grano (%)"),
                            ("acidity", "acidez (pH)"),
                            ("weight", "peso (kg)"),
                            ("note", "observación"),
                        ],
                        max_length=11,
                        verbose_name="qué",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=9, null=True, verbose_name="valor"
                    ),
                ),
                ("read_at", models.DateTimeField(verbose_name="cuándo")),
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
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.batchreading",
                        verbose_name="en lugar de",
                    ),
                ),
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.place",
                        verbose_name="lugar",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical lectura",
                "verbose_name_plural": "historical lecturas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_53e42c24_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_53e42c24_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_53e42c24_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_53e42c24_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_batchreading_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLot",
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
                    "code",
                    models.CharField(
                        editable=False,
                        error_messages={"unique": "Ya hay un lote con ese código."},
                        max_length=16,
                        verbose_name="código",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="año")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="número")),
                (
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "sacks",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="sacos",
                    ),
                ),
                (
                    "marks",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="marcas"),
                ),
                (
                    "added_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        editable=False,
                        help_text="Azúcar, leche: no son kilos de las familias.",
                        max_digits=12,
                        verbose_name="ingredientes agregados (kg)",
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="salió del proceso")),
                (
                    "held_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="retenido desde"
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
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.batch",
                        verbose_name="proceso del que salió",
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
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.place",
                        verbose_name="dónde está",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical lote",
                "verbose_name_plural": "historical lotes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_b93024c7_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_b93024c7_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_b93024c7_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_b93024c7_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_lot_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProcessPhase",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="qué número")),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "happens_in",
                    models.CharField(
                        choices=[
                            ("box", "cajón de fermentación"),
                            ("dryer", "secadora o cámara de secado"),
                            ("table", "mesa o máquina de trabajo"),
                            ("store", "bodega"),
                            ("plant", "planta de fuera"),
                        ],
                        default="table",
                        max_length=6,
                        verbose_name="dónde",
                    ),
                ),
                (
                    "days_min",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="días, al menos"
                    ),
                ),
                (
                    "days_max",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="días, a lo más"
                    ),
                ),
                (
                    "turn_hours",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="se voltea cada (horas)"
                    ),
                ),
                (
                    "asks_temperature",
                    models.BooleanField(default=False, verbose_name="se mide la temperatura"),
                ),
                (
                    "asks_moisture",
                    models.BooleanField(default=False, verbose_name="se mide la humedad"),
                ),
                (
                    "moisture_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="humedad a la que se llega (%)",
                    ),
                ),
                (
                    "source",
                    kallari.text.LineField(
                        blank=True, max_length=300, verbose_name="de dónde sale"
                    ),
                ),
                ("confirmed", models.BooleanField(default=False, verbose_name="confirmado")),
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
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical fase de un proceso",
                "verbose_name_plural": "historical fases de los procesos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_bb472573_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_bb472573_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_bb472573_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_bb472573_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_processphase_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProcessRoute",
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
                    "yield_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, al menos",
                    ),
                ),
                (
                    "yield_expected",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, por lo común",
                    ),
                ),
                (
                    "yield_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, a lo más",
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
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="Último día. Vacío: sigue.",
                        null=True,
                        verbose_name="rige hasta",
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
                    "gives",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="sale",
                    ),
                ),
                (
                    "takes",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Vacío: cualquier presentación, y sale la misma.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="entra",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rendimiento de un proceso",
                "verbose_name_plural": "historical rendimientos de los procesos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_083ed3c1_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_083ed3c1_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_083ed3c1_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_083ed3c1_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_processroute_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        editable=False,
                        error_messages={"unique": "Ya hay un lote con ese código."},
                        max_length=16,
                        unique=True,
                        verbose_name="código",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="año")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="número")),
                (
                    "certification_class",
                    models.CharField(
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "sacks",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="sacos",
                    ),
                ),
                (
                    "marks",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="marcas"),
                ),
                (
                    "added_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        editable=False,
                        help_text="Azúcar, leche: no son kilos de las familias.",
                        max_digits=12,
                        verbose_name="ingredientes agregados (kg)",
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="salió del proceso")),
                (
                    "held_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="retenido desde"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "batch",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="harvests.batch",
                        verbose_name="proceso del que salió",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "variety",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.variety",
                        verbose_name="variedad",
                    ),
                ),
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="harvests.place",
                        verbose_name="dónde está",
                    ),
                ),
            ],
            options={
                "verbose_name": "lote",
                "verbose_name_plural": "lotes",
                "ordering": ["-made_at", "-id"],
                "permissions": [
                    ("trace_lot", "Can see from which families a lot comes"),
                    ("hold_lot", "Can hold a lot back, or release it"),
                ],
                "indexes": [models.Index(fields=["-made_at", "-id"], name="lots_newest_first")],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="one_lot_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("added_kg__gte", 0)),
                        name="what_is_added_weighs_something",
                        violation_error_message="Lo agregado no pesa menos que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certification_class__in", ("organic", "transition", "conventional"))
                        ),
                        name="a_lot_is_of_a_known_class",
                        violation_error_message="Esa certificación no existe.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalStockAdjustment",
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
                        choices=[
                            ("count", "conteo"),
                            ("spoiled", "se dañó o se perdió"),
                            ("sample", "muestra"),
                        ],
                        max_length=8,
                        verbose_name="por qué",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "espera a otra persona"),
                            ("applied", "aplicado"),
                            ("refused", "rechazado"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="estado",
                    ),
                ),
                (
                    "kg",
                    models.DecimalField(
                        decimal_places=3, max_digits=12, verbose_name="diferencia (kg)"
                    ),
                ),
                (
                    "pieces",
                    models.IntegerField(
                        blank=True, null=True, verbose_name="diferencia (unidades)"
                    ),
                ),
                (
                    "counted_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="se contó (kg)",
                    ),
                ),
                ("reason", kallari.text.NoteField(max_length=500, verbose_name="motivo")),
                (
                    "needs_second",
                    models.BooleanField(editable=False, verbose_name="pasa del límite"),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="decidido el"
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo anotó",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical ajuste de existencias",
                "verbose_name_plural": "historical ajustes de existencias",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_c97c0295_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_c97c0295_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_c97c0295_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_c97c0295_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_stockadjustment_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ProcessPhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="qué número")),
                ("name", kallari.text.NameField(max_length=60, verbose_name="nombre")),
                (
                    "happens_in",
                    models.CharField(
                        choices=[
                            ("box", "cajón de fermentación"),
                            ("dryer", "secadora o cámara de secado"),
                            ("table", "mesa o máquina de trabajo"),
                            ("store", "bodega"),
                            ("plant", "planta de fuera"),
                        ],
                        default="table",
                        max_length=6,
                        verbose_name="dónde",
                    ),
                ),
                (
                    "days_min",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="días, al menos"
                    ),
                ),
                (
                    "days_max",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="días, a lo más"
                    ),
                ),
                (
                    "turn_hours",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="se voltea cada (horas)"
                    ),
                ),
                (
                    "asks_temperature",
                    models.BooleanField(default=False, verbose_name="se mide la temperatura"),
                ),
                (
                    "asks_moisture",
                    models.BooleanField(default=False, verbose_name="se mide la humedad"),
                ),
                (
                    "moisture_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="humedad a la que se llega (%)",
                    ),
                ),
                (
                    "source",
                    kallari.text.LineField(
                        blank=True, max_length=300, verbose_name="de dónde sale"
                    ),
                ),
                ("confirmed", models.BooleanField(default=False, verbose_name="confirmado")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phases",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
            ],
            options={
                "verbose_name": "fase de un proceso",
                "verbose_name_plural": "fases de los procesos",
                "ordering": ["kind", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "position"), name="one_phase_a_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_min", None),
                            ("days_max", None),
                            ("days_max__gte", models.F("days_min")),
                            _connector="OR",
                        ),
                        name="a_phase_lasts_no_less_than_its_least",
                        violation_error_message="Los días de más no son menos que los de menos.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="desde")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="hasta"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="harvests.place",
                        verbose_name="lugar",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.processphase",
                        verbose_name="fase",
                    ),
                ),
            ],
            options={
                "verbose_name": "fase de un proceso en curso",
                "verbose_name_plural": "fases de los procesos en curso",
                "ordering": ["batch", "started_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("batch",),
                        name="a_batch_is_in_one_phase",
                        violation_error_message="El proceso ya está en otra fase.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="a_phase_ends_after_it_began",
                        violation_error_message="La fase termina después de empezar.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalBatchStage",
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
                ("started_at", models.DateTimeField(verbose_name="desde")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="hasta"
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
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "where",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.place",
                        verbose_name="lugar",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.processphase",
                        verbose_name="fase",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical fase de un proceso en curso",
                "verbose_name_plural": "historical fases de los procesos en curso",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_451cd4d7_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_451cd4d7_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_451cd4d7_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_451cd4d7_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_batchstage_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ProcessRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "yield_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, al menos",
                    ),
                ),
                (
                    "yield_expected",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, por lo común",
                    ),
                ),
                (
                    "yield_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="sale, a lo más",
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
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="Último día. Vacío: sigue.",
                        null=True,
                        verbose_name="rige hasta",
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
                    "gives",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes_to",
                        to="harvests.productform",
                        verbose_name="sale",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="harvests.processkind",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "takes",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vacío: cualquier presentación, y sale la misma.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes_from",
                        to="harvests.productform",
                        verbose_name="entra",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendimiento de un proceso",
                "verbose_name_plural": "rendimientos de los procesos",
                "ordering": [
                    "kind",
                    "takes",
                    "gives",
                    models.OrderBy(models.F("valid_from"), nulls_first=True),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "takes", "gives", "valid_from"),
                        name="one_route_a_day",
                        nulls_distinct=False,
                        violation_error_message="Ya hay un rendimiento desde ese día: corríjalo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gives", None), ("takes", None)),
                            models.Q(("gives__isnull", False), ("takes__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_route_has_both_ends_or_none",
                        violation_error_message="Diga qué entra y qué sale, o ninguna de las dos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("yield_expected", None), ("yield_high", None), ("yield_low", None)
                            ),
                            models.Q(
                                ("yield_expected__lte", models.F("yield_high")),
                                ("yield_high__lte", 1),
                                ("yield_low__gt", 0),
                                ("yield_low__lte", models.F("yield_expected")),
                            ),
                            _connector="OR",
                        ),
                        name="a_yield_band_is_in_order",
                        violation_error_message="Escriba los tres rendimientos, de menor a mayor, entre 0 y 1, o ninguno.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_route_ends_after_it_began",
                        violation_error_message="Termina después de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__regex", "\\S")),
                        name="a_route_has_a_source",
                        violation_error_message="Escriba de dónde sale el rendimiento.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockAdjustment",
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
                        choices=[
                            ("count", "conteo"),
                            ("spoiled", "se dañó o se perdió"),
                            ("sample", "muestra"),
                        ],
                        max_length=8,
                        verbose_name="por qué",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "espera a otra persona"),
                            ("applied", "aplicado"),
                            ("refused", "rechazado"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="estado",
                    ),
                ),
                (
                    "kg",
                    models.DecimalField(
                        decimal_places=3, max_digits=12, verbose_name="diferencia (kg)"
                    ),
                ),
                (
                    "pieces",
                    models.IntegerField(
                        blank=True, null=True, verbose_name="diferencia (unidades)"
                    ),
                ),
                (
                    "counted_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        verbose_name="se contó (kg)",
                    ),
                ),
                ("reason", kallari.text.NoteField(max_length=500, verbose_name="motivo")),
                (
                    "needs_second",
                    models.BooleanField(editable=False, verbose_name="pasa del límite"),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="decidido el"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién decidió",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo anotó",
                    ),
                ),
            ],
            options={
                "verbose_name": "ajuste de existencias",
                "verbose_name_plural": "ajustes de existencias",
                "ordering": ["-made_at", "-id"],
                "permissions": [
                    ("confirm_stockadjustment", "Can agree to what another person counted")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["made_at"],
                        name="adjustments_that_wait",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kg", 0), _negated=True),
                        name="an_adjustment_changes_something",
                        violation_error_message="Se contó lo mismo que está anotado: no hay diferencia.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "count"), ("kg__lt", 0), _connector="OR"),
                        name="what_spoils_or_is_tasted_is_gone",
                        violation_error_message="Lo que se daña o se prueba sale del lote.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")),
                        name="an_adjustment_says_why",
                        violation_error_message="Escriba el motivo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("status", "waiting")),
                            models.Q(("needs_second", False), ("status", "applied")),
                            models.Q(
                                models.Q(("status", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("needs_second", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_great_difference_is_seen_by_two",
                        violation_error_message="Una diferencia así la confirma otra persona.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("made_by", None),
                            models.Q(("decided_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_confirms_an_own_count",
                        violation_error_message="Lo confirma otra persona que quien lo anotó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=14,
                        verbose_name="queda (kg)",
                    ),
                ),
                (
                    "pieces",
                    models.IntegerField(blank=True, null=True, verbose_name="quedan (unidades)"),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balance",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balance",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
            ],
            options={
                "verbose_name": "saldo",
                "verbose_name_plural": "saldos",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery__isnull", False), ("lot", None)),
                            models.Q(("delivery", None), ("lot__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_balance_is_of_a_lot_or_a_delivery",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kg__gte", 0),
                            models.Q(("pieces", None), ("pieces__gte", 0), _connector="OR"),
                        ),
                        name="nothing_is_taken_that_is_not_there",
                        violation_error_message="No queda tanto. Revise el saldo: alguien pudo haber sacado antes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pieces", None),
                            models.Q(("kg", 0), ("pieces", 0)),
                            models.Q(("kg__gt", 0), ("pieces__gt", 0)),
                            _connector="OR",
                        ),
                        name="pieces_and_kilos_end_together",
                        violation_error_message="Con la última unidad salen los últimos kilos.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
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
                            ("output", "salió de un proceso"),
                            ("input", "entró a un proceso"),
                            ("dispatch", "se entregó"),
                            ("adjustment", "ajuste"),
                            ("reclass", "bajó de certificación"),
                        ],
                        max_length=10,
                        verbose_name="movimiento",
                    ),
                ),
                ("kg", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="kilos")),
                ("pieces", models.IntegerField(blank=True, null=True, verbose_name="unidades")),
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
                    "recipient",
                    kallari.text.LineField(blank=True, max_length=160, verbose_name="a quién"),
                ),
                (
                    "reference",
                    kallari.text.LineField(blank=True, max_length=80, verbose_name="documento"),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=500, verbose_name="nota")),
                ("moved_at", models.DateTimeField(verbose_name="cuándo")),
                (
                    "moved_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("moved_at"),
                            template="(%(expressions)s AT TIME ZONE 'America/Guayaquil')::date",
                        ),
                        output_field=models.DateField(),
                        verbose_name="día",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="registrado el")),
                (
                    "adjustment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movement",
                        to="harvests.stockadjustment",
                        verbose_name="ajuste",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
                (
                    "moved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="harvests.stockmovement",
                        verbose_name="deja sin efecto",
                    ),
                ),
            ],
            options={
                "verbose_name": "movimiento",
                "verbose_name_plural": "movimientos",
                "ordering": ["-moved_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("lot__isnull", False)),
                        fields=["lot", "kind"],
                        include=("batch", "kg"),
                        name="movements_of_a_lot",
                    ),
                    models.Index(
                        condition=models.Q(("delivery__isnull", False)),
                        fields=["delivery"],
                        include=("batch", "kg"),
                        name="movements_of_a_delivery",
                    ),
                    models.Index(
                        condition=models.Q(("batch__isnull", False)),
                        fields=["batch", "kind"],
                        include=("lot", "delivery", "kg"),
                        name="movements_of_a_batch",
                    ),
                    models.Index(fields=["moved_on"], name="movements_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery__isnull", False), ("kind", "input"), ("lot", None)),
                            models.Q(("delivery", None), ("lot__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_movement_is_of_a_lot_or_a_delivery",
                        violation_error_message="Se mueve un lote o una entrega, no ambos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pieces", None),
                            models.Q(("kg__lt", 0), ("pieces__lte", 0)),
                            models.Q(("kg__gt", 0), ("pieces__gte", 0)),
                            _connector="OR",
                        ),
                        name="pieces_move_with_their_kilos",
                        violation_error_message="Las unidades van con sus kilos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", False), ("kind__in", ["input", "output"])),
                            models.Q(
                                models.Q(("kind__in", ["input", "output"]), _negated=True),
                                ("batch", None),
                            ),
                            _connector="OR",
                        ),
                        name="what_goes_in_or_out_is_of_a_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adjustment__isnull", False), ("kg__lt", 0), ("kind", "adjustment")
                            ),
                            ("kind", "output"),
                            models.Q(
                                models.Q(("kind__in", ["adjustment", "output"]), _negated=True),
                                ("adjustment", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_difference_has_its_adjustment",
                        violation_error_message="Una diferencia se anota con su motivo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "dispatch"), models.Q(("recipient", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("kind", "dispatch"), _negated=True), ("recipient", "")
                            ),
                            _connector="OR",
                        ),
                        name="what_leaves_says_to_whom",
                        violation_error_message="Escriba a quién se entrega.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reverses", None),
                                models.Q(
                                    models.Q(("kind", "dispatch"), _negated=True),
                                    ("kg__lt", 0),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("kg__gt", 0), ("kind", "dispatch"), ("reverses__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="what_comes_back_says_what_it_undoes",
                        violation_error_message="Diga qué entrega queda sin efecto.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certification_class__in", ("organic", "transition", "conventional"))
                        ),
                        name="a_movement_is_of_a_known_class",
                        violation_error_message="Esa certificación no existe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "moved_at__gte",
                                dt.datetime(1990, 1, 1, 0, 0, tzinfo=dt.UTC),
                            ),
                            ("moved_at__lte", models.F("recorded_at")),
                        ),
                        name="nothing_moves_in_the_future",
                        violation_error_message="Esa hora todavía no llega.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kg", 0), _negated=True),
                        name="a_movement_moves_something",
                        violation_error_message="Los kilos no son cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kg__lt", Decimal("10000000000"))),
                        name="a_movement_moves_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalStockMovement",
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
                            ("output", "salió de un proceso"),
                            ("input", "entró a un proceso"),
                            ("dispatch", "se entregó"),
                            ("adjustment", "ajuste"),
                            ("reclass", "bajó de certificación"),
                        ],
                        max_length=10,
                        verbose_name="movimiento",
                    ),
                ),
                ("kg", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="kilos")),
                ("pieces", models.IntegerField(blank=True, null=True, verbose_name="unidades")),
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
                    "recipient",
                    kallari.text.LineField(blank=True, max_length=160, verbose_name="a quién"),
                ),
                (
                    "reference",
                    kallari.text.LineField(blank=True, max_length=80, verbose_name="documento"),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=500, verbose_name="nota")),
                ("moved_at", models.DateTimeField(verbose_name="cuándo")),
                ("recorded_at", models.DateTimeField(verbose_name="registrado el")),
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
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.batch",
                        verbose_name="proceso",
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
                    "moved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
                (
                    "adjustment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.stockadjustment",
                        verbose_name="ajuste",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.stockmovement",
                        verbose_name="deja sin efecto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical movimiento",
                "verbose_name_plural": "historical movimientos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_80e76409_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_80e76409_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_80e76409_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_80e76409_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_stockmovement_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="BatchTotals",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="totals",
                        serialize=False,
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "in_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=14,
                        verbose_name="entró (kg)",
                    ),
                ),
                (
                    "out_kg",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        max_digits=14,
                        verbose_name="salió (kg)",
                    ),
                ),
            ],
            options={
                "verbose_name": "kilos de un proceso",
                "verbose_name_plural": "kilos de los procesos",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("in_kg__gte", 0), ("out_kg__gte", 0)),
                        name="a_batch_takes_and_gives_nothing_below_zero",
                        violation_error_message="No sale de un proceso lo que no entró.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="a_used_delivery_is_taken_out_first",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.status <> 'valid')",
                    func="\n            \n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF EXISTS (SELECT 1 FROM harvests_stockbalance\n                       WHERE delivery_id = NEW.id AND kg <> NEW.net_kg) THEN\n                RAISE EXCEPTION 'kilos of it lie in a batch' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_used_delivery_is_taken_out_first';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="2a67b4bafd4c195423fecf749b39c2275144ee66",
                    operation='UPDATE OF "status"',
                    pgid="pgtrigger_a_used_delivery_is_taken_out_first_e61ad",
                    table="harvests_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="productform",
            constraint=models.CheckConstraint(
                condition=models.Q(("piece_kg", None), ("piece_kg__gt", 0), _connector="OR"),
                name="a_piece_weighs_something",
                violation_error_message="Una unidad pesa más que cero.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalprocesskind",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="0b285f0911008f1b99cf5feba54672e7cbd94652",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_04473",
                    table="harvests_historicalprocesskind",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="processkind",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5677c1ff2502da9aa39439e1e24e61b1364b4824",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_0ca94",
                    table="harvests_processkind",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchtotals",
            trigger=pgtrigger.compiler.Trigger(
                name="what_is_reckoned_is_not_written",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF pg_trigger_depth() < 2 THEN\n                RAISE EXCEPTION '% is append-only: it is reckoned from the movements',\n                                TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ",
                    hash="9345cc51d9c323a98e6af67bf5921161297049fd",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_what_is_reckoned_is_not_written_6dfd6",
                    table="harvests_batchtotals",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalplace",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="19664b825e4371d944d78726825fbf3475a45ab1",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_a826f",
                    table="harvests_historicalplace",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalstockadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="9dda82291079bc55ab91142e246c135883159134",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_142e5",
                    table="harvests_historicalstockadjustment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="place",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="525fc0da7842b336c9608f1c1e6342d274ec569b",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_caf14",
                    table="harvests_place",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5fee277b4ca0beb561fae6f935533ef6a987d415",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_b7f80",
                    table="harvests_lot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_lot_has_a_balance",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            PERFORM 1 FROM harvests_batchtotals WHERE batch_id = NEW.batch_id FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            INSERT INTO harvests_stockbalance (lot_id, kg, pieces)\n            SELECT NEW.id, 0, CASE WHEN counted = 'piece' THEN 0 END\n            FROM harvests_productform WHERE id = NEW.form_id;\n            RETURN NULL;\n        ",
                    hash="63102325321c1c97b1b5dc3bf3bfb0da78332d01",
                    operation="INSERT",
                    pgid="pgtrigger_a_lot_has_a_balance_cddb5",
                    table="harvests_lot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_lot_keeps_its_origin",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE one text;",
                    func="\n            FOREACH one IN ARRAY ARRAY['code', 'year', 'number', 'batch_id', 'form_id', 'made_at'] LOOP\n                IF to_jsonb(NEW) -> one IS DISTINCT FROM to_jsonb(OLD) -> one THEN\n                    RAISE EXCEPTION '% is append-only: a lot keeps its %', TG_TABLE_NAME, one;\n                END IF;\n            END LOOP;\n            IF array_position(ARRAY['organic', 'transition', 'conventional'], NEW.certification_class::text) < array_position(ARRAY['organic', 'transition', 'conventional'], OLD.certification_class::text)\n            THEN\n                RAISE EXCEPTION 'a certification class is never raised' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_class_is_never_raised';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="135a7187ec8b46f9f684131d1629b3a7018d941e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_lot_keeps_its_origin_59600",
                    table="harvests_lot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_class_is_the_weakest",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE own_class text;",
                    func="\n            IF TG_OP = 'INSERT' THEN\n                -- Whoever finds one of its sources weaker at this moment waits, or is waited for.\n                PERFORM 1 FROM harvests_lot WHERE id IN (\n                    SELECT lot_id FROM harvests_stockmovement\n                    WHERE batch_id = NEW.batch_id AND kind = 'input' AND lot_id IS NOT NULL\n                ) ORDER BY id FOR SHARE;\n            END IF;\n            SELECT certification_class INTO own_class FROM harvests_lot WHERE id = NEW.id;\n            IF EXISTS (\n                SELECT 1\n                FROM (SELECT delivery_id, lot_id FROM harvests_stockmovement\n                      WHERE batch_id = NEW.batch_id AND kind = 'input'\n                      GROUP BY delivery_id, lot_id HAVING sum(kg) < 0) took\n                LEFT JOIN harvests_delivery delivery ON delivery.id = took.delivery_id\n                LEFT JOIN harvests_lot lot ON lot.id = took.lot_id\n                WHERE array_position(ARRAY['organic', 'transition', 'conventional'], coalesce(delivery.certification_class, lot.certification_class)::text)\n                      > array_position(ARRAY['organic', 'transition', 'conventional'], own_class::text)\n            ) OR EXISTS (\n                SELECT 1\n                FROM (SELECT batch_id FROM harvests_stockmovement\n                      WHERE lot_id = NEW.id AND kind = 'input'\n                      GROUP BY batch_id HAVING sum(kg) < 0) used\n                JOIN harvests_lot made ON made.batch_id = used.batch_id\n                WHERE array_position(ARRAY['organic', 'transition', 'conventional'], made.certification_class::text) < array_position(ARRAY['organic', 'transition', 'conventional'], own_class::text)\n            ) THEN\n                RAISE EXCEPTION 'an output is as weak as its weakest input' USING ERRCODE = 'check_violation', CONSTRAINT = 'the_class_is_the_weakest';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM harvests_stockmovement\n                WHERE lot_id = NEW.id AND certification_class <> own_class\n                GROUP BY certification_class HAVING sum(kg) <> 0\n            ) THEN\n                RAISE EXCEPTION 'the kilos of a lot are of its class' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_lot_is_of_one_class';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="3775136f639f0ad0089094fbf843bfca0d8a294b",
                    operation='INSERT OR UPDATE OF "certification_class"',
                    pgid="pgtrigger_a_class_is_the_weakest_d9fae",
                    table="harvests_lot",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicallot",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="252a3e75f275c4c59be33dca9cecdad6ac2f67ba",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_59ec6",
                    table="harvests_historicallot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalbatchreading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="cfefea8c2b09b1d1a96a0f1c92dd7328a6cb94bc",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_c6861",
                    table="harvests_historicalbatchreading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchreading",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="cafb02f7e96f00ebcd98a2d2db27fa8e098f60da",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_93388",
                    table="harvests_batchreading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalprocessroute",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="36cebab9f00259345e3a830bcbbc818aa6395b96",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_5df75",
                    table="harvests_historicalprocessroute",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalprocessphase",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="06b937069d43be858b1f9827d777493b9c401520",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_fe67a",
                    table="harvests_historicalprocessphase",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="e0e6a1c4840121d17cd94cb2d707f818c93f4d6e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7ddef",
                    table="harvests_historicalbatch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="dddbb2b75cc13f5ea6eeb5a7ff00236bee82f78e",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_47e70",
                    table="harvests_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="a_batch_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE one text;",
                    func="\n            FOREACH one IN ARRAY ARRAY['code', 'year', 'number', 'kind_id', 'center_id', 'started_by_id'] LOOP\n                IF to_jsonb(NEW) -> one IS DISTINCT FROM to_jsonb(OLD) -> one THEN\n                    RAISE EXCEPTION '% is append-only: a batch keeps its %', TG_TABLE_NAME, one;\n                END IF;\n            END LOOP;\n            IF (OLD.status = 'voided' AND NEW IS DISTINCT FROM OLD)\n               OR (OLD.status = 'finished' AND NEW.status = 'open') THEN\n                RAISE EXCEPTION 'a batch ends once' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_batch_ends_once';\n            END IF;\n            IF NEW.status = 'voided' AND EXISTS (\n                SELECT 1 FROM harvests_batchtotals\n                WHERE batch_id = NEW.id AND (in_kg, out_kg) <> (0, 0)\n            ) THEN\n                RAISE EXCEPTION 'a voided batch holds nothing' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_voided_batch_is_empty';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="480d0cda71f5846f414df8d350035770cd3dc534",
                    operation="UPDATE",
                    pgid="pgtrigger_a_batch_ends_once_3305f",
                    table="harvests_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="a_batch_has_totals",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            -- # without history: reckoned from the movements, which have it\n            INSERT INTO harvests_batchtotals (batch_id, in_kg, out_kg) VALUES (NEW.id, 0, 0);\n            RETURN NULL;\n        ",
                    hash="1595b14ba4f79b9aca99bf495f4820eaef8c4a3e",
                    operation="INSERT",
                    pgid="pgtrigger_a_batch_has_totals_4e2c9",
                    table="harvests_batch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="processphase",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="9112674d87358a4fa54c2edbf154c331ef772e14",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_1cb44",
                    table="harvests_processphase",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalbatchstage",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="5805981b2d474038687620c0d59766c6347f5863",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_ba507",
                    table="harvests_historicalbatchstage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchstage",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5893f8f5cf900e5f3d852ace50c17f20e83357ea",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_d1980",
                    table="harvests_batchstage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="processroute",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="718197137b89c2e3b730fc19b1888d55badac823",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_8f987",
                    table="harvests_processroute",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="ab5bcd48977b26294fd50ab6f40258fa0c4886c2",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_1ab01",
                    table="harvests_stockadjustment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_adjustment_is_decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                PERFORM 1 FROM harvests_lot WHERE id = NEW.lot_id FOR UPDATE;\n                -- Many small ones are a great one.\n                IF NOT NEW.needs_second AND abs(NEW.kg) + (\n                    SELECT coalesce(sum(abs(kg)), 0) FROM harvests_stockadjustment\n                    WHERE lot_id = NEW.lot_id AND status = 'applied' AND NOT needs_second\n                      AND made_at > coalesce(\n                          (SELECT max(decided_at) FROM harvests_stockadjustment\n                           WHERE lot_id = NEW.lot_id AND status = 'applied' AND needs_second),\n                          '-infinity')\n                ) > (kallari_rule_value(\n                    'stock.second_person_kg',\n                    (NEW.made_at AT TIME ZONE 'America/Guayaquil')::date) #>> '{}')::numeric\n                THEN\n                    RAISE EXCEPTION 'another person has to agree' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_great_difference_waits';\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF OLD.status <> 'waiting'\n               OR (to_jsonb(NEW) - ARRAY['status', 'decided_at', 'decided_by_id'])\n                  IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'decided_at', 'decided_by_id'])\n            THEN\n                RAISE EXCEPTION 'this was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_adjustment_is_decided_once';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d6cf26f74b6b32d52984b0601eb7f47a9cd6c8c4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_an_adjustment_is_decided_once_bea1c",
                    table="harvests_stockadjustment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockbalance",
            trigger=pgtrigger.compiler.Trigger(
                name="what_is_reckoned_is_not_written",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF pg_trigger_depth() < 2 THEN\n                RAISE EXCEPTION '% is append-only: it is reckoned from the movements',\n                                TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ",
                    hash="d89a30ce8b373cbda8759027a0e35492b272307a",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_what_is_reckoned_is_not_written_4db8e",
                    table="harvests_stockbalance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="1fc26b81cd94d79a7a3f00ffcc6c3a97e6f2ce5c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_8ee9f",
                    table="harvests_stockmovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalstockmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="d516f9d5e4247d007e5ec7170896b753e1d4830d",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_735c9",
                    table="harvests_historicalstockmovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchtotals",
            trigger=pgtrigger.compiler.Trigger(
                name="what_comes_out_went_in",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE took numeric; gave numeric; its_status text;",
                    func="\n            SELECT totals.in_kg, totals.out_kg, batch.status INTO took, gave, its_status\n            FROM harvests_batchtotals totals JOIN harvests_batch batch ON batch.id = totals.batch_id\n            WHERE totals.batch_id = NEW.batch_id;\n            IF gave > took THEN\n                RAISE EXCEPTION 'a batch gave more than it took' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_comes_out_went_in';\n            END IF;\n            IF its_status = 'voided' AND (took, gave) <> (0, 0) THEN\n                RAISE EXCEPTION 'a voided batch holds nothing' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_voided_batch_is_empty';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="e4698ec7b9fe147b78b2ad18725a072bca8d38b0",
                    operation="UPDATE",
                    pgid="pgtrigger_what_comes_out_went_in_0e373",
                    table="harvests_batchtotals",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_movement_moves_what_is_there",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused text; batches uuid[]; deliveries uuid[]; lots uuid[];",
                    func="\n            \n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            \n            -- Arrays, so that rows are found by their keys however large the tables are.\n            batches := ARRAY(SELECT DISTINCT batch_id FROM written WHERE batch_id IS NOT NULL);\n            deliveries := ARRAY(\n                SELECT DISTINCT delivery_id FROM written WHERE delivery_id IS NOT NULL);\n            lots := ARRAY(SELECT DISTINCT lot_id FROM written WHERE lot_id IS NOT NULL);\n\n            PERFORM 1 FROM harvests_batchtotals\n            WHERE batch_id = ANY (batches) ORDER BY batch_id FOR UPDATE;\n            PERFORM 1 FROM harvests_delivery WHERE id = ANY (deliveries) ORDER BY id FOR SHARE;\n            PERFORM 1 FROM harvests_lot WHERE id = ANY (lots) ORDER BY id FOR SHARE;\n            -- Foreign keys are looked at later: a source that is written after would not be seen.\n            IF (SELECT count(*) FROM harvests_batchtotals WHERE batch_id = ANY (batches))\n                   <> cardinality(batches)\n               OR (SELECT count(*) FROM harvests_delivery WHERE id = ANY (deliveries))\n                   <> cardinality(deliveries)\n               OR (SELECT count(*) FROM harvests_stockbalance WHERE lot_id = ANY (lots))\n                   <> cardinality(lots)\n            THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF EXISTS (SELECT 1 FROM written\n                       WHERE recorded_at > clock_timestamp() + interval '1 minute') THEN\n                RAISE EXCEPTION 'it is still to come' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_movement_has_happened';\n            END IF;\n            SELECT CASE\n                WHEN delivery.net_kg IS NULL THEN 'only_what_is_weighed_is_worked'\n                WHEN line.kg < 0 AND delivery.status <> 'valid'\n                THEN 'what_counts_no_more_is_not_used'\n                WHEN line.certification_class <> delivery.certification_class\n                THEN 'a_movement_bears_the_class_of_its_source'\n                WHEN line.moved_at < delivery.weighed_at THEN 'nothing_moves_before_it_was'\n            END AS broken INTO refused\n            FROM written line JOIN harvests_delivery delivery ON delivery.id = line.delivery_id\n            WHERE delivery.id = ANY (deliveries)\n            ORDER BY broken LIMIT 1;\n            IF refused IS NULL THEN\n                SELECT CASE\n                    WHEN lot.held_at IS NOT NULL AND line.kg < 0\n                         AND line.kind IN ('input', 'dispatch') THEN 'a_lot_on_hold_stays'\n                    WHEN line.kind = 'output' AND lot.batch_id <> line.batch_id\n                    THEN 'a_lot_comes_out_of_its_batch'\n                    -- What comes back does so in the class it went in with.\n                    WHEN line.kind <> 'reclass' AND line.reverses_id IS NULL\n                         AND NOT (line.kind = 'input' AND line.kg > 0)\n                         AND NOT (line.kind = 'output' AND line.kg < 0)\n                         AND line.certification_class <> lot.certification_class\n                    THEN 'a_movement_bears_the_class_of_its_source'\n                    WHEN line.moved_at < lot.made_at THEN 'nothing_moves_before_it_was'\n                END AS broken INTO refused\n                FROM written line JOIN harvests_lot lot ON lot.id = line.lot_id\n                WHERE lot.id = ANY (lots)\n                ORDER BY broken LIMIT 1;\n            END IF;\n            IF refused IS NULL THEN\n                SELECT CASE\n                    WHEN line.lot_id IS NOT NULL THEN 'nothing_comes_out_of_itself'\n                    WHEN array_position(ARRAY['organic', 'transition', 'conventional'], made.certification_class::text) < array_position(ARRAY['organic', 'transition', 'conventional'], line.certification_class::text)\n                    THEN 'the_class_is_the_weakest'\n                END AS broken INTO refused\n                FROM written line JOIN harvests_lot made ON made.batch_id = line.batch_id\n                WHERE made.batch_id = ANY (batches) AND line.kind = 'input' AND line.kg < 0\n                ORDER BY broken LIMIT 1;\n            END IF;\n            IF refused IS NULL THEN\n                SELECT CASE\n                    WHEN line.moved_at < batch.started_at THEN 'nothing_moves_before_it_was'\n                    -- But for a delivery that corrects one that was in it.\n                    WHEN line.kind = 'input' AND line.kg < 0 AND batch.status <> 'open'\n                         AND NOT EXISTS (\n                             SELECT 1 FROM harvests_delivery successor\n                             JOIN harvests_stockmovement before\n                               ON before.delivery_id = successor.supersedes_id\n                              AND before.batch_id = line.batch_id\n                             WHERE successor.id = line.delivery_id)\n                    THEN 'a_finished_batch_takes_no_more'\n                END AS broken INTO refused\n                FROM written line JOIN harvests_batch batch ON batch.id = line.batch_id\n                WHERE batch.id = ANY (batches)\n                ORDER BY broken LIMIT 1;\n            END IF;\n            IF refused IS NULL AND EXISTS (\n                SELECT 1 FROM written\n                WHERE (kind = 'input' AND kg > 0) OR (kind = 'output' AND kg < 0)\n            ) THEN\n                SELECT 'no_more_comes_back_than_went' INTO refused\n                WHERE EXISTS (\n                    SELECT 1 FROM harvests_stockmovement\n                    WHERE batch_id = ANY (batches) AND kind = 'input'\n                    GROUP BY batch_id, delivery_id, lot_id, certification_class HAVING sum(kg) > 0\n                ) OR EXISTS (\n                    SELECT 1 FROM harvests_stockmovement\n                    WHERE batch_id = ANY (batches) AND kind = 'output'\n                    GROUP BY lot_id HAVING sum(kg) < 0\n                );\n            END IF;\n            IF refused IS NULL THEN\n                SELECT 'what_changes_class_stays_as_much' INTO refused\n                FROM written WHERE kind = 'reclass'\n                GROUP BY lot_id HAVING sum(kg) <> 0 OR coalesce(sum(pieces), 0) <> 0 LIMIT 1;\n            END IF;\n            IF refused IS NULL THEN\n                -- What came back in the class it left with, and what was found out to be weaker,\n                -- is of the class of its lot once all lines are written.\n                SELECT 'a_lot_is_of_one_class' INTO refused\n                FROM harvests_lot lot\n                JOIN harvests_stockmovement moved\n                  ON moved.lot_id = lot.id AND moved.certification_class <> lot.certification_class\n                WHERE lot.id IN (\n                    SELECT line.lot_id\n                    FROM written line JOIN harvests_lot own ON own.id = line.lot_id\n                    WHERE own.id = ANY (lots)\n                      AND line.certification_class <> own.certification_class\n                )\n                GROUP BY lot.id, moved.certification_class HAVING sum(moved.kg) <> 0 LIMIT 1;\n            END IF;\n            IF refused IS NULL THEN\n                SELECT 'a_movement_is_that_of_its_adjustment' INTO refused\n                FROM written line LEFT JOIN harvests_stockadjustment adjustment\n                  ON adjustment.id = line.adjustment_id AND adjustment.lot_id = line.lot_id\n                 AND adjustment.status = 'applied' AND adjustment.kg = line.kg\n                 AND adjustment.pieces IS NOT DISTINCT FROM line.pieces\n                WHERE line.adjustment_id IS NOT NULL AND adjustment.id IS NULL LIMIT 1;\n            END IF;\n            IF refused IS NULL THEN\n                SELECT 'a_return_is_of_what_left' INTO refused\n                FROM written line LEFT JOIN harvests_stockmovement undone\n                  ON undone.id = line.reverses_id AND undone.lot_id = line.lot_id\n                 AND undone.kind = 'dispatch' AND undone.kg = -line.kg\n                 AND undone.certification_class = line.certification_class\n                 AND undone.pieces IS NOT DISTINCT FROM -line.pieces\n                WHERE line.reverses_id IS NOT NULL AND undone.id IS NULL LIMIT 1;\n            END IF;\n            IF refused IS NOT NULL THEN\n                RAISE EXCEPTION 'the law of kilos: %', refused\n                USING ERRCODE = 'check_violation', CONSTRAINT = refused;\n            END IF;\n            RETURN NULL;\n        ",
                    hash="efd627fd3b2c3ad07feda59a7d52709ed16d0454",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_a_movement_moves_what_is_there_b5125",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_stockmovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="movements_are_reckoned",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE refused text; batches uuid[]; deliveries uuid[]; lots uuid[];",
                    func="\n            \n            -- Arrays, so that rows are found by their keys however large the tables are.\n            batches := ARRAY(SELECT DISTINCT batch_id FROM written WHERE batch_id IS NOT NULL);\n            deliveries := ARRAY(\n                SELECT DISTINCT delivery_id FROM written WHERE delivery_id IS NOT NULL);\n            lots := ARRAY(SELECT DISTINCT lot_id FROM written WHERE lot_id IS NOT NULL);\n\n            -- # without history: reckoned from the movements, which have it\n            UPDATE harvests_batchtotals totals\n            SET in_kg = totals.in_kg - moved.took, out_kg = totals.out_kg + moved.gave\n            FROM (SELECT batch_id, coalesce(sum(kg) FILTER (WHERE kind = 'input'), 0) AS took,\n                         coalesce(sum(kg) FILTER (WHERE kind = 'output'), 0) AS gave\n                  FROM written GROUP BY batch_id) moved\n            WHERE totals.batch_id = moved.batch_id AND totals.batch_id = ANY (batches);\n\n            UPDATE harvests_stockbalance balance\n            SET kg = balance.kg + moved.kg, pieces = balance.pieces + moved.pieces\n            FROM (SELECT lot_id, sum(kg) AS kg, coalesce(sum(pieces), 0) AS pieces\n                  FROM written GROUP BY lot_id) moved\n            WHERE balance.lot_id = moved.lot_id AND balance.lot_id = ANY (lots);\n            IF EXISTS (\n                SELECT 1 FROM written line\n                JOIN harvests_stockbalance balance ON balance.lot_id = line.lot_id\n                WHERE balance.lot_id = ANY (lots) AND balance.pieces IS NOT NULL\n                  AND line.pieces IS NULL\n            ) THEN\n                RAISE EXCEPTION 'the pieces of this lot are counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'pieces_are_counted';\n            END IF;\n\n            INSERT INTO harvests_stockbalance (delivery_id, kg)\n            SELECT id, net_kg FROM harvests_delivery WHERE id = ANY (deliveries) ORDER BY id\n            ON CONFLICT (delivery_id) DO NOTHING;\n            UPDATE harvests_stockbalance balance\n            SET kg = balance.kg + moved.kg\n            FROM (SELECT delivery_id, sum(kg) AS kg FROM written GROUP BY delivery_id) moved\n            WHERE balance.delivery_id = moved.delivery_id\n              AND balance.delivery_id = ANY (deliveries);\n            IF EXISTS (\n                SELECT 1 FROM harvests_stockbalance balance\n                JOIN harvests_delivery delivery ON delivery.id = balance.delivery_id\n                WHERE balance.delivery_id = ANY (deliveries) AND balance.kg > delivery.net_kg\n            ) THEN\n                RAISE EXCEPTION 'more than was delivered' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_than_was_delivered';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="461f271fb8e253d56b135e288564940ef97e9788",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_movements_are_reckoned_5ecf8",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_stockmovement",
                    when="AFTER",
                ),
            ),
        ),
    ]
