"""What families handed in, added up, against the season before and against the market."""

from harvests.reports.periods import Kind, Period, Span
from harvests.reports.report import Breakdown, Line, Report
from harvests.reports.totals import Scope, Tally, Totals

__all__ = ["Breakdown", "Kind", "Line", "Period", "Report", "Scope", "Span", "Tally", "Totals"]
