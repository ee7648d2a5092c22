"""The access key of an electronic document: 49 figures that name it for the tax office.

Source: SRI, *Ficha técnica de comprobantes electrónicos, esquema offline*, table 1: date
(ddmmyyyy), type, RUC, environment, series (establishment and emission point), sequential, a numeric
code of the issuer's own, type of emission, and a check figure of modulus 11.
"""

from __future__ import annotations

import re
from datetime import date

PURCHASE = "03"
"""Liquidación de compra de bienes y prestación de servicios."""
NORMAL_EMISSION = "1"
LENGTH = 49

_PARTS = {
    "kind": r"[0-9]{2}",
    "ruc": r"[0-9]{13}",
    "environment": r"[12]",
    "series": r"[0-9]{6}",
    "sequential": r"[0-9]{9}",
    "numeric_code": r"[0-9]{8}",
}


def check_figure(figures: str) -> str:
    """Return the check figure of modulus 11: weights 2 to 7 from the right, over and over; 11 less
    the remainder, where 11 becomes 0 and 10 becomes 1.

    >>> check_figure("41261533")
    '6'
    """
    total = sum(int(figure) * (2 + place % 6) for place, figure in enumerate(reversed(figures)))
    check = 11 - total % 11
    return {11: "0", 10: "1"}.get(check, str(check))


def access_key(
    *,
    issued_on: date,
    ruc: str,
    environment: int,
    series: str,
    sequential: int,
    numeric_code: str,
    kind: str = PURCHASE,
) -> str:
    """Return the 49 figures of a document.

    Args:
        series: establishment and emission point: ``"001001"``.
        environment: 1 for tests, 2 for production.

    Raises:
        ValueError: a part is not as long as it has to be.
    """
    told = {
        "kind": kind,
        "ruc": ruc,
        "environment": str(environment),
        "series": series,
        "sequential": f"{sequential:09d}",
        "numeric_code": numeric_code,
    }
    for name, part in told.items():
        if not re.fullmatch(_PARTS[name], part, re.ASCII):
            raise ValueError(f"{name} does not fit an access key")
    figures = f"{issued_on:%d%m%Y}" + "".join(told.values()) + NORMAL_EMISSION
    return figures + check_figure(figures)


def is_access_key(text: str) -> bool:
    """Whether these are 49 figures of which the last checks the others."""
    return (
        re.fullmatch(rf"[0-9]{{{LENGTH}}}", text, re.ASCII) is not None
        and check_figure(text[:-1]) == text[-1]
    )
