"""Currencies by their ISO 4217 code, and dollars rounded to the cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

USD = "USD"

ISO_4217 = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
    """.split()  # noqa: SIM905 - a page of codes is read more easily than a page of quotes
)
"""The circulating currencies of ISO 4217; funds and metals are none."""


def validate_currency(code: str) -> None:
    """Refuse what is no currency's code.

    Raises:
        ValidationError: ``unknown_currency``.
    """
    if code not in ISO_4217:
        raise ValidationError(
            _("Escriba el código de la moneda con tres letras: USD, EUR, CAD, CHF…"),
            code="unknown_currency",
        )


def rounded_usd(value: Decimal) -> Decimal:
    """Return a value rounded to the cent, half a cent away from zero, as PostgreSQL's round().

    >>> rounded_usd(Decimal("0.005")), rounded_usd(Decimal("2.344"))
    (Decimal('0.01'), Decimal('2.34'))
    """
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
