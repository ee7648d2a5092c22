"""The association's dated rules: numbers that the law, a certifier or the assembly sets.

None of them is a constant in code. An app declares its rules in a module ``rules.py``, found by
itself, with the values that come with the program::

    from kallari.rules.declaring import Dated, Rule
    from kallari.rules.kinds import Integer

    MINIMUM_AGE = Rule(
        key="partner.minimum_age",
        label=_("Edad mínima de una socia o socio"),
        kind=Integer(minimum=1),
        unit=_("años"),
        shipped=[Dated(18, source="Código Civil, art. 21")],
    )

and reads them with the day that counts: ``MINIMUM_AGE.on(day)``. The values stand in a table, each
with the day since when it holds, its source, and whether somebody at the association has confirmed
it. A new value supersedes the older one from its day on; nothing is removed. Triggers of other apps
read the same table with the SQL function ``kallari_rule_value(key, day)`` (migration
0002_value_in_sql).
"""
