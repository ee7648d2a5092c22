"""Tables."""

from kallari.rules.models.rule_value import RuleValue

__all__ = ["RuleValue"]
