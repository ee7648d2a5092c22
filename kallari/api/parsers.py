"""What a program may send: JSON that every reader understands alike."""

from __future__ import annotations

import codecs
import json
import math
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 50
"""Lists and objects inside each other; a boundary in GeoJSON, in an operation of a push, has
eight."""


class JSONParser(BaseParser):
    """JSON (RFC 8259) in UTF-8, without what is no number in it and without endless nesting."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The data.

        Raises:
            ParseError: ``parse_error`` with what is wrong; ``too_deep``.
        """
        try:
            data = json.load(
                codecs.getreader("utf-8")(stream),
                parse_constant=_no_number,
                parse_float=_number,
            )
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise ParseError(
                _("Lo enviado no es JSON válido: %(problem)s") % {"problem": error}
            ) from error
        _check_depth(data)
        return data


def _no_number(name: str) -> float:
    raise ValueError(name)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text[:40])
    return number


def _check_depth(data: Any) -> None:
    level, depth = [data], 0
    while level:
        if depth > DEEPEST:
            raise _too_deep()
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1


def _too_deep() -> ParseError:
    return ParseError(
        _("Lo enviado tiene listas dentro de listas a más de %(levels)s niveles.")
        % {"levels": DEEPEST},
        code="too_deep",
    )
