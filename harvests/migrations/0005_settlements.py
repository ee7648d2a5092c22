"""Settlements, payments, cash boxes, premiums, statements, purchase documents."""

import datetime as dt
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
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
        ("harvests", "0004_quality"),
        ("members", "0013_status_names_its_sanction"),
        ("rules", "0002_value_in_sql"),
    ]

    operations = [
        migrations.CreateModel(
            name="CashBox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    kallari.text.NameField(
                        error_messages={"unique": "Ya hay una caja con ese nombre."},
                        max_length=100,
                        unique=True,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="ya no se usa desde"
                    ),
                ),
                (
                    "center",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_boxes",
                        to="harvests.collectioncenter",
                        verbose_name="centro de acopio",
                    ),
                ),
                (
                    "custodian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_boxes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién responde por ella",
                    ),
                ),
            ],
            options={
                "verbose_name": "caja",
                "verbose_name_plural": "cajas",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CashSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "brought_usd",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        verbose_name="quedó de la vez anterior (USD)",
                    ),
                ),
                (
                    "opening_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Lo que se contó.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="dinero al abrir (USD)",
                    ),
                ),
                (
                    "opening_note",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Si es más de lo que quedó la vez anterior: de dónde viene.",
                        max_length=200,
                        verbose_name="por qué difiere",
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="abierta el")),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="cerrada el"
                    ),
                ),
                (
                    "expected_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="debía haber (USD)",
                    ),
                ),
                (
                    "counted_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="se contó (USD)",
                    ),
                ),
                (
                    "closing_note",
                    kallari.text.LineField(
                        blank=True, max_length=200, verbose_name="por qué hay diferencia"
                    ),
                ),
                (
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="harvests.cashbox",
                        verbose_name="caja",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la cerró",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la abrió",
                    ),
                ),
            ],
            options={
                "verbose_name": "apertura de caja",
                "verbose_name_plural": "aperturas de caja",
                "ordering": ["-opened_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("brought_usd__lt", Decimal("10000000000")),
                            ("opening_usd__lt", Decimal("10000000000")),
                            ("expected_usd__lt", Decimal("10000000000")),
                            ("counted_usd__lt", Decimal("10000000000")),
                        ),
                        name="cash_is_counted_in_numbers",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("box",),
                        name="one_open_session_a_box",
                        violation_error_message="La caja ya está abierta.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opening_usd__gte", 0),
                            models.Q(
                                ("counted_usd", None), ("counted_usd__gte", 0), _connector="OR"
                            ),
                        ),
                        name="cash_is_not_negative",
                        violation_error_message="El dinero contado no es menos que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opening_usd", models.F("brought_usd")),
                            models.Q(("opening_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_opening_that_differs_says_why",
                        violation_error_message="No es lo que quedó la vez anterior: escriba por qué difiere.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opening_usd__gte", models.F("brought_usd"))),
                        name="what_is_missing_is_signed_by_two",
                        violation_error_message="Falta de lo que quedó la vez anterior. Ábrala con eso, y que otra persona la cuente y la cierre: así firman dos lo que falta.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("closed_by", None),
                                ("counted_usd", None),
                                ("expected_usd", None),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("counted_usd__isnull", False),
                                ("expected_usd__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_session_says_what_was_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            ("counted_usd", models.F("expected_usd")),
                            models.Q(("closing_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_difference_says_why",
                        violation_error_message="Hay una diferencia: escriba por qué.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            models.Q(("closed_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="another_person_closes_the_box",
                        violation_error_message="Quien abrió la caja no la cierra: la cuenta otra persona.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CashMovement",
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
                            ("payment", "pago de una liquidación"),
                            ("payment_back", "pago revertido"),
                            ("advance", "anticipo"),
                            ("advance_back", "anticipo anulado"),
                            ("put_in", "fondo que entra"),
                            ("banked", "llevado al banco"),
                            ("reversal", "reversión"),
                        ],
                        max_length=12,
                        verbose_name="clase",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Menos cero: salió.",
                        max_digits=12,
                        verbose_name="valor (USD)",
                    ),
                ),
                ("note", kallari.text.LineField(blank=True, max_length=200, verbose_name="nota")),
                ("moved_at", models.DateTimeField(editable=False, verbose_name="cuándo")),
                (
                    "moved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
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
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="harvests.cashmovement",
                        verbose_name="revierte a",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="harvests.cashsession",
                        verbose_name="caja abierta",
                    ),
                ),
            ],
            options={
                "verbose_name": "movimiento de caja",
                "verbose_name_plural": "movimientos de caja",
                "ordering": ["moved_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_usd__lt", Decimal("10000000000"))),
                        name="a_movement_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_usd__gt", 0),
                                ("kind__in", ["payment_back", "advance_back", "put_in"]),
                            ),
                            models.Q(
                                ("amount_usd__lt", 0),
                                ("kind__in", ["payment", "advance", "banked"]),
                            ),
                            models.Q(
                                ("kind", "reversal"), models.Q(("amount_usd", 0), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_movement_has_the_sign_of_its_kind",
                        violation_error_message="El valor es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["payment_back", "advance_back", "reversal"]),
                                ("reverses__isnull", False),
                            ),
                            models.Q(
                                ("kind__in", ["payment", "advance", "put_in", "banked"]),
                                ("reverses", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_reversal_says_what_it_reverses",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCashBox",
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
                    kallari.text.NameField(
                        error_messages={"unique": "Ya hay una caja con ese nombre."},
                        max_length=100,
                        verbose_name="nombre",
                    ),
                ),
                (
                    "retired_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="ya no se usa desde"
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
                    "custodian",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién responde por ella",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical caja",
                "verbose_name_plural": "historical cajas",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_ef795909_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_ef795909_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_ef795909_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_ef795909_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_cashbox_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCashMovement",
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
                            ("payment", "pago de una liquidación"),
                            ("payment_back", "pago revertido"),
                            ("advance", "anticipo"),
                            ("advance_back", "anticipo anulado"),
                            ("put_in", "fondo que entra"),
                            ("banked", "llevado al banco"),
                            ("reversal", "reversión"),
                        ],
                        max_length=12,
                        verbose_name="clase",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Menos cero: salió.",
                        max_digits=12,
                        verbose_name="valor (USD)",
                    ),
                ),
                ("note", kallari.text.LineField(blank=True, max_length=200, verbose_name="nota")),
                ("moved_at", models.DateTimeField(editable=False, verbose_name="cuándo")),
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
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.cashmovement",
                        verbose_name="revierte a",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.cashsession",
                        verbose_name="caja abierta",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical movimiento de caja",
                "verbose_name_plural": "historical movimientos de caja",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_664f3740_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_664f3740_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_664f3740_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_664f3740_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_cashmovement_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCashSession",
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
                    "brought_usd",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        verbose_name="quedó de la vez anterior (USD)",
                    ),
                ),
                (
                    "opening_usd",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Lo que se contó.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="dinero al abrir (USD)",
                    ),
                ),
                (
                    "opening_note",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Si es más de lo que quedó la vez anterior: de dónde viene.",
                        max_length=200,
                        verbose_name="por qué difiere",
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="abierta el")),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="cerrada el"
                    ),
                ),
                (
                    "expected_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="debía haber (USD)",
                    ),
                ),
                (
                    "counted_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="se contó (USD)",
                    ),
                ),
                (
                    "closing_note",
                    kallari.text.LineField(
                        blank=True, max_length=200, verbose_name="por qué hay diferencia"
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
                    "box",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.cashbox",
                        verbose_name="caja",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la cerró",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la abrió",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical apertura de caja",
                "verbose_name_plural": "historical aperturas de caja",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_9068f918_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_9068f918_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_9068f918_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_9068f918_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_cashsession_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPremiumRule",
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
                    "certification_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        help_text="Vacío: de cualquiera.",
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "partners_only",
                    models.BooleanField(
                        default=False,
                        help_text="Quien lo era el día de la entrega.",
                        verbose_name="solo a socias y socios",
                    ),
                ),
                (
                    "usd_per_unit",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                        verbose_name="USD por unidad",
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
                        verbose_name="unidad",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="de entregas desde")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="hasta")),
                (
                    "resolution",
                    kallari.text.LineField(
                        help_text="La que lo decide, con su número y fecha.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "source",
                    kallari.text.LineField(
                        help_text="Por ejemplo: prima de comercio justo del contrato con el comprador.",
                        max_length=200,
                        verbose_name="de dónde sale el dinero",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="confirmada el"
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
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmada por",
                    ),
                ),
                (
                    "written_by",
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
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="O de una sola presentación.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="De todas las presentaciones de un producto.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical regla de premio",
                "verbose_name_plural": "historical reglas de premio",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_f2080b64_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_f2080b64_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_f2080b64_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_f2080b64_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_premiumrule_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalStatementLink",
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
                    "digest",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="huella del código"
                    ),
                ),
                (
                    "made_on",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        editable=False,
                        verbose_name="hecho el",
                    ),
                ),
                (
                    "revoked_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
                    ),
                ),
                (
                    "revoked_because",
                    kallari.text.LineField(
                        blank=True, editable=False, max_length=200, verbose_name="por qué se anuló"
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
                "verbose_name": "historical enlace al estado de cuenta",
                "verbose_name_plural": "historical enlaces al estado de cuenta",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_f5fafc72_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_f5fafc72_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_f5fafc72_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_f5fafc72_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_statementlink_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PremiumRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", kallari.text.NameField(max_length=100, verbose_name="nombre")),
                (
                    "certification_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("organic", "orgánico"),
                            ("transition", "en transición"),
                            ("conventional", "convencional"),
                        ],
                        help_text="Vacío: de cualquiera.",
                        max_length=12,
                        verbose_name="certificación",
                    ),
                ),
                (
                    "partners_only",
                    models.BooleanField(
                        default=False,
                        help_text="Quien lo era el día de la entrega.",
                        verbose_name="solo a socias y socios",
                    ),
                ),
                (
                    "usd_per_unit",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"))],
                        verbose_name="USD por unidad",
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
                        verbose_name="unidad",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="de entregas desde")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="hasta")),
                (
                    "resolution",
                    kallari.text.LineField(
                        help_text="La que lo decide, con su número y fecha.",
                        max_length=120,
                        verbose_name="resolución",
                    ),
                ),
                (
                    "source",
                    kallari.text.LineField(
                        help_text="Por ejemplo: prima de comercio justo del contrato con el comprador.",
                        max_length=200,
                        verbose_name="de dónde sale el dinero",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="confirmada el"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmada por",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la anotó",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        help_text="O de una sola presentación.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="premium_rules",
                        to="harvests.productform",
                        verbose_name="presentación",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        help_text="De todas las presentaciones de un producto.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="premium_rules",
                        to="harvests.product",
                        verbose_name="producto",
                    ),
                ),
            ],
            options={
                "verbose_name": "regla de premio",
                "verbose_name_plural": "reglas de premio",
                "ordering": ["-valid_from", "id"],
                "permissions": [("confirm_premiumrule", "Can confirm premium rules")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_unit__lt", Decimal("10000000000"))),
                        name="a_premium_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form__isnull", False), ("product", None)),
                            models.Q(("form", None), ("product__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_premium_is_of_a_product_or_a_form",
                        violation_error_message="Escoja un producto o una presentación, no los dos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_unit__gt", 0)),
                        name="a_premium_is_above_zero",
                        violation_error_message="El premio es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_premium_ends_after_it_began",
                        violation_error_message="La regla termina después de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False), ("confirmed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_confirmed_premium_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_confirms_her_own_premium",
                        violation_error_message="Quien anota un premio no lo confirma: lo confirma otra persona.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
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
                        error_messages={"unique": "Ya hay una liquidación con ese número."},
                        unique=True,
                        verbose_name="número",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "liquidación"), ("reversal", "reversión")],
                        default="ordinary",
                        editable=False,
                        max_length=8,
                        verbose_name="clase",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="primer día")),
                ("last_on", models.DateField(verbose_name="último día")),
                (
                    "total_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="total (USD)"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "por aprobar"),
                            ("approved", "aprobada"),
                            ("discarded", "descartada"),
                            ("reversed", "revertida"),
                        ],
                        default="drafted",
                        editable=False,
                        max_length=9,
                        verbose_name="estado",
                    ),
                ),
                ("drafted_at", models.DateTimeField(verbose_name="hecha el")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="aprobada el"),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sin valor desde"
                    ),
                ),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la aprobó",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la hizo",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
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
                        related_name="settlements",
                        to="members.partner",
                        verbose_name="socia o socio ese día",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="harvests.settlement",
                        verbose_name="revierte a",
                    ),
                ),
            ],
            options={
                "verbose_name": "liquidación",
                "verbose_name_plural": "liquidaciones",
                "ordering": ["-number"],
                "permissions": [("approve_settlement", "Can approve settlements that others made")],
                "indexes": [
                    models.Index(fields=["family", "-number"], name="settlements_of_a_family"),
                    models.Index(
                        condition=models.Q(
                            ("kind", "ordinary"), ("status", "approved"), ("total_usd__gt", 0)
                        ),
                        fields=["family"],
                        name="settlements_to_be_paid",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total_usd__lt", Decimal("10000000000"))),
                        name="a_settlement_is_worth_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_her_own_settlement",
                        violation_error_message="Quien hace una liquidación no la aprueba: la aprueba otra persona.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "ordinary"), ("reverses", None), ("total_usd__gte", 0)
                            ),
                            models.Q(
                                ("kind", "reversal"),
                                ("reverses__isnull", False),
                                ("status", "approved"),
                                ("total_usd__lte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="no_settlement_is_below_zero",
                        violation_error_message="Una liquidación no queda en menos de cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("status__in", ["drafted", "discarded"]),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("kind", "ordinary"),
                                ("status__in", ["approved", "reversed"]),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by", None),
                                ("kind", "reversal"),
                            ),
                            _connector="OR",
                        ),
                        name="an_approved_settlement_says_by_whom",
                        violation_error_message="Falta quién la aprueba.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("status__in", ["drafted", "approved"])),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["discarded", "reversed"]),
                            ),
                            _connector="OR",
                        ),
                        name="a_settlement_without_value_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="a_settlement_ends_after_it_began",
                        violation_error_message="El último día no es anterior al primero.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "drafted")),
                        fields=("family",),
                        name="one_draft_a_family",
                        violation_error_message="La familia ya tiene una liquidación por aprobar: apruébela o descártela.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPurchaseDocument",
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
                    "environment",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "pruebas"), (2, "producción")], verbose_name="ambiente"
                    ),
                ),
                ("establishment", models.CharField(max_length=3, verbose_name="establecimiento")),
                ("emission_point", models.CharField(max_length=3, verbose_name="punto de emisión")),
                ("sequential", models.PositiveIntegerField(verbose_name="secuencial")),
                ("issued_on", models.DateField(verbose_name="fecha de emisión")),
                ("access_key", models.CharField(max_length=49, verbose_name="clave de acceso")),
                (
                    "seller_cedula",
                    models.CharField(max_length=10, verbose_name="cédula de quien vende"),
                ),
                (
                    "seller_name",
                    models.CharField(max_length=300, verbose_name="nombre de quien vende"),
                ),
                (
                    "facts",
                    models.JSONField(
                        help_text="Quién emite, dónde vive quien vende y con qué se paga, como constaba.",
                        verbose_name="datos de ese día",
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
                    "settlement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical liquidación de compra",
                "verbose_name_plural": "historical liquidaciones de compra",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_0e08f146_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_0e08f146_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_0e08f146_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_0e08f146_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_purchasedocument_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSettlement",
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
                        error_messages={"unique": "Ya hay una liquidación con ese número."},
                        verbose_name="número",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "liquidación"), ("reversal", "reversión")],
                        default="ordinary",
                        editable=False,
                        max_length=8,
                        verbose_name="clase",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="primer día")),
                ("last_on", models.DateField(verbose_name="último día")),
                (
                    "total_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="total (USD)"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "por aprobar"),
                            ("approved", "aprobada"),
                            ("discarded", "descartada"),
                            ("reversed", "revertida"),
                        ],
                        default="drafted",
                        editable=False,
                        max_length=9,
                        verbose_name="estado",
                    ),
                ),
                ("drafted_at", models.DateTimeField(verbose_name="hecha el")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="aprobada el"),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sin valor desde"
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
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la aprobó",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la hizo",
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
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlement",
                        verbose_name="revierte a",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical liquidación",
                "verbose_name_plural": "historical liquidaciones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_97bec60b_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_97bec60b_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_97bec60b_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_97bec60b_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_settlement_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Payment",
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
                        error_messages={"unique": "Ya hay un pago con ese número."},
                        unique=True,
                        verbose_name="número",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("cash", "efectivo"), ("transfer", "transferencia")],
                        max_length=8,
                        verbose_name="cómo se paga",
                    ),
                ),
                (
                    "reference",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Como está en el comprobante del banco.",
                        max_length=60,
                        verbose_name="número de la transferencia",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="pagado el")),
                ("paid_by", kallari.text.LineField(max_length=120, verbose_name="quién lo pagó")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                ("recorded_at", models.DateTimeField(editable=False, verbose_name="registrado el")),
                (
                    "cash_movement",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment",
                        to="harvests.cashmovement",
                        verbose_name="movimiento de caja",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="harvests.payment",
                        verbose_name="revierte a",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
            ],
            options={
                "verbose_name": "pago",
                "verbose_name_plural": "pagos",
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["-paid_on", "-number"], name="payments_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("paid_on__gte", dt.date(1990, 1, 1))),
                        name="a_payment_is_of_our_time",
                        violation_error_message="Revise el año de esa fecha.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_usd__lt", Decimal("10000000000"))),
                        name="a_payment_is_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_usd__gt", 0), ("reverses", None)),
                            models.Q(("amount_usd__lt", 0), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_payment_is_above_zero",
                        violation_error_message="El pago es mayor que cero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cash_movement__isnull", False), ("method", "cash")),
                            models.Q(("cash_movement", None), ("method", "transfer")),
                            _connector="OR",
                        ),
                        name="cash_is_paid_out_of_an_open_box",
                        violation_error_message="El efectivo sale de una caja abierta: escójala.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method", "cash"),
                            models.Q(("reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_transfer_says_its_number",
                        violation_error_message="Escriba el número de la transferencia.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPayment",
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
                        error_messages={"unique": "Ya hay un pago con ese número."},
                        verbose_name="número",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("cash", "efectivo"), ("transfer", "transferencia")],
                        max_length=8,
                        verbose_name="cómo se paga",
                    ),
                ),
                (
                    "reference",
                    kallari.text.LineField(
                        blank=True,
                        help_text="Como está en el comprobante del banco.",
                        max_length=60,
                        verbose_name="número de la transferencia",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="pagado el")),
                ("paid_by", kallari.text.LineField(max_length=120, verbose_name="quién lo pagó")),
                ("note", kallari.text.NoteField(blank=True, max_length=1000, verbose_name="nota")),
                ("recorded_at", models.DateTimeField(editable=False, verbose_name="registrado el")),
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
                    "cash_movement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.cashmovement",
                        verbose_name="movimiento de caja",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.payment",
                        verbose_name="revierte a",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical pago",
                "verbose_name_plural": "historical pagos",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_d1c35c26_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_d1c35c26_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_d1c35c26_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_d1c35c26_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_payment_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PurchaseDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "pruebas"), (2, "producción")], verbose_name="ambiente"
                    ),
                ),
                ("establishment", models.CharField(max_length=3, verbose_name="establecimiento")),
                ("emission_point", models.CharField(max_length=3, verbose_name="punto de emisión")),
                ("sequential", models.PositiveIntegerField(verbose_name="secuencial")),
                ("issued_on", models.DateField(verbose_name="fecha de emisión")),
                (
                    "access_key",
                    models.CharField(max_length=49, unique=True, verbose_name="clave de acceso"),
                ),
                (
                    "seller_cedula",
                    models.CharField(max_length=10, verbose_name="cédula de quien vende"),
                ),
                (
                    "seller_name",
                    models.CharField(max_length=300, verbose_name="nombre de quien vende"),
                ),
                (
                    "facts",
                    models.JSONField(
                        help_text="Quién emite, dónde vive quien vende y con qué se paga, como constaba.",
                        verbose_name="datos de ese día",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_documents",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
            ],
            options={
                "verbose_name": "liquidación de compra",
                "verbose_name_plural": "liquidaciones de compra",
                "ordering": ["-issued_on", "-sequential"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("environment", "establishment", "emission_point", "sequential"),
                        name="one_purchase_document_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("access_key__regex", "^[0-9]{49}$")),
                        name="an_access_key_has_49_figures",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("establishment__regex", "^[0-9]{3}$"),
                            ("emission_point__regex", "^[0-9]{3}$"),
                            ("sequential__gte", 1),
                            ("sequential__lte", 999999999),
                        ),
                        name="a_purchase_document_has_its_series",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
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
                            ("delivery", "entrega"),
                            ("premium", "premio de la lista de precios"),
                            ("rule", "premio por regla"),
                            ("taken_back", "corrección de lo ya liquidado"),
                            ("brought_forward", "saldo que viene"),
                            ("advance", "anticipo"),
                            ("carried_forward", "saldo que pasa a la siguiente"),
                        ],
                        max_length=15,
                        verbose_name="clase",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                ("counts", models.BooleanField(default=True, verbose_name="cuenta")),
                (
                    "advance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="harvests.advance",
                        verbose_name="anticipo",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_lines",
                        to="harvests.delivery",
                        verbose_name="entrega",
                    ),
                ),
                (
                    "from_settlement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought_on",
                        to="harvests.settlement",
                        verbose_name="de la liquidación",
                    ),
                ),
                (
                    "premium_rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="harvests.premiumrule",
                        verbose_name="regla de premio",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="harvests.settlementline",
                        verbose_name="línea que revierte",
                    ),
                ),
            ],
            options={
                "verbose_name": "línea de liquidación",
                "verbose_name_plural": "líneas de liquidación",
                "ordering": ["settlement", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_usd__lt", Decimal("10000000000"))),
                        name="a_line_is_worth_a_number",
                        violation_error_message="Escriba la cantidad en cifras.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("kind", "delivery")),
                        fields=("delivery",),
                        name="a_delivery_is_settled_once",
                        violation_error_message="Esa entrega ya está en una liquidación.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("kind", "premium")),
                        fields=("delivery",),
                        name="a_price_premium_is_settled_once",
                        violation_error_message="Ese premio ya está en una liquidación.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("kind", "rule")),
                        fields=("delivery", "premium_rule"),
                        name="a_premium_is_paid_once_a_delivery",
                        violation_error_message="Ese premio ya está en una liquidación.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("kind", "taken_back")),
                        fields=("delivery",),
                        name="a_delivery_is_taken_back_once",
                        violation_error_message="Esa corrección ya está en una liquidación.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True), ("kind", "brought_forward")),
                        fields=("from_settlement",),
                        name="a_rest_is_carried_once",
                        violation_error_message="Ese saldo ya pasó a otra liquidación.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "advance")),
                        fields=("settlement", "advance"),
                        name="one_line_a_settlement_and_advance",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "carried_forward")),
                        fields=("settlement",),
                        name="one_rest_a_settlement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("advance", None),
                                ("delivery__isnull", False),
                                ("from_settlement", None),
                                ("kind__in", ["delivery", "premium", "taken_back"]),
                                ("premium_rule", None),
                            ),
                            models.Q(
                                ("advance", None),
                                ("delivery__isnull", False),
                                ("from_settlement", None),
                                ("kind", "rule"),
                                ("premium_rule__isnull", False),
                            ),
                            models.Q(
                                ("advance__isnull", False),
                                ("delivery", None),
                                ("from_settlement", None),
                                ("kind", "advance"),
                                ("premium_rule", None),
                            ),
                            models.Q(
                                ("advance", None),
                                ("delivery", None),
                                ("from_settlement__isnull", False),
                                ("kind", "brought_forward"),
                                ("premium_rule", None),
                            ),
                            models.Q(
                                ("advance", None),
                                ("delivery", None),
                                ("from_settlement", None),
                                ("kind", "carried_forward"),
                                ("premium_rule", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_line_says_what_it_is_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_usd__gte", 0),
                                ("kind__in", ["delivery", "premium", "rule", "carried_forward"]),
                                ("undoes", None),
                            ),
                            models.Q(
                                ("amount_usd__lte", 0),
                                ("kind__in", ["taken_back", "advance", "brought_forward"]),
                                ("undoes", None),
                            ),
                            models.Q(
                                ("amount_usd__lte", 0),
                                ("counts", False),
                                ("kind__in", ["delivery", "premium", "rule", "carried_forward"]),
                                ("undoes__isnull", False),
                            ),
                            models.Q(
                                ("amount_usd__gte", 0),
                                ("counts", False),
                                ("kind__in", ["taken_back", "advance", "brought_forward"]),
                                ("undoes__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_line_has_the_sign_of_its_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSettlementLine",
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
                            ("delivery", "entrega"),
                            ("premium", "premio de la lista de precios"),
                            ("rule", "premio por regla"),
                            ("taken_back", "corrección de lo ya liquidado"),
                            ("brought_forward", "saldo que viene"),
                            ("advance", "anticipo"),
                            ("carried_forward", "saldo que pasa a la siguiente"),
                        ],
                        max_length=15,
                        verbose_name="clase",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="valor (USD)"
                    ),
                ),
                ("counts", models.BooleanField(default=True, verbose_name="cuenta")),
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
                    "advance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.advance",
                        verbose_name="anticipo",
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
                    "premium_rule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.premiumrule",
                        verbose_name="regla de premio",
                    ),
                ),
                (
                    "from_settlement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlement",
                        verbose_name="de la liquidación",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlement",
                        verbose_name="liquidación",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="harvests.settlementline",
                        verbose_name="línea que revierte",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical línea de liquidación",
                "verbose_name_plural": "historical líneas de liquidación",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_871a5cd4_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_871a5cd4_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_871a5cd4_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_871a5cd4_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_settlementline_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="StatementLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="huella del código"
                    ),
                ),
                (
                    "made_on",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        editable=False,
                        verbose_name="hecho el",
                    ),
                ),
                (
                    "revoked_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="anulado el"
                    ),
                ),
                (
                    "revoked_because",
                    kallari.text.LineField(
                        blank=True, editable=False, max_length=200, verbose_name="por qué se anuló"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_links",
                        to="members.family",
                        verbose_name="familia",
                    ),
                ),
            ],
            options={
                "verbose_name": "enlace al estado de cuenta",
                "verbose_name_plural": "enlaces al estado de cuenta",
                "ordering": ["family", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_on", None)),
                        fields=("family",),
                        name="one_statement_link_a_family",
                        violation_error_message="La familia ya tiene un enlace. Anúlelo para hacer otro.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_because", ""), ("revoked_on", None)),
                            models.Q(
                                ("revoked_on__gte", models.F("made_on")),
                                models.Q(("revoked_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_revoked_link_says_why",
                        violation_error_message="Escriba por qué se anula.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="advance",
            name="inputs",
            field=models.ForeignKey(
                blank=True,
                help_text="La que se da a crédito, si consta.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="advances",
                to="members.inputdistribution",
                verbose_name="entrega de insumos",
            ),
        ),
        migrations.AddField(
            model_name="advance",
            name="kind",
            field=models.CharField(
                choices=[("cash", "dinero"), ("inputs", "insumos a crédito")],
                default="cash",
                max_length=6,
                verbose_name="qué se da",
            ),
        ),
        migrations.AddField(
            model_name="historicaladvance",
            name="inputs",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="La que se da a crédito, si consta.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="members.inputdistribution",
                verbose_name="entrega de insumos",
            ),
        ),
        migrations.AddField(
            model_name="historicaladvance",
            name="kind",
            field=models.CharField(
                choices=[("cash", "dinero"), ("inputs", "insumos a crédito")],
                default="cash",
                max_length=6,
                verbose_name="qué se da",
            ),
        ),
        migrations.AddField(
            model_name="advance",
            name="cash_movement",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="advance",
                to="harvests.cashmovement",
                verbose_name="movimiento de caja",
            ),
        ),
        migrations.AddConstraint(
            model_name="advance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inputs", None), ("kind", "cash")),
                    models.Q(("cash_movement", None), ("kind", "inputs")),
                    _connector="OR",
                ),
                name="inputs_are_no_cash",
                violation_error_message="Insumos a crédito no salen de la caja, ni el dinero es una entrega de insumos.",
            ),
        ),
        migrations.AddConstraint(
            model_name="advance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_on", None)),
                fields=("inputs",),
                name="inputs_are_owed_once",
                violation_error_message="Esa entrega de insumos ya consta como anticipo.",
            ),
        ),
        migrations.AddField(
            model_name="historicaladvance",
            name="cash_movement",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="harvests.cashmovement",
                verbose_name="movimiento de caja",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="advance",
            trigger=pgtrigger.compiler.Trigger(
                name="an_advance_comes_out_of_the_box",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.cash_movement_id IS NOT NULL)",
                    func="\n            IF NOT EXISTS (SELECT 1 FROM harvests_cashmovement\n                           WHERE id = NEW.cash_movement_id AND kind = 'advance'\n                             AND amount_usd = -NEW.amount_usd) THEN\n                RAISE EXCEPTION 'another movement' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_comes_out_of_the_box';\n            END IF;\n            IF NEW.voided_on IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM harvests_cashmovement\n                WHERE reverses_id = NEW.cash_movement_id AND kind = 'advance_back') THEN\n                RAISE EXCEPTION 'not brought back' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_voided_advance_returns_to_its_box';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="683d1095f8b699e3cc641c7b915865ed66068158",
                    operation='INSERT OR UPDATE OF "cash_movement_id", "amount_usd", "voided_on"',
                    pgid="pgtrigger_an_advance_comes_out_of_the_box_9cdea",
                    table="harvests_advance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="voided_only_before_settlement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.status = 'voided' AND OLD.status <> 'voided')",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF EXISTS (SELECT 1 FROM harvests_settlementline\n                       WHERE delivery_id = NEW.id AND counts) THEN\n                RAISE EXCEPTION 'the delivery was settled' USING ERRCODE = 'check_violation', CONSTRAINT = 'voided_only_before_settlement';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d81dfc66ba8478080bae7afb7f67f899343361f4",
                    operation='UPDATE OF "status"',
                    pgid="pgtrigger_voided_only_before_settlement_2c586",
                    table="harvests_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashbox",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="728262b7776a34bcf77a2687797c331d81ed8503",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_c2493",
                    table="harvests_cashbox",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashsession",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="15321f804e8608e63133d4a561cd2209b35e6bda",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_101aa",
                    table="harvests_cashsession",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashsession",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cash_count_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL\n               OR (to_jsonb(NEW) - ARRAY['closed_at', 'closed_by_id', 'expected_usd', 'counted_usd', 'closing_note']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['closed_at', 'closed_by_id', 'expected_usd', 'counted_usd', 'closing_note'])\n               OR NEW.expected_usd IS DISTINCT FROM NEW.opening_usd + (\n                   SELECT coalesce(sum(amount_usd), 0) FROM harvests_cashmovement\n                   WHERE session_id = NEW.id) THEN\n                RAISE EXCEPTION 'a session is closed once, by its movements' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cash_count_stays';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="fdb4ebdcf86c9c309410233d397f1e6fe7ce8558",
                    operation="UPDATE",
                    pgid="pgtrigger_a_cash_count_stays_d83c5",
                    table="harvests_cashsession",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="f3758ccb78d9fe0a99ee1b2d9e6750e91411d6e3",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b258c",
                    table="harvests_cashmovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cash_box_is_never_overdrawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE opened harvests_cashsession%ROWTYPE;",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            SELECT * INTO opened FROM harvests_cashsession\n            WHERE id = NEW.session_id FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF opened.closed_at IS NOT NULL\n               OR (NEW.moved_at AT TIME ZONE 'America/Guayaquil')::date < (opened.opened_at AT TIME ZONE 'America/Guayaquil')::date THEN\n                RAISE EXCEPTION 'the box is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_moves_while_the_box_is_open';\n            END IF;\n            IF opened.opening_usd + (SELECT sum(amount_usd) FROM harvests_cashmovement\n                                     WHERE session_id = NEW.session_id) < 0 THEN\n                RAISE EXCEPTION 'not that much in the box' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cash_box_is_never_overdrawn';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="599f5ed024105ac281fecc49c314928a739db013",
                    operation="INSERT",
                    pgid="pgtrigger_a_cash_box_is_never_overdrawn_abc1b",
                    table="harvests_cashmovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcashbox",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="f10c3002235b63e83c512530c0d926fb741069c3",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_edf83",
                    table="harvests_historicalcashbox",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcashmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="9691625672614b5cff1963d823baa90ab8ecaf49",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_1768e",
                    table="harvests_historicalcashmovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalcashsession",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="2c44e8056911b2e042ccdabe9e2de191e3fa4dd0",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_c247f",
                    table="harvests_historicalcashsession",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpremiumrule",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="b131225c363ae44166168e09aea2d8771d2e9c91",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_69c54",
                    table="harvests_historicalpremiumrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalstatementlink",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="b30aa5587573102523e8321312aff13ead74975e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_8d289",
                    table="harvests_historicalstatementlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="premiumrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="5d6cf0dde8252fa771f6edaeaa6dce1c616aea1c",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_75d52",
                    table="harvests_premiumrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="premiumrule",
            trigger=pgtrigger.compiler.Trigger(
                name="a_premium_rule_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF (to_jsonb(NEW) - ARRAY['valid_until', 'confirmed_by_id', 'confirmed_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['valid_until', 'confirmed_by_id', 'confirmed_at'])\n               OR (OLD.confirmed_at IS NOT NULL\n                   AND (NEW.confirmed_at, NEW.confirmed_by_id)\n                       IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id))\n               OR (OLD.valid_until IS NOT NULL\n                   AND NEW.valid_until IS DISTINCT FROM OLD.valid_until) THEN\n                RAISE EXCEPTION 'a premium rule stays as it was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_premium_rule_stays';\n            END IF;\n            IF NEW.valid_until IS DISTINCT FROM OLD.valid_until AND EXISTS (\n                SELECT 1 FROM harvests_settlementline line\n                JOIN harvests_delivery delivery ON delivery.id = line.delivery_id\n                WHERE line.premium_rule_id = NEW.id AND line.counts\n                  AND delivery.weighed_on > NEW.valid_until) THEN\n                RAISE EXCEPTION 'paid for a later delivery' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_premium_rule_ends_after_what_it_paid';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f24ec8601c73aff00464cca93c9f8b45e7e63d5d",
                    operation="UPDATE",
                    pgid="pgtrigger_a_premium_rule_stays_dda59",
                    table="harvests_premiumrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="0148375db94ad75618bfcfeba7bff37c21c108fe",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_a0e89",
                    table="harvests_settlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_settlement_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF (to_jsonb(NEW) - ARRAY['status', 'approved_by_id', 'approved_at', 'ended_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'approved_by_id', 'approved_at', 'ended_at'])\n               OR (OLD.status, NEW.status) NOT IN (\n                   ('drafted', 'approved'), ('drafted', 'discarded'), ('approved', 'reversed'))\n               OR OLD.kind = 'reversal'\n               OR (OLD.status = 'approved' AND (NEW.approved_by_id, NEW.approved_at)\n                   IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at)) THEN\n                RAISE EXCEPTION 'a settlement stays as it was made' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_settlement_stays';\n            END IF;\n            IF NEW.status = 'approved' AND NEW.total_usd IS DISTINCT FROM\n               (SELECT sum(amount_usd) FROM harvests_settlementline\n                WHERE settlement_id = NEW.id) THEN\n                RAISE EXCEPTION 'lines do not add up' USING ERRCODE = 'check_violation', CONSTRAINT = 'lines_add_up_to_the_settlement';\n            END IF;\n            IF NEW.status = 'reversed' AND (\n                (SELECT coalesce(sum(amount_usd), 0) FROM harvests_payment\n                 WHERE settlement_id = NEW.id) <> 0\n                OR EXISTS (SELECT 1 FROM harvests_settlementline later\n                           WHERE later.from_settlement_id = NEW.id AND later.counts)\n                OR EXISTS (SELECT 1 FROM harvests_settlementline mine\n                           JOIN harvests_settlementline later\n                             ON later.delivery_id = mine.delivery_id\n                            AND later.kind = 'taken_back' AND later.counts\n                            AND later.settlement_id <> NEW.id\n                           WHERE mine.settlement_id = NEW.id AND mine.counts\n                             AND mine.kind IN ('delivery', 'premium', 'rule'))\n            ) THEN\n                RAISE EXCEPTION 'others depend on it' USING ERRCODE = 'check_violation', CONSTRAINT = 'reversed_before_anything_depends_on_it';\n            END IF;\n            IF NEW.status = 'reversed' AND EXISTS (\n                SELECT 1 FROM harvests_purchasedocument document\n                WHERE document.settlement_id = NEW.id AND document.environment = 2\n                  AND \n    NOT EXISTS (SELECT 1 FROM harvests_purchasedocumentoutcome told\n                WHERE told.document_id = document.id AND told.outcome IN ('returned', 'annulled'))\n) THEN\n                RAISE EXCEPTION 'reported to the tax office' USING ERRCODE = 'check_violation', CONSTRAINT = 'reversed_only_unless_reported';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d734a338278fdef10e230f8cf59ff047f432e250",
                    operation="UPDATE",
                    pgid="pgtrigger_a_settlement_stays_4f485",
                    table="harvests_settlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="what_ended_counts_no_more",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.status IN ('discarded', 'reversed'))",
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (SELECT 1 FROM harvests_settlementline\n                       WHERE settlement_id = NEW.id AND counts) THEN\n                RAISE EXCEPTION 'lines of what ended still count' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_settlement_stays';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="f35100dab00881554cd2f47db99d34d14ad13430",
                    operation='UPDATE OF "status"',
                    pgid="pgtrigger_what_ended_counts_no_more_176d8",
                    table="harvests_settlement",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="cc268dff01d7a3c13b7eeaba33d25b11398cff29",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_51235",
                    table="harvests_purchasedocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="purchase_documents_without_gaps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE newest int;",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM pg_advisory_xact_lock(hashtext('harvests_purchasedocument'));\n            SELECT max(sequential) INTO newest FROM harvests_purchasedocument\n            WHERE (environment, establishment, emission_point)\n                  = (NEW.environment, NEW.establishment, NEW.emission_point);\n            IF NEW.sequential <> coalesce(newest + 1, (kallari_rule_value(\n                   'purchase.first_sequential', NEW.issued_on) #>> '{}')::int) THEN\n                RAISE EXCEPTION 'not the number that follows' USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_documents_without_gaps';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a81a788c78a32b409f3d6d104dcdc45ac31561e1",
                    operation="INSERT",
                    pgid="pgtrigger_purchase_documents_without_gaps_1e703",
                    table="harvests_purchasedocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="d68a1876f406828e0d5dcacaef61e46fe8ed3083",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_5caf5",
                    table="harvests_payment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="payments_within_the_settlement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE owed harvests_settlement%ROWTYPE; paid numeric;",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            SELECT * INTO owed FROM harvests_settlement\n            WHERE id = NEW.settlement_id FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF owed.status <> 'approved' OR owed.kind <> 'ordinary' THEN\n                RAISE EXCEPTION 'not approved' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_payment_is_of_an_approved_settlement';\n            END IF;\n            SELECT sum(amount_usd) INTO paid FROM harvests_payment\n            WHERE settlement_id = NEW.settlement_id;\n            IF paid < 0 OR paid > owed.total_usd THEN\n                RAISE EXCEPTION 'more than is owed' USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_settlement';\n            END IF;\n            IF NEW.paid_on < owed.last_on THEN\n                RAISE EXCEPTION 'paid before what it pays' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_payment_follows_its_settlement';\n            END IF;\n            IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM harvests_payment first\n                WHERE first.id = NEW.reverses_id AND first.settlement_id = NEW.settlement_id\n                  AND first.amount_usd = -NEW.amount_usd AND first.method = NEW.method\n                  AND first.reverses_id IS NULL) THEN\n                RAISE EXCEPTION 'not its payment' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_reversal_undoes_a_whole_payment';\n            END IF;\n            IF NEW.cash_movement_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM harvests_cashmovement moved\n                WHERE moved.id = NEW.cash_movement_id AND moved.amount_usd = -NEW.amount_usd\n                  AND moved.kind = CASE WHEN NEW.reverses_id IS NULL\n                                   THEN 'payment' ELSE 'payment_back' END\n                  AND moved.reverses_id IS NOT DISTINCT FROM (\n                      SELECT first.cash_movement_id FROM harvests_payment first\n                      WHERE first.id = NEW.reverses_id)) THEN\n                RAISE EXCEPTION 'another movement' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_comes_out_of_the_box';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="f987e4a2b33fa29f6139982bff19e045bd9d5d5c",
                    operation="INSERT",
                    pgid="pgtrigger_payments_within_the_settlement_eb1e3",
                    table="harvests_payment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalsettlement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="cd18092d236222648f8a39fce3caf06345963e77",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_52170",
                    table="harvests_historicalsettlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpurchasedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="2c058898bdb76c51531764256772248d6e472369",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_fa762",
                    table="harvests_historicalpurchasedocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="098907e34b0037c831bea9bea1ad7026407ca8ae",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_8674e",
                    table="harvests_historicalpayment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="4566f50884485d3647507c6d949f761e6559e9ac",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_281af",
                    table="harvests_settlementline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - 'counts') IS DISTINCT FROM (to_jsonb(OLD) - 'counts')\n               OR NEW.counts OR NOT OLD.counts\n               OR NOT EXISTS (SELECT 1 FROM harvests_settlement\n                              WHERE id = NEW.settlement_id\n                                AND status IN ('discarded', 'reversed')) THEN\n                RAISE EXCEPTION 'a line of a settlement stays as it was made' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_settlement_stays';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f98741ef47bdb8aa432c0e5eff5416671df767f6",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_stays_5310b",
                    table="harvests_settlementline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="lines_add_up_to_the_settlement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_settlement\n            WHERE id IN (SELECT settlement_id FROM written) ORDER BY id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1\n                FROM (SELECT settlement_id, count(*) AS number, sum(amount_usd) AS usd,\n                             count(undoes_id) AS undone, bool_and(counts) AS counts\n                      FROM written GROUP BY settlement_id) told\n                JOIN harvests_settlement settlement ON settlement.id = told.settlement_id\n                LEFT JOIN harvests_settlement first ON first.id = settlement.reverses_id\n                WHERE told.usd <> settlement.total_usd\n                   OR told.number <> (SELECT count(*) FROM harvests_settlementline line\n                                      WHERE line.settlement_id = settlement.id)\n                   OR CASE settlement.kind\n                      WHEN 'reversal' THEN told.undone <> told.number\n                           OR settlement.total_usd <> -first.total_usd\n                           OR told.number <> (SELECT count(*) FROM harvests_settlementline line\n                                              WHERE line.settlement_id = first.id)\n                      ELSE told.undone <> 0 OR NOT told.counts\n                           OR settlement.status <> 'drafted' END\n            ) OR EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id\n                JOIN harvests_settlementline first ON first.id = written.undoes_id\n                WHERE first.settlement_id IS DISTINCT FROM settlement.reverses_id\n                   OR first.amount_usd <> -written.amount_usd OR first.kind <> written.kind\n            ) THEN\n                RAISE EXCEPTION 'lines do not add up' USING ERRCODE = 'check_violation', CONSTRAINT = 'lines_add_up_to_the_settlement';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id\n                WHERE written.kind = 'carried_forward' AND written.undoes_id IS NULL\n                  AND (settlement.total_usd <> 0\n                       OR EXISTS (SELECT 1 FROM written other\n                                  WHERE other.settlement_id = written.settlement_id\n                                    AND other.kind = 'advance'))\n            ) THEN\n                RAISE EXCEPTION 'more is carried than is missing' USING ERRCODE = 'check_violation', CONSTRAINT = 'only_what_is_missing_is_carried';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="43ec376e83d17a37d894620db22b65b0ec04946e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_lines_add_up_to_the_settlement_90711",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_says_what_it_is_worth",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_delivery\n            WHERE id IN (SELECT delivery_id FROM written WHERE undoes_id IS NULL)\n            ORDER BY id FOR SHARE;\n            IF EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id\n                JOIN harvests_delivery delivery ON delivery.id = written.delivery_id\n                WHERE written.undoes_id IS NULL AND (\n                    delivery.family_id <> settlement.family_id\n                    OR delivery.via = 'import'\n                    OR (written.kind IN ('delivery', 'premium', 'rule')\n                        AND (delivery.status <> 'valid'\n                             OR delivery.weighed_on > settlement.last_on))\n                    OR (written.kind = 'delivery' AND written.amount_usd <> delivery.amount_usd)\n                    OR (written.kind = 'premium' AND written.amount_usd <> delivery.premium_usd)\n                    OR (written.kind = 'taken_back' AND (\n                        delivery.status <> 'superseded'\n                        OR -written.amount_usd IS DISTINCT FROM (\n                            SELECT sum(earlier.amount_usd) FROM harvests_settlementline earlier\n                            JOIN harvests_settlement its ON its.id = earlier.settlement_id\n                            WHERE earlier.delivery_id = delivery.id AND earlier.counts\n                              AND earlier.kind IN ('delivery', 'premium', 'rule') AND its.status = 'approved')))\n                )\n            ) THEN\n                RAISE EXCEPTION 'not what it is worth' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_line_says_what_its_delivery_is_worth';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="f2880630f5a96a089a2847370e7b2a2481211ac5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_a_line_says_what_it_is_worth_f196b",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="an_advance_is_taken_off_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_advance\n            WHERE id IN (SELECT advance_id FROM written WHERE undoes_id IS NULL)\n            ORDER BY id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id\n                JOIN harvests_advance advance ON advance.id = written.advance_id\n                WHERE written.undoes_id IS NULL AND (\n                    advance.family_id <> settlement.family_id\n                    OR advance.voided_on IS NOT NULL\n                    OR -advance.amount_usd > (\n                        SELECT sum(line.amount_usd) FROM harvests_settlementline line\n                        WHERE line.advance_id = advance.id AND line.counts\n                          AND line.undoes_id IS NULL))\n            ) THEN\n                RAISE EXCEPTION 'the advance is used up' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_advance_is_taken_off_once';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="8e48902d3e0124af4ea3e9d9a0c246a8f28ca55b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_an_advance_is_taken_off_once_c4804",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="what_is_carried_is_brought_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_settlement\n            WHERE id IN (SELECT from_settlement_id FROM written WHERE undoes_id IS NULL)\n            ORDER BY id FOR SHARE;\n            IF EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id\n                JOIN harvests_settlement earlier ON earlier.id = written.from_settlement_id\n                WHERE written.undoes_id IS NULL AND (\n                    earlier.family_id <> settlement.family_id\n                    OR earlier.status <> 'approved'\n                    OR -written.amount_usd IS DISTINCT FROM (\n                        SELECT sum(line.amount_usd) FROM harvests_settlementline line\n                        WHERE line.settlement_id = earlier.id AND line.counts\n                          AND line.kind = 'carried_forward'))\n            ) THEN\n                RAISE EXCEPTION 'not what was carried' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_carried_is_brought_once';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="196fcedc8eb0a13ba95c9feca359cf9148b3c05a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_what_is_carried_is_brought_once_a36df",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalsettlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="7599d2fd23f6da029c6d6921163dcf7b229b69c4",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_58d80",
                    table="harvests_historicalsettlementline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statementlink",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
                    hash="71473694fcde77e97ae9fd6c18aa15f96b9643a4",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_never_removed_4eb57",
                    table="harvests_statementlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statementlink",
            trigger=pgtrigger.compiler.Trigger(
                name="a_statement_link_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF OLD.revoked_on IS NOT NULL\n               OR (to_jsonb(NEW) - ARRAY['revoked_on', 'revoked_because']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['revoked_on', 'revoked_because']) THEN\n                RAISE EXCEPTION '% is append-only: a link is revoked, for good', TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="fe54967c04342fd11e9103a60a514268db5b5bab",
                    operation="UPDATE",
                    pgid="pgtrigger_a_statement_link_stays_714b9",
                    table="harvests_statementlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_premium_line_is_by_its_rule",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_premiumrule\n            WHERE id IN (SELECT premium_rule_id FROM written WHERE undoes_id IS NULL)\n            ORDER BY id FOR SHARE;\n            IF EXISTS (\n                SELECT 1 FROM written\n                JOIN harvests_premiumrule rule ON rule.id = written.premium_rule_id\n                JOIN harvests_delivery delivery ON delivery.id = written.delivery_id\n                JOIN harvests_productform form ON form.id = delivery.form_id\n                WHERE written.undoes_id IS NULL AND (\n                    rule.confirmed_at IS NULL\n                    OR delivery.weighed_on < rule.valid_from\n                    OR delivery.weighed_on > rule.valid_until\n                    OR delivery.form_id <> rule.form_id\n                    OR form.product_id <> rule.product_id\n                    OR rule.certification_class NOT IN ('', delivery.certification_class)\n                    OR (rule.partners_only AND delivery.partner_id IS NULL)\n                    OR (rule.unit = 'piece') <> (delivery.unit = 'piece')\n                    OR written.amount_usd IS DISTINCT FROM round(\n                        CASE rule.unit\n                            WHEN 'piece' THEN delivery.quantity * rule.usd_per_unit\n                            ELSE delivery.net_kg * rule.usd_per_unit\n                                 / CASE rule.unit WHEN 'kg' THEN 1 WHEN 'lb' THEN 0.45359237 WHEN 'qq' THEN 45.359237 WHEN 'arroba' THEN 11.33980925 END\n                        END, 2)\n                )\n            ) THEN\n                RAISE EXCEPTION 'not by its rule' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_premium_line_is_by_its_rule';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="9f41195bb903af00e13b891ee9c26c1be2c916ed",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_a_premium_line_is_by_its_rule_368cc",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cash_reversal_undoes_its_movement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.reverses_id IS NOT NULL)",
                    func="\n            IF NOT EXISTS (\n                SELECT 1 FROM harvests_cashmovement first\n                JOIN harvests_cashsession its ON its.id = first.session_id\n                JOIN harvests_cashsession opened ON opened.id = NEW.session_id\n                WHERE first.id = NEW.reverses_id AND first.amount_usd = -NEW.amount_usd\n                  AND its.box_id = opened.box_id\n                  AND NEW.kind = CASE first.kind\n                                 WHEN 'payment' THEN 'payment_back'\n                                 WHEN 'advance' THEN 'advance_back'\n                                 WHEN 'put_in' THEN 'reversal'\n                                 WHEN 'banked' THEN 'reversal' END) THEN\n                RAISE EXCEPTION 'not its movement' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cash_reversal_undoes_its_movement';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="dade4617827b276d0b273557d5284ffef6806cb8",
                    operation="INSERT",
                    pgid="pgtrigger_a_cash_reversal_undoes_its_movement_4f72c",
                    table="harvests_cashmovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_settlement_begins_as_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.kind <> 'reversal' AND NEW.status <> 'drafted')",
                    func="RAISE EXCEPTION 'a settlement begins as a draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_settlement_begins_as_a_draft';",
                    hash="4b3d462266ba7c879a84b379794e97186a0269ea",
                    operation="INSERT",
                    pgid="pgtrigger_a_settlement_begins_as_a_draft_7e75e",
                    table="harvests_settlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="a_settlement_is_reversed_by_another",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.kind = 'reversal' OR NEW.status = 'reversed')",
                    constraint="CONSTRAINT",
                    declare="DECLARE first harvests_settlement%ROWTYPE; back harvests_settlement%ROWTYPE;",
                    func="\n            SELECT * INTO first FROM harvests_settlement\n            WHERE id = coalesce(NEW.reverses_id, NEW.id);\n            SELECT * INTO back FROM harvests_settlement\n            WHERE reverses_id = first.id;\n            IF first.id IS NULL OR back.id IS NULL\n               OR first.kind <> 'ordinary' OR first.status <> 'reversed'\n               OR (back.family_id, back.first_on, back.last_on, back.total_usd)\n                  <> (first.family_id, first.first_on, first.last_on, -first.total_usd)\n               OR EXISTS (\n                   SELECT 1\n                   FROM (SELECT * FROM harvests_settlementline\n                         WHERE settlement_id = first.id) line\n                   FULL JOIN (SELECT * FROM harvests_settlementline\n                              WHERE settlement_id = back.id) undoing\n                     ON undoing.undoes_id = line.id\n                   WHERE (undoing.kind, undoing.amount_usd)\n                         IS DISTINCT FROM (line.kind, -line.amount_usd)\n               ) THEN\n                RAISE EXCEPTION 'not reversed by another' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_settlement_is_reversed_by_another';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="bfb36e3fc850add2e0b112ff925cbfe2f173dcb1",
                    operation='INSERT OR UPDATE OF "status"',
                    pgid="pgtrigger_a_settlement_is_reversed_by_another_6c63a",
                    table="harvests_settlement",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_refers_to_what_is_on_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM written\n                LEFT JOIN harvests_settlement its ON its.id = written.settlement_id\n                LEFT JOIN harvests_delivery delivery ON delivery.id = written.delivery_id\n                LEFT JOIN harvests_premiumrule rule ON rule.id = written.premium_rule_id\n                LEFT JOIN harvests_advance advance ON advance.id = written.advance_id\n                LEFT JOIN harvests_settlement earlier ON earlier.id = written.from_settlement_id\n                LEFT JOIN harvests_settlementline first ON first.id = written.undoes_id\n                WHERE its.id IS NULL\n                   OR num_nulls(written.delivery_id, written.premium_rule_id, written.advance_id,\n                                written.from_settlement_id, written.undoes_id)\n                      <> num_nulls(delivery.id, rule.id, advance.id, earlier.id, first.id)\n            ) THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="dd9c85838429bd9b1c12d7d48074958b7aac1d9e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_a_line_refers_to_what_is_on_record_55d59",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="harvests_settlementline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="advance",
            trigger=pgtrigger.compiler.Trigger(
                name="an_advance_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            IF OLD.voided_on IS NOT NULL OR NEW.voided_on IS NULL\n               OR (to_jsonb(NEW) - 'voided_on') IS DISTINCT FROM (to_jsonb(OLD) - 'voided_on') THEN\n                RAISE EXCEPTION 'an advance stays as it was given' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_advance_stays';\n            END IF;\n            IF EXISTS (SELECT 1 FROM harvests_settlementline\n                       WHERE advance_id = NEW.id AND counts) THEN\n                RAISE EXCEPTION 'something was taken off it' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_advance_taken_off_stays';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="fb941cc999383bc29838b93a8e21c0c6d93316e7",
                    operation="UPDATE",
                    pgid="pgtrigger_an_advance_stays_3090f",
                    table="harvests_advance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="advance",
            trigger=pgtrigger.compiler.Trigger(
                name="inputs_of_an_advance_are_the_familys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.inputs_id IS NOT NULL)",
                    declare="DECLARE given members_inputdistribution%ROWTYPE;",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            SELECT * INTO given FROM members_inputdistribution\n            WHERE id = NEW.inputs_id FOR SHARE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF given.family_id <> NEW.family_id OR given.voided_on IS NOT NULL THEN\n                RAISE EXCEPTION 'voided or of another family' USING ERRCODE = 'check_violation', CONSTRAINT = 'inputs_of_an_advance_are_the_familys';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="60b86e413478221dce81f09d6d1a6d3ab3c5998f",
                    operation="INSERT",
                    pgid="pgtrigger_inputs_of_an_advance_are_the_familys_1359a",
                    table="harvests_advance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cashmovement",
            trigger=pgtrigger.compiler.Trigger(
                name="cash_moves_for_somebody",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.kind IN ('payment', 'payment_back', 'advance', 'advance_back'))",
                    constraint="CONSTRAINT",
                    func="\n            IF NOT (CASE\n                WHEN NEW.kind IN ('payment', 'payment_back') THEN EXISTS (\n                    SELECT 1 FROM harvests_payment WHERE cash_movement_id = NEW.id)\n                WHEN NEW.kind = 'advance' THEN EXISTS (\n                    SELECT 1 FROM harvests_advance WHERE cash_movement_id = NEW.id)\n                ELSE EXISTS (\n                    SELECT 1 FROM harvests_advance\n                    WHERE cash_movement_id = NEW.reverses_id AND voided_on IS NOT NULL)\n                END) THEN\n                RAISE EXCEPTION 'cash moved for nobody' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_moves_for_somebody';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="1db7b8560d8686eceb414162337528ca7ed60d0e",
                    operation="INSERT",
                    pgid="pgtrigger_cash_moves_for_somebody_12aa5",
                    table="harvests_cashmovement",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        # On a table of `members`, which knows nothing of advances; see
        # `harvests.triggers.settlements.inputs_of_an_advance_are_the_familys`.
        migrations.RunSQL(
            """
            CREATE FUNCTION harvests_inputs_given_on_credit_stay() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('transaction_isolation') <> 'read committed' THEN
                    RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation',
                        CONSTRAINT = 'sums_see_what_others_committed';
                END IF;
                IF EXISTS (SELECT 1 FROM harvests_advance
                           WHERE inputs_id = NEW.id AND voided_on IS NULL) THEN
                    RAISE EXCEPTION 'given on credit' USING ERRCODE = 'check_violation',
                        CONSTRAINT = 'inputs_given_on_credit_stay';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER harvests_inputs_given_on_credit_stay
            BEFORE UPDATE ON members_inputdistribution
            FOR EACH ROW WHEN (
                (NEW.voided_on IS NOT NULL AND OLD.voided_on IS NULL)
                OR NEW.family_id <> OLD.family_id
            )
            EXECUTE FUNCTION harvests_inputs_given_on_credit_stay();
            """,
            """
            DROP TRIGGER harvests_inputs_given_on_credit_stay ON members_inputdistribution;
            DROP FUNCTION harvests_inputs_given_on_credit_stay();
            """,
        ),
        migrations.CreateModel(
            name="HistoricalPurchaseDocumentOutcome",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("authorised", "autorizada por el SRI"),
                            ("returned", "devuelta o no autorizada"),
                            ("annulled", "anulada, o nunca enviada"),
                        ],
                        max_length=10,
                        verbose_name="qué pasó",
                    ),
                ),
                (
                    "authorisation",
                    models.CharField(
                        blank=True,
                        help_text="Si se autorizó. Vacío: es la misma clave de acceso.",
                        max_length=49,
                        verbose_name="número de autorización",
                    ),
                ),
                (
                    "reason",
                    kallari.text.NoteField(
                        help_text="De dónde consta: el correo del SRI, el portal, por qué se anula.",
                        max_length=1000,
                        verbose_name="motivo",
                    ),
                ),
                ("told_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
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
                        to="harvests.purchasedocument",
                        verbose_name="liquidación de compra",
                    ),
                ),
                (
                    "told_by",
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
            ],
            options={
                "verbose_name": "historical resultado de una liquidación de compra",
                "verbose_name_plural": "historical resultados de liquidaciones de compra",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="h_1906dbcf_object"),
                    models.Index(
                        fields=["history_type", "history_date", "history_id"],
                        name="h_1906dbcf_kind",
                    ),
                    models.Index(
                        fields=["history_user_id", "history_type", "history_date", "history_id"],
                        name="h_1906dbcf_user",
                    ),
                    models.Index(
                        fields=["request_id", "history_date", "history_id"],
                        name="h_1906dbcf_request",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("history_type", "+"),
                            ("history_change_reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="harvests_purchasedocumentoutcome_changes_have_a_reason",
                    )
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PurchaseDocumentOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("authorised", "autorizada por el SRI"),
                            ("returned", "devuelta o no autorizada"),
                            ("annulled", "anulada, o nunca enviada"),
                        ],
                        max_length=10,
                        verbose_name="qué pasó",
                    ),
                ),
                (
                    "authorisation",
                    models.CharField(
                        blank=True,
                        help_text="Si se autorizó. Vacío: es la misma clave de acceso.",
                        max_length=49,
                        verbose_name="número de autorización",
                    ),
                ),
                (
                    "reason",
                    kallari.text.NoteField(
                        help_text="De dónde consta: el correo del SRI, el portal, por qué se anula.",
                        max_length=1000,
                        verbose_name="motivo",
                    ),
                ),
                ("told_at", models.DateTimeField(editable=False, verbose_name="anotado el")),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="harvests.purchasedocument",
                        verbose_name="liquidación de compra",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo anotó",
                    ),
                ),
            ],
            options={
                "verbose_name": "resultado de una liquidación de compra",
                "verbose_name_plural": "resultados de liquidaciones de compra",
                "ordering": ["document", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "outcome"),
                        name="an_outcome_is_told_once",
                        violation_error_message="Eso ya consta de ese documento.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("authorisation__regex", "^[0-9]{10,49}$"),
                                ("outcome", "authorised"),
                            ),
                            models.Q(
                                models.Q(("outcome", "authorised"), _negated=True),
                                ("authorisation", ""),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_authorised_has_a_number",
                        violation_error_message="El número de autorización se escribe con cifras, y solo si se autorizó.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasedocument",
            trigger=pgtrigger.compiler.Trigger(
                name="one_standing_purchase_document",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE reported harvests_settlement%ROWTYPE;",
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            SELECT * INTO reported FROM harvests_settlement\n            WHERE id = NEW.settlement_id FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF reported.status <> 'approved' OR reported.kind <> 'ordinary' THEN\n                RAISE EXCEPTION 'not approved' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_purchase_document_is_of_an_approved_settlement';\n            END IF;\n            IF EXISTS (SELECT 1 FROM harvests_purchasedocument document\n                       WHERE document.settlement_id = NEW.settlement_id\n                         AND document.environment = NEW.environment\n                         AND document.id <> NEW.id AND \n    NOT EXISTS (SELECT 1 FROM harvests_purchasedocumentoutcome told\n                WHERE told.document_id = document.id AND told.outcome IN ('returned', 'annulled'))\n) THEN\n                RAISE EXCEPTION 'another one stands' USING ERRCODE = 'check_violation', CONSTRAINT = 'one_standing_purchase_document';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="93e290aa534d9c6ca927d780c5c4b61ffe5260cc",
                    operation="INSERT",
                    pgid="pgtrigger_one_standing_purchase_document_cfd79",
                    table="harvests_purchasedocument",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalpurchasedocumentoutcome",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="4fb33dbd7ba8e34e774b7692d0aeebb95dbe2abf",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_aa136",
                    table="harvests_historicalpurchasedocumentoutcome",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasedocumentoutcome",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="14e610214d4d867621a61d17c5eaafdc3304b2ca",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_06d5c",
                    table="harvests_purchasedocumentoutcome",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasedocumentoutcome",
            trigger=pgtrigger.compiler.Trigger(
                name="a_purchase_document_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('transaction_isolation') <> 'read committed' THEN\n                RAISE EXCEPTION 'only under read committed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_see_what_others_committed';\n            END IF;\n            PERFORM 1 FROM harvests_settlement\n            WHERE id = (SELECT settlement_id FROM harvests_purchasedocument\n                        WHERE id = NEW.document_id) FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'what it refers to is not on record' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_is_referred_to_is_on_record';\n            END IF;\n            IF EXISTS (SELECT 1 FROM harvests_purchasedocumentoutcome\n                       WHERE document_id = NEW.document_id AND id <> NEW.id\n                         AND (outcome, NEW.outcome) <> ('authorised', 'annulled')) THEN\n                RAISE EXCEPTION 'what became of it is told' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_purchase_document_ends_once';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="3fa5c59a1c77adf7e4a868b7aa9ecddc4c414608",
                    operation="INSERT",
                    pgid="pgtrigger_a_purchase_document_ends_once_68fdd",
                    table="harvests_purchasedocumentoutcome",
                    when="AFTER",
                ),
            ),
        ),
    ]
