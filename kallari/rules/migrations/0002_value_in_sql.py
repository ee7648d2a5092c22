"""The rules for triggers: ``kallari_rule_value(key, day)``.

A trigger of another app that holds a rule reads it here, and its migration depends on this one::

    IF age < (kallari_rule_value('partner.minimum_age', NEW.registered_on) #>> '{}')::int THEN …

Where nothing is in force it raises, as `Rule.on` does: a comparison with NULL would let everything
pass. `verify_history` compares the function with what stands here.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rules", "0001_rules")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION kallari_rule_value(rule_key text, day date) RETURNS jsonb
            LANGUAGE plpgsql STABLE AS $$
            DECLARE
                held jsonb;
            BEGIN
                IF day IS NULL THEN
                    RAISE EXCEPTION 'the rule % is asked for without a day', rule_key
                    USING ERRCODE = 'null_value_not_allowed';
                END IF;
                SELECT one.value INTO held FROM rules_rulevalue one
                WHERE one.key = rule_key AND (one.valid_from IS NULL OR one.valid_from <= day)
                ORDER BY one.valid_from DESC NULLS LAST LIMIT 1;
                IF held IS NULL THEN
                    RAISE EXCEPTION 'no value of the rule % is in force on %', rule_key, day
                    USING ERRCODE = 'no_data_found';
                END IF;
                RETURN held;
            END $$;
            """,
            "DROP FUNCTION kallari_rule_value(text, date);",
        ),
    ]
