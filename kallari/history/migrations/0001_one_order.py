"""The one order of all history rows: a sequence, and the function that draws from it.

Every app with history depends on this migration, because its history tables call the function.
"""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            CREATE SEQUENCE kallari_history_id_seq AS bigint;
            CREATE FUNCTION kallari_next_history_id() RETURNS bigint
            LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                -- Shared: writers never wait for each other. A seal takes it exclusively for an
                -- instant, and then knows that no smaller id is still on its way to a commit.
                PERFORM pg_advisory_xact_lock_shared(hashtext('kallari_history'));
                RETURN nextval('kallari_history_id_seq');
            END $$;
            """,
            """
            DROP FUNCTION kallari_next_history_id();
            DROP SEQUENCE kallari_history_id_seq;
            """,
        ),
    ]
