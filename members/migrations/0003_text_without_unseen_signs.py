"""Names and notes take no sign that nobody sees."""

import kallari.text
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_never_truncated"),
    ]

    operations = [
        migrations.AlterField(
            model_name="community",
            name="canton",
            field=kallari.text.LineField(blank=True, max_length=60, verbose_name="cantón"),
        ),
        migrations.AlterField(
            model_name="community",
            name="name",
            field=kallari.text.LineField(
                help_text="Como lo escribe la comunidad misma.",
                max_length=80,
                verbose_name="nombre",
            ),
        ),
        migrations.AlterField(
            model_name="community",
            name="note",
            field=kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota"),
        ),
        migrations.AlterField(
            model_name="community",
            name="parish",
            field=kallari.text.LineField(blank=True, max_length=60, verbose_name="parroquia"),
        ),
        migrations.AlterField(
            model_name="communityalias",
            name="source",
            field=kallari.text.LineField(
                blank=True,
                help_text="El papel o la persona que la escribe así.",
                max_length=120,
                verbose_name="de dónde",
            ),
        ),
        migrations.AlterField(
            model_name="communityalias",
            name="spelling",
            field=kallari.text.LineField(max_length=80, verbose_name="otra escritura"),
        ),
        migrations.AlterField(
            model_name="historicalcommunity",
            name="canton",
            field=kallari.text.LineField(blank=True, max_length=60, verbose_name="cantón"),
        ),
        migrations.AlterField(
            model_name="historicalcommunity",
            name="name",
            field=kallari.text.LineField(
                help_text="Como lo escribe la comunidad misma.",
                max_length=80,
                verbose_name="nombre",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcommunity",
            name="note",
            field=kallari.text.NoteField(blank=True, max_length=2000, verbose_name="nota"),
        ),
        migrations.AlterField(
            model_name="historicalcommunity",
            name="parish",
            field=kallari.text.LineField(blank=True, max_length=60, verbose_name="parroquia"),
        ),
        migrations.AlterField(
            model_name="historicalcommunityalias",
            name="source",
            field=kallari.text.LineField(
                blank=True,
                help_text="El papel o la persona que la escribe así.",
                max_length=120,
                verbose_name="de dónde",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcommunityalias",
            name="spelling",
            field=kallari.text.LineField(max_length=80, verbose_name="otra escritura"),
        ),
    ]
