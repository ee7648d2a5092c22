"""The table behind the shared cache, so that several servers count the same failed sign-ins."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE kallari_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX kallari_cache_expires ON kallari_cache (expires);
            """,
            "DROP TABLE kallari_cache;",
        ),
    ]
