"""Reports read deliveries from an index alone, as long as the pages of the table are known to be
visible to all: a table that only grows would be vacuumed for its inserts once in years."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("harvests", "0001_intake"),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE harvests_delivery SET (
                autovacuum_vacuum_insert_scale_factor = 0.005,
                autovacuum_vacuum_insert_threshold = 1000
            )
            """,
            """
            ALTER TABLE harvests_delivery RESET (
                autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold
            )
            """,
        ),
    ]
