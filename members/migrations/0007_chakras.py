"""Chakras, their boundaries in versions, and what lies on what."""

import django.core.validators
import django.db.models.deletion
import django.db.models.fields.json
import kallari.history.context
import kallari.history.records
import kallari.text
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.db import migrations, models
from kallari.new_tables import NewTables


class Migration(NewTables):
    dependencies = [
        ("files", "0001_stored_files"),
        ("members", "0006_cards"),
        ("rules", "0002_value_in_sql"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chakra",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(editable=False, unique=True, verbose_name="número"),
                ),
                (
                    "name",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Cómo la llama la familia, si la llama.",
                        max_length=80,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "declared_area_ha",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Lo que dice la familia. Necesaria cuando la chakra se marca con un punto.",
                        max_digits=9,
                        null=True,
                        verbose_name="área declarada (ha)",
                    ),
                ),
                (
                    "tenure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("title", "título propio"),
                            ("communal", "tierra de la comunidad"),
                            ("possession", "posesión sin título"),
                            ("inherited", "herencia sin dividir"),
                            ("lent", "prestada o arrendada"),
                        ],
                        max_length=12,
                        verbose_name="tenencia",
                    ),
                ),
                (
                    "shade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "a pleno sol"),
                            ("light", "poca, menos de un tercio"),
                            ("medium", "media, hasta dos tercios"),
                            ("dense", "mucha, más de dos tercios"),
                        ],
                        max_length=8,
                        verbose_name="sombra",
                    ),
                ),
                (
                    "species_count",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Cuántas especies de plantas se contaron, con las de sombra y medicina.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(2000)],
                        verbose_name="especies",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "por verificar"),
                            ("verified", "verificada"),
                            ("suspended", "suspendida"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="dejada el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chakras",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
            ],
            options={
                "verbose_name": "chakra",
                "verbose_name_plural": "chakras",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["state", "number"], name="chakras_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declared_area_ha", None), ("declared_area_ha__gt", 0), _connector="OR"
                        ),
                        name="a_declared_area_is_more_than_nothing",
                        violation_error_message="El área declarada es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            models.Q(("state", "verified"), _negated=True),
                            _connector="OR",
                        ),
                        name="a_chakra_given_up_is_not_verified",
                        violation_error_message="Una chakra dejada no queda verificada.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChakraConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "overlap_m2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="encima (m²)"
                    ),
                ),
                ("overlap", models.JSONField(default=list, verbose_name="parte común")),
                ("found_on", models.DateField(verbose_name="encontrado el")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "se corrigió un lindero"),
                            ("tolerated", "es error de medida, se acepta"),
                            ("shared", "las familias lo comparten de acuerdo"),
                            ("decided", "la comunidad decidió de quién es"),
                            ("given_up", "una de las chakras se dejó"),
                        ],
                        max_length=10,
                        verbose_name="resultado",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decidido el")),
                (
                    "decision",
                    kallari.text.NoteField(
                        blank=True, max_length=1000, verbose_name="qué se decidió y por qué"
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts_as_one",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts_as_other",
                        to="members.chakra",
                        verbose_name="otra chakra",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflicto de linderos",
                "verbose_name_plural": "conflictos de linderos",
                "ordering": ["decided_on", "-overlap_m2", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_on", None)),
                        fields=("one", "other"),
                        name="one_open_conflict_a_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="a_pair_has_one_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on", None), ("decision", ""), ("outcome", "")),
                            models.Q(
                                ("decided_on__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_outcome_and_reason",
                        violation_error_message="Una decisión lleva el resultado y la razón.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChakraCrop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "crop",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("plantain", "plátano"),
                            ("cassava", "yuca"),
                            ("fruit", "frutales"),
                            ("timber", "madera"),
                            ("cinnamon", "canela o ishpingo"),
                            ("other", "otro cultivo"),
                        ],
                        max_length=10,
                        verbose_name="cultivo",
                    ),
                ),
                (
                    "variety",
                    kallari.text.LineField(blank=True, max_length=60, verbose_name="variedad"),
                ),
                (
                    "area_ha",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=8,
                        null=True,
                        verbose_name="área (ha)",
                    ),
                ),
                (
                    "plants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="plantas"),
                ),
                (
                    "planted_in",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="El año.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2200),
                        ],
                        verbose_name="sembrado en",
                    ),
                ),
                (
                    "chakra",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crops",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
            ],
            options={
                "verbose_name": "cultivo de una chakra",
                "verbose_name_plural": "cultivos de las chakras",
                "ordering": ["chakra", "crop", "variety"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chakra", "crop", "variety"),
                        name="one_line_a_chakra_crop_and_variety",
                        violation_error_message="Ese cultivo y esa variedad ya están en la lista.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_ha", None), ("area_ha__gt", 0), _connector="OR"),
                        name="a_crop_has_an_area",
                        violation_error_message="El área de un cultivo es mayor que cero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChakraGeometry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="versión")),
                ("is_current", models.BooleanField(default=True, verbose_name="vigente")),
                (
                    "kind",
                    models.CharField(
                        choices=[("Point", "punto"), ("Polygon", "lindero")],
                        max_length=8,
                        verbose_name="clase",
                    ),
                ),
                ("geometry", models.JSONField(verbose_name="geometría")),
                (
                    "area_ha",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Calculada sobre el elipsoide; de un punto, la declarada.",
                        max_digits=9,
                        verbose_name="área (ha)",
                    ),
                ),
                (
                    "perimeter_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=9,
                        null=True,
                        verbose_name="perímetro (m)",
                    ),
                ),
                ("west", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("south", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("east", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("north", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("walk", "recorrida con el teléfono"),
                            ("gps", "tomada con GPS"),
                            ("drawn", "dibujada sobre una imagen"),
                            ("typed", "escrita a mano"),
                            ("file", "traída de un archivo"),
                        ],
                        max_length=6,
                        verbose_name="cómo se tomó",
                    ),
                ),
                (
                    "accuracy_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="El error más grande que dio el aparato.",
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="exactitud (m)",
                    ),
                ),
                ("captured_on", models.DateField(verbose_name="tomada el")),
                (
                    "captured_by",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="tomada por"),
                ),
                (
                    "noticed",
                    models.TextField(
                        blank=True, editable=False, verbose_name="observado al guardar"
                    ),
                ),
                (
                    "chakra",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="geometries",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
            ],
            options={
                "verbose_name": "geometría de una chakra",
                "verbose_name_plural": "geometrías de las chakras",
                "ordering": ["chakra", "-version"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_current", True)),
                        fields=["west", "east", "south", "north"],
                        name="present_boundaries_by_place",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chakra", "version"), name="one_geometry_a_chakra_and_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("chakra",),
                        name="one_present_geometry_a_chakra",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_ha__gt", 0)), name="a_chakra_has_an_area"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("south__lte", models.F("north")), ("west__lte", models.F("east"))
                        ),
                        name="a_box_is_not_turned_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind",
                                django.db.models.fields.json.KeyTextTransform("type", "geometry"),
                            )
                        ),
                        name="a_geometry_is_of_its_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChakraPhotograph",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_on", models.DateField(verbose_name="tomada el")),
                (
                    "caption",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="qué se ve"),
                ),
                (
                    "chakra",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photographs",
                        to="members.chakra",
                        verbose_name="chakra",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fotografía",
                    ),
                ),
            ],
            options={
                "verbose_name": "fotografía de una chakra",
                "verbose_name_plural": "fotografías de las chakras",
                "ordering": ["chakra", "-taken_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalChakra",
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
                ("number", models.PositiveIntegerField(editable=False, verbose_name="número")),
                (
                    "name",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Cómo la llama la familia, si la llama.",
                        max_length=80,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "declared_area_ha",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Lo que dice la familia. Necesaria cuando la chakra se marca con un punto.",
                        max_digits=9,
                        null=True,
                        verbose_name="área declarada (ha)",
                    ),
                ),
                (
                    "tenure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("title", "título propio"),
                            ("communal", "tierra de la comunidad"),
                            ("possession", "posesión sin título"),
                            ("inherited", "herencia sin dividir"),
                            ("lent", "prestada o arrendada"),
                        ],
                        max_length=12,
                        verbose_name="tenencia",
                    ),
                ),
                (
                    "shade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "a pleno sol"),
                            ("light", "poca, menos de un tercio"),
                            ("medium", "media, hasta dos tercios"),
                            ("dense", "mucha, más de dos tercios"),
                        ],
                        max_length=8,
                        verbose_name="sombra",
                    ),
                ),
                (
                    "species_count",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Cuántas especies de plantas se contaron, con las de sombra y medicina.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(2000)],
                        verbose_name="especies",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "por verificar"),
                            ("verified", "verificada"),
                            ("suspended", "suspendida"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="dejada el"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
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
                "verbose_name": "historical chakra",
                "verbose_name_plural": "historical chakras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_9e5a39c8_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_9e5a39c8_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_9e5a39c8_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_9e5a39c8_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_chakra_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalChakraConflict",
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
                    "overlap_m2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="encima (m²)"
                    ),
                ),
                ("overlap", models.JSONField(default=list, verbose_name="parte común")),
                ("found_on", models.DateField(verbose_name="encontrado el")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "se corrigió un lindero"),
                            ("tolerated", "es error de medida, se acepta"),
                            ("shared", "las familias lo comparten de acuerdo"),
                            ("decided", "la comunidad decidió de quién es"),
                            ("given_up", "una de las chakras se dejó"),
                        ],
                        max_length=10,
                        verbose_name="resultado",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decidido el")),
                (
                    "decision",
                    kallari.text.NoteField(
                        blank=True, max_length=1000, verbose_name="qué se decidió y por qué"
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
                    "one",
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
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.chakra",
                        verbose_name="otra chakra",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical conflicto de linderos",
                "verbose_name_plural": "historical conflictos de linderos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_1ae1934c_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_1ae1934c_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_1ae1934c_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_1ae1934c_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_chakraconflict_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalChakraCrop",
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
                    "crop",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("plantain", "plátano"),
                            ("cassava", "yuca"),
                            ("fruit", "frutales"),
                            ("timber", "madera"),
                            ("cinnamon", "canela o ishpingo"),
                            ("other", "otro cultivo"),
                        ],
                        max_length=10,
                        verbose_name="cultivo",
                    ),
                ),
                (
                    "variety",
                    kallari.text.LineField(blank=True, max_length=60, verbose_name="variedad"),
                ),
                (
                    "area_ha",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=8,
                        null=True,
                        verbose_name="área (ha)",
                    ),
                ),
                (
                    "plants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="plantas"),
                ),
                (
                    "planted_in",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="El año.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2200),
                        ],
                        verbose_name="sembrado en",
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
            ],
            options={
                "verbose_name": "historical cultivo de una chakra",
                "verbose_name_plural": "historical cultivos de las chakras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_22622ef0_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_22622ef0_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_22622ef0_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_22622ef0_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_chakracrop_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalChakraGeometry",
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
                ("version", models.PositiveSmallIntegerField(verbose_name="versión")),
                ("is_current", models.BooleanField(default=True, verbose_name="vigente")),
                (
                    "kind",
                    models.CharField(
                        choices=[("Point", "punto"), ("Polygon", "lindero")],
                        max_length=8,
                        verbose_name="clase",
                    ),
                ),
                ("geometry", models.JSONField(verbose_name="geometría")),
                (
                    "area_ha",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Calculada sobre el elipsoide; de un punto, la declarada.",
                        max_digits=9,
                        verbose_name="área (ha)",
                    ),
                ),
                (
                    "perimeter_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=9,
                        null=True,
                        verbose_name="perímetro (m)",
                    ),
                ),
                ("west", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("south", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("east", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                ("north", models.DecimalField(decimal_places=6, editable=False, max_digits=9)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("walk", "recorrida con el teléfono"),
                            ("gps", "tomada con GPS"),
                            ("drawn", "dibujada sobre una imagen"),
                            ("typed", "escrita a mano"),
                            ("file", "traída de un archivo"),
                        ],
                        max_length=6,
                        verbose_name="cómo se tomó",
                    ),
                ),
                (
                    "accuracy_m",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="El error más grande que dio el aparato.",
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="exactitud (m)",
                    ),
                ),
                ("captured_on", models.DateField(verbose_name="tomada el")),
                (
                    "captured_by",
                    kallari.text.LineField(blank=True, max_length=120, verbose_name="tomada por"),
                ),
                (
                    "noticed",
                    models.TextField(
                        blank=True, editable=False, verbose_name="observado al guardar"
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
            ],
            options={
                "verbose_name": "historical geometría de una chakra",
                "verbose_name_plural": "historical geometrías de las chakras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_c2c90048_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_c2c90048_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_c2c90048_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_c2c90048_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_chakrageometry_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalChakraPhotograph",
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
                ("taken_on", models.DateField(verbose_name="tomada el")),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fotografía",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical fotografía de una chakra",
                "verbose_name_plural": "historical fotografías de las chakras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_47ba1d80_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_47ba1d80_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_47ba1d80_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_47ba1d80_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_chakraphotograph_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakra",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="a931080855db560f26f66e54d7263093dff45fd2",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_0048c",
                    table="members_chakra",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakra",
            trigger=pgtrigger.compiler.Trigger(
                name="no_verification_with_an_open_conflict",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.state = 'verified')",
                    func="\n            IF EXISTS (SELECT 1 FROM members_chakraconflict conflict\n                       WHERE conflict.decided_on IS NULL\n                         AND NEW.id IN (conflict.one_id, conflict.other_id)) THEN\n                RAISE EXCEPTION 'an open conflict blocks the verification'\n                USING ERRCODE = 'check_violation',\n                      CONSTRAINT = 'no_verification_with_an_open_conflict';\n            END IF;\n            IF NOT EXISTS (SELECT 1 FROM members_chakrageometry geometry\n                           WHERE geometry.chakra_id = NEW.id AND geometry.is_current) THEN\n                RAISE EXCEPTION 'a chakra without a place is not verified'\n                USING ERRCODE = 'check_violation',\n                      CONSTRAINT = 'no_verification_with_an_open_conflict';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="840290fa791be5b5c1135fe0d1460ba85f59ecef",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_no_verification_with_an_open_conflict_2d8d3",
                    table="members_chakra",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakraconflict",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="3081c396762f5a5550283f2a8ae596a5fcf5f8d1",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_790b9",
                    table="members_chakraconflict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakrageometry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="0f1c01309e659bf5ae631d5bb4233b69e9cfca1b",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_a4f7b",
                    table="members_chakrageometry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakrageometry",
            trigger=pgtrigger.compiler.Trigger(
                name="small_enough_for_a_point",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.kind = 'Point' AND NEW.is_current)",
                    func="\n            IF NEW.area_ha >\n               (kallari_rule_value('chakra.point_max_ha', NEW.captured_on) #>> '{}')::numeric THEN\n                RAISE EXCEPTION 'a chakra of this area needs its boundary'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'small_enough_for_a_point';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="d68e9e95bc5193ee447498ecf372adc7caa9e92f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_small_enough_for_a_point_08551",
                    table="members_chakrageometry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chakrageometry",
            trigger=pgtrigger.compiler.Trigger(
                name="a_boundary_stays_as_it_was_taken",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - 'is_current') IS DISTINCT FROM (to_jsonb(OLD) - 'is_current')\n               OR (NEW.is_current AND NOT OLD.is_current) THEN\n                RAISE EXCEPTION '% is append-only: another version is added', TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="35f1bff14e522208dc6ff7e2afa9cac9fd397e3f",
                    operation="UPDATE",
                    pgid="pgtrigger_a_boundary_stays_as_it_was_taken_bb696",
                    table="members_chakrageometry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalchakra",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="32532d8a946ac768c0316d1a21c1f96e28efed36",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_d7d9f",
                    table="members_historicalchakra",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalchakraconflict",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="347accb573813b48b2802171829dd5a412c56b23",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_366fd",
                    table="members_historicalchakraconflict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalchakracrop",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="3a2d7582f4a61b613b06536dc987d2155eafab73",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_21a9d",
                    table="members_historicalchakracrop",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalchakrageometry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="7bc7f4279409f1d02fb58bd32db7cc25224cd498",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_85deb",
                    table="members_historicalchakrageometry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalchakraphotograph",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="c5dacc6b937cdfacd780466cb038140b5a6afa12",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b0e59",
                    table="members_historicalchakraphotograph",
                    when="BEFORE",
                ),
            ),
        ),
    ]
