"""Families, people and memberships."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import kallari.cedula
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
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("files", "0001_stored_files"),
        ("members", "0003_text_without_unseen_signs"),
        ("rules", "0002_value_in_sql"),
    ]

    operations = [
        migrations.CreateModel(
            name="Family",
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
                        error_messages={"unique": "Ya hay una familia con ese número."},
                        help_text="Lo asigna el sistema; no cambia nunca.",
                        unique=True,
                        verbose_name="número",
                    ),
                ),
                (
                    "name",
                    kallari.text.NameField(
                        help_text="Los apellidos por los que se la conoce.",
                        max_length=120,
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
                (
                    "joined_on",
                    models.DateField(
                        blank=True,
                        help_text="Si se sabe: el día en que empezó a entregar o se acercó.",
                        null=True,
                        verbose_name="con la asociación desde",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="Desde este día la familia ya no está en la asociación.",
                        null=True,
                        verbose_name="retirada el",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="families",
                        to="members.community",
                        verbose_name="comunidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "familia",
                "verbose_name_plural": "familias",
                "ordering": ["search_key", "number"],
                "indexes": [models.Index(fields=["search_key", "number"], name="families_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("search_key", ""), _negated=True),
                        name="a_family_name_has_letters",
                        violation_error_message="Escriba un nombre con letras o cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_on", None),
                            ("closed_on", None),
                            ("closed_on__gte", models.F("joined_on")),
                            _connector="OR",
                        ),
                        name="a_family_leaves_after_it_came",
                        violation_error_message="Una familia no se retira antes de haber llegado.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCommunityAssignment",
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical comunidad a cargo",
                "verbose_name_plural": "historical comunidades a cargo",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_965b8a86_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_965b8a86_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_965b8a86_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_965b8a86_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_communityassignment_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFamily",
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
                        error_messages={"unique": "Ya hay una familia con ese número."},
                        help_text="Lo asigna el sistema; no cambia nunca.",
                        verbose_name="número",
                    ),
                ),
                (
                    "name",
                    kallari.text.NameField(
                        help_text="Los apellidos por los que se la conoce.",
                        max_length=120,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "joined_on",
                    models.DateField(
                        blank=True,
                        help_text="Si se sabe: el día en que empezó a entregar o se acercó.",
                        null=True,
                        verbose_name="con la asociación desde",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="Desde este día la familia ya no está en la asociación.",
                        null=True,
                        verbose_name="retirada el",
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
                "verbose_name": "historical familia",
                "verbose_name_plural": "historical familias",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_4df80655_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_4df80655_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_4df80655_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_4df80655_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_family_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPerson",
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
                ("surnames", kallari.text.NameField(max_length=80, verbose_name="apellidos")),
                ("given_names", kallari.text.NameField(max_length=80, verbose_name="nombres")),
                (
                    "cedula",
                    kallari.cedula.CedulaField(
                        blank=True,
                        error_messages={"unique": "Ya hay una persona registrada con esa cédula."},
                        max_length=10,
                        null=True,
                        verbose_name="cédula",
                    ),
                ),
                (
                    "cedula_missing_reason",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Solo si no hay cédula: por ejemplo «perdida, en trámite».",
                        max_length=120,
                        verbose_name="por qué falta la cédula",
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("F", "mujer"), ("M", "hombre"), ("X", "otro")],
                        max_length=1,
                        verbose_name="sexo",
                    ),
                ),
                (
                    "born_on",
                    models.DateField(blank=True, null=True, verbose_name="fecha de nacimiento"),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Si no se sabe el día. Con la fecha completa se llena solo.",
                        null=True,
                        verbose_name="año de nacimiento",
                    ),
                ),
                (
                    "died_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="fallecida el"
                    ),
                ),
                (
                    "kinship",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("head", "responsable de la familia"),
                            ("spouse", "cónyuge o pareja"),
                            ("child", "hija o hijo"),
                            ("parent", "madre o padre"),
                            ("sibling", "hermana o hermano"),
                            ("grandchild", "nieta o nieto"),
                            ("other", "otro parentesco"),
                        ],
                        max_length=10,
                        verbose_name="parentesco",
                    ),
                ),
                ("speaks_kichwa", models.BooleanField(default=False, verbose_name="habla kichwa")),
                ("speaks_spanish", models.BooleanField(default=True, verbose_name="habla español")),
                (
                    "other_languages",
                    kallari.text.LineField(blank=True, max_length=80, verbose_name="otras lenguas"),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()/.-]{5,28}[0-9]$",
                                "Escriba el teléfono con cifras, por ejemplo 098 765 4321.",
                                code="phone_invalid",
                            )
                        ],
                        verbose_name="teléfono",
                    ),
                ),
                (
                    "next_of_kin_name",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La persona a la que se llama si pasa algo.",
                        max_length=120,
                        verbose_name="a quién avisar",
                    ),
                ),
                (
                    "next_of_kin_relation",
                    kallari.text.LineField(
                        blank=True, max_length=60, verbose_name="qué es de ella"
                    ),
                ),
                (
                    "next_of_kin_phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()/.-]{5,28}[0-9]$",
                                "Escriba el teléfono con cifras, por ejemplo 098 765 4321.",
                                code="phone_invalid",
                            )
                        ],
                        verbose_name="teléfono de esa persona",
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
                (
                    "photograph",
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
            ],
            options={
                "verbose_name": "historical persona",
                "verbose_name_plural": "historical personas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_dcc2f678_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_dcc2f678_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_dcc2f678_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_dcc2f678_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_person_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTradeEvidence",
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
                    "product",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("crafts", "artesanías"),
                            ("other", "otro producto"),
                        ],
                        max_length=10,
                        verbose_name="producto",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="primera entrega")),
                ("last_on", models.DateField(verbose_name="última entrega")),
                (
                    "reference",
                    kallari.text.LineField(
                        help_text="Qué papel es y dónde está: «cuaderno de compras 2021, folio 14».",
                        max_length=200,
                        verbose_name="documento",
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
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="copia",
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
                "verbose_name": "historical prueba de comercio",
                "verbose_name_plural": "historical pruebas de comercio",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_0d24e07c_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_0d24e07c_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_0d24e07c_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_0d24e07c_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_tradeevidence_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("surnames", kallari.text.NameField(max_length=80, verbose_name="apellidos")),
                ("given_names", kallari.text.NameField(max_length=80, verbose_name="nombres")),
                (
                    "search_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            django.db.models.functions.text.Concat(
                                models.F("surnames"),
                                models.Value(" "),
                                models.F("given_names"),
                                output_field=models.TextField(),
                            ),
                            function="kallari_search_key",
                        ),
                        output_field=models.TextField(),
                        verbose_name="letras del nombre",
                    ),
                ),
                (
                    "sound_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            django.db.models.functions.text.Concat(
                                models.F("surnames"),
                                models.Value(" "),
                                models.F("given_names"),
                                output_field=models.TextField(),
                            ),
                            function="kallari_sound_key",
                        ),
                        output_field=models.TextField(),
                        verbose_name="sonido del nombre",
                    ),
                ),
                (
                    "cedula",
                    kallari.cedula.CedulaField(
                        blank=True,
                        error_messages={"unique": "Ya hay una persona registrada con esa cédula."},
                        max_length=10,
                        null=True,
                        unique=True,
                        verbose_name="cédula",
                    ),
                ),
                (
                    "cedula_missing_reason",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Solo si no hay cédula: por ejemplo «perdida, en trámite».",
                        max_length=120,
                        verbose_name="por qué falta la cédula",
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("F", "mujer"), ("M", "hombre"), ("X", "otro")],
                        max_length=1,
                        verbose_name="sexo",
                    ),
                ),
                (
                    "born_on",
                    models.DateField(blank=True, null=True, verbose_name="fecha de nacimiento"),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Si no se sabe el día. Con la fecha completa se llena solo.",
                        null=True,
                        verbose_name="año de nacimiento",
                    ),
                ),
                (
                    "died_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="fallecida el"
                    ),
                ),
                (
                    "kinship",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("head", "responsable de la familia"),
                            ("spouse", "cónyuge o pareja"),
                            ("child", "hija o hijo"),
                            ("parent", "madre o padre"),
                            ("sibling", "hermana o hermano"),
                            ("grandchild", "nieta o nieto"),
                            ("other", "otro parentesco"),
                        ],
                        max_length=10,
                        verbose_name="parentesco",
                    ),
                ),
                ("speaks_kichwa", models.BooleanField(default=False, verbose_name="habla kichwa")),
                ("speaks_spanish", models.BooleanField(default=True, verbose_name="habla español")),
                (
                    "other_languages",
                    kallari.text.LineField(blank=True, max_length=80, verbose_name="otras lenguas"),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()/.-]{5,28}[0-9]$",
                                "Escriba el teléfono con cifras, por ejemplo 098 765 4321.",
                                code="phone_invalid",
                            )
                        ],
                        verbose_name="teléfono",
                    ),
                ),
                (
                    "next_of_kin_name",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La persona a la que se llama si pasa algo.",
                        max_length=120,
                        verbose_name="a quién avisar",
                    ),
                ),
                (
                    "next_of_kin_relation",
                    kallari.text.LineField(
                        blank=True, max_length=60, verbose_name="qué es de ella"
                    ),
                ),
                (
                    "next_of_kin_phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ()/.-]{5,28}[0-9]$",
                                "Escriba el teléfono con cifras, por ejemplo 098 765 4321.",
                                code="phone_invalid",
                            )
                        ],
                        verbose_name="teléfono de esa persona",
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "photograph",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fotografía",
                    ),
                ),
            ],
            options={
                "verbose_name": "persona",
                "verbose_name_plural": "personas",
                "ordering": ["search_key", "id"],
                "permissions": [
                    ("identify_person", "Can see identity numbers, birth dates and telephones")
                ],
                "indexes": [
                    models.Index(fields=["search_key", "id"], name="persons_by_name"),
                    models.Index(fields=["birth_year"], name="persons_by_birth_year"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cedula__isnull", False), ("cedula_missing_reason", "")),
                            models.Q(
                                ("cedula__isnull", True),
                                models.Q(("cedula_missing_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_cedula_or_why_it_is_missing",
                        violation_error_message="Escriba la cédula, o el motivo por el que falta; no las dos cosas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("born_on", None),
                            models.Q(
                                (
                                    "birth_year",
                                    django.db.models.functions.datetime.ExtractYear("born_on"),
                                ),
                                ("birth_year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="the_birth_year_is_that_of_the_birth_date",
                        violation_error_message="El año de nacimiento no es el de la fecha.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_year", None),
                            models.Q(("birth_year__gte", 1890), ("birth_year__lte", 2200)),
                            _connector="OR",
                        ),
                        name="a_birth_year_is_a_year",
                        violation_error_message="Revise el año de nacimiento: lleva cuatro cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("died_on", None),
                            ("born_on", None),
                            ("died_on__gte", models.F("born_on")),
                            _connector="OR",
                        ),
                        name="nobody_dies_before_birth",
                        violation_error_message="La fecha de fallecimiento es anterior al nacimiento.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("search_key", ""), _negated=True),
                        name="a_person_name_has_letters",
                        violation_error_message="Escriba un nombre con letras o cifras.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
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
                        blank=True,
                        error_messages={"unique": "Ya hay una socia o un socio con ese número."},
                        null=True,
                        unique=True,
                        verbose_name="número de socia o socio",
                    ),
                ),
                ("applied_on", models.DateField(verbose_name="solicitud del")),
                (
                    "registered_on",
                    models.DateField(blank=True, null=True, verbose_name="registro del"),
                ),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La que la admite, con su número y fecha, como está en el acta.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día ya no lo es.",
                        null=True,
                        verbose_name="terminó el",
                    ),
                ),
                (
                    "ended_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "salió por su voluntad"),
                            ("expelled", "por exclusión"),
                            ("died", "falleció"),
                            ("withdrew", "solicitud retirada"),
                            ("rejected", "no se admitió"),
                        ],
                        max_length=10,
                        verbose_name="cómo terminó",
                    ),
                ),
                (
                    "end_resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="resolución de salida"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
                (
                    "succeeds",
                    models.OneToOneField(
                        blank=True,
                        help_text="La socia o el socio de la misma familia cuyo lugar ocupa.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="members.partner",
                        verbose_name="sucede a",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="members.person",
                        verbose_name="persona",
                    ),
                ),
            ],
            options={
                "verbose_name": "socia o socio",
                "verbose_name_plural": "socias y socios",
                "ordering": [models.OrderBy(models.F("number"), nulls_last=True), "applied_on"],
                "indexes": [
                    models.Index(fields=["registered_on", "ended_on"], name="partners_by_period")
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("registered_on__isnull", False)),
                        expressions=[
                            (
                                models.Func(
                                    models.Func(
                                        models.F("family"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Func(
                                        models.F("family"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Least(
                                        models.F("registered_on"), models.F("ended_on")
                                    ),
                                    models.F("ended_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_registered_partner_per_family",
                        violation_error_message="La familia ya tiene en esas fechas una socia o un socio registrado. Cada familia tiene una sola persona registrada.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func(
                                        models.F("person"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Func(
                                        models.F("person"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Least(
                                        models.F("applied_on"), models.F("ended_on")
                                    ),
                                    models.F("ended_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_live_partnership_per_person",
                        violation_error_message="Esta persona ya es socia o aspirante en esas fechas. Revise su ficha.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("registered_on", None), ("resolution", "")),
                            models.Q(
                                ("number__isnull", False),
                                ("registered_on__isnull", False),
                                models.Q(("resolution", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registered_with_number_and_resolution",
                        violation_error_message="El registro lleva tres datos juntos: fecha, número y resolución.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_on", None),
                            ("registered_on__gte", models.F("applied_on")),
                            _connector="OR",
                        ),
                        name="registered_after_applying",
                        violation_error_message="El registro no puede ser anterior a la solicitud.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(
                                ("ended_on__gte", models.F("applied_on")),
                                models.Q(
                                    ("registered_on", None),
                                    ("ended_on__gte", models.F("registered_on")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ended_after_it_began",
                        violation_error_message="La salida no puede ser anterior al ingreso.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_how", ""), ("ended_on", None)),
                            models.Q(
                                ("ended_how__in", ["withdrew", "rejected", "died"]),
                                ("ended_on__isnull", False),
                                ("registered_on", None),
                            ),
                            models.Q(
                                ("ended_how__in", ["left", "expelled", "died"]),
                                ("ended_on__isnull", False),
                                ("registered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_end_says_how",
                        violation_error_message="Anote juntos el día y la forma: una solicitud se retira o no se admite; una socia o un socio sale, es excluido o fallece.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("succeeds", None),
                            models.Q(("succeeds", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_succeeds_herself",
                        violation_error_message="Nadie se sucede a sí misma.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSuspension",
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
                ("starts_on", models.DateField(verbose_name="suspensión desde")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día vuelve a estar activa.",
                        null=True,
                        verbose_name="hasta",
                    ),
                ),
                ("resolution", kallari.text.LineField(max_length=120, verbose_name="resolución")),
                (
                    "end_resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="resolución que la levanta"
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
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.partner",
                        verbose_name="socia o socio",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical suspensión",
                "verbose_name_plural": "historical suspensiones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_25e277c3_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_25e277c3_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_25e277c3_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_25e277c3_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_suspension_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPartner",
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
                        blank=True,
                        error_messages={"unique": "Ya hay una socia o un socio con ese número."},
                        null=True,
                        verbose_name="número de socia o socio",
                    ),
                ),
                ("applied_on", models.DateField(verbose_name="solicitud del")),
                (
                    "registered_on",
                    models.DateField(blank=True, null=True, verbose_name="registro del"),
                ),
                (
                    "resolution",
                    kallari.text.LineField(
                        blank=True,
                        help_text="La que la admite, con su número y fecha, como está en el acta.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día ya no lo es.",
                        null=True,
                        verbose_name="terminó el",
                    ),
                ),
                (
                    "ended_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "salió por su voluntad"),
                            ("expelled", "por exclusión"),
                            ("died", "falleció"),
                            ("withdrew", "solicitud retirada"),
                            ("rejected", "no se admitió"),
                        ],
                        max_length=10,
                        verbose_name="cómo terminó",
                    ),
                ),
                (
                    "end_resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="resolución de salida"
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
                (
                    "succeeds",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="La socia o el socio de la misma familia cuyo lugar ocupa.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.partner",
                        verbose_name="sucede a",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.person",
                        verbose_name="persona",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical socia o socio",
                "verbose_name_plural": "historical socias y socios",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_d67b0d36_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_d67b0d36_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_d67b0d36_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_d67b0d36_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_partner_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalBankAccount",
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
                    "institution",
                    kallari.text.LineField(max_length=80, verbose_name="banco o cooperativa"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("savings", "ahorros"), ("checking", "corriente")],
                        max_length=10,
                        verbose_name="tipo de cuenta",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9-]{3,28}[0-9]$", "Escriba solo cifras."
                            )
                        ],
                        verbose_name="número de cuenta",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="en desuso desde"),
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.person",
                        verbose_name="persona",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cuenta bancaria",
                "verbose_name_plural": "historical cuentas bancarias",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_a6aa4022_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_a6aa4022_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_a6aa4022_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_a6aa4022_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="members_bankaccount_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "institution",
                    kallari.text.LineField(max_length=80, verbose_name="banco o cooperativa"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("savings", "ahorros"), ("checking", "corriente")],
                        max_length=10,
                        verbose_name="tipo de cuenta",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9-]{3,28}[0-9]$", "Escriba solo cifras."
                            )
                        ],
                        verbose_name="número de cuenta",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="en desuso desde"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="members.person",
                        verbose_name="persona",
                    ),
                ),
            ],
            options={
                "verbose_name": "cuenta bancaria",
                "verbose_name_plural": "cuentas bancarias",
                "ordering": ["person", "-closed_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("person",),
                        name="one_bank_account_in_use_a_person",
                        violation_error_message="La persona ya tiene una cuenta en uso. Anote primero desde cuándo no se usa.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="suspensión desde")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Desde este día vuelve a estar activa.",
                        null=True,
                        verbose_name="hasta",
                    ),
                ),
                ("resolution", kallari.text.LineField(max_length=120, verbose_name="resolución")),
                (
                    "end_resolution",
                    kallari.text.LineField(
                        blank=True, max_length=120, verbose_name="resolución que la levanta"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="members.partner",
                        verbose_name="socia o socio",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspensión",
                "verbose_name_plural": "suspensiones",
                "ordering": ["partner", "starts_on"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func(
                                        models.F("partner"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Func(
                                        models.F("partner"),
                                        models.Value(0),
                                        function="uuid_hash_extended",
                                        output_field=models.BigIntegerField(),
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Least(
                                        models.F("starts_on"), models.F("ends_on")
                                    ),
                                    models.F("ends_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="suspensions_do_not_overlap",
                        violation_error_message="Ya está suspendida en esas fechas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="a_suspension_ends_after_it_starts",
                        violation_error_message="La suspensión no termina antes de empezar.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TradeEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "product",
                    models.CharField(
                        choices=[
                            ("cocoa", "cacao"),
                            ("guayusa", "guayusa"),
                            ("vanilla", "vainilla"),
                            ("coffee", "café"),
                            ("crafts", "artesanías"),
                            ("other", "otro producto"),
                        ],
                        max_length=10,
                        verbose_name="producto",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="primera entrega")),
                ("last_on", models.DateField(verbose_name="última entrega")),
                (
                    "reference",
                    kallari.text.LineField(
                        help_text="Qué papel es y dónde está: «cuaderno de compras 2021, folio 14».",
                        max_length=200,
                        verbose_name="documento",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="copia",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trade_evidence",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
            ],
            options={
                "verbose_name": "prueba de comercio",
                "verbose_name_plural": "pruebas de comercio",
                "ordering": ["family", "first_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="trade_ends_after_it_begins",
                        violation_error_message="La última entrega no es anterior a la primera.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunityAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="members.community",
                        verbose_name="comunidad",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="community_assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta",
                    ),
                ),
            ],
            options={
                "verbose_name": "comunidad a cargo",
                "verbose_name_plural": "comunidades a cargo",
                "ordering": ["user", "community"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "community"),
                        name="one_assignment_an_account_and_community",
                        violation_error_message="La cuenta ya tiene a cargo esa comunidad.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="family",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="a67d10350ff84e232f9fdc6f5b8a68d468227957",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_5b1b3",
                    table="members_family",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcommunityassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="4b34f449fb3e12b00c61b5257250dab30e49da6e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_e9de9",
                    table="members_historicalcommunityassignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalfamily",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="24e77b01f99485cf6fb925240fc00dc9dec6f72d",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b326d",
                    table="members_historicalfamily",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalperson",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="ec4e6a5f998a3432df6f58b03bde3d983f9d1e89",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_0da6e",
                    table="members_historicalperson",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicaltradeevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="5f15e72c8229bfd0d89b737968c3c3e843850622",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b38a4",
                    table="members_historicaltradeevidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalsuspension",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="25dad8166d1f0c218aee65b9bfff96f57af68d33",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_6c158",
                    table="members_historicalsuspension",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="585c8710b42c3bc25c2fe3977e0aee969fb4dc41",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_1037d",
                    table="members_person",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="legal_age_of_partners",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM members_partner partner\n                WHERE partner.person_id = NEW.id AND partner.registered_on IS NOT NULL\n                  AND (NEW.born_on IS NULL OR partner.registered_on < (\n                       NEW.born_on + make_interval(years => kallari_rule_value(\n                           'partner.minimum_age', partner.registered_on)::text::int))::date)\n            ) THEN\n                RAISE EXCEPTION 'a registered partner would not be of legal age'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_age_at_registration';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="0ac0bb23202797ecaf48f66a16e7d473fd582172",
                    operation='UPDATE OF "born_on"',
                    pgid="pgtrigger_legal_age_of_partners_e8269",
                    table="members_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partner",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="dea5e0af2581ed99d2174eb133414feaaf7a6cb8",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_969ee",
                    table="members_partner",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partner",
            trigger=pgtrigger.compiler.Trigger(
                name="legal_age_at_registration",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.registered_on IS NOT NULL)",
                    declare="DECLARE born date; years int;",
                    func="\n            SELECT born_on INTO born FROM members_person WHERE id = NEW.person_id FOR SHARE;\n            years := kallari_rule_value('partner.minimum_age', NEW.registered_on)::text::int;\n            IF born IS NULL OR years IS NULL\n               OR NEW.registered_on < (born + make_interval(years => years))::date THEN\n                RAISE EXCEPTION 'not of legal age on the day of registration'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_age_at_registration';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="55e4e8c2fde037744ed9a1456d4ec291429a7e4e",
                    operation='INSERT OR UPDATE OF "registered_on", "person_id"',
                    pgid="pgtrigger_legal_age_at_registration_9fba1",
                    table="members_partner",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="ed46776ccc9e1ee16ba976fedf1d33e9a4e0876a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_41537",
                    table="members_historicalpartner",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalbankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="6e9ee0afeb98f1551b25e4f0daa4c38a4ec292bf",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_fee5e",
                    table="members_historicalbankaccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="9b4b722f76c6b766799683548e3667e50b05f2b8",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_f3e4e",
                    table="members_bankaccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspension",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="d1f8d275decfedad290caeea1b3920e363a0fb2e",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_cefee",
                    table="members_suspension",
                    when="BEFORE",
                ),
            ),
        ),
    ]
