"""The chain of seals, and the digests of the rows that they cover."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_one_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedRow",
            fields=[
                (
                    "history_id",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="fila de la historia"
                    ),
                ),
                ("table_index", models.SmallIntegerField(verbose_name="tabla")),
                ("object_pk", models.TextField(verbose_name="registro")),
                ("digest", models.BinaryField(verbose_name="huella")),
            ],
            options={
                "verbose_name": "fila sellada",
                "verbose_name_plural": "filas selladas",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(
                        primary_key=True, serialize=False, verbose_name="número"
                    ),
                ),
                ("sealed_at", models.DateTimeField(verbose_name="sellado el")),
                (
                    "previous_digest",
                    models.CharField(max_length=64, null=True, verbose_name="huella anterior"),
                ),
                ("after_id", models.BigIntegerField(verbose_name="después de la fila")),
                ("upto_id", models.BigIntegerField(verbose_name="hasta la fila")),
                ("row_count", models.BigIntegerField(verbose_name="filas selladas")),
                ("tables", models.JSONField(verbose_name="tablas y columnas")),
                ("digest", models.CharField(max_length=64, verbose_name="huella")),
            ],
            options={
                "verbose_name": "sello",
                "verbose_name_plural": "sellos",
                "ordering": ["-number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("upto_id",), name="seals_end_at_different_rows"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("after_id__gte", 0), ("upto_id__gt", models.F("after_id"))
                        ),
                        name="a_seal_reaches_further_than_the_one_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("after_id", 0), ("number", 1), ("previous_digest__isnull", True)
                            ),
                            models.Q(("number__gt", 1), ("previous_digest__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_the_first_seal_follows_none",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="3594710ed7bf1a0fe85ab3e56f831267413e62a4",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_66d31",
                    table="history_seal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealedrow",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
                    hash="4f0b898bf4524096f2a8bc438e3b2ed7d1f74e12",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_6d1e4",
                    table="history_sealedrow",
                    when="BEFORE",
                ),
            ),
        ),
    ]
