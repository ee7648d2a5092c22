"""What is written to the log: what happened and where, never whose data it was."""

from __future__ import annotations

import logging
import re

_ROW_OF_A_REFUSAL = re.compile(
    r"DETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL
)
"""PostgreSQL tells with a refusal which row it refused, names, cédulas, password hash and all; up
to the end of that exception's text, because a value may have several lines."""


class Formatter(logging.Formatter):
    """Django's plain line, without the rows that the database quotes in its refusals."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW_OF_A_REFUSAL.sub("DETAIL: (left out)", super().format(record))
