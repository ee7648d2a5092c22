"""What the tax office's published structure of the document asks for, as far as this program fills
it: which elements, in which order, how often, written how.

Sources: SRI, *Ficha técnica de comprobantes electrónicos, esquema offline* (annex on the
liquidación de compra), and the structure of its schema, version 1.1.0. The schema file itself is
not part of this program: it is the tax office's, and its validator has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MONEY = r"[0-9]{1,12}\.[0-9]{2}"
MANY_DECIMALS = r"[0-9]{1,12}\.[0-9]{1,6}"
WORDS_300 = r"[^\n]{1,300}"


@dataclass(frozen=True)
class Part:
    """One element of the document.

    Args:
        text: the pattern of what stands in it; empty where parts stand in it.
        parts: what stands in it, in this order.
        least, most: how often it stands there.
        attributes: those it has, each with its pattern.
    """

    name: str
    text: str = ""
    parts: tuple[Part, ...] = ()
    least: int = 1
    most: int = 1
    attributes: tuple[tuple[str, str], ...] = ()


def _maybe(name: str, text: str) -> Part:
    return Part(name, text, least=0)


_TAX = (
    Part("codigo", "[235]"),
    Part("codigoPorcentaje", "[0-9]{1,4}"),
    Part("tarifa", r"[0-9]{1,2}\.[0-9]{2}"),
    Part("baseImponible", MONEY),
    Part("valor", MONEY),
)
_TAXPAYER = (
    Part("ambiente", "[12]"),
    Part("tipoEmision", "1"),
    Part("razonSocial", WORDS_300),
    _maybe("nombreComercial", WORDS_300),
    Part("ruc", "[0-9]{10}001"),
    Part("claveAcceso", "[0-9]{49}"),
    Part("codDoc", "03"),
    Part("estab", "[0-9]{3}"),
    Part("ptoEmi", "[0-9]{3}"),
    Part("secuencial", "[0-9]{9}"),
    Part("dirMatriz", WORDS_300),
)
_PURCHASE = (
    Part("fechaEmision", "(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[012])/20[0-9]{2}"),
    _maybe("dirEstablecimiento", WORDS_300),
    _maybe("contribuyenteEspecial", "[0-9A-Za-z]{3,13}"),
    _maybe("obligadoContabilidad", "SI|NO"),
    Part("tipoIdentificacionProveedor", "0[4-8]"),
    Part("razonSocialProveedor", WORDS_300),
    Part("identificacionProveedor", r"[^\n]{1,20}"),
    _maybe("direccionProveedor", WORDS_300),
    Part("totalSinImpuestos", MONEY),
    Part("totalDescuento", MONEY),
    Part(
        "totalConImpuestos",
        parts=(
            Part(
                "totalImpuesto",
                parts=(
                    Part("codigo", "[235]"),
                    Part("codigoPorcentaje", "[0-9]{1,4}"),
                    Part("baseImponible", MONEY),
                    Part("tarifa", r"[0-9]{1,2}\.[0-9]{2}", least=0),
                    Part("valor", MONEY),
                ),
                most=99,
            ),
        ),
    ),
    Part("importeTotal", MONEY),
    _maybe("moneda", r"[^\n]{1,15}"),
    Part(
        "pagos",
        least=0,
        parts=(
            Part("pago", parts=(Part("formaPago", "[0-2][0-9]"), Part("total", MONEY)), most=99),
        ),
    ),
)
_DETAIL = (
    _maybe("codigoPrincipal", r"[^\n]{1,25}"),
    _maybe("codigoAuxiliar", r"[^\n]{1,25}"),
    Part("descripcion", WORDS_300),
    _maybe("unidadMedida", r"[^\n]{1,50}"),
    Part("cantidad", MANY_DECIMALS),
    Part("precioUnitario", MANY_DECIMALS),
    Part("descuento", MONEY),
    Part("precioTotalSinImpuesto", MONEY),
    Part("impuestos", parts=(Part("impuesto", parts=_TAX, most=99),)),
)
DOCUMENT = Part(
    "liquidacionCompra",
    attributes=(("id", "comprobante"), ("version", r"1\.1\.0")),
    parts=(
        Part("infoTributaria", parts=_TAXPAYER),
        Part("infoLiquidacionCompra", parts=_PURCHASE),
        Part("detalles", parts=(Part("detalle", parts=_DETAIL, most=100_000),)),
        Part(
            "infoAdicional",
            least=0,
            parts=(
                Part("campoAdicional", WORDS_300, most=15, attributes=(("nombre", WORDS_300),)),
            ),
        ),
    ),
)


def faults(element: Element, part: Part = DOCUMENT, where: str = "") -> Iterator[str]:
    """Yield what in a document is not as the published structure has it, each with its place."""
    here = f"{where}/{part.name}"
    if element.tag != part.name:
        yield f"{here}: {element.tag}"
        return
    if dict(part.attributes).keys() != element.attrib.keys() or not all(
        re.fullmatch(pattern, element.attrib[name]) for name, pattern in part.attributes
    ):
        yield f"{here}: attributes {sorted(element.attrib)}"
    if part.text:
        if len(element) or not re.fullmatch(part.text, element.text or "", re.ASCII | re.DOTALL):
            yield f"{here}: {element.text!r}"
        return
    children = list(element)
    for wanted in part.parts:
        number = 0
        while children and children[0].tag == wanted.name:
            yield from faults(children.pop(0), wanted, here)
            number += 1
        if not wanted.least <= number <= wanted.most:
            yield f"{here}/{wanted.name}: {number}"
    for surplus in children:
        yield f"{here}: {surplus.tag} does not belong there"
