"""What is written to the log: what happened and where, never whose data it was."""

from __future__ import annotations

import logging
import re

_ROW_OF_A_REFUSAL = re.compile(
    r"DETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL
)
"""PostgreSQL tells with a refusal which row it refused, names, cédulas, password hash and all; up
to the end of that exception's text, because a value may have several lines."""

_CODE_IN_AN_ADDRESS = re.compile(
    r"/cuenta/(?=[^/\s'\"?]*[0-9A-Z])[^/\s'\"?]{4,}(?: [0-9A-Za-z]{4,5}\b)*"
)
"""The address of a family's statement is its key, and stays one when it answers that it opens
nothing: a code mistyped by one sign, in groups as on the paper, or in small letters. Pages of one's
own account lie there too, under words."""


class Formatter(logging.Formatter):
    """Django's plain line, without the rows that the database quotes in its refusals, and without
    the codes that open families' statements."""

    def format(self, record: logging.LogRecord) -> str:
        said = _ROW_OF_A_REFUSAL.sub("DETAIL: (left out)", super().format(record))
        return _CODE_IN_AN_ADDRESS.sub("/cuenta/(left out)", said)
