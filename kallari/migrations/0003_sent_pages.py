"""Which pages were sent and where they led, so that one sent twice is carried out once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kallari", "0002_names_in_any_spelling")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE kallari_sent_page (
                digest bytea NOT NULL PRIMARY KEY,
                went_to text NOT NULL DEFAULT '',
                sent_at timestamp with time zone NOT NULL DEFAULT now()
            );
            CREATE INDEX kallari_sent_page_sent_at ON kallari_sent_page (sent_at);
            """,
            "DROP TABLE kallari_sent_page;",
        ),
    ]
