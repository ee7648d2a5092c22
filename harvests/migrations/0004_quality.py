"""Tables of grades, tests of samples, and what laboratories find."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
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
        ("files", "0001_stored_files"),
        ("harvests", "0003_processes_and_stock"),
    ]

    operations = [
        migrations.CreateModel(
            name="GradeEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", kallari.text.NameField(max_length=60, verbose_name="norma")),
                (
                    "edition",
                    kallari.text.LineField(
                        help_text="El año, como lo dice la norma.",
                        max_length=20,
                        verbose_name="edición",
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
                        help_text="Alguien de la asociación responde por ella.",
                        verbose_name="confirmada",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="publicada el"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_editions",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "tabla de grados",
                "verbose_name_plural": "tablas de grados",
                "ordering": [
                    "product",
                    models.OrderBy(models.F("valid_from"), descending=True, nulls_last=True),
                    "-id",
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=("product", "valid_from"),
                        name="one_table_of_grades_a_day",
                        nulls_distinct=False,
                        violation_error_message="Ya rige otra tabla desde ese día.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__regex", "\\S")),
                        name="a_table_of_grades_has_a_source",
                        violation_error_message="Escriba de dónde sale la tabla.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="El mejor es el de número menor.", verbose_name="orden"
                    ),
                ),
                ("code", kallari.text.LineField(max_length=12, verbose_name="sigla")),
                ("name", kallari.text.NameField(max_length=80, verbose_name="nombre")),
                (
                    "weight_min_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="100 granos pesan, al menos (g)",
                    ),
                ),
                (
                    "weight_max_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="y hasta (g)",
                    ),
                ),
                (
                    "well_fermented_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="bien fermentados, al menos",
                    ),
                ),
                (
                    "fermented_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="fermentados en total, al menos",
                    ),
                ),
                (
                    "violet_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="violetas, a lo más",
                    ),
                ),
                (
                    "slaty_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="pizarrosos, a lo más",
                    ),
                ),
                (
                    "mouldy_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="mohosos, a lo más",
                    ),
                ),
                (
                    "variety",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vacío: de todas las que no tienen grado propio.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="harvests.variety",
                        verbose_name="variedad",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grades",
                        to="harvests.gradeedition",
                        verbose_name="tabla",
                    ),
                ),
            ],
            options={
                "verbose_name": "grado",
                "verbose_name_plural": "grados",
                "ordering": ["edition", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"),
                        name="one_grade_a_code",
                        violation_error_message="Ese grado ya está en la tabla.",
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "position"),
                        name="one_grade_a_position",
                        violation_error_message="Otro grado tiene ese número de orden.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weight_max_g", None),
                            models.Q(
                                ("weight_max_g__gte", models.F("weight_min_g")),
                                ("weight_min_g__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_band_of_weights_is_in_order",
                        violation_error_message="El peso de más no es menor que el de menos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("well_fermented_min", None),
                            ("fermented_min", None),
                            ("fermented_min__gte", models.F("well_fermented_min")),
                            _connector="OR",
                        ),
                        name="the_well_fermented_are_among_the_fermented",
                        violation_error_message="Los fermentados en total no son menos que los bien fermentados.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weight_min_g__isnull", False),
                            ("well_fermented_min__isnull", False),
                            ("fermented_min__isnull", False),
                            ("violet_max__isnull", False),
                            ("slaty_max__isnull", False),
                            ("mouldy_max__isnull", False),
                            _connector="OR",
                        ),
                        name="a_grade_limits_something",
                        violation_error_message="Escriba al menos un límite.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalGrade",
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
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="El mejor es el de número menor.", verbose_name="orden"
                    ),
                ),
                ("code", kallari.text.LineField(max_length=12, verbose_name="sigla")),
                ("name", kallari.text.NameField(max_length=80, verbose_name="nombre")),
                (
                    "weight_min_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="100 granos pesan, al menos (g)",
                    ),
                ),
                (
                    "weight_max_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="y hasta (g)",
                    ),
                ),
                (
                    "well_fermented_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="bien fermentados, al menos",
                    ),
                ),
                (
                    "fermented_min",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="fermentados en total, al menos",
                    ),
                ),
                (
                    "violet_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="violetas, a lo más",
                    ),
                ),
                (
                    "slaty_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="pizarrosos, a lo más",
                    ),
                ),
                (
                    "mouldy_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="mohosos, a lo más",
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
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.gradeedition",
                        verbose_name="tabla",
                    ),
                ),
                (
                    "variety",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Vacío: de todas las que no tienen grado propio.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.variety",
                        verbose_name="variedad",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical grado",
                "verbose_name_plural": "historical grados",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_0a66ea2b_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_0a66ea2b_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_0a66ea2b_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_0a66ea2b_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_grade_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalGradeEdition",
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
                ("name", kallari.text.NameField(max_length=60, verbose_name="norma")),
                (
                    "edition",
                    kallari.text.LineField(
                        help_text="El año, como lo dice la norma.",
                        max_length=20,
                        verbose_name="edición",
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
                        help_text="Alguien de la asociación responde por ella.",
                        verbose_name="confirmada",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="publicada el"
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
                "verbose_name": "historical tabla de grados",
                "verbose_name_plural": "historical tablas de grados",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_ab3b2f14_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_ab3b2f14_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_ab3b2f14_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_ab3b2f14_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_gradeedition_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LabResult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "substance",
                    models.CharField(
                        choices=[
                            ("cadmium", "cadmio"),
                            ("lead", "plomo"),
                            ("ochratoxin_a", "ocratoxina A"),
                            ("aflatoxins", "aflatoxinas"),
                            ("glyphosate", "glifosato"),
                            ("anthraquinone", "antraquinona"),
                        ],
                        max_length=14,
                        verbose_name="sustancia",
                    ),
                ),
                (
                    "value_mg_kg",
                    models.DecimalField(
                        decimal_places=5,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="resultado (mg/kg)",
                    ),
                ),
                (
                    "is_below_detection",
                    models.BooleanField(
                        default=False,
                        help_text="El resultado es entonces lo menos que el laboratorio detecta.",
                        verbose_name="menos que eso: no se detectó",
                    ),
                ),
                ("laboratory", kallari.text.LineField(max_length=120, verbose_name="laboratorio")),
                (
                    "report_number",
                    kallari.text.LineField(max_length=60, verbose_name="número del informe"),
                ),
                ("sampled_on", models.DateField(verbose_name="muestra tomada el")),
                ("reported_on", models.DateField(verbose_name="fecha del informe")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "why",
                    kallari.text.LineField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        verbose_name="por qué se corrige",
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="informe",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lab_results",
                        to="harvests.lot",
                        verbose_name="lote",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo anotó",
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
                        to="harvests.labresult",
                        verbose_name="está en lugar de",
                    ),
                ),
            ],
            options={
                "verbose_name": "resultado de laboratorio",
                "verbose_name_plural": "resultados de laboratorio",
                "ordering": ["-reported_on", "-noted_at", "id"],
                "indexes": [
                    models.Index(
                        fields=["-reported_on", "-noted_at"], name="lab_results_newest_first"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("lot", "substance", "laboratory", "report_number"),
                        name="one_result_a_report_and_substance",
                        violation_error_message="Ese informe ya está anotado para ese lote y esa sustancia.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value_mg_kg__gte", 0)),
                        name="nothing_is_found_below_zero",
                        violation_error_message="El resultado no es menor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_below_detection", False), ("value_mg_kg__gt", 0), _connector="OR"
                        ),
                        name="what_is_not_detected_has_its_limit",
                        violation_error_message="Escriba lo menos que el laboratorio detecta: es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reported_on__gte", models.F("sampled_on"))),
                        name="a_report_follows_its_sample",
                        violation_error_message="El informe no es anterior a la muestra.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("laboratory__regex", "\\S"), ("report_number__regex", "\\S")
                        ),
                        name="a_result_names_its_report",
                        violation_error_message="Escriba el laboratorio y el número del informe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("why", "")),
                            models.Q(("replaces__isnull", False), ("why__regex", "\\S")),
                            _connector="OR",
                        ),
                        name="a_corrected_result_says_why",
                        violation_error_message="Escriba por qué se corrige el resultado.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLabResult",
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
                    "substance",
                    models.CharField(
                        choices=[
                            ("cadmium", "cadmio"),
                            ("lead", "plomo"),
                            ("ochratoxin_a", "ocratoxina A"),
                            ("aflatoxins", "aflatoxinas"),
                            ("glyphosate", "glifosato"),
                            ("anthraquinone", "antraquinona"),
                        ],
                        max_length=14,
                        verbose_name="sustancia",
                    ),
                ),
                (
                    "value_mg_kg",
                    models.DecimalField(
                        decimal_places=5,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="resultado (mg/kg)",
                    ),
                ),
                (
                    "is_below_detection",
                    models.BooleanField(
                        default=False,
                        help_text="El resultado es entonces lo menos que el laboratorio detecta.",
                        verbose_name="menos que eso: no se detectó",
                    ),
                ),
                ("laboratory", kallari.text.LineField(max_length=120, verbose_name="laboratorio")),
                (
                    "report_number",
                    kallari.text.LineField(max_length=60, verbose_name="número del informe"),
                ),
                ("sampled_on", models.DateField(verbose_name="muestra tomada el")),
                ("reported_on", models.DateField(verbose_name="fecha del informe")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "why",
                    kallari.text.LineField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        verbose_name="por qué se corrige",
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="informe",
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
                    "noted_by",
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
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.labresult",
                        verbose_name="está en lugar de",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical resultado de laboratorio",
                "verbose_name_plural": "historical resultados de laboratorio",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_00e6e023_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_00e6e023_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_00e6e023_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_00e6e023_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_labresult_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="QualityTest",
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
                        error_messages={"unique": "Ya hay una prueba con ese número."},
                        unique=True,
                        verbose_name="número",
                    ),
                ),
                ("tested_at", models.DateTimeField(verbose_name="probado el")),
                (
                    "sampler",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="quién tomó la muestra"
                    ),
                ),
                (
                    "beans_counted",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="granos cortados"
                    ),
                ),
                (
                    "well_fermented",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="bien fermentados"
                    ),
                ),
                (
                    "slightly_fermented",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="ligeramente fermentados"
                    ),
                ),
                (
                    "violet",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="violetas"
                    ),
                ),
                (
                    "slaty",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="pizarrosos"
                    ),
                ),
                (
                    "mouldy",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="mohosos"),
                ),
                (
                    "insect_damaged",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="dañados por insectos"
                    ),
                ),
                (
                    "germinated",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="germinados"
                    ),
                ),
                (
                    "defective",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="planos o con otro defecto"
                    ),
                ),
                (
                    "beans_weight_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="peso de 100 granos (g)",
                    ),
                ),
                (
                    "beans_per_100g",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(20),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="granos en 100 g",
                    ),
                ),
                (
                    "moisture_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="humedad (%)",
                    ),
                ),
                (
                    "foreign_matter_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="impurezas y defectos (% del peso)",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "below",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="por qué no uno mejor",
                    ),
                ),
                (
                    "why",
                    kallari.text.LineField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        verbose_name="por qué se corrige",
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="anotada el")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_tests",
                        to="harvests.batch",
                        verbose_name="proceso",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_tests",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="harvests.gradeedition",
                        verbose_name="tabla con que se calificó",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="harvests.grade",
                        verbose_name="grado",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_tests",
                        to="harvests.lot",
                        verbose_name="lote",
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
                        to="harvests.qualitytest",
                        verbose_name="está en lugar de",
                    ),
                ),
                (
                    "tested_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la anotó",
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
            ],
            options={
                "verbose_name": "prueba de calidad",
                "verbose_name_plural": "pruebas de calidad",
                "ordering": ["-tested_at", "-number"],
                "indexes": [
                    models.Index(fields=["-tested_at", "-number"], name="tests_newest_first")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch", None), ("delivery", None), ("lot__isnull", False)),
                            models.Q(("batch__isnull", False), ("delivery", None), ("lot", None)),
                            models.Q(("batch", None), ("delivery__isnull", False), ("lot", None)),
                            _connector="OR",
                        ),
                        name="a_test_is_of_one_thing",
                        violation_error_message="Una prueba es de un lote, de un proceso o de una entrega.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("beans_counted", None),
                                ("defective", None),
                                ("germinated", None),
                                ("insect_damaged", None),
                                ("mouldy", None),
                                ("slaty", None),
                                ("slightly_fermented", None),
                                ("violet", None),
                                ("well_fermented", None),
                            ),
                            models.Q(
                                (
                                    "beans_counted",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                models.F("well_fermented"),
                                                                "+",
                                                                models.F("slightly_fermented"),
                                                            ),
                                                            "+",
                                                            models.F("violet"),
                                                        ),
                                                        "+",
                                                        models.F("slaty"),
                                                    ),
                                                    "+",
                                                    models.F("mouldy"),
                                                ),
                                                "+",
                                                models.F("insect_damaged"),
                                            ),
                                            "+",
                                            models.F("germinated"),
                                        ),
                                        "+",
                                        models.F("defective"),
                                    ),
                                ),
                                ("beans_counted__gt", 0),
                                ("defective__isnull", False),
                                ("germinated__isnull", False),
                                ("insect_damaged__isnull", False),
                                ("mouldy__isnull", False),
                                ("slaty__isnull", False),
                                ("slightly_fermented__isnull", False),
                                ("violet__isnull", False),
                                ("well_fermented__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="every_bean_is_of_one_class",
                        violation_error_message="Las clases no suman los granos cortados: cada grano se cuenta una vez.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("beans_counted__isnull", False),
                            ("beans_weight_g__isnull", False),
                            ("beans_per_100g__isnull", False),
                            ("moisture_percent__isnull", False),
                            ("foreign_matter_percent__isnull", False),
                            _connector="OR",
                        ),
                        name="a_test_finds_something",
                        violation_error_message="Anote al menos una medida.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", None),
                            models.Q(("beans_counted__isnull", False), ("edition__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_grade_comes_of_a_cut_and_a_table",
                        violation_error_message="Sin corte y sin tabla no hay grado.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moisture_percent", None),
                            models.Q(("moisture_percent__gte", 0), ("moisture_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="moisture_of_a_test_is_a_share",
                        violation_error_message="La humedad va de 0 a 100 por ciento.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("foreign_matter_percent", None),
                            models.Q(
                                ("foreign_matter_percent__gte", 0),
                                ("foreign_matter_percent__lte", 100),
                            ),
                            _connector="OR",
                        ),
                        name="foreign_matter_is_a_share",
                        violation_error_message="Las impurezas van de 0 a 100 por ciento.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("beans_weight_g", None), ("beans_weight_g__gt", 0), _connector="OR"
                        ),
                        name="beans_weigh_something",
                        violation_error_message="Cien granos pesan más que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("beans_per_100g", None), ("beans_per_100g__gt", 0), _connector="OR"
                        ),
                        name="a_hundred_grams_hold_beans",
                        violation_error_message="En cien gramos hay granos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("why", "")),
                            models.Q(("replaces__isnull", False), ("why__regex", "\\S")),
                            _connector="OR",
                        ),
                        name="a_corrected_test_says_why",
                        violation_error_message="Escriba por qué se corrige la prueba.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tested_at__lte", models.F("noted_at"))),
                        name="no_test_is_of_the_future",
                        violation_error_message="Esa hora todavía no llega.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityPhotograph",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "caption",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="qué se ve"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fotografía",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photographs",
                        to="harvests.qualitytest",
                        verbose_name="prueba",
                    ),
                ),
            ],
            options={
                "verbose_name": "fotografía de una prueba",
                "verbose_name_plural": "fotografías de las pruebas",
                "ordering": ["test", "id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalQualityTest",
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
                        error_messages={"unique": "Ya hay una prueba con ese número."},
                        verbose_name="número",
                    ),
                ),
                ("tested_at", models.DateTimeField(verbose_name="probado el")),
                (
                    "sampler",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="quién tomó la muestra"
                    ),
                ),
                (
                    "beans_counted",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="granos cortados"
                    ),
                ),
                (
                    "well_fermented",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="bien fermentados"
                    ),
                ),
                (
                    "slightly_fermented",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="ligeramente fermentados"
                    ),
                ),
                (
                    "violet",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="violetas"
                    ),
                ),
                (
                    "slaty",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="pizarrosos"
                    ),
                ),
                (
                    "mouldy",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="mohosos"),
                ),
                (
                    "insect_damaged",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="dañados por insectos"
                    ),
                ),
                (
                    "germinated",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="germinados"
                    ),
                ),
                (
                    "defective",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="planos o con otro defecto"
                    ),
                ),
                (
                    "beans_weight_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="peso de 100 granos (g)",
                    ),
                ),
                (
                    "beans_per_100g",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(20),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="granos en 100 g",
                    ),
                ),
                (
                    "moisture_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="humedad (%)",
                    ),
                ),
                (
                    "foreign_matter_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="impurezas y defectos (% del peso)",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "below",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="por qué no uno mejor",
                    ),
                ),
                (
                    "why",
                    kallari.text.LineField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        verbose_name="por qué se corrige",
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="anotada el")),
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
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.gradeedition",
                        verbose_name="tabla con que se calificó",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.grade",
                        verbose_name="grado",
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
                    "tested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la anotó",
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
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.qualitytest",
                        verbose_name="está en lugar de",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical prueba de calidad",
                "verbose_name_plural": "historical pruebas de calidad",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_8087ae68_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_8087ae68_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_8087ae68_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_8087ae68_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_qualitytest_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQualityPhotograph",
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
                    "caption",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="qué se ve"),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fotografía",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.qualitytest",
                        verbose_name="prueba",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical fotografía de una prueba",
                "verbose_name_plural": "historical fotografías de las pruebas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_eebcb466_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_eebcb466_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_eebcb466_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_eebcb466_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_qualityphotograph_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gradeedition",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5edb936acea935a507ba67b19b446a864406e536",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_068db",
                    table="harvests_gradeedition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gradeedition",
            trigger=pgtrigger.compiler.Trigger(
                name="a_published_edition_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.published_at IS NOT NULL)",
                    func="\n            IF (to_jsonb(NEW) - 'confirmed') IS DISTINCT FROM (to_jsonb(OLD) - 'confirmed')\n               OR (OLD.confirmed AND NOT NEW.confirmed) THEN\n                RAISE EXCEPTION 'a published table of grades stays as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_table_stays';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5fb7b88bf74f86fa1f35c653df93ebcfd3968e55",
                    operation="UPDATE",
                    pgid="pgtrigger_a_published_edition_stays_155f6",
                    table="harvests_gradeedition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grade",
            trigger=pgtrigger.compiler.Trigger(
                name="a_published_grade_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE tables bigint[];",
                    func="\n            IF TG_OP = 'INSERT' THEN\n                tables := ARRAY[NEW.edition_id];\n            ELSIF TG_OP = 'DELETE' THEN\n                tables := ARRAY[OLD.edition_id];\n            ELSE\n                tables := ARRAY[OLD.edition_id, NEW.edition_id];\n            END IF;\n            PERFORM 1 FROM harvests_gradeedition WHERE id = ANY (tables) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM harvests_gradeedition\n                       WHERE id = ANY (tables) AND published_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'a published table of grades stays as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_table_stays';\n            END IF;\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="982c4b26e268286c4cc0fa5a2033427837399a83",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_a_published_grade_stays_e746b",
                    table="harvests_grade",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalgrade",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="3a0d74b4b268b6a04d69e9b67fbf94108dded5de",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7bf38",
                    table="harvests_historicalgrade",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalgradeedition",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="075c988854bc7b35d5bb5be0e12b9b075ba32324",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_373e1",
                    table="harvests_historicalgradeedition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="labresult",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="61b733f7ce2f34f929369ee8838860c159b03651",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_450ca",
                    table="harvests_labresult",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="labresult",
            trigger=pgtrigger.compiler.Trigger(
                name="a_correction_is_of_the_same",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.replaces_id IS NOT NULL)",
                    func="\n            IF EXISTS (SELECT 1 FROM harvests_labresult first\n                       WHERE first.id = NEW.replaces_id\n                         AND (first.lot_id, first.substance) IS DISTINCT FROM (NEW.lot_id, NEW.substance)) THEN\n                RAISE EXCEPTION 'what is corrected is of something else' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_correction_is_of_the_same';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0c7c88b5685c8c0e0a500a721c728c651e0fcdd9",
                    operation="INSERT",
                    pgid="pgtrigger_a_correction_is_of_the_same_5aef8",
                    table="harvests_labresult",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicallabresult",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="7b0a5b98bb1f3ca5a23973a1b34bf1a9f606277e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_f7de6",
                    table="harvests_historicallabresult",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="qualitytest",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="5778313ac94c2617e9375fb1bea26a68559a2457",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_12ee8",
                    table="harvests_qualitytest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="qualitytest",
            trigger=pgtrigger.compiler.Trigger(
                name="beans_are_about_a_hundred",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.beans_counted IS NOT NULL)",
                    func="\n            IF abs(NEW.beans_counted - 100) > (kallari_rule_value('quality.beans_apart_most', (NEW.tested_at AT TIME ZONE 'America/Guayaquil')::date))::text::int THEN\n                RAISE EXCEPTION 'a cut test is of about a hundred beans' USING ERRCODE = 'check_violation', CONSTRAINT = 'beans_are_about_a_hundred';\n            END IF;\n            IF NEW.note !~ '\\S' AND abs(NEW.beans_counted - 100) > (kallari_rule_value('quality.beans_apart_noted', (NEW.tested_at AT TIME ZONE 'America/Guayaquil')::date))::text::int THEN\n                RAISE EXCEPTION 'a count that is not a hundred has a note' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_odd_count_has_a_note';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="958300f7064cfd83c9a4e93c2b5f142f642376be",
                    operation="INSERT",
                    pgid="pgtrigger_beans_are_about_a_hundred_8cc06",
                    table="harvests_qualitytest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="qualitytest",
            trigger=pgtrigger.compiler.Trigger(
                name="a_test_is_graded_by_its_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.edition_id IS NOT NULL)",
                    declare="DECLARE told harvests_grade; counted numeric; product bigint;",
                    func="\n            SELECT form.product_id INTO product\n            FROM harvests_productform form\n            WHERE form.id = coalesce(\n                (SELECT form_id FROM harvests_lot WHERE id = NEW.lot_id),\n                (SELECT form_id FROM harvests_delivery WHERE id = NEW.delivery_id)\n            );\n            IF NOT EXISTS (\n                SELECT 1 FROM harvests_gradeedition\n                WHERE id = NEW.edition_id AND published_at IS NOT NULL\n                  AND product_id = coalesce(product, product_id)\n            ) THEN\n                RAISE EXCEPTION 'no published table of that product' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_grade_is_of_the_table_in_force';\n            END IF;\n            IF NEW.grade_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT * INTO told FROM harvests_grade WHERE id = NEW.grade_id;\n            IF told.edition_id <> NEW.edition_id THEN\n                RAISE EXCEPTION 'a grade of another table' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_grade_is_of_the_table_in_force';\n            END IF;\n            counted := NEW.beans_counted / 100.0;\n            IF coalesce(NEW.beans_weight_g, 10000.0 / NEW.beans_per_100g) < told.weight_min_g\n               OR (told.weight_min_g IS NOT NULL\n                   AND coalesce(NEW.beans_weight_g, NEW.beans_per_100g) IS NULL)\n               OR NEW.well_fermented < told.well_fermented_min * counted\n               OR NEW.well_fermented + NEW.slightly_fermented < told.fermented_min * counted\n               OR NEW.violet > told.violet_max * counted\n               OR NEW.slaty > told.slaty_max * counted\n               OR NEW.mouldy > told.mouldy_max * counted THEN\n                RAISE EXCEPTION 'the beans do not hold the limits' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_grade_holds_its_limits';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="519361bc7293acefadeb1f499b814ac54d4c4d82",
                    operation="INSERT",
                    pgid="pgtrigger_a_test_is_graded_by_its_table_f4f34",
                    table="harvests_qualitytest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="qualitytest",
            trigger=pgtrigger.compiler.Trigger(
                name="a_correction_is_of_the_same",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.replaces_id IS NOT NULL)",
                    func="\n            IF EXISTS (SELECT 1 FROM harvests_qualitytest first\n                       WHERE first.id = NEW.replaces_id\n                         AND (first.lot_id, first.batch_id, first.delivery_id) IS DISTINCT FROM (NEW.lot_id, NEW.batch_id, NEW.delivery_id)) THEN\n                RAISE EXCEPTION 'what is corrected is of something else' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_correction_is_of_the_same';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="385d1be60cdda18260b3ab0dcaa74349640202fc",
                    operation="INSERT",
                    pgid="pgtrigger_a_correction_is_of_the_same_2ddcf",
                    table="harvests_qualitytest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="qualityphotograph",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="d27a1ca205d0c0aea6bfe84dddc0ad718121163a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7debd",
                    table="harvests_qualityphotograph",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalqualitytest",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="2f8847419686902e08c7888796b40ad8739b3ed2",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7d2c2",
                    table="harvests_historicalqualitytest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalqualityphotograph",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="6b3559fe9b432a0586bf38c859f8334d3bc8ef37",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7305c",
                    table="harvests_historicalqualityphotograph",
                    when="BEFORE",
                ),
            ),
        ),
    ]
