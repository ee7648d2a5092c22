"""The pages at /pendientes/: what waits for the office, one thing after the other."""

from harvests.views.worklist.alerts import alert
from harvests.views.worklist.line import worklist
from harvests.views.worklist.many import discard_many, retry_all
from harvests.views.worklist.operations import amend, operation

__all__ = ["alert", "amend", "discard_many", "operation", "retry_all", "worklist"]
